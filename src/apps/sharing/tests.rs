//! Stories about sharing, told through the routes.
