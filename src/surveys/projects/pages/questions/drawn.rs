//! The fields of a form, from what the text says or from what was typed.

use crate::surveys::editing::{Form, Group, Line, Rows, Sheet, Typed};
use crate::web::Faults;

/// One field, or one for each language.
pub(super) struct Input {
    pub(super) name: String,
    pub(super) value: String,
    /// The language, or which end of a range; empty where there is one field.
    pub(super) label: String,
    pub(super) lang: String,
    /// Other languages have a text here.
    pub(super) is_missing: bool,
    pub(super) fault: String,
}

/// A line of a form.
pub(super) struct Shown {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) help: &'static str,
    pub(super) form: &'static str,
    pub(super) inputs: Vec<Input>,
    /// Of a choice: the value, what people read, and whether it is this one.
    pub(super) options: Vec<(String, String, bool)>,
    pub(super) is_needed: bool,
    group: Group,
    /// The text has it in a way that has no field.
    pub(super) is_odd: bool,
}

/// An answer with its fields.
pub(super) struct Choice {
    pub(super) number: usize,
    pub(super) code: Input,
    pub(super) texts: Vec<Input>,
    /// The name, what people read, and whether it is ticked.
    pub(super) flags: Vec<(String, String, bool)>,
    /// Keys that stand in the text only.
    pub(super) others: String,
    pub(super) line: usize,
    pub(super) is_new: bool,
    pub(super) is_first: bool,
    pub(super) is_last: bool,
}

impl Shown {
    /// Only this kind of question has it.
    pub(super) fn is_own(&self) -> bool {
        self.group == Group::Own
    }

    pub(super) fn is_rest(&self) -> bool {
        self.group == Group::Rest
    }
}

impl Input {
    fn of(name: &str, typed: &Typed, faults: &Faults) -> Input {
        Input {
            value: typed.text(name).to_owned(),
            fault: faults.at(name).unwrap_or_default().to_owned(),
            name: name.to_owned(),
            label: String::new(),
            lang: String::new(),
            is_missing: false,
        }
    }

    /// An input of one line would lose the others.
    pub(super) fn is_long(&self) -> bool {
        self.value.contains('\n')
    }
}

/// What was typed, where a form is shown again; else what the text says.
pub(super) fn over(held: &Typed, typed: Option<&Typed>, names: &[String]) -> Typed {
    let mut over = Typed::default();
    for name in names {
        let is_box = |typed: &Typed| typed.get(&format!("{name}.is")).is_some();
        let sent = typed.and_then(|typed| match typed.get(name) {
            None if is_box(typed) => Some(""),
            text => text,
        });
        over.set(name, sent.unwrap_or_else(|| held.text(name)));
    }
    over
}

pub(super) fn shown(
    (sheet, text): (&Sheet, &str),
    langs: &[String],
    typed: Option<&Typed>,
    faults: &Faults,
) -> Vec<Shown> {
    let held = sheet.held(text);
    let draw = |line: &Line| {
        let names = sheet.names(line);
        let typed = over(&held, typed, &names);
        let mut inputs: Vec<Input> = { names.iter() }
            .map(|name| Input::of(name, &typed, faults))
            .collect();
        match line.form {
            Form::Words | Form::Prose => label(&mut inputs, langs),
            Form::Range => {
                "From".clone_into(&mut inputs[0].label);
                "To".clone_into(&mut inputs[1].label);
            }
            _ => {}
        }
        Shown {
            name: sheet.name(line),
            label: line.label.clone(),
            help: line.help,
            form: form(&line.form),
            options: options(&line.form, &inputs[0].value),
            inputs,
            is_needed: line.is_needed,
            group: line.group,
            is_odd: sheet.is_odd(text, line),
        }
    };
    sheet.lines.iter().map(draw).collect()
}

/// Each language by its name; which of them lack what others have.
fn label(inputs: &mut [Input], langs: &[String]) {
    let has_any = inputs.iter().any(|input| !input.value.trim().is_empty());
    let is_one = langs.len() == 1;
    for (input, lang) in inputs.iter_mut().zip(langs) {
        input.lang.clone_from(lang);
        if !is_one {
            input.label.clone_from(lang);
            input.is_missing = has_any && input.value.trim().is_empty();
        }
    }
}

fn form(form: &Form) -> &'static str {
    match form {
        Form::Words => "words",
        Form::Prose => "prose",
        Form::Condition => "condition",
        Form::Plain => "plain",
        Form::Flag => "flag",
        Form::Switch | Form::Choice(_) => "choice",
        Form::Number | Form::Count => "number",
        Form::Range => "range",
        Form::Need => "need",
        Form::Several | Form::Pairs => "several",
    }
}

fn options(form: &Form, value: &str) -> Vec<(String, String, bool)> {
    let pairs: Vec<(String, String)> = match form {
        Form::Choice(pairs) => pairs.clone(),
        Form::Switch => [("", "As usual"), ("true", "Yes"), ("false", "No")]
            .map(|(value, label)| (value.to_owned(), label.to_owned()))
            .into(),
        Form::Need => [("", "No"), ("yes", "Yes"), ("when", "When …")]
            .map(|(value, label)| (value.to_owned(), label.to_owned()))
            .into(),
        _ => return Vec::new(),
    };
    let is_known = pairs.iter().any(|(known, _)| known == value);
    let odd = (!is_known).then(|| (value.to_owned(), format!("{value} (not known here)")));
    let all = pairs.into_iter().chain(odd);
    all.map(|(one, label)| (one.clone(), label, one == value))
        .collect()
}

pub(super) fn choices(
    (rows, text): (&Rows, &str),
    langs: &[String],
    typed: Option<&Typed>,
    faults: &Faults,
) -> Vec<Choice> {
    let count = rows.count(text);
    let draw = |(at, held): (usize, crate::surveys::editing::Held)| {
        let says = held.sheet.held(text);
        let mut choice = Choice {
            number: at + 1,
            code: Input::of("", &Typed::default(), faults),
            texts: Vec::new(),
            flags: Vec::new(),
            line: held.others.first().map_or(0, |(_, line)| *line),
            others: { held.others.iter() }
                .map(|(key, _)| key.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            is_new: held.is_new,
            is_first: at == 0,
            is_last: at + 1 >= count,
        };
        for line in &held.sheet.lines {
            let names = held.sheet.names(line);
            let typed = over(&says, typed, &names);
            let mut inputs: Vec<Input> = { names.iter() }
                .map(|name| Input::of(name, &typed, faults))
                .collect();
            match line.form {
                Form::Words => {
                    label(&mut inputs, langs);
                    choice.texts = inputs;
                }
                Form::Flag => {
                    let is_ticked = !inputs[0].value.is_empty();
                    choice
                        .flags
                        .push((names[0].clone(), line.label.clone(), is_ticked));
                }
                _ => choice.code = inputs.swap_remove(0),
            }
        }
        choice
    };
    rows.all(text).into_iter().enumerate().map(draw).collect()
}
