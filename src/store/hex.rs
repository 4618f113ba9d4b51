//! Bytes as text.

/// Two lower-case hexadecimal digits a byte.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0x0f])
        .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_byte_keeps_its_zero() {
        assert_eq!(hex(&[0x0a, 0xff, 0x70]), "0aff70");
    }
}
