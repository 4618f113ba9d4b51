//! Any bytes as what a child writes: frames up to the first that is none, each the same when written again.

use jangkau::ingest::frames_of_bytes;

/// Reads the bytes as a pipe, and as the content of one frame.
pub(super) fn read(bytes: &[u8]) {
    frames_of_bytes(bytes);
    let length = u32::try_from(bytes.len()).expect("inputs are short");
    frames_of_bytes(&[&length.to_le_bytes(), bytes].concat());
}
