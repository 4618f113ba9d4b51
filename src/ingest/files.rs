//! The files of a request: which belong together, what they are called, and the hash of their bytes.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::IngestError;
use super::sidecar::{GDB_CATALOG, SIDECAR_SUFFIXES, sidecars};

/// One file to read, with the parts that lie beside it; or a File Geodatabase, which is a folder.
pub(super) struct SourceFile {
    /// Its name without folders.
    pub(super) name: String,
    /// Its path, absolute.
    pub(super) path: PathBuf,
    /// Itself and its sidecars, sorted; of a folder, the files in it.
    members: Vec<PathBuf>,
}

/// The files to read, in the order given; a sidecar goes with its `.shp`.
///
/// # Errors
/// None is given, or one is missing, a folder that is no File Geodatabase, or not to be read.
pub(super) fn source_files(files: &[PathBuf]) -> Result<Vec<SourceFile>, IngestError> {
    if files.is_empty() {
        return Err(IngestError::Request("no file was named".to_owned()));
    }
    let mut sources = Vec::new();
    for file in files {
        let path = fs::canonicalize(file).map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => IngestError::FileMissing(file.clone()),
            _ => unreadable(file, cause),
        })?;
        if path.is_dir() && !is_database(&path) {
            return Err(IngestError::Request(format!(
                "{} is a folder: name a file, or pack the folder as ZIP",
                file.display()
            )));
        }
        sources.push(source_file(path)?);
    }
    let all: Vec<PathBuf> = sources
        .iter()
        .filter(|source| is_shp(&source.path) && source.members.len() > 1)
        .flat_map(|source| source.members.clone())
        .collect();
    sources.retain(|source| {
        is_shp(&source.path) || !(is_sidecar(&source.path) && all.contains(&source.path))
    });
    Ok(sources)
}

fn source_file(path: PathBuf) -> Result<SourceFile, IngestError> {
    let mut members = vec![path.clone()];
    if path.is_dir() {
        members = files_in(&path).map_err(|cause| unreadable(&path, cause))?;
    } else if is_shp(&path) {
        let beside = sidecars(&path).map_err(|cause| unreadable(&path, cause))?;
        members.extend(beside.into_values());
        members.sort();
    }
    Ok(SourceFile {
        name: name(&path),
        path,
        members,
    })
}

/// Whether a folder is a File Geodatabase: it has the table of its tables.
fn is_database(folder: &Path) -> bool {
    folder.join(GDB_CATALOG).is_file()
}

fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn suffix(path: &Path) -> String {
    path.extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase()
}

fn is_shp(path: &Path) -> bool {
    suffix(path) == "shp"
}

fn is_sidecar(path: &Path) -> bool {
    SIDECAR_SUFFIXES.contains(&suffix(path).as_str())
}

fn unreadable(path: &Path, cause: io::Error) -> IngestError {
    IngestError::FileUnreadable {
        path: path.to_owned(),
        cause,
    }
}

/// SHA-256 in hexadecimal: of one file, its bytes; of several, the lines `hash  name` that `sha256sum` prints of them.
///
/// # Errors
/// A file cannot be read.
pub(super) fn hash(sources: &[SourceFile]) -> Result<String, IngestError> {
    let mut lines = String::new();
    let mut first = String::new();
    let members: Vec<&PathBuf> = sources.iter().flat_map(|source| &source.members).collect();
    for member in &members {
        let hash = hash_of_file(member).map_err(|cause| unreadable(member, cause))?;
        writeln!(lines, "{hash}  {}", name(member)).expect("a text takes any text");
        first = hash;
    }
    if members.len() == 1 {
        return Ok(first);
    }
    Ok(hexadecimal(&Sha256::digest(lines)))
}

fn hash_of_file(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hexadecimal(&hasher.finalize())),
            n_bytes => hasher.update(&buffer[..n_bytes]),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("a text takes any text");
    }
    text
}
