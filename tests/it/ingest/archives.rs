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
