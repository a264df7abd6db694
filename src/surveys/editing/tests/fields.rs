//! What is typed into fields, as it stands in the text then.

use super::*;

#[test]
fn a_text_is_changed_in_its_language_and_in_its_own_spelling() {
    let part = part(UNTIDY, "a");
    let sheet = sheet(UNTIDY, &part);

    let new = sheet
        .write(
            UNTIDY,
            &typed(&[("text.en", "Which?"), ("text.de", "Größe?")]),
        )
        .unwrap();

    assert_eq!(new, UNTIDY.replace("\"Size?\"", "\"Which?\""));
    let de = sheet
        .write(
            UNTIDY,
            &typed(&[("text.en", "Size?"), ("text.de", "Wie groß?")]),
        )
        .unwrap();
    assert_eq!(de, UNTIDY.replace("'Größe?'", "'Wie groß?'"));
    let gone = sheet
        .write(UNTIDY, &typed(&[("text.en", "Size?"), ("text.de", "")]))
        .unwrap();
    assert_eq!(gone, UNTIDY.replace("text.de = 'Größe?'\n", ""));
}

#[test]
fn a_text_for_everybody_becomes_one_for_each_when_they_differ() {
    let of = |text: &str| {
        format!(
            "langs = [\"en\", \"de\"]\n[[page]]\nid = \"p\"\n[[page.ask]]\nid   = \"q\"\ntype = \"text\"\n{text}"
        )
    };
    let before = of("text = \"A\"\n");
    let sheet = sheet(&before, &Part::Ask(0, 0));

    let both = sheet
        .write(&before, &typed(&[("text.en", "B"), ("text.de", "B")]))
        .unwrap();
    let each = sheet
        .write(&before, &typed(&[("text.en", "A"), ("text.de", "Ä")]))
        .unwrap();

    assert_eq!(both, of("text = \"B\"\n"));
    assert_eq!(each, of("text = { en = \"A\", de = \"Ä\" }\n"));
    let help = sheet
        .write(&before, &typed(&[("help.en", "H"), ("help.de", "")]))
        .unwrap();
    assert_eq!(help, of("text = \"A\"\nhelp = { en = \"H\" }\n"));
    let back = sheet
        .write(&help, &typed(&[("help.en", ""), ("help.de", "")]))
        .unwrap();
    assert_eq!(back, before);
}

#[test]
fn keys_are_set_and_taken_out_where_they_stand() {
    let part = part(UNTIDY, "b");
    let sheet = sheet(UNTIDY, &part);

    let new = sheet
        .write(
            UNTIDY,
            &typed(&[
                ("when", ""),
                ("required", "when"),
                ("required.when", "${a} = 2"),
            ]),
        )
        .unwrap();

    let wanted = UNTIDY.replace(
        "when = '''selected(${ a }, 1)'''  # only the small ones\n",
        "# only the small ones\nrequired = \"${a} = 2\"\n",
    );
    let at_once = new.replace(
        "required = \"${a} = 2\"\n# only the small ones\n",
        "# only the small ones\nrequired = \"${a} = 2\"\n",
    );
    assert_eq!(at_once, wanted);
    let read = sheet.held(&new);
    assert_eq!(
        (read.text("required"), read.text("required.when")),
        ("when", "${a} = 2")
    );
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let part = part(EXAMPLE, "age");
    let sheet = sheet(EXAMPLE, &part);
    let said = |name: &str, text: &str| {
        let faults = sheet.faults(EXAMPLE, &typed(&[(name, text)]));
        faults
            .into_iter()
            .map(|(name, why)| format!("{name}: {why}"))
            .collect::<Vec<_>>()
            .join("; ")
    };

    assert_eq!(
        said("when", "${gender} == 1"),
        "when: at sign 11: `==` is not understood; write = once"
    );
    assert!(said("range.low", "many").starts_with("range.low: write a number"));
    assert!(said("decimals", "-1").starts_with("decimals: write a whole number"));
    assert_eq!(said("when", "${gender} = 1"), "");
}

#[test]
fn answers_are_added_moved_and_taken_out_on_their_lines() {
    let langs = ["en".to_owned(), "de".to_owned()];
    let rows = Rows::of(&Part::List("sizes".to_owned()), "items", &langs);

    let new = rows
        .write(
            UNTIDY,
            &typed(&[("items.3.text.en", "XL"), ("items.3.other", "1")]),
        )
        .unwrap();

    assert_eq!(
        new,
        UNTIDY.replace(
            "  { code = 3, text = \"L\" }   # no comma here\n",
            "  { code = 3, text = \"L\" },   # no comma here\n  { code = 4, text = { en = \"XL\" }, other = true }\n"
        )
    );
    assert_eq!(rows.step(&new, "remove", 3).unwrap(), UNTIDY);
    let down = rows.step(UNTIDY, "down", 0).unwrap();
    assert!(
        down.contains("'Middling' } }, # the one between\n  # not yet"),
        "{down}"
    );
    assert_eq!(rows.step(&down, "up", 1).unwrap(), UNTIDY);
    let last = rows.step(UNTIDY, "down", 1).unwrap();
    assert!(
        last.contains("{ code = 3, text = \"L\" },   # no comma here\n"),
        "{last}"
    );
    assert_eq!(rows.step(&last, "up", 2).unwrap(), UNTIDY);
    let twice = rows.faults(
        UNTIDY,
        &typed(&[("items.3.code", "2"), ("items.3.text.en", "X")]),
    );
    assert_eq!(twice[0].0, "items.3.code");
}

#[test]
fn a_new_id_is_named_everywhere() {
    let new = rename_question(UNTIDY, &part(UNTIDY, "a"), "size").unwrap();

    let wanted = UNTIDY
        .replace("id = 'a'", "id = \"size\"")
        .replace("${ a }", "${ size }")
        .replace("${a}", "${size}")
        .replace("chosen = \"a\"", "chosen = \"size\"");
    assert_eq!(new, wanted);
    assert_eq!(named_at(UNTIDY, "a").len(), named_at(&new, "size").len());
    let page = rename_page(UNTIDY, &Part::page(UNTIDY, "two").unwrap(), "each").unwrap();
    assert!(page.contains("C of ${each.item}"));
    let Err(Unfit::Field(field, _)) = rename_question(UNTIDY, &part(UNTIDY, "a"), "b") else {
        panic!("b is there already");
    };
    assert_eq!(field, "id");
    let path = UNTIDY.replace("selected(${ a }, 1)", "selected(/data/a, 1)");
    assert!(rename_question(&path, &part(&path, "a"), "size").is_err());
}

#[test]
fn parts_of_a_question_are_named_anew_with_it() {
    let text = EXAMPLE.replace("not(selected(${brands}, 9))", "${brands_9} = 0");

    let new = rename_question(&text, &part(&text, "brands"), "kinds").unwrap();

    assert!(new.contains("when = \"${kinds_9} = 0\""), "{new}");
    assert!(Survey::read(&new).is_ok());
    // The list keeps its name.
    assert!(new.contains("[list.brands]") && new.contains("list     = \"brands\""));
}

#[test]
fn a_text_on_one_line_is_left_to_its_author() {
    let text = "[[page]]\nid = \"p\"\nask = [{ id = \"a\", type = \"text\", text = \"A\" }, { id = \"b\", type = \"text\", text = \"B\" }]\n[[page]]\nid = \"q\"\n";

    let new = sheet(text, &Part::Ask(0, 1))
        .write(text, &typed(&[("text.en", "C")]))
        .unwrap();
    assert_eq!(new, text.replace("\"B\"", "\"C\""));
    let swapped = move_question(text, (0, 0), Way::Down).unwrap();
    assert_eq!(move_question(&swapped, (0, 1), Way::Up).unwrap(), text);
    assert_eq!(move_question(text, (0, 1), Way::Down), Err(Unfit::Shape(1)));
    assert_eq!(Outline::of("a = ").unwrap_err(), Unfit::Syntax(1));
}

#[test]
fn another_line_end_stays_what_it_is() {
    let text = EXAMPLE.replace('\n', "\r\n");

    let moved = move_question(&text, (0, 0), Way::Down).unwrap();
    let (added, id) = add_question(&text, (0, Some(0)), ALL[0], (&[], &["en".into()])).unwrap();

    for new in [&moved, &added] {
        assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
    }
    assert_eq!(move_question(&moved, (0, 1), Way::Up).unwrap(), text);
    assert_eq!(remove(&added, &part(&added, &id)).unwrap(), text);
}

#[test]
fn pairs_are_lines_and_what_is_no_pair_is_said() {
    let text = "langs = [\"en\"]\n[[page]]\nid = \"p\"\n[[page.ask]]\nid   = \"q\"\ntype = \"call\"\nurl  = \"https://a.b/\" # whom\ntake = { tier = \"/tier\", visits = '/v' }\n";
    let sheet = sheet(text, &Part::Ask(0, 0));
    assert_eq!(sheet.held(text).text("take"), "tier = /tier\nvisits = /v");

    let pairs = [
        ("take", "tier = /level\nvip = /a=b"),
        ("send", "customer/id = ${pid}"),
    ];
    let new = sheet.write(text, &typed(&pairs)).unwrap();

    let wanted = text.replace(
        "{ tier = \"/tier\", visits = '/v' }\n",
        "{ tier = \"/level\", vip = \"/a=b\" }\nsend = { \"customer/id\" = \"${pid}\" }\n",
    );
    assert_eq!(new, wanted);
    let gone = sheet.write(&new, &typed(&[("send", " \n")])).unwrap();
    assert_eq!(
        gone,
        wanted.replace("send = { \"customer/id\" = \"${pid}\" }\n", "")
    );
    for (wrong, why) in [
        ("tier", "name = text"),
        ("= /x", "name = text"),
        ("a = 1\na = 2", "there twice"),
    ] {
        let faults = sheet.faults(text, &typed(&[("take", wrong)]));
        assert!(faults[0].1.contains(why), "{wrong}: {faults:?}");
    }
}
