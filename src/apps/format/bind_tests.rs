//! Claims about `bind`.
