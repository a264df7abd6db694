//! Data that leaves a survey: as a link that opens once, to other machines, when somebody asks
//! and by itself; and the log of who got what.

mod ends;
mod links;
mod places;
mod schedules;
mod stage;
