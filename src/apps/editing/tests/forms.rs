//! The fields and lists of a form: an edit and its opposite give the same bytes.

use super::*;
use crate::apps::widgets::named;
use crate::web::Fields;

pub(super) const FORM: &str = include_str!("form.toml");
const OF: (&str, &str) = ("job", "form");

fn keys() -> &'static [crate::apps::format::Key] {
    named("form").unwrap().schema().keys
}

/// The names of the fields of each part.
fn names(text: &str, of: (&str, &str)) -> Vec<(String, Vec<String>)> {
    let all = Part::all(text, of).unwrap().into_iter();
    let names = |part: Part| {
        let fields = part.fields.into_iter().map(|field| field.name);
        (part.id, fields.collect())
    };
    all.map(names).collect()
}

pub(super) fn said(
    text: &str,
    of: (&str, &str),
    (list, field): (&str, &str),
    typed: &str,
) -> Result<String, Unfit> {
    let about = About::field(text, of, (list, field), keys())?;
    about.write(text, &Fields::parse(typed))
}

#[test]
fn a_form_and_its_lists_are_read_in_the_order_of_the_text() {
    let all = names(FORM, OF);

    let wanted = [
        ("", vec!["customer", "hours", "price", "total"]),
        ("parts", vec!["article", "qty"]),
        ("marks", vec!["text", "kind"]),
    ];
    let wanted = wanted.map(|(id, fields)| {
        let fields = fields.into_iter().map(str::to_owned).collect();
        (id.to_owned(), fields)
    });
    assert_eq!(all, wanted);
    let parts = Part::all(FORM, OF).unwrap();
    assert_eq!(parts[0].fields[3].said, ["worked out"]);
    assert_eq!(parts[1].fields[0].said, ["chosen among rows"]);
    assert_eq!(parts[2].fields[1].said, ["asked in some cases"]);
    assert!(parts[0].fields[0].is_needed && !parts[0].fields[1].is_needed);
}

#[test]
fn a_field_moves_in_every_query_with_its_comments_and_back() {
    for (list, field) in [("", "customer"), ("parts", "article"), ("marks", "text")] {
        let moved = move_field(FORM, OF, (list, field), Way::Down).unwrap();

        let part = Part::of(&moved, OF, list).unwrap();
        assert_eq!(part.fields[1].name, field, "{moved}");
        loads(&moved);
        let back = move_field(&moved, OF, (list, field), Way::Up).unwrap();
        assert_eq!(back, FORM, "{list}.{field}");
        assert_eq!(
            move_field(FORM, OF, (list, field), Way::Up).unwrap(),
            FORM,
            "it is the first"
        );
    }
    let moved = move_field(FORM, OF, ("", "customer"), Way::Down).unwrap();
    let hours = moved.find("hours    = { same_as").unwrap();
    assert!(hours < moved.find("customer = { same_as").unwrap());
    assert!(moved.contains("# who it is for\ncustomer = { from = \"form.customer\", type = \"text\", max = 60 } # as they say it\n"));
}

#[test]
fn a_field_more_is_asked_written_and_read_and_leaves_no_trace() {
    let settings = "{ from = \"form.note\", type = \"text\", null = true }";
    let new = NewField {
        name: "note",
        column: "note",
        settings,
    };
    for list in ["parts", "marks"] {
        let more = add_field(FORM, OF, list, &new).unwrap();

        loads(&more);
        assert_eq!(Part::of(&more, OF, list).unwrap().fields[2].name, "note");
        assert_eq!(remove_field(&more, OF, (list, "note")).unwrap(), FORM);
    }
    let more = add_field(FORM, OF, "", &new).unwrap();

    loads(&more);
    for said in [
        "insert into jobs (customer, hours, price, total, note)\nvalues (:customer, :hours, :price, :total, :note)",
        "select id, customer, hours, price, total, note\n  from jobs",
        "       total = :total,\n       note = :note\n where id = :id",
        "note     = { from = \"form.note\", type = \"text\", null = true }\n",
        "note     = { same_as = \"add_job.note\" }\n",
    ] {
        assert!(more.contains(said), "{said}\n{more}");
    }
    // What is read besides does no harm, and stays.
    let less = remove_field(&more, OF, ("", "note")).unwrap();
    assert_eq!(less.replace("price, total, note\n", "price, total\n"), FORM);
    let again = add_field(&more, OF, "", &new);
    assert!(matches!(again, Err(Unfit::Field(name, _)) if name == "column"));
}

#[test]
fn what_is_said_of_a_field_goes_with_it() {
    let less = remove_field(FORM, OF, ("", "customer")).unwrap();
    let total = remove_field(FORM, OF, ("", "total")).unwrap();
    let article = remove_field(FORM, OF, ("parts", "article")).unwrap();
    let only = remove_field(&article, OF, ("parts", "qty"));

    for (text, gone) in [
        (&less, ["labels", ":customer"]),
        (&total, ["compute", ":total"]),
        (&article, ["choices", ":article"]),
    ] {
        loads(text);
        for word in gone {
            assert!(!text.contains(word), "{word}\n{text}");
        }
    }
    assert!(
        only.unwrap_err()
            .to_string()
            .contains("it is the only field")
    );
}

#[test]
fn a_field_is_described_in_the_widget_and_at_its_parameter() {
    let typed = "w.label=Klaus&w.help=Name&r.when=%24%7Bhours%7D+%3E+1&p.max=80&p.null=true";

    let new = said(FORM, OF, ("", "customer"), typed).unwrap();
    let back = said(
        &new,
        OF,
        ("", "customer"),
        "w.label=Who&w.help=&r.when=&p.max=60&p.null=",
    );

    loads(&new);
    for said in [
        "labels  = { customer = \"Klaus\" }",
        "help    = { customer = \"Name\" }",
        "when    = { customer = \"${hours} > 1\" }",
        "customer = { from = \"form.customer\", type = \"text\", max = 80, null = true } # as they say it",
    ] {
        assert!(new.contains(said), "{said}\n{new}");
    }
    assert_eq!(back.unwrap(), FORM);
}

#[test]
fn choices_come_change_and_go() {
    let none = said(FORM, OF, ("parts", "article"), "c.query=").unwrap();
    let other = said(&none, OF, ("parts", "qty"), "c.query=articles&c.label=name").unwrap();
    let value = said(
        &other,
        OF,
        ("parts", "qty"),
        "c.query=articles&c.value=id&c.label=",
    )
    .unwrap();

    assert!(!none.contains("choices"), "{none}");
    assert!(other.contains("{ field = \"qty\", query = \"articles\", label = \"name\" }"));
    assert!(
        value.contains("{ field = \"qty\", query = \"articles\", value = \"id\" }"),
        "{value}"
    );
    assert_eq!(
        said(&other, OF, ("parts", "qty"), "c.query=").unwrap(),
        none
    );
    loads(&value);
}

#[test]
fn lists_are_moved_taken_out_and_asked_in_some_cases() {
    let entry = vec![
        ("id".to_owned(), "\"more\"".to_owned()),
        ("submit".to_owned(), "\"add_part\"".to_owned()),
    ];
    let more = add_list(FORM, OF, &entry).unwrap();
    let up = move_list(&more, OF, ("more", Way::Up)).unwrap();
    let gone = remove_list(FORM, OF, "parts").unwrap();
    let about = About::list(FORM, OF, "parts", keys()).unwrap();
    let typed = Fields::parse("r.when=%24%7Bhours%7D+%3E+1&l.title=Pieces&l.min=1");
    let asked = about.write(FORM, &typed).unwrap();

    loads(&more);
    assert!(
        more.ends_with("[[page.job.widget.form.lines]]\nid = \"more\"\nsubmit = \"add_part\"\n")
    );
    assert_eq!(remove_list(&more, OF, "more").unwrap(), FORM);
    loads(&up);
    assert_eq!(move_list(&up, OF, ("more", Way::Down)).unwrap(), more);
    // The marks of a part go with the parts.
    loads(&gone);
    assert!(
        !gone.contains("form.lines") && gone.contains("[query.add_mark]"),
        "{gone}"
    );
    loads(&asked);
    for said in [
        "when    = { parts = \"${hours} > 1\" }",
        "title   = \"Pieces\"",
        "min     = 1",
    ] {
        assert!(asked.contains(said), "{said}\n{asked}");
    }
    let first = add_list(&gone, OF, &entry).unwrap();
    loads(&first);
    assert_eq!(remove_list(&first, OF, "more").unwrap(), gone);
}

#[test]
fn a_mistake_is_told_at_its_field() {
    let about = About::field(FORM, OF, ("", "total"), keys()).unwrap();
    let line = |text: &str| FORM.lines().position(|line| line.contains(text)).unwrap() + 1;

    let compute = about.field_at(FORM, line("compute ="));
    let kind = about.field_at(FORM, line("total    = { from"));
    let other = about.field_at(FORM, line("labels  ="));
    let faults = about.faults(FORM, &Fields::parse("p.type=&p.max=many"));

    assert_eq!(compute.as_deref(), Some("r.compute"));
    assert_eq!(kind.as_deref(), Some("p.type"));
    assert_eq!(other, None);
    let names: Vec<&str> = faults.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["p.max", "p.type"]);
}
