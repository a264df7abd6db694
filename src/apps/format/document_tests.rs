//! Claims about `document`.
