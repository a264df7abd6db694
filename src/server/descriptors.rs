//! How many connections there are files for: each takes one of those the process may
//! open, and so do databases, backups and what is asked of others.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Kept back for everything that is not a connection: a quarter, within these.
const LEAST: u64 = 128;
const MOST: u64 = 4_096;
/// Whoever lets in so many at once has enough for most; fewer, and somebody should know.
const MANY: usize = 4_096;

/// Raises the process's limit as far as it may by itself, and gives how many connections
/// each of `doors` may have at once: `wanted`, or fewer where the files do not suffice.
pub(super) fn room(wanted: usize, doors: usize) -> usize {
    let had = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: had.maximum,
        maximum: had.maximum,
    };
    let files = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => had.maximum,
        Err(error) => {
            tracing::debug!("the limit of open files stays as it is: {error}");
            had.current
        }
    };
    let Some(files) = files else {
        return wanted;
    };
    let room = within(files, doors).min(wanted);
    if room < wanted {
        let why = format!(
            "limits.connections is {wanted}, and this process may open {files} files: {room} connections \
             at each door are let in at once; LimitNOFILE= of the unit or `ulimit -Hn` raises that"
        );
        if room < MANY {
            tracing::warn!("{why}");
        } else {
            tracing::info!("{why}");
        }
    }
    room
}

/// What `files` leave for the connections of each door; one at the least.
fn within(files: u64, doors: usize) -> usize {
    let kept = (files / 4).clamp(LEAST, MOST);
    let left = usize::try_from(files.saturating_sub(kept)).unwrap_or(usize::MAX);
    (left / doors.max(1)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_files_left_for_everything_else() {
        let rooms = [1_024, 65_536, 20_000, 100].map(|files| within(files, 1));
        assert_eq!(rooms, [768, 61_440, 15_904, 1]);
        assert_eq!(within(65_536, 2), 30_720);
        assert_eq!(within(u64::MAX, 0), usize::MAX - 4_096);
    }

    #[test]
    fn nobody_gets_more_than_was_wanted() {
        assert_eq!(room(1, 2), 1);
    }
}
