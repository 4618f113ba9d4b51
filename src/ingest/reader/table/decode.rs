//! Text of any encoding as UTF-8, piece by piece.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding};

/// Bytes that are read at once.
const PIECE_BYTES: usize = 1 << 16;

/// Turns what it reads into UTF-8; a byte order mark is left out, what is no text becomes U+FFFD.
pub(super) struct Decoded<R> {
    from: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// What is left of `raw` starts here.
    raw_start: usize,
    text: Vec<u8>,
    /// What is left of `text` starts here.
    text_start: usize,
    has_ended: bool,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(from: R, encoding: &'static Encoding) -> Self {
        Self {
            from,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: Vec::new(),
            raw_start: 0,
            text: Vec::new(),
            text_start: 0,
            has_ended: false,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.raw_start == self.raw.len() && !self.has_ended {
            self.raw.resize(PIECE_BYTES, 0);
            let n_bytes = self.from.read(&mut self.raw)?;
            self.raw.truncate(n_bytes);
            self.raw_start = 0;
            self.has_ended = n_bytes == 0;
        }
        self.text.resize(PIECE_BYTES, 0);
        let (result, n_read, n_written, _) = self.decoder.decode_to_utf8(
            &self.raw[self.raw_start..],
            &mut self.text,
            self.has_ended,
        );
        self.raw_start += n_read;
        self.text.truncate(n_written);
        self.text_start = 0;
        // The decoder may be asked only once for its last bytes.
        if self.has_ended && result == CoderResult::InputEmpty {
            self.decoder = encoding_rs::UTF_8.new_decoder_without_bom_handling();
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.text_start == self.text.len() {
            self.fill()?;
            if self.text.is_empty() && self.has_ended {
                return Ok(0);
            }
        }
        let left = &self.text[self.text_start..];
        let n_bytes = left.len().min(buffer.len());
        buffer[..n_bytes].copy_from_slice(&left[..n_bytes]);
        self.text_start += n_bytes;
        Ok(n_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, so that every character is cut.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n_bytes = self.0.len().min(1);
            buffer[..n_bytes].copy_from_slice(&self.0[..n_bytes]);
            self.0 = &self.0[n_bytes..];
            Ok(n_bytes)
        }
    }

    fn decoded(bytes: &[u8], encoding: &'static Encoding) -> String {
        let mut text = String::new();
        Decoded::new(Slow(bytes), encoding)
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    #[test]
    fn characters_that_are_cut_between_pieces_are_whole() {
        assert_eq!(
            decoded("\u{feff}Désa ٣ 🏥".as_bytes(), encoding_rs::UTF_8),
            "Désa ٣ 🏥"
        );
        let utf_16: Vec<u8> = "\u{feff}Désa 🏥"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decoded(&utf_16, encoding_rs::UTF_16LE), "Désa 🏥");
        assert_eq!(decoded(b"Caf\xe9", encoding_rs::WINDOWS_1252), "Café");
    }

    #[test]
    fn what_breaks_off_ends_in_a_sign_that_it_did() {
        assert_eq!(decoded(b"a\xe2\x82", encoding_rs::UTF_8), "a\u{fffd}");
        assert_eq!(decoded(b"a\0b", encoding_rs::UTF_16LE), "a\u{fffd}");
    }
}
