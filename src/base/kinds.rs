/// The one way the product grows: a list of kinds behind one trait.
///
/// `kinds! { dyn Widget: chart, report }` declares the modules and the list
/// `ALL`. Each module is a folder next to the list and offers a `pub(super)
/// static KIND` that implements the trait.
#[macro_export]
macro_rules! kinds {
    (pub(super) dyn $of:ident: $($name:ident),+ $(,)?) => {
        $(mod $name;)+

        /// Every kind, in the order people read them.
        pub(super) static ALL: &[&dyn $of] = &[$(&$name::KIND),+];
    };
    (dyn $of:ident: $($name:ident),+ $(,)?) => {
        $(mod $name;)+

        /// Every kind, in the order the gallery shows them.
        pub static ALL: &[&dyn $of] = &[$(&$name::KIND),+];
    };
    // The same for a list that stays in its slice.
    ($to:vis dyn $of:ident: $($name:ident),+ $(,)?) => {
        $(mod $name;)+

        /// Every kind, in the order the gallery shows them.
        $to static ALL: &[&dyn $of] = &[$(&$name::KIND),+];
    };
}
