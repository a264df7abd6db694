//! What a browser's form sends, and what is wrong with it.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};

use super::Error;

/// The fields of a form or an address, in the order they came. For forms whose
/// fields are known when the program is written, a struct with
/// `deny_unknown_fields` says more.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `a=1&b=2`.
    pub fn parse(query: &str) -> Fields {
        let pairs = form_urlencoded::parse(query.as_bytes());
        Fields(
            pairs
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    /// These fields and no others.
    pub fn of<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Fields {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Fields(fields.into_iter().map(owned).collect())
    }

    /// The first value under that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let found = self.0.iter().filter(move |(field, _)| field == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The same fields with one set, or taken away: for links that change one thing.
    #[must_use]
    pub fn with(&self, name: &str, value: Option<&str>) -> Fields {
        let mut fields: Vec<_> = self
            .0
            .iter()
            .filter(|(field, _)| field != name)
            .cloned()
            .collect();
        fields.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        Fields(fields)
    }

    /// As an address carries it: `a=1&b=2`.
    pub fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Fields, Error> {
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|refused| Error::TooLarge(refused.body_text()))?;
        let text: Cow<'_, str> = String::from_utf8_lossy(&body);
        Ok(Fields::parse(&text))
    }
}

/// Faults by field, for a form that is shown again.
#[derive(Clone, Debug, Default)]
pub struct Faults(Vec<(String, String)>);

impl Faults {
    pub fn of(field: &str, fault: impl Into<String>) -> Faults {
        Faults(vec![(field.to_owned(), fault.into())])
    }

    pub fn add(&mut self, field: &str, fault: impl Into<String>) {
        self.0.push((field.to_owned(), fault.into()));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with that field, for the line under it.
    pub fn at(&self, field: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == field);
        found.map(|(_, fault)| fault.as_str())
    }

    /// Field and fault, for the summary on top.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, fault)| (name.as_str(), fault.as_str()))
    }
}
