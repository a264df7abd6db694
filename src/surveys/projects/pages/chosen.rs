//! What the address of the test runner remembers: the test, the device, light or dark, the
//! language.

use crate::web::Fields;

/// What a frame can be: its name in the address, for people, and its width.
const DEVICES: [(&str, &str, u32); 3] = [
    ("phone", "Phone", 390),
    ("tablet", "Tablet", 820),
    ("desk", "Desk", 1280),
];
const SCHEMES: [(&str, &str); 3] = [("", "As here"), ("light", "Light"), ("dark", "Dark")];

/// What the address remembers.
#[derive(Clone, Default)]
pub(super) struct Chosen {
    pub(super) run: String,
    pub(super) device: &'static str,
    pub(super) scheme: &'static str,
    pub(super) lang: String,
}

impl Chosen {
    pub(super) fn of(fields: &Fields) -> Chosen {
        let asked = |name| fields.get(name).unwrap_or_default();
        let device = DEVICES.iter().find(|(id, ..)| *id == asked("device"));
        let scheme = SCHEMES.iter().find(|(id, _)| *id == asked("scheme"));
        Chosen {
            run: asked("run").to_owned(),
            device: device.map_or("phone", |(id, ..)| *id),
            scheme: scheme.map_or("", |(id, _)| *id),
            lang: asked("lang").to_owned(),
        }
    }

    /// The address with one thing chosen otherwise.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let all = [
            ("run", &*self.run),
            ("device", self.device),
            ("scheme", self.scheme),
            ("lang", &self.lang),
        ];
        let all = all.into_iter().filter(|(known, _)| *known != name);
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(
            all.chain([(name, value)])
                .filter(|(_, value)| !value.is_empty()),
        );
        format!("?{}", query.finish())
    }

    pub(super) fn address(&self, survey: &str) -> String {
        format!("/surveys/{survey}/try{}", self.with("run", &self.run))
    }

    /// The devices to choose from.
    pub(super) fn devices(&self) -> Vec<Choice> {
        let choice = |(id, name, width): (&'static str, &str, u32)| Choice {
            id,
            name: format!("{name} {width}"),
            href: self.with("device", id),
            is_chosen: id == self.device,
        };
        DEVICES.map(choice).into()
    }

    /// Light and dark.
    pub(super) fn schemes(&self) -> Vec<Choice> {
        let choice = |(id, name): (&'static str, &str)| Choice {
            id,
            name: name.to_owned(),
            href: self.with("scheme", id),
            is_chosen: id == self.scheme,
        };
        SCHEMES.map(choice).into()
    }
}

/// A choice of the bar above the frame.
pub(super) struct Choice {
    pub(super) id: &'static str,
    pub(super) name: String,
    pub(super) href: String,
    pub(super) is_chosen: bool,
}
