//! Data that are several files: the parts of a shapefile beside its `.shp`, the folder of a File Geodatabase.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Suffixes of the parts; also of files that programs leave beside their data.
pub(super) const SIDECAR_SUFFIXES: [&str; 16] = [
    "shx", "dbf", "prj", "cpg", "cst", "qpj", "qix", "sbn", "sbx", "fbn", "fbx", "ain", "aih",
    "qmd", "xml", "lyr",
];

/// The file by which a File Geodatabase is known: the table of its tables.
pub(super) const GDB_CATALOG: &str = "a00000001.gdbtable";

/// The sidecars of a `.shp` by lower-case suffix; names are compared without case, since archives come from Windows.
///
/// # Errors
/// The folder cannot be listed.
pub(super) fn sidecars(shp: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let stem_of = |path: &Path| {
        path.file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase()
    };
    let folder = shp
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let stem = stem_of(shp);
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let suffix = path
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        if SIDECAR_SUFFIXES.contains(&suffix.as_str()) && stem_of(&path) == stem {
            found.insert(suffix, path);
        }
    }
    Ok(found)
}
