/// The one way the product grows: a list of kinds behind one trait.
///
/// `kinds! { pub dyn Widget: chart, report }` declares the modules and the list
/// `ALL`. Each module is a folder next to the list and offers a `pub(super)
/// static KIND` that implements the trait; where all are alike, `Widget` may be a
/// struct instead.
#[macro_export]
macro_rules! kinds {
    ($to:vis $of:ty: $($name:ident),+ $(,)?) => {
        $(mod $name;)+

        /// Every kind, in the order people read them.
        $to static ALL: &[&$of] = &[$(&$name::KIND),+];
    };
}
