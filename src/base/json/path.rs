//! Where a value lies in JSON: from the outside in, by names and by places in lists.

use serde_json::Value;

use super::Json;

/// The steps to a value; none is the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(Vec<String>);

/// What a path leads through.
pub trait Node {
    /// The member of that name, or the item at that place, counted from 0.
    fn step(&self, name: &str) -> Option<&Self>;
}

impl Path {
    /// A pointer of RFC 6901 like `/customer/tier`, or names with points between them.
    /// `None`: there is nothing between two points.
    pub fn parse(text: &str) -> Option<Path> {
        if text.is_empty() {
            return Some(Path::default());
        }
        if let Some(pointer) = text.strip_prefix('/') {
            let steps = pointer.split('/');
            let steps = steps.map(|step| step.replace("~1", "/").replace("~0", "~"));
            return Some(Path(steps.collect()));
        }
        let steps = text.split('.').map(str::to_owned);
        let steps: Vec<String> = steps.collect();
        (!steps.iter().any(String::is_empty)).then_some(Path(steps))
    }

    /// What lies there.
    pub fn of<'v, N: Node>(&self, whole: &'v N) -> Option<&'v N> {
        let mut steps = self.0.iter();
        steps.try_fold(whole, |value, step| value.step(step))
    }
}

/// A place in a list, as pointers write it.
fn place(step: &str) -> Option<usize> {
    let is_plain = step.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = is_plain && (step.len() == 1 || !step.starts_with('0'));
    step.parse().ok().filter(|_| is_plain)
}

impl Node for Value {
    fn step(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Object(members) => members.get(name),
            Value::Array(items) => items.get(place(name)?),
            _ => None,
        }
    }
}

impl Node for Json<'_> {
    fn step(&self, name: &str) -> Option<&Self> {
        match self {
            // Of two with one name the last counts, as most readers have it.
            Json::Object { members, .. } => {
                let found = members.iter().rfind(|(known, _)| known == name);
                found.map(|(_, value)| value)
            }
            Json::List { items, .. } => items.get(place(name)?),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn both_ways_to_write_it_lead_to_the_same_value_in_both_kinds_of_tree() {
        let text =
            r#"{ "a": { "b": ["x", { "c/d": "deep", "": "none" }] }, "m~n": "m", "a.b": 1 }"#;
        let (ours, theirs) = (read(text, 100).unwrap(), serde_json::from_str(text));
        let theirs: Value = theirs.unwrap();
        for (path, found) in [
            ("/a/b/0", "x"),
            ("a.b.0", "x"),
            ("/a/b/1/c~1d", "deep"),
            ("a.b.1.c/d", "deep"),
            ("/a/b/1/", "none"),
            ("m~n", "m"),
            ("/m~0n", "m"),
        ] {
            let path = Path::parse(path).unwrap();
            assert!(matches!(path.of(&ours), Some(Json::Text(text)) if text == found));
            assert_eq!(path.of(&theirs), theirs.pointer(&pointer(&path)));
            assert_eq!(path.of(&theirs).and_then(Value::as_str), Some(found));
        }
        for absent in ["/a/b/2", "/a/b/-1", "/a/b/+1", "/z", "/a/b/00", "a.b.c"] {
            let path = Path::parse(absent).unwrap();
            assert_eq!(path.of(&ours), None, "{absent}");
            assert_eq!(path.of(&theirs), None, "{absent}");
        }
        assert_eq!(Path::parse("").unwrap().of(&ours), Some(&ours));
        for wrong in ["a..b", ".a", "a."] {
            assert_eq!(Path::parse(wrong), None, "{wrong}");
        }
    }

    fn pointer(path: &Path) -> String {
        let steps = path.0.iter();
        let steps = steps.map(|step| step.replace('~', "~0").replace('/', "~1"));
        steps.flat_map(|step| ["/".to_owned(), step]).collect()
    }
}
