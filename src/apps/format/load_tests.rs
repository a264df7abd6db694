//! Claims about `load`.
