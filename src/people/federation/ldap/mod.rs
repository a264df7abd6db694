//! LDAP and Active Directory: somebody is searched, their password is tried
//! where it is kept, and what the directory says of them is read.

mod directory;
mod entry;
mod filter;

pub(super) use directory::Directory;
pub(super) use entry::Found;
pub(super) use filter::check as check_filter;
