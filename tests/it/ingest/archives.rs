//! ZIP, and what may be wrong with it.

use super::*;

#[test]
fn an_archive_that_lies_is_refused_rows_2_3_5() {
    for (name, code) in [
        ("zip-bad-path.zip", FindingCode::ZipBadPath),
        ("zip-symbolic-link.zip", FindingCode::ZipBadPath),
        ("zip-encrypted.zip", FindingCode::ZipEncrypted),
        ("zip-wrong-checksum.zip", FindingCode::ZipCorrupt),
        ("zip-size-lies.zip", FindingCode::ZipCorrupt),
        ("zip-cut-off.zip", FindingCode::ZipCorrupt),
        ("zip-nothing-inside.zip", FindingCode::FileUnsupported),
    ] {
        assert_eq!(refusal(Layer::Clinics, name).code, code, "{name}");
    }
}

#[test]
fn folders_upper_case_and_junk_do_not_matter_row_8() {
    let (records, checked) = import(&request(Layer::Roads, "zip-deep-upper-case-and-junk.zip"));
    assert_eq!(records.len(), 2);
    assert!(checked.may_be_kept(false));
    let junk = &checked.findings[0];
    assert_eq!(junk.severity, Severity::Info);
    assert!(junk.value.as_ref().unwrap().starts_with("__MACOSX"));
}

#[test]
fn of_two_layers_one_must_be_named_row_8() {
    let refused = refusal(Layer::Roads, "zip-two-layers.zip");
    assert_eq!(refused.field.as_deref(), Some("source-layer"));
    assert!(refused.cause.contains("jalan, sungai"));
    for named in ["sungai", "2"] {
        let mut request = request(Layer::Roads, "zip-two-layers.zip");
        request.from.source_layer = Some(named.to_owned());
        assert_eq!(accepted(&request).len(), 2);
    }
}

#[test]
fn a_bomb_is_refused_at_its_cap_row_1() {
    let folder = tempfile::tempdir().unwrap();
    let bomb = folder.path().join("bomb.zip");
    let mut zip = ZipWriter::new(File::create(&bomb).unwrap());
    zip.start_file("bomb.csv", SimpleFileOptions::default())
        .unwrap();
    let megabyte = vec![b'0'; 1_000_000];
    // One megabyte above what may be inflated whatever the ratio; zeros deflate about a thousand times.
    for _ in 0..201 {
        zip.write_all(&megabyte).unwrap();
    }
    zip.finish().unwrap();
    let (_, checked) = import(&ImportRequest::new(Layer::Clinics, vec![bomb]));
    assert_eq!(codes(&checked), [FindingCode::ZipTooLarge]);
}

#[test]
fn too_many_entries_are_refused_row_4() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.zip");
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    for entry in 0..1001 {
        zip.start_file(format!("{entry}.csv"), SimpleFileOptions::default())
            .unwrap();
    }
    zip.finish().unwrap();
    let (_, checked) = import(&ImportRequest::new(Layer::Clinics, vec![path]));
    assert_eq!(codes(&checked), [FindingCode::ZipTooManyEntries]);
}

/// A ZIP of one entry, with its name written over in both places where it stands.
fn called(name: &[u8]) -> Vec<u8> {
    let placeholder = vec![b'X'; name.len()];
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(
        String::from_utf8(placeholder.clone()).unwrap(),
        SimpleFileOptions::default(),
    )
    .unwrap();
    zip.write_all(b"nama,lon,lat\nA,102.5,-2.5\n").unwrap();
    let mut bytes = zip.finish().unwrap().into_inner();
    let mut n_places = 0;
    for at in 0..=bytes.len() - name.len() {
        if bytes[at..at + name.len()] == placeholder {
            bytes[at..at + name.len()].copy_from_slice(name);
            n_places += 1;
        }
    }
    assert_eq!(n_places, 2);
    bytes
}

#[test]
fn entries_that_would_land_elsewhere_are_refused_row_3() {
    for name in [
        &b"../../etc/x.csv"[..],
        b"a/../../x.csv",
        b"/etc/x.csv",
        b"C:/x.csv",
        b"C:\\x.csv",
        b"..\\x.csv",
        b"a\0b.csv",
        b"//server/x.csv",
    ] {
        let scratch = Scratch::new();
        let path = scratch.write("a.zip", called(name));
        let (records, checked) = import(&ImportRequest::new(Layer::Clinics, vec![path]));
        assert!(records.is_empty());
        let shown = String::from_utf8_lossy(name);
        assert_eq!(codes(&checked), [FindingCode::ZipBadPath], "{shown}");
        let left: Vec<_> = std::fs::read_dir(scratch.0.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "{shown} was written");
    }
    let scratch = Scratch::new();
    let path = scratch.write("a.zip", called(b"data/x.csv"));
    assert_eq!(
        accepted(&ImportRequest::new(Layer::Clinics, vec![path])).len(),
        1
    );
}

#[test]
fn an_archive_in_an_archive_is_not_opened_row_1() {
    let scratch = Scratch::new();
    let inner = called(b"x.csv");
    let path = scratch.path("a.zip");
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    zip.start_file("inner.zip", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(&inner).unwrap();
    zip.finish().unwrap();
    let (_, checked) = import(&ImportRequest::new(Layer::Clinics, vec![path]));
    assert_eq!(codes(&checked), [FindingCode::FileUnsupported]);
    assert!(checked.findings[0].mend.contains("unpack it once"));
}

#[test]
fn entries_that_share_bytes_are_refused_row_1() {
    let bytes = called(b"x.csv");
    let at = |signature: &[u8]| {
        bytes
            .windows(4)
            .position(|window| window == signature)
            .unwrap()
    };
    let (directory, end) = (at(b"PK\x01\x02"), at(b"PK\x05\x06"));
    let mut second = bytes[directory..end].to_vec();
    let name = second
        .windows(5)
        .position(|window| window == b"x.csv")
        .unwrap();
    second[name] = b'y';
    let mut overlapping = bytes[..end].to_vec();
    overlapping.extend(&second);
    let mut tail = bytes[end..].to_vec();
    // Entries here, entries in all, bytes of the directory.
    tail[8..10].copy_from_slice(&2_u16.to_le_bytes());
    tail[10..12].copy_from_slice(&2_u16.to_le_bytes());
    tail[12..16].copy_from_slice(&u32::try_from(2 * second.len()).unwrap().to_le_bytes());
    overlapping.extend(tail);
    let scratch = Scratch::new();
    let path = scratch.write("a.zip", overlapping);
    let (_, checked) = import(&ImportRequest::new(Layer::Clinics, vec![path]));
    assert_eq!(codes(&checked), [FindingCode::ZipCorrupt]);
}

#[test]
fn nothing_is_left_behind_whatever_a_file_is_row_1() {
    for name in [
        "zip-bad-path.zip",
        "zip-size-lies.zip",
        "zip-two-layers.zip",
        "clinics-cut-off.geojson",
    ] {
        let scratch = Scratch::new();
        let ended = std::process::Command::new(env!("CARGO_BIN_EXE_jangkau"))
            .args(["inspect", "--json"])
            .arg(fixture(name))
            .env("TMPDIR", scratch.0.path())
            .output()
            .unwrap();
        assert!(
            !ended.stdout.is_empty(),
            "{}",
            String::from_utf8_lossy(&ended.stderr)
        );
        assert_eq!(
            std::fs::read_dir(scratch.0.path()).unwrap().count(),
            0,
            "{name}"
        );
    }
}
