//! What an app of several tables will have, in words, before it is made.

use super::family::Family;
use super::text::enumerated;

/// What there will be about one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::apps::making) struct Outline {
    pub(in crate::apps::making) title: String,
    /// Its pages, each in a sentence.
    pub(in crate::apps::making) pages: Vec<String>,
}

pub(in crate::apps::making) fn outline(family: &Family) -> Vec<Outline> {
    let all = family.kin();
    let each = all.iter().map(|kin| {
        let (parts, one) = (&kin.parts, &kin.names.one);
        let choices = parts.choices.iter().chain(&parts.flags);
        let mut by: Vec<String> = choices
            .map(|facts| facts.column.title.to_lowercase())
            .collect();
        by.extend(parts.moment.map(|facts| facts.column.title.to_lowercase()));
        let list = if by.is_empty() {
            "A list".to_owned()
        } else {
            format!("A list, filtered by {}", enumerated(&by))
        };
        let belongs: Vec<String> = { kin.children.iter() }
            .map(|child| all[child.at].title().to_lowercase())
            .collect();
        let row = if belongs.is_empty() {
            format!("A page of one {one}")
        } else {
            format!(
                "A page of one {one}, with its {} and a button that adds to them",
                enumerated(&belongs)
            )
        };
        let mut forms = "Forms to add one and to change it".to_owned();
        if !kin.links.is_empty() {
            let named: Vec<String> = { kin.links.iter() }
                .map(|link| link.title.to_lowercase())
                .collect();
            forms.push_str(", which name its ");
            forms.push_str(&enumerated(&named));
        }
        Outline {
            title: kin.title().to_owned(),
            pages: vec![list, row, forms],
        }
    });
    each.collect()
}
