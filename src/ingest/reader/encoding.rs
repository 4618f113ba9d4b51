//! Which text encoding a table is in: what was asked, what the bytes prove, what the file says, and a doubtful guess.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use crate::domain::{Finding, FindingCode, Severity};
use crate::ingest::protocol::TextReading;

/// An encoding, by the name that GDAL knows it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Encoding {
    /// Such as `UTF-8` or `CP1252`.
    pub(super) name: String,
    /// Which rule chose it.
    pub(super) why: String,
    /// The warning where it is a guess.
    pub(super) doubt: Option<Finding>,
    /// The first texts beyond ASCII, as they are in the file.
    samples: Vec<Vec<u8>>,
}

impl Encoding {
    fn new(name: &str, why: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            why: why.into(),
            doubt: None,
            samples: Vec::new(),
        }
    }

    fn with_samples(self, samples: Vec<Vec<u8>>) -> Self {
        Self { samples, ..self }
    }

    /// The first texts beyond ASCII in each encoding that offices write; empty where there are none.
    pub(super) fn readings(&self) -> Vec<TextReading> {
        if self.samples.is_empty() {
            return Vec::new();
        }
        let decoded = |encoding: &'static encoding_rs::Encoding| TextReading {
            encoding: encoding.name().to_owned(),
            texts: self
                .samples
                .iter()
                .map(|sample| encoding.decode_without_bom_handling(sample).0.into_owned())
                .collect(),
        };
        CANDIDATES.map(decoded).to_vec()
    }

    /// UTF-8 by a format's standard.
    pub(super) fn of_standard() -> Self {
        Self::new(UTF_8, "the format's standard")
    }

    /// For the report.
    pub(super) fn label(&self) -> String {
        format!("{}: {}", self.name, self.why)
    }
}

/// What offices write text in: today's programs, Windows, and spreadsheets of a Mac.
const CANDIDATES: [&encoding_rs::Encoding; 3] = [
    encoding_rs::UTF_8,
    encoding_rs::WINDOWS_1252,
    encoding_rs::MACINTOSH,
];

/// Texts beyond ASCII that are kept.
const MAX_SAMPLES: usize = 3;

/// Bytes that are kept of each.
const MAX_SAMPLE_BYTES: usize = 60;

const UTF_8: &str = "UTF-8";
const WINDOWS_1252: &str = "CP1252";
const UTF_16_LE: &str = "UTF-16LE";
const UTF_16_BE: &str = "UTF-16BE";

/// The name GDAL knows an encoding by, from what people, `.cpg` files and desktop programs call it.
pub(super) fn known(label: &str) -> Option<String> {
    let folded: String = label
        .to_ascii_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let folded = folded
        .trim_start_matches("ansi")
        .trim_start_matches("windows")
        .trim_start_matches("cp")
        .trim_start_matches("oem")
        .trim_start_matches("ibm");
    match folded {
        "utf8" | "65001" => Some(UTF_8.to_owned()),
        "utf16" | "utf16le" | "1200" => Some(UTF_16_LE.to_owned()),
        "utf16be" | "1201" => Some(UTF_16_BE.to_owned()),
        "latin1" | "iso88591" | "88591" | "" => Some(WINDOWS_1252.to_owned()),
        "437" | "850" | "852" | "866" | "874" | "932" | "936" | "949" | "950" | "1250" | "1251"
        | "1252" | "1253" | "1254" | "1255" | "1256" | "1257" | "1258" => {
            Some(format!("CP{folded}"))
        }
        _ => {
            let part: u8 = folded
                .strip_prefix("iso8859")
                .or(folded.strip_prefix("8859"))?
                .parse()
                .ok()?;
            (1..=16).contains(&part).then(|| format!("ISO-8859-{part}"))
        }
    }
}

/// What the bytes of a table's text prove, and the first of them beyond ASCII.
struct Evidence {
    proof: Proof,
    samples: Vec<Vec<u8>>,
}

impl Evidence {
    fn new() -> Self {
        Self {
            proof: Proof::Ascii,
            samples: Vec::new(),
        }
    }

    fn add(&mut self, text: &[u8]) {
        self.proof = self.proof.and(text);
        if self.samples.len() < MAX_SAMPLES && !text.is_ascii() {
            let text = text.trim_ascii();
            // Around the first byte that tells encodings apart, in a line of a table.
            let first = text.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
            let from = first.saturating_sub(MAX_SAMPLE_BYTES / 2);
            let to = text.len().min(from + MAX_SAMPLE_BYTES);
            self.samples.push(text[from..to].to_vec());
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    Ascii,
    Utf8,
    NotUtf8,
}

impl Proof {
    fn and(self, text: &[u8]) -> Self {
        if self == Self::NotUtf8 || text.is_ascii() {
            return self;
        }
        match std::str::from_utf8(text) {
            Ok(_) => Self::Utf8,
            // A fixed-width value may be cut inside its last character.
            Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => Self::Utf8,
            Err(_) => Self::NotUtf8,
        }
    }
}

/// The encoding of a shapefile's table.
///
/// In this order: `asked`; UTF-8 where text beyond ASCII is valid UTF-8, whatever the labels say; the `.cpg`;
/// the table's own language byte; windows-1252 with a warning.
///
/// # Errors
/// The table cannot be read.
pub(super) fn of_dbf(dbf: &Path, label: Option<&str>, asked: Option<&str>) -> io::Result<Encoding> {
    if let Some(asked) = asked {
        return Ok(Encoding::new(asked, "as asked by --encoding"));
    }
    let (evidence, language) = dbf_evidence(dbf)?;
    let labelled = label.and_then(|label| {
        let name = known(label).filter(|name| name != UTF_8)?;
        Some(Encoding::new(&name, format!("the .cpg says `{label}`")))
    });
    let encoding = match evidence.proof {
        Proof::Ascii => Encoding::new(UTF_8, "all text is ASCII"),
        Proof::Utf8 => Encoding::new(UTF_8, "text beyond ASCII is valid UTF-8"),
        Proof::NotUtf8 => labelled
            .or_else(|| by_language_byte(language))
            .unwrap_or_else(guess),
    };
    Ok(encoding.with_samples(evidence.samples))
}

fn by_language_byte(language: u8) -> Option<Encoding> {
    // dBASE language drivers; 0x57 is left out, since GDAL writes it whatever the text is.
    let name = match language {
        0x01 => "CP437",
        0x02 => "CP850",
        0x03 => WINDOWS_1252,
        0xc8 => "CP1250",
        0xc9 => "CP1251",
        _ => return None,
    };
    Some(Encoding::new(
        name,
        format!("the table's language byte is {language:#04x}"),
    ))
}

fn guess() -> Encoding {
    Encoding {
        doubt: Some(Finding::new(
            Severity::Warning,
            FindingCode::EncodingDoubtful,
            "the text is not UTF-8 and the file does not say what it is; it was read as windows-1252",
            "look at the names; if they are wrong, pass --encoding",
        )),
        ..Encoding::new(WINDOWS_1252, "not UTF-8 and not said: a guess")
    }
}

/// Reads only the text columns of a table, in its records and in its headings.
fn dbf_evidence(dbf: &Path) -> io::Result<(Evidence, u8)> {
    let mut file = BufReader::new(File::open(dbf)?);
    let mut head = [0; 32];
    file.read_exact(&mut head)?;
    let header_bytes = u16::from_le_bytes([head[8], head[9]]);
    let record_bytes = u16::from_le_bytes([head[10], head[11]]);
    let mut evidence = Evidence::new();
    let mut text_columns = Vec::new();
    let mut offset = 1;
    let mut column = [0; 32];
    for _ in 0..(header_bytes / 32).saturating_sub(1) {
        file.read_exact(&mut column)?;
        if column[0] == 0x0d {
            break;
        }
        let width = usize::from(column[16]);
        let name = column[..11].split(|byte| *byte == 0).next();
        evidence.add(name.unwrap_or_default());
        if column[11] == b'C' {
            text_columns.push(offset..offset + width);
        }
        offset += width;
    }
    file.seek(SeekFrom::Start(u64::from(header_bytes)))?;
    let mut record = vec![0; usize::from(record_bytes)];
    while !record.is_empty() && file.read_exact(&mut record).is_ok() {
        for column in &text_columns {
            let text = record.get(column.clone()).unwrap_or_default();
            evidence.add(text.trim_ascii_end());
        }
    }
    Ok((evidence, head[29]))
}

/// The encoding of a CSV.
///
/// In this order: `asked`; a byte order mark; UTF-8 where all is valid UTF-8; windows-1252 with a warning.
///
/// # Errors
/// The file cannot be read.
pub(super) fn of_csv(csv: &Path, asked: Option<&str>) -> io::Result<Encoding> {
    if let Some(asked) = asked {
        return Ok(Encoding::new(asked, "as asked by --encoding"));
    }
    let mut file = BufReader::with_capacity(1 << 16, File::open(csv)?);
    let start = file.fill_buf()?;
    for (mark, name) in [
        (&b"\xff\xfe"[..], UTF_16_LE),
        (b"\xfe\xff", UTF_16_BE),
        (b"\xef\xbb\xbf", UTF_8),
    ] {
        if start.starts_with(mark) {
            return Ok(Encoding::new(name, "the byte order mark"));
        }
    }
    let mut evidence = Evidence::new();
    let mut line = Vec::new();
    while file
        .by_ref()
        .take(MAX_LINE_BYTES)
        .read_until(b'\n', &mut line)?
        > 0
    {
        evidence.add(&line);
        line.clear();
    }
    let encoding = match evidence.proof {
        Proof::Ascii => Encoding::new(UTF_8, "all text is ASCII"),
        Proof::Utf8 => Encoding::new(UTF_8, "text beyond ASCII is valid UTF-8"),
        Proof::NotUtf8 => guess(),
    };
    Ok(encoding.with_samples(evidence.samples))
}

/// A line is looked at in pieces of at most this, so that a file without line ends costs no memory.
const MAX_LINE_BYTES: u64 = 1 << 20;

/// What decodes a CSV of this name; none where nothing does.
pub(super) fn decoder(name: &str) -> Option<&'static encoding_rs::Encoding> {
    let label = name.replace("CP125", "windows-125").replace("CP", "IBM");
    // Code pages that have another name in the encoding standard; the older ones are not in it.
    let label = match label.as_str() {
        "IBM874" => "windows-874",
        "IBM932" => "Shift_JIS",
        "IBM936" => "GBK",
        "IBM949" => "EUC-KR",
        "IBM950" => "Big5",
        other => other,
    };
    encoding_rs::Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_many_programs_are_understood() {
        assert_eq!(known("UTF-8").as_deref(), Some("UTF-8"));
        assert_eq!(known("ANSI 1250").as_deref(), Some("CP1250"));
        assert_eq!(known("windows-1252").as_deref(), Some("CP1252"));
        assert_eq!(known("88591").as_deref(), Some("CP1252"));
        assert_eq!(known("ISO-8859-15").as_deref(), Some("ISO-8859-15"));
        assert_eq!(known("klingon"), None);
    }

    #[test]
    fn a_csv_is_decoded_by_the_standard_of_encodings() {
        for (name, expected) in [
            (UTF_8, encoding_rs::UTF_8),
            (WINDOWS_1252, encoding_rs::WINDOWS_1252),
            ("CP1250", encoding_rs::WINDOWS_1250),
            ("CP874", encoding_rs::WINDOWS_874),
            ("ISO-8859-15", encoding_rs::ISO_8859_15),
            (UTF_16_BE, encoding_rs::UTF_16BE),
        ] {
            assert_eq!(decoder(name), Some(expected), "{name}");
        }
        assert_eq!(decoder("CP437"), None);
    }

    #[test]
    fn bytes_prove_utf8_only_where_all_of_them_do() {
        let latin1 = b"Caf\xe9";
        assert_eq!(Proof::Ascii.and(b"Kafe"), Proof::Ascii);
        assert_eq!(Proof::Ascii.and("Café".as_bytes()), Proof::Utf8);
        assert_eq!(
            Proof::Utf8.and(b"Caf\xe9 itu").and("Café".as_bytes()),
            Proof::NotUtf8
        );
        assert_eq!(
            Proof::Ascii.and(&[latin1, &b" "[..]].concat()),
            Proof::NotUtf8
        );
    }
}
