//! How the private cluster is set: for one office PC, reached only through its socket.

use super::folders::Folders;

/// The role that owns everything in the private cluster.
pub(super) const SUPERUSER: &str = "jangkau";

/// The database of the private cluster.
pub(super) const DATABASE: &str = "jangkau";

/// What a power cut may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Durability {
    /// Nothing that was committed.
    Full,
    /// Everything: tests that throw the cluster away.
    Scratch,
}

/// Settings given on the command line at every start, so that they are this program's and not an older one's.
pub(super) fn settings(folders: &Folders, durability: Durability) -> Vec<(&'static str, String)> {
    let mut settings = vec![
        ("listen_addresses", String::new()),
        (
            "unix_socket_directories",
            folders.socket_dir().display().to_string(),
        ),
        ("unix_socket_permissions", "0700".to_owned()),
        // 8 for writing, 16 for reading, a few commands beside the supervisor, QGIS and psql.
        ("max_connections", "50".to_owned()),
        // A sixteenth of a PC with 4 GB; the rest is the kernel's cache.
        ("shared_buffers", "256MB".to_owned()),
        ("maintenance_work_mem", "128MB".to_owned()),
        // Compiling a query costs more than the short queries here run.
        ("jit", "off".to_owned()),
        ("timezone", "UTC".to_owned()),
        ("log_timezone", "UTC".to_owned()),
        // A week of logs, one file a day, overwritten a week later.
        ("logging_collector", "on".to_owned()),
        ("log_directory", "log".to_owned()),
        ("log_filename", "postgresql-%a.log".to_owned()),
        ("log_rotation_age", "1d".to_owned()),
        ("log_rotation_size", "0".to_owned()),
        ("log_truncate_on_rotation", "on".to_owned()),
        // A statement whose program was killed ends, and with it its locks.
        ("client_connection_check_interval", "2s".to_owned()),
    ];
    if durability == Durability::Scratch {
        settings.extend([
            ("fsync", "off".to_owned()),
            ("synchronous_commit", "off".to_owned()),
            ("full_page_writes", "off".to_owned()),
            ("max_connections", "200".to_owned()),
        ]);
    }
    settings
}

/// The settings as one argument of `pg_ctl --options`, which a shell takes apart.
pub(super) fn as_options(settings: &[(&'static str, String)]) -> String {
    settings
        .iter()
        .map(|(name, value)| format!("-c {name}={}", quoted(value)))
        .collect::<Vec<_>>()
        .join(" ")
}

/// `text` as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_a_path_stays_in_its_word() {
        let options = as_options(&[("unix_socket_directories", "/tmp/a'b c".to_owned())]);
        assert_eq!(options, r"-c unix_socket_directories='/tmp/a'\''b c'");
    }
}
