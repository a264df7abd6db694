//! Claims about this kind of file.
