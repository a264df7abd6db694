//! A review as CSV, safe to open in a spreadsheet.

use std::fmt::Write;

use super::model::Line;
use super::sql;
use crate::base::Time;
use crate::store::{Connection, Error};
use crate::web::WorkspaceId;

/// One line of CSV. A cell that a spreadsheet would take for a formula gets an
/// apostrophe in front.
pub(in crate::people) fn line<const N: usize>(cells: [&str; N]) -> String {
    let mut out = String::new();
    for (at, cell) in cells.into_iter().enumerate() {
        let mark = if at > 0 { "," } else { "" };
        let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            "'"
        } else {
            ""
        };
        // A string takes whatever is written to it.
        let _ = write!(out, "{mark}\"{guard}{}\"", cell.replace('"', "\"\""));
    }
    out.push_str("\r\n");
    out
}

/// All of them, with a heading. `of` is what the role column is called.
pub(super) fn file(lines: &[Line], of: &str) -> String {
    let mut out = line([
        "name",
        "email",
        of,
        "operator",
        "disabled",
        "last_sign_in",
        "address",
        "device",
        "open_sessions",
        "keys",
        "key_last_used",
        "wrong_passwords_30_days",
        "apps_opened_30_days",
    ]);
    let time = |time: Option<Time>| time.map(Time::rfc3339).unwrap_or_default();
    let yes = |is: bool| if is { "yes" } else { "no" };
    for one in lines {
        out.push_str(&line([
            &*one.name,
            &*one.email,
            &*one.role,
            yes(one.operator),
            yes(one.disabled),
            &*time(one.entered),
            &*one.address,
            &*one.device(),
            &*one.sessions.to_string(),
            &*one.keys.to_string(),
            &*time(one.key_used),
            &*one.refusals.to_string(),
            &*one.apps.to_string(),
        ]));
    }
    out
}

/// The review of a workspace's members, or of all accounts, as its page gives it.
/// Whoever asks writes down who looked.
pub fn review_file(
    conn: &Connection,
    workspace: Option<WorkspaceId>,
    now: Time,
) -> Result<String, Error> {
    Ok(match workspace {
        Some(workspace) => file(&sql::members(conn, workspace, now)?, "role"),
        None => file(&sql::accounts(conn, now)?, "workspaces"),
    })
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_cell_is_never_a_formula_and_never_two() {
        assert_eq!(line(["=1+1", "a\"b,c"]), "\"'=1+1\",\"a\"\"b,c\"\r\n");
    }
}
