//! Start-up facts: where the data lies, where to listen, which certificate,
//! who may come, what leaves and how it is logged.

mod edges;
mod file;
mod shown;
mod telling;
mod values;

pub use edges::{Edges, Gate, Limits, Told, Url};
pub use file::{Config, DATA, Error, FILE, Said, TlsFiles, read};
pub use shown::origin;
pub use telling::Telling;
