//! Any bytes as a ZIP: refused, or unpacked into its folder and nowhere else, within its limit.

use std::fs;

use jangkau::ingest::reader::unpack_bytes;

/// Bytes that may be inflated here; small, so that a run is quick.
const MAX_BYTES: u64 = 1_000_000;

/// Unpacks the bytes into a folder of their own.
pub(super) fn unpack(bytes: &[u8]) {
    let outer = tempfile::tempdir().expect("a folder can be made");
    let inner = outer.path().join("inner");
    let unpacked = unpack_bytes(bytes, &inner, MAX_BYTES);
    let beside: Vec<_> = fs::read_dir(outer.path())
        .expect("the folder is there")
        .filter_map(|entry| Some(entry.ok()?.file_name()))
        .collect();
    assert!(beside.iter().all(|name| name == "inner"), "{beside:?}");
    let Ok(files) = unpacked else {
        return;
    };
    let mut n_bytes = 0;
    for file in files {
        assert!(file.starts_with(&inner), "{}", file.display());
        let found = fs::symlink_metadata(&file).expect("what was unpacked is there");
        assert!(found.is_file(), "{} is no file", file.display());
        n_bytes += found.len();
    }
    assert!(n_bytes <= MAX_BYTES);
}
