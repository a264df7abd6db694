//! `ctx` and `ctx_has`: what policies know of whoever asks.

use std::cell::RefCell;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::Asker;
use crate::store::Error;

thread_local! {
    /// Work on a connection stays on one thread from its beginning to its end,
    /// so who asks is a fact about the thread. No connection remembers anybody.
    static ASKER: RefCell<Option<Arc<Asker>>> = const { RefCell::new(None) };
}

/// Runs `work` on behalf of somebody; afterwards nobody is known again.
pub(in crate::store) fn asking<T>(asker: &Arc<Asker>, work: impl FnOnce() -> T) -> T {
    let _until_dropped = Asking::begin(asker);
    work()
}

struct Asking(Option<Arc<Asker>>);

impl Asking {
    fn begin(asker: &Arc<Asker>) -> Asking {
        Asking(ASKER.replace(Some(Arc::clone(asker))))
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        ASKER.set(self.0.take());
    }
}

/// Puts both functions on a connection. They are constant while a statement
/// runs, which lets the engine ask once instead of once per row; it asks anew
/// each time the statement is begun.
pub(in crate::store) fn register(conn: &Connection) -> Result<(), Error> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("ctx", 1, flags, |call| {
        let name: Option<String> = call.get(0)?;
        Ok(name.and_then(|name| told(&name)))
    })?;
    conn.create_scalar_function("ctx_has", 2, flags, |call| {
        let (name, value): (Option<String>, Option<String>) = (call.get(0)?, call.get(1)?);
        Ok(name
            .zip(value)
            .is_some_and(|(name, value)| has(&name, &value)))
    })?;
    Ok(())
}

fn told(name: &str) -> Option<String> {
    ASKER.with_borrow(|asker| asker.as_ref()?.known.get(name).cloned())
}

/// Is the value one of the list, groups by their names, others between commas?
fn has(name: &str, value: &str) -> bool {
    ASKER.with_borrow(|asker| {
        let Some(asker) = asker else { return false };
        if name == "user.groups" {
            let group = |mark: &String| mark.strip_prefix("group:") == Some(value);
            return asker.marks.iter().any(group);
        }
        let list = asker.known.get(name);
        list.is_some_and(|list| list.split(',').any(|one| one.trim() == value))
    })
}
