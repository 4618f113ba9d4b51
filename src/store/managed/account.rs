//! The unprivileged user that PostgreSQL runs as, since it refuses to run as root.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::store::error::StoreError;

/// Users that may own a cluster made by root, best first: Debian's package makes `postgres`.
const NAMES: [&str; 2] = ["postgres", "nobody"];

/// A user of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl Account {
    /// The user to become before PostgreSQL's programs are run; none where the program is unprivileged itself.
    pub(super) fn to_become() -> Result<Option<Self>, StoreError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let passwd = fs::read_to_string("/etc/passwd")
            .map_err(StoreError::folder("read", Path::new("/etc/passwd")))?;
        NAMES
            .iter()
            .find_map(|name| Self::named(name, &passwd))
            .map(Some)
            .ok_or(StoreError::NoAccount)
    }

    /// The user of a name in the text of `/etc/passwd` (`name:password:uid:gid:…`).
    fn named(name: &str, passwd: &str) -> Option<Self> {
        let line = passwd
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(str::parse);
        let uid = numbers.next()?.ok()?;
        let gid = numbers.next()?.ok()?;
        Some(Self {
            name: name.to_owned(),
            uid,
            gid,
        })
    }

    /// The outermost folder on the way to `path` that this user may not pass through, by its mode bits.
    pub(super) fn stopped_at(&self, path: &Path) -> Option<PathBuf> {
        let mut folders: Vec<&Path> = path.ancestors().collect();
        folders.reverse();
        folders
            .into_iter()
            .find(|folder| fs::metadata(folder).is_ok_and(|meta| !self.may_pass(&meta)))
            .map(Path::to_path_buf)
    }

    fn may_pass(&self, folder: &fs::Metadata) -> bool {
        let bit = if folder.uid() == self.uid {
            0o100
        } else if folder.gid() == self.gid {
            0o010
        } else {
            0o001
        };
        folder.mode() & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\npostgres:x:101:104::/var/lib/postgresql:/bin/bash\n";

    #[test]
    fn an_account_is_read_from_its_line() {
        let account = Account::named("postgres", PASSWD).unwrap();
        assert_eq!((account.uid, account.gid), (101, 104));
        assert_eq!(Account::named("post", PASSWD), None);
    }

    #[test]
    fn a_closed_parent_is_named_even_where_its_child_is_open() {
        let root = tempfile::tempdir_in("/tmp").unwrap();
        let closed = root.path().join("closed");
        let open = closed.join("open");
        fs::create_dir_all(&open).unwrap();
        for (folder, mode) in [(root.path(), 0o755), (&closed, 0o700), (&open, 0o755)] {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
        }
        let stranger = Account {
            name: "stranger".to_owned(),
            uid: 4_000_000,
            gid: 4_000_000,
        };
        assert_eq!(stranger.stopped_at(&open), Some(closed));
    }
}
