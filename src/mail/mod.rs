//! How the instance writes to people: the server that takes its mail, the queue
//! in which letters wait, and what letters say.
