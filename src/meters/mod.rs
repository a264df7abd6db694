//! What is counted while the program runs: figures that a request raises
//! without waiting for anybody, and their text for Prometheus.

mod figures;
mod history;
mod latency;
mod machine;
mod registry;
mod traffic;

pub use figures::{Counter, Gauge};
pub use history::{History, Reading, Slot};
pub use latency::{Latency, Shape};
pub use machine::{Machine, machine};
pub use registry::Meters;
pub use traffic::{Busy, Traffic};
