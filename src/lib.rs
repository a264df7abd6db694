//! The whole product, one floor per paragraph, lowest first. A module may use
//! the floors below its own: not the ones above, and not its neighbours.
//! `tests/it/house_rules.rs` reads this file and holds us to it.

// Words every floor shares.
pub mod base;

// Conditions and what is computed from answers: one language, here and in the page.
pub mod expr;

// What is counted while it runs, and what the log says meanwhile.
pub mod log;
pub mod meters;

// Disk: start-up facts; SQLite with its one writer, many readers, keys.
pub mod config;
pub mod store;

// Files sealed for others, as `age` seals them.
pub mod age;

// What happened, written in the transaction that did it.
pub mod journal;

// The certificates the site is served under.
pub mod tls;

// The one way out to other machines.
pub mod egress;

// Where files are put on other machines, and had back from.
pub mod places;

// Whom work is being done for, and how it is told to stop.
pub mod running;

// The running installation: files, clock, configuration.
pub mod site;

// The toolkit pages are made with: routes, access, templates, errors.
pub mod web;

// How it writes to people: the server for mail, the queue, what letters say.
pub mod mail;

// Who is asking.
pub mod people;

// Whose data it is.
pub mod workspaces;

// What needs somebody's attention, who is told, and what was done about it.
pub mod alerts;

// Whether the clock can be believed by those who destroy what is due.
pub mod sanity;

// Where rows come from.
pub mod data;

// Questionnaires: answered by anybody, kept apart, given out as data.
pub mod surveys;

// What people make: pages of widgets over data.
pub mod apps;

// How what was made comes to its end, and how it is given back before.
pub mod ending;

// Copies of everything, elsewhere, and the way back from them.
pub mod backup;

// What watches over it.
pub mod audit;
pub mod operate;
pub mod search;

// What leaves by agreement, and how the process does: health, figures, log.
pub mod telemetry;

// What it promises, and whether it keeps it.
pub mod trust;

// Puts the slices together.
pub mod server;

// What is said on the console.
pub mod cli;
