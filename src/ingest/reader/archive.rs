//! Unpacking a ZIP into the private folder, counting real bytes and believing nothing else.

use std::fs::{self, File};
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use crate::domain::{Finding, FindingCode, Severity};
use crate::ingest::findings::error;
use crate::ingest::limits::Limits;

use super::unreadable;

/// What was unpacked.
pub(super) struct Unpacked {
    /// The files, in the order of their names.
    pub(super) files: Vec<PathBuf>,
    /// What was left out.
    pub(super) notes: Vec<Finding>,
}

/// Unpacks `archive` into `folder`.
///
/// # Errors
/// A limit is passed, an entry lies about itself, is encrypted, or would land outside `folder`.
pub(super) fn unpack(archive: &Path, folder: &Path, limits: &Limits) -> Result<Unpacked, Finding> {
    let file = File::open(archive).map_err(|cause| unreadable(&cause))?;
    unpack_from(file, folder, limits)
}

/// As [`unpack`], from anything.
pub(super) fn unpack_from(
    archive: impl Read + Seek,
    folder: &Path,
    limits: &Limits,
) -> Result<Unpacked, Finding> {
    let (mut zip, mut budget) = opened(archive, limits)?;
    let mut unpacked = Unpacked {
        files: Vec::new(),
        notes: Vec::new(),
    };
    for index in 0..zip.len() {
        let mut entry = open_entry(&mut zip, index)?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        let path = safe_path(&entry).ok_or_else(|| bad_path(&name))?;
        if entry.is_dir() {
            continue;
        }
        if is_junk(&path) {
            unpacked.notes.push(Finding {
                value: Some(name),
                ..Finding::new(
                    Severity::Info,
                    FindingCode::FileUnsupported,
                    "the archive holds a file of the packing program's own, which was left out",
                    "nothing to do",
                )
            });
            continue;
        }
        let target = folder.join(path);
        write_entry(&mut entry, &name, &target, &mut budget)?;
        unpacked.files.push(target);
    }
    unpacked.files.sort();
    Ok(unpacked)
}

/// Reads every entry of a spreadsheet to its end, so that its sizes are true, and gives the archive back.
///
/// # Errors
/// As [`unpack`]; what would be too large is [`FindingCode::XlsxTooLarge`].
pub(super) fn measured<R: Read + Seek>(
    archive: R,
    limits: &Limits,
) -> Result<ZipArchive<R>, Finding> {
    let (mut zip, mut budget) = opened(archive, limits)?;
    for index in 0..zip.len() {
        let mut entry = open_entry(&mut zip, index)?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        copy(&mut entry, &name, &mut io::sink(), &mut budget).map_err(|finding| {
            match finding.code {
                FindingCode::ZipTooLarge => Finding {
                    code: FindingCode::XlsxTooLarge,
                    mend: "save only the table that is needed, without pictures, as XLSX or CSV"
                        .to_owned(),
                    ..finding
                },
                _ => finding,
            }
        })?;
    }
    Ok(zip)
}

/// What an archive is beside a ZIP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contents {
    /// Whatever files.
    Files,
    Xlsx,
    Ods,
    /// A document of Office that is read in another form, and what it is.
    Office(&'static str),
}

/// What an archive holds, told by the names of its entries; nothing is inflated but one that says so.
pub(super) fn contents(archive: impl Read + Seek) -> Contents {
    const SPREADSHEET: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
    // Whatever is broken is told when it is unpacked.
    let Ok(mut zip) = ZipArchive::new(archive) else {
        return Contents::Files;
    };
    let holds = |name: &str| zip.index_for_name(name).is_some();
    if holds("xl/workbook.xml") {
        return Contents::Xlsx;
    }
    if holds("xl/workbook.bin") {
        return Contents::Office("a binary spreadsheet (.xlsb)");
    }
    if holds("[Content_Types].xml") {
        return Contents::Office("an Office document, but no spreadsheet");
    }
    if !holds("content.xml") {
        return Contents::Files;
    }
    let mut kind = Vec::new();
    let read = zip
        .by_name("mimetype")
        .is_ok_and(|entry| entry.take(256).read_to_end(&mut kind).is_ok());
    match kind.trim_ascii() {
        SPREADSHEET => Contents::Ods,
        _ if read => Contents::Office("an OpenDocument file, but no spreadsheet"),
        _ => Contents::Files,
    }
}

fn opened<R: Read + Seek>(
    mut archive: R,
    limits: &Limits,
) -> Result<(ZipArchive<R>, Budget), Finding> {
    let packed_bytes = archive
        .seek(SeekFrom::End(0))
        .map_err(|cause| unreadable(&cause))?;
    let mut zip = ZipArchive::new(archive).map_err(|cause| corrupt("the archive", &cause))?;
    if zip.len() > limits.zip_entries {
        return Err(error(
            FindingCode::ZipTooManyEntries,
            format!(
                "the archive has {} entries, more than {}",
                zip.len(),
                limits.zip_entries
            ),
            "pack only the files of one layer",
        ));
    }
    if zip
        .has_overlapping_files()
        .map_err(|cause| corrupt("the archive", &cause))?
    {
        return Err(corrupt("the archive", &"entries overlap"));
    }
    let budget = Budget {
        allowed: limits.inflated(packed_bytes),
        used: 0,
    };
    Ok((zip, budget))
}

/// Unpacks bytes into `folder` as the child unpacks a file, but at most `inflated_bytes`; gives the files.
///
/// For tests and for whoever looks for bytes that break it.
///
/// # Errors
/// The finding that refuses the archive.
pub fn unpack_bytes(
    bytes: &[u8],
    folder: &Path,
    inflated_bytes: u64,
) -> Result<Vec<PathBuf>, Finding> {
    let limits = Limits {
        inflated_bytes,
        ..Limits::DEFAULT
    };
    Ok(unpack_from(Cursor::new(bytes), folder, &limits)?.files)
}

/// Bytes that may still be written.
struct Budget {
    allowed: u64,
    used: u64,
}

fn open_entry<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    index: usize,
) -> Result<ZipFile<'_, R>, Finding> {
    let name = match zip.by_index_raw(index) {
        Ok(entry) => {
            let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
            if entry.encrypted() {
                return Err(Finding {
                    value: Some(name),
                    ..error(
                        FindingCode::ZipEncrypted,
                        "the archive needs a password",
                        "pack it again without one",
                    )
                });
            }
            name
        }
        Err(cause) => return Err(corrupt("the archive", &cause)),
    };
    zip.by_index(index).map_err(|cause| match cause {
        ZipError::UnsupportedArchive(_) => error(
            FindingCode::ZipCorrupt,
            format!("entry `{name}` is packed in a way that is not read: {cause}"),
            "pack it again as an ordinary ZIP (deflate)",
        ),
        cause => corrupt(&name, &cause),
    })
}

/// Where an entry may be written: a relative path of plain names.
fn safe_path<R: Read>(entry: &ZipFile<'_, R>) -> Option<PathBuf> {
    let name = entry.name().ok()?;
    let is_plain = !entry.is_symlink()
        && !name.contains(['\0', '\\', ':'])
        && !name.starts_with('/')
        && name.split('/').all(|part| part != "..");
    if is_plain {
        entry.enclosed_name()
    } else {
        None
    }
}

fn is_junk(path: &Path) -> bool {
    path.components().any(|part| {
        let part = part.as_os_str().to_string_lossy();
        part == "__MACOSX" || part == ".DS_Store" || part.starts_with("._")
    })
}

fn write_entry<R: Read>(
    entry: &mut ZipFile<'_, R>,
    name: &str,
    target: &Path,
    budget: &mut Budget,
) -> Result<(), Finding> {
    if target.exists() {
        return Err(corrupt(name, &"the archive has two entries of this name"));
    }
    let mut file = target
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| File::create_new(target))
        .map_err(|_cause| bad_path(name))?;
    copy(entry, name, &mut file, budget)
}

/// Inflates an entry, counting real bytes.
fn copy<R: Read>(
    entry: &mut ZipFile<'_, R>,
    name: &str,
    out: &mut impl Write,
    budget: &mut Budget,
) -> Result<(), Finding> {
    let stated = entry.size();
    // One byte more than may be written tells whether there is more, and one more than stated whether it lies.
    let readable = (budget.allowed - budget.used).min(stated).saturating_add(1);
    let written = io::copy(&mut entry.take(readable), out).map_err(|cause| {
        if cause.kind() == io::ErrorKind::StorageFull {
            unreadable(&cause)
        } else {
            corrupt(name, &cause)
        }
    })?;
    budget.used += written;
    if budget.used > budget.allowed {
        return Err(error(
            FindingCode::ZipTooLarge,
            format!("the archive inflates to more than {} bytes", budget.allowed),
            "pack only the files of one layer; if the archive is trusted, the operator may pass --trust-file",
        ));
    }
    if written != stated {
        return Err(corrupt(
            name,
            &format!("it says it holds {stated} bytes, which is not so"),
        ));
    }
    Ok(())
}

fn corrupt(name: &str, cause: &dyn std::fmt::Display) -> Finding {
    Finding {
        value: Some(name.to_owned()),
        ..error(
            FindingCode::ZipCorrupt,
            format!("the archive is damaged: {cause}"),
            "get or pack the archive again",
        )
    }
}

fn bad_path(name: &str) -> Finding {
    Finding {
        value: Some(name.to_owned()),
        ..error(
            FindingCode::ZipBadPath,
            "an entry would be written outside its folder or under an impossible name",
            "pack the files again from inside their folder",
        )
    }
}
