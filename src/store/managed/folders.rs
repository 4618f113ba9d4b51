//! Where the cluster's files and its socket are, and who may touch them.

use std::fs::{self, DirBuilder, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::account::Account;
use crate::store::error::StoreError;

/// The longest path a unix socket may have: `sun_path` is 108 bytes with the closing zero.
const SOCKET_PATH_MAX: usize = 107;

/// The name PostgreSQL gives the socket of its default port.
const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// The folders of one cluster, all absolute.
#[derive(Debug, Clone)]
pub(super) struct Folders {
    data_dir: PathBuf,
    socket_dir: PathBuf,
    /// Who owns the cluster where that is not ourselves.
    pub(super) account: Option<Account>,
}

impl Folders {
    /// Makes the data directory, and checks that PostgreSQL's user can get there.
    pub(super) fn prepare(data_dir: &Path) -> Result<Self, StoreError> {
        let account = Account::to_become()?;
        if !data_dir.exists() {
            fs::create_dir_all(data_dir).map_err(StoreError::folder("make", data_dir))?;
            // A strict umask of root would shut PostgreSQL's user out of a folder that we made for it.
            fs::set_permissions(data_dir, Permissions::from_mode(0o755))
                .map_err(StoreError::folder("set the mode of", data_dir))?;
        }
        let data_dir = data_dir
            .canonicalize()
            .map_err(StoreError::folder("find", data_dir))?;
        if let Some(account) = &account
            && let Some(folder) = account.stopped_at(&data_dir)
        {
            return Err(StoreError::NotTraversable {
                folder,
                account: account.name.clone(),
                data_dir,
            });
        }
        let socket_dir = runtime_dir()?.join(short_name(&data_dir));
        let socket = socket_dir.join(SOCKET_NAME);
        if SOCKET_PATH_MAX < socket.as_os_str().len() {
            return Err(StoreError::SocketPathTooLong { path: socket });
        }
        Ok(Self {
            data_dir,
            socket_dir,
            account,
        })
    }

    /// The data directory as it was given, absolute.
    pub(super) fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// PostgreSQL's own folder.
    pub(super) fn cluster(&self) -> PathBuf {
        self.data_dir.join("postgres")
    }

    /// Where a cluster is made before it gets its name; what is found here was never finished.
    pub(super) fn unfinished_cluster(&self) -> PathBuf {
        self.data_dir.join("postgres.unfinished")
    }

    /// The folder of the socket: the same for the same data directory and user.
    pub(super) fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// Makes a folder that only PostgreSQL's user can enter; one that is there must be that already.
    pub(super) fn make_private(&self, folder: &Path) -> Result<(), StoreError> {
        make_private(folder, self.account.as_ref())
    }
}

/// 16 hexadecimal digits that stand for a path.
fn short_name(path: &Path) -> String {
    let hash = Sha256::digest(path.as_os_str().as_encoded_bytes());
    hash[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Our folder for sockets: short, and writable by nobody else.
fn runtime_dir() -> Result<PathBuf, StoreError> {
    let uid = rustix::process::geteuid();
    if uid.is_root() {
        let folder = PathBuf::from("/run/jangkau");
        fs::create_dir_all(&folder).map_err(StoreError::folder("make", &folder))?;
        // PostgreSQL's user passes through it to its own folder.
        fs::set_permissions(&folder, Permissions::from_mode(0o755))
            .map_err(StoreError::folder("set the mode of", &folder))?;
        return Ok(folder);
    }
    let session = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let folder = match session {
        Some(session) if owned_by(&session, uid.as_raw()) => session.join("jangkau"),
        Some(_) | None => PathBuf::from(format!("/tmp/jangkau-{}", uid.as_raw())),
    };
    make_private(&folder, None)?;
    Ok(folder)
}

fn owned_by(folder: &Path, uid: u32) -> bool {
    fs::symlink_metadata(folder).is_ok_and(|meta| meta.is_dir() && meta.uid() == uid)
}

/// Makes `folder` with mode 0700 for `account` (ourselves where none); refuses one that others prepared for us.
fn make_private(folder: &Path, account: Option<&Account>) -> Result<(), StoreError> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => {
            if let Some(account) = account {
                chown(folder, Some(account.uid), Some(account.gid))
                    .map_err(StoreError::folder("change the owner of", folder))?;
            }
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(StoreError::folder("make", folder)(error)),
    }
    let owner = account.map_or(rustix::process::geteuid().as_raw(), |account| account.uid);
    // `symlink_metadata`: a link into somebody's folder is not that folder.
    let meta =
        fs::symlink_metadata(folder).map_err(StoreError::folder("look at", folder))?;
    if meta.is_dir() && meta.uid() == owner && meta.mode() & 0o077 == 0 {
        Ok(())
    } else {
        Err(StoreError::UnsafeFolder {
            path: folder.to_owned(),
            owner,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_others_can_enter_is_refused() {
        let root = tempfile::tempdir_in("/tmp").unwrap();
        let folder = root.path().join("open");
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
        assert!(matches!(
            make_private(&folder, None),
            Err(StoreError::UnsafeFolder { .. })
        ));
    }

    #[test]
    fn a_link_to_a_private_folder_is_refused() {
        let root = tempfile::tempdir_in("/tmp").unwrap();
        let folder = root.path().join("private");
        make_private(&folder, None).unwrap();
        let link = root.path().join("link");
        std::os::unix::fs::symlink(&folder, &link).unwrap();
        assert!(matches!(
            make_private(&link, None),
            Err(StoreError::UnsafeFolder { .. })
        ));
    }
}
