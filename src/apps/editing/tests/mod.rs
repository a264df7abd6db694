//! An edit and its opposite give the same bytes, and nothing else is touched.

mod fields;
mod forms;
mod sequences;

use super::*;
use crate::apps::format::App;
use crate::apps::widgets::{ALL, Known};

pub(super) const EXAMPLE: &str = include_str!("../../format/example.toml");
const TEXTS: [&str; 5] = [
    EXAMPLE,
    include_str!("../../widgets/sample.toml"),
    include_str!("../../../../benches/flights.toml"),
    include_str!("untidy.toml"),
    forms::FORM,
];

pub(super) fn never(_: &str, _: &str) -> bool {
    false
}

fn spot(id: &str, at: At) -> Spot {
    Spot {
        id: id.to_owned(),
        at,
    }
}

fn loads(text: &str) -> App {
    App::parse(text, &Known).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"))
}

/// The widgets of every page of a text.
pub(super) fn widgets(text: &str) -> Vec<(String, Placed)> {
    let outline = Outline::of(text).unwrap();
    let of = |page: Paged| {
        let id = page.id.clone();
        page.widgets.into_iter().map(move |one| (id.clone(), one))
    };
    outline.pages.into_iter().flat_map(of).collect()
}

/// A new widget of a kind, as the gallery makes it.
pub(super) fn new(text: &str, page: &str, kind: &str) -> Result<(String, String), Unfit> {
    let kind = crate::apps::widgets::named(kind).unwrap();
    let app = loads(text);
    let needs_write =
        kind.schema().keys.iter().any(|key| {
            key.required && matches!(key.kind, crate::apps::format::KeyKind::WriteQuery)
        });
    let wanted = if needs_write {
        crate::apps::format::QueryKind::Write
    } else {
        crate::apps::format::QueryKind::Read
    };
    let query = app.queries.iter().find(|query| query.kind == wanted);
    let input = app.queries.iter().find_map(|query| {
        let mut params = query.params.iter();
        let param =
            params.find(|param| matches!(param.source, crate::apps::format::Source::Url(_)))?;
        Some(format!("{}.{}", query.name, param.name))
    });
    let new = NewWidget {
        kind: kind.schema(),
        begun: &kind.begun(page),
        query: query.map_or("", |query| query.name.as_str()),
        input: input.as_deref().unwrap_or_default(),
        at: None,
    };
    add_widget(text, page, &new)
}

#[test]
fn what_is_in_the_way_makes_room_and_nothing_overlaps() {
    let all = [
        spot("a", [1, 1, 6]),
        spot("b", [1, 7, 6]),
        spot("c", [2, 1, 12]),
    ];

    let beside = settle(&all, "a", [1, 4, 6], &never);
    let down = settle(&all, "a", [2, 1, 6], &never);
    let up = settle(&all, "c", [1, 1, 12], &never);

    assert_eq!(
        beside,
        [
            spot("b", [2, 7, 6]),
            spot("c", [3, 1, 12]),
            spot("a", [1, 4, 6])
        ]
    );
    // Below there is no room for all of it in the row that became free.
    assert_eq!(down, [spot("c", [3, 1, 12]), spot("a", [2, 1, 6])]);
    assert_eq!(
        up,
        [
            spot("a", [2, 1, 6]),
            spot("b", [2, 7, 6]),
            spot("c", [1, 1, 12])
        ]
    );
    let two = [spot("a", [1, 1, 12]), spot("b", [2, 1, 12])];
    let passed = settle(&two, "a", [2, 1, 12], &never);
    assert_eq!(passed, [spot("b", [1, 1, 12]), spot("a", [2, 1, 12])]);
}

#[test]
fn what_is_never_seen_together_may_stand_in_one_place() {
    let all = [spot("a", [1, 1, 12]), spot("b", [2, 1, 12])];

    let moved = settle(&all, "a", [2, 1, 12], &|_, _| true);

    assert_eq!(moved, [spot("a", [2, 1, 12])]);
}

#[test]
fn a_place_off_the_grid_becomes_the_nearest_on_it() {
    for (from, to) in [
        ([0, 0, 0], [1, 1, 1]),
        ([1, 9, 12], [1, 9, 4]),
        ([5000, 40, 40], [999, 12, 1]),
    ] {
        assert_eq!(inside(from), to);
    }
}

#[test]
fn a_move_changes_three_numbers_and_the_move_back_gives_the_same_bytes() {
    for text in TEXTS {
        for (page, widget) in widgets(text) {
            let (Some(at), of) = (widget.at, (page.as_str(), widget.id.as_str())) else {
                continue;
            };
            let away = place(text, of, [at[0] + 50, at[1], at[2]], &|_, _| true).unwrap();

            assert_eq!(
                place(&away, of, at, &|_, _| true).unwrap(),
                text,
                "{}",
                widget.id
            );
            assert_eq!(away.lines().count(), text.lines().count());
            loads(&away);
        }
    }
}

#[test]
fn a_new_widget_of_any_kind_loads_straight_away_and_leaves_no_trace() {
    for text in TEXTS {
        let page = Outline::of(text).unwrap().pages[0].id.clone();
        for kind in ALL {
            let name = kind.schema().name;
            let (new, id) = new(text, &page, name).unwrap();

            let app = loads(&new);

            let mut widgets = app.page(&page).unwrap().widgets.iter();
            assert_eq!(widgets.find(|one| one.id == id).unwrap().kind, name);
            assert_eq!(remove_widget(&new, (&page, &id)).unwrap(), text, "{name}");
        }
    }
}

#[test]
fn a_copy_stands_below_everything_and_leaves_no_trace() {
    for text in TEXTS {
        for (page, widget) in widgets(text) {
            let of = (page.as_str(), widget.id.as_str());
            let Ok((new, id)) = copy_widget(text, of) else {
                assert!(widget_text(text, of).is_err(), "{}", widget.id);
                continue;
            };

            let app = loads(&new);

            let rows = app.page(&page).unwrap().widgets.iter();
            let row = |id: &str| rows.clone().find(|one| one.id == id).unwrap().at[0];
            assert!(rows.clone().all(|one| one.id == id || one.at[0] < row(&id)));
            assert_eq!(remove_widget(&new, (&page, &id)).unwrap(), text);
        }
    }
}

#[test]
fn pages_are_added_moved_and_taken_out() {
    for text in TEXTS {
        let (new, id) = add_page(text, "Über uns").unwrap();
        assert_eq!(loads(&new).page(&id).unwrap().title, "Über uns");
        assert_eq!(remove_page(&new, &id).unwrap(), text);
        let outline = Outline::of(text).unwrap();
        let pages: Vec<&str> = outline
            .in_order()
            .iter()
            .map(|page| page.id.as_str())
            .collect();
        if pages.len() < 2 {
            continue;
        }
        let moved = move_page(text, pages[0], Way::Down).unwrap();
        let order = Outline::of(&moved).unwrap();
        assert_eq!(order.in_order()[1].id, pages[0]);
        loads(&moved);
        assert_eq!(move_page(&moved, pages[0], Way::Up).unwrap(), text);
    }
    assert!(matches!(add_page(EXAMPLE, " "), Err(Unfit::Field(name, _)) if name == "title"));
}

#[test]
fn one_widget_as_text_stays_that_widget() {
    let of = ("orders", "monthly");
    let own = widget_text(EXAMPLE, of).unwrap();

    let new = set_widget_text(EXAMPLE, of, &own.replace("\"bar\"", "\"line\"")).unwrap();
    let renamed = set_widget_text(EXAMPLE, of, &own.replace("widget.monthly", "widget.other"));
    let more = set_widget_text(EXAMPLE, of, &format!("{own}\n[query.x]\nsql = \"\"\n"));

    assert_eq!(new, EXAMPLE.replacen("\"bar\"", "\"line\"", 1));
    assert_eq!(set_widget_text(&new, of, &own).unwrap(), EXAMPLE);
    assert!(matches!(renamed, Err(Unfit::Field(name, _)) if name == "toml"));
    assert!(matches!(more, Err(Unfit::Field(name, _)) if name == "toml"));
}

#[test]
fn every_line_of_the_text_leads_to_what_it_is_about() {
    let outline = Outline::of(EXAMPLE).unwrap();
    for (page, widget) in widgets(EXAMPLE) {
        let owner = Owner::Widget(page, widget.id);
        assert_eq!(outline.owner(widget.line), Some(&owner));
        assert_eq!(outline.owner(widget.line + 1), Some(&owner));
    }
    assert_eq!(outline.owner(1), None);
}
