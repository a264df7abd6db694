//! What the process takes of the machine.

/// Ticks of the clock in which the kernel counts a process's time.
const TICKS: f64 = 100.0;

/// What the kernel says of this process; what it does not say is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Machine {
    pub memory: Option<u64>,
    pub threads: Option<u64>,
    pub files: Option<u64>,
    /// Seconds of processor time.
    pub processor: Option<f64>,
}

pub fn machine() -> Machine {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let files = std::fs::read_dir("/proc/self/fd").ok();
    Machine {
        memory: field(&status, "VmRSS:").map(|kilobytes| kilobytes << 10),
        threads: field(&status, "Threads:"),
        files: files.and_then(|files| u64::try_from(files.count()).ok()),
        processor: processor(&stat),
    }
}

fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The name of the process stands in brackets and may hold anything.
fn processor(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut ticks = rest.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (ticks.next()?.parse().ok()?, ticks.next()?.parse().ok()?);
    Some((user + system) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_tells_of_this_process() {
        let machine = machine();
        assert!(machine.memory.unwrap() > 1 << 20, "{machine:?}");
        assert!(machine.threads.unwrap() >= 1 && machine.files.unwrap() >= 3);
        assert!(machine.processor.is_some());
    }

    #[test]
    fn a_process_may_be_called_anything() {
        let stat = "7 (a) b ( c) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0";
        assert_eq!(processor(stat), Some(2.0));
        assert_eq!(processor("nothing"), None);
    }
}
