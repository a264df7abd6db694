/// A route, and what each of [`WHO`] gets: see [`sign`].
const TABLE: &[(&str, &str)] = &[
];
