//! Population rasters, made here cell by cell.

use gdal::raster::{Buffer, ColorEntry, ColorTable, GdalType, RasterCreationOptions};
use gdal::spatial_ref::SpatialRef;
use gdal::{Dataset, DriverManager};
use jangkau::domain::PopulationCell;

use super::*;

/// A hundredth of a degree, north up, from 102° E, 2° S on.
const NORTH_UP: [f64; 6] = [102.0, 0.01, 0.0, -2.0, 0.0, -0.01];

/// A raster to be written.
struct Raster<'a, T> {
    columns: usize,
    /// Row by row from the top, band after band.
    cells: Vec<T>,
    n_bands: usize,
    place: Option<[f64; 6]>,
    epsg: Option<u32>,
    no_data: Option<f64>,
    options: &'a [&'a str],
}

impl<T: GdalType + Copy> Raster<'_, T> {
    fn of(columns: usize, cells: Vec<T>) -> Self {
        Self {
            columns,
            cells,
            n_bands: 1,
            place: Some(NORTH_UP),
            epsg: Some(4326),
            no_data: None,
            options: &[],
        }
    }

    fn write(&self, path: &Path) -> Dataset {
        let rows = self.cells.len() / self.columns / self.n_bands;
        let options: RasterCreationOptions = self.options.iter().copied().collect();
        let mut dataset = DriverManager::get_driver_by_name("GTiff")
            .unwrap()
            .create_with_band_type_with_options::<T, _>(
                path,
                self.columns,
                rows,
                self.n_bands,
                &options,
            )
            .unwrap();
        if let Some(place) = self.place {
            dataset.set_geo_transform(&place).unwrap();
        }
        if let Some(epsg) = self.epsg {
            let srs = SpatialRef::from_epsg(epsg).unwrap();
            dataset.set_spatial_ref(&srs).unwrap();
        }
        for (number, cells) in self.cells.chunks(self.columns * rows).enumerate() {
            let mut band = dataset.rasterband(number + 1).unwrap();
            band.set_no_data_value(self.no_data).unwrap();
            let size = (self.columns, rows);
            let mut buffer = Buffer::new(size, cells.to_vec());
            band.write((0, 0), size, &mut buffer).unwrap();
        }
        dataset
    }

    /// The path of the file in a folder.
    fn file(&self, scratch: &Scratch) -> PathBuf {
        let path = scratch.path("people.tif");
        self.write(&path).close().unwrap();
        path
    }
}

fn cells_of(path: PathBuf) -> ImportRequest {
    ImportRequest::new(Layer::PopulationCells, vec![path])
}

fn cell(record: &Record) -> &PopulationCell {
    let Feature::PopulationCell(cell) = &record.feature else {
        unreachable!("{record:?} is no cell")
    };
    cell
}

fn people(records: &[Record]) -> Vec<i64> {
    records
        .iter()
        .map(|record| cell(record).population.0)
        .collect()
}

/// West, south, east, north.
fn bounds(record: &Record) -> [f64; 4] {
    use geo::BoundingRect;
    let rect = cell(record).area.bounding_rect().unwrap();
    [rect.min().x, rect.min().y, rect.max().x, rect.max().y]
}

fn assert_lies(record: &Record, expected: [f64; 4]) {
    let bounds = bounds(record);
    let differences = bounds.iter().zip(expected).map(|(a, b)| (a - b).abs());
    assert!(differences.fold(0.0, f64::max) < 1e-9, "{bounds:?}");
}

/// The one error of a file of which nothing can be kept.
fn refused(request: &ImportRequest) -> Finding {
    let (_, checked) = import(request);
    assert!(!checked.may_be_kept(true), "{checked:#?}");
    let errors = errors(&checked);
    assert_eq!(errors.len(), 1, "{errors:#?}");
    errors[0].clone()
}

#[test]
fn inhabited_cells_are_polygons_with_their_people() {
    let scratch = Scratch::new();
    let raster = Raster {
        no_data: Some(-9999.0),
        ..Raster::of(3, vec![1.5_f32, 0.0, -9999.0, 0.0004, 2.25, 7.0])
    };
    let records = accepted(&cells_of(raster.file(&scratch)));
    // A cell of less than half a thousandth of a person is not inhabited.
    assert_eq!(people(&records), [1_500, 2_250, 7_000]);
    assert_lies(&records[0], [102.0, -2.01, 102.01, -2.0]);
    assert_lies(&records[1], [102.01, -2.02, 102.02, -2.01]);
    assert_lies(&records[2], [102.02, -2.02, 102.03, -2.01]);
}

#[test]
fn odd_cells_are_counted_in_one_warning() {
    let scratch = Scratch::new();
    let raster = Raster::of(4, vec![f32::NAN, -200.0, f32::INFINITY, 3.0]);
    let (records, checked) = import(&cells_of(raster.file(&scratch)));
    assert_eq!(people(&records), [3_000]);
    let [warning] = checked.findings.as_slice() else {
        panic!("{:#?}", checked.findings)
    };
    assert_eq!(warning.severity, Severity::Warning);
    assert_eq!(warning.code, FindingCode::FieldMissing);
    assert!(warning.cause.starts_with("3 cells"), "{}", warning.cause);
}

#[test]
fn a_raster_in_which_nobody_lives_is_empty() {
    let scratch = Scratch::new();
    let request = cells_of(Raster::of(2, vec![0.0_f32; 4]).file(&scratch));
    assert_eq!(refused(&request).code, FindingCode::LayerEmpty);
}

#[test]
fn a_scale_is_honoured() {
    let scratch = Scratch::new();
    let path = scratch.path("people.tif");
    let dataset = Raster::of(2, vec![3_u16, 4]).write(&path);
    let mut band = dataset.rasterband(1).unwrap();
    band.set_scale(0.5).unwrap();
    band.set_offset(1.0).unwrap();
    dataset.close().unwrap();
    let records = accepted(&cells_of(path));
    // 3 / 2 + 1 and 4 / 2 + 1.
    assert_eq!(people(&records), [2_500, 3_000]);
}

#[test]
fn a_mask_in_the_file_is_honoured() {
    let scratch = Scratch::new();
    let path = scratch.path("people.tif");
    gdal::config::set_config_option("GDAL_TIFF_INTERNAL_MASK", "YES").unwrap();
    let dataset = Raster::of(3, vec![3_i32, 4, 5]).write(&path);
    let mut band = dataset.rasterband(1).unwrap();
    band.create_mask_band(true).unwrap();
    let mut mask = band.open_mask_band().unwrap();
    let mut marks = Buffer::new((3, 1), vec![255_u8, 0, 255]);
    mask.write((0, 0), (3, 1), &mut marks).unwrap();
    dataset.close().unwrap();
    assert!(!scratch.path("people.tif.msk").exists());
    assert_eq!(people(&accepted(&cells_of(path))), [3_000, 5_000]);
}

#[test]
fn a_turned_raster_in_metres_has_turned_cells_in_degrees() {
    let scratch = Scratch::new();
    let raster = Raster {
        // Columns run north, rows run east; UTM 48S.
        place: Some([250_000.0, 0.0, 1000.0, 9_740_000.0, 1000.0, 0.0]),
        epsg: Some(32748),
        ..Raster::of(2, vec![5_i32, 0, 0, 6])
    };
    let (records, checked) = import(&cells_of(raster.file(&scratch)));
    assert!(checked.crs.unwrap().contains("EPSG:32748"));
    assert_eq!(people(&records), [5_000, 6_000]);
    let [first, last] = [&records[0], &records[1]].map(bounds);
    // The last is a kilometre, 0.009°, north and east of the first.
    assert!(
        (last[0] - first[0] - 0.009).abs() < 1e-4,
        "{first:?} {last:?}"
    );
    assert!(
        (last[1] - first[1] - 0.009).abs() < 1e-4,
        "{first:?} {last:?}"
    );
}

#[test]
fn the_same_raster_in_tiles_strips_and_as_big_tiff_has_the_same_records() {
    let scratch = Scratch::new();
    let cells: Vec<f32> = (0..100 * 70).map(|n| (n % 7) as f32).collect();
    let of = |options: &[&str]| {
        let raster = Raster {
            options,
            ..Raster::of(100, cells.clone())
        };
        let mut records = accepted(&cells_of(raster.file(&scratch)));
        records.sort_by(|a, b| a.key.cmp(&b.key));
        records
    };
    let strips = of(&["COMPRESS=LZW"]);
    // Of 7,000 cells in groups of seven one is zero.
    assert_eq!(strips.len(), 6_000);
    let tiles = of(&[
        "TILED=YES",
        "BLOCKXSIZE=16",
        "BLOCKYSIZE=32",
        "COMPRESS=DEFLATE",
    ]);
    assert!(strips == tiles);
    assert!(strips == of(&["BIGTIFF=YES", "ENDIANNESS=BIG"]));
}

#[test]
fn several_bands_need_a_number() {
    let scratch = Scratch::new();
    let raster = Raster {
        n_bands: 2,
        options: &["PHOTOMETRIC=MINISBLACK"],
        ..Raster::of(1, vec![1.0_f32, 2.0])
    };
    let mut request = cells_of(raster.file(&scratch));
    let refusal = refused(&request);
    assert!(refusal.mend.contains("--source-layer"), "{refusal:?}");
    request.from.source_layer = Some("2".to_owned());
    assert_eq!(people(&accepted(&request)), [2_000]);
    request.from.source_layer = Some("band 1".to_owned());
    assert_eq!(people(&accepted(&request)), [1_000]);
    request.from.source_layer = Some("3".to_owned());
    assert_eq!(refused(&request).code, FindingCode::FieldMissing);
}

#[test]
fn pictures_and_complex_numbers_are_refused_in_words() {
    let scratch = Scratch::new();
    let grey = Raster::of(2, vec![1_u8, 2]).file(&scratch);
    let refusal = refused(&cells_of(grey));
    assert!(refusal.cause.contains("picture"), "{refusal:?}");
    let colours = Raster {
        n_bands: 3,
        options: &["PHOTOMETRIC=RGB"],
        ..Raster::of(1, vec![1_u16, 2, 3])
    };
    let refusal = refused(&cells_of(colours.file(&scratch)));
    assert!(refusal.cause.contains("colours"), "{refusal:?}");
    let palette = scratch.path("palette.tif");
    let raster = Raster {
        options: &["PHOTOMETRIC=PALETTE"],
        ..Raster::of(2, vec![1_u16, 2])
    };
    let dataset = raster.write(&palette);
    let colours = ColorTable::color_ramp(
        0,
        &ColorEntry::rgba(0, 0, 0, 255),
        9,
        &ColorEntry::rgba(90, 90, 90, 255),
    );
    let mut band = dataset.rasterband(1).unwrap();
    band.set_color_table(&colours.unwrap());
    dataset.close().unwrap();
    let refusal = refused(&cells_of(palette));
    assert!(refusal.cause.contains("colours"), "{refusal:?}");
    // Two numbers of four bytes in each cell, as of a radar.
    let complex = tiff(1, 64, 6, &[(273, 4, 8), (278, 4, 1), (279, 4, 8)]);
    let refusal = refused(&cells_of(scratch.write("complex.tif", complex)));
    assert!(refusal.cause.contains("complex"), "{refusal:?}");
}

#[test]
fn a_raster_without_system_or_place_is_asked_about() {
    let scratch = Scratch::new();
    let mut request = cells_of(
        Raster {
            epsg: None,
            ..Raster::of(1, vec![4.0_f32])
        }
        .file(&scratch),
    );
    let refusal = refused(&request);
    assert_eq!(refusal.code, FindingCode::CrsMissing);
    assert!(refusal.mend.contains("EPSG:4326"), "{refusal:?}");
    request.from.crs = Some("EPSG:4326".to_owned());
    assert_eq!(people(&accepted(&request)), [4_000]);
    let nowhere = Raster {
        place: None,
        ..Raster::of(1, vec![4.0_f32])
    };
    let refusal = refused(&cells_of(nowhere.file(&scratch)));
    assert_eq!(refusal.code, FindingCode::CrsMissing);
}

#[test]
fn a_raster_far_from_the_district_is_offered_another_system() {
    let scratch = Scratch::new();
    let raster = Raster {
        place: Some([250_000.0, 1000.0, 0.0, 9_740_000.0, 0.0, -1000.0]),
        epsg: Some(32747),
        ..Raster::of(2, vec![5_i32, 0, 0, 6])
    };
    let mut request = cells_of(raster.file(&scratch));
    request.from.district = Some([102.06, -2.77, 103.24, -1.89]);
    let refusal = refused(&request);
    assert_eq!(refusal.code, FindingCode::CrsImplausible);
    assert!(refusal.mend.contains("EPSG:32748"), "{refusal:?}");
}

#[test]
fn only_the_window_around_the_district_is_read() {
    let scratch = Scratch::new();
    let raster = Raster::of(1000, vec![1.0_f32; 1000 * 1000]);
    let mut request = cells_of(raster.file(&scratch));
    // Columns 100 to 109 and rows 100 to 109, and what touches them.
    request.from.only_within = Some([103.0001, -3.0999, 103.0999, -3.0001]);
    let (records, checked) = import(&request);
    assert_eq!(records.len(), 10 * 10);
    // A few more cells were read around the box, and not a million.
    assert!(checked.n_passed_over < 100, "{}", checked.n_passed_over);
    request.from.only_within = Some([120.0, 1.0, 121.0, 2.0]);
    assert_eq!(refused(&request).code, FindingCode::LayerEmpty);
}

#[test]
fn the_window_of_a_raster_in_metres_is_found_in_degrees() {
    let scratch = Scratch::new();
    let raster = Raster {
        place: Some([210_000.0, 100.0, 0.0, 9_785_000.0, 0.0, -100.0]),
        epsg: Some(32748),
        ..Raster::of(300, vec![1.0_f32; 300 * 300])
    };
    let mut request = cells_of(raster.file(&scratch));
    let whole = accepted(&request);
    let within = [102.5, -2.1, 102.53, -2.07];
    request.from.only_within = Some(within);
    let (records, checked) = import(&request);
    let touches = |record: &&Record| {
        let [west, south, east, north] = bounds(record);
        west <= within[2] && within[0] <= east && south <= within[3] && within[1] <= north
    };
    let expected: Vec<&Record> = whole.iter().filter(touches).collect();
    // 0.03° are 33 cells.
    assert!(
        (33 * 33..36 * 36).contains(&expected.len()),
        "{}",
        expected.len()
    );
    assert!(records.iter().eq(expected));
    assert!(checked.n_passed_over < 1_000, "{}", checked.n_passed_over);
}

#[test]
fn more_inhabited_cells_than_a_district_has_are_refused_with_the_way_out() {
    let scratch = Scratch::new();
    let raster = Raster {
        options: &["COMPRESS=DEFLATE"],
        place: Some([102.0, 0.0001, 0.0, -2.0, 0.0, -0.0001]),
        ..Raster::of(1001, vec![1.0_f32; 1001 * 1000])
    };
    let mut request = cells_of(raster.file(&scratch));
    let refusal = refused(&request);
    assert_eq!(refusal.code, FindingCode::ParseLimit);
    assert!(refusal.mend.contains("--clip-km"), "{refusal:?}");
    request.from.only_within = Some([102.01, -2.02, 102.011, -2.019]);
    assert!(import(&request).1.may_be_kept(false));
}

#[test]
fn no_other_layer_is_read_from_a_raster_and_points_are_no_cells() {
    let scratch = Scratch::new();
    let path = Raster::of(1, vec![4.0_f32]).file(&scratch);
    for layer in [Layer::Villages, Layer::Settlements, Layer::Population] {
        let refusal = refused(&ImportRequest::new(layer, vec![path.clone()]));
        assert_eq!(refusal.code, FindingCode::FileUnsupported);
        assert!(refusal.mend.contains("population-cells"), "{refusal:?}");
        assert!(refusal.mend.contains("points"), "{refusal:?}");
    }
    let points = scratch.write("people.csv", "lon,lat,population\n102.5,-2.5,7\n");
    let (_, checked) = import(&cells_of(points));
    assert!(!checked.may_be_kept(true));
    let is_of_geometry = |each: &&Finding| each.code == FindingCode::GeometryType;
    assert!(errors(&checked).iter().any(is_of_geometry));
}

#[test]
fn a_table_of_areas_with_people_is_as_good_as_a_raster() {
    let area = |west: f64, population: &str| {
        let east = west + 0.01;
        format!(
            r#"{{"type":"Feature","properties":{{"population":{population}}},"geometry":{{"type":"Polygon","coordinates":[[[{west},-2.0],[{east},-2.0],[{east},-1.99],[{west},-1.99],[{west},-2.0]]]}}}}"#
        )
    };
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{},{}]}}"#,
        area(102.0, "12.5"),
        area(102.01, "null")
    );
    let (records, checked) = import_text(Layer::PopulationCells, "hex.geojson", text);
    assert_eq!(people(&records), [12_500]);
    assert_eq!(errors(&checked)[0].field.as_deref(), Some("population"));
}

#[test]
fn a_raster_in_an_archive_is_to_be_unpacked() {
    let scratch = Scratch::new();
    let bytes = std::fs::read(Raster::of(1, vec![4.0_f32]).file(&scratch)).unwrap();
    let zipped = scratch.path("people.zip");
    let mut zip = ZipWriter::new(File::create(&zipped).unwrap());
    zip.start_file("people.tif", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(&bytes).unwrap();
    zip.finish().unwrap();
    let refusal = refused(&cells_of(zipped));
    assert!(refusal.mend.contains("unpack"), "{refusal:?}");
}

#[test]
fn a_raster_that_breaks_off_is_told_and_nothing_of_it_kept() {
    let scratch = Scratch::new();
    let raster = Raster {
        options: &["COMPRESS=LZW", "TILED=YES"],
        ..Raster::of(600, (0..600 * 600).map(|n| n as f32).collect())
    };
    let whole = std::fs::read(raster.file(&scratch)).unwrap();
    for share in [1, 10, 50, 90, 99] {
        let cut = scratch.write("cut.tif", &whole[..whole.len() * share / 100]);
        let (_, checked) = import(&cells_of(cut));
        assert!(!checked.may_be_kept(true), "{share} % were kept");
        let error = errors(&checked)[0];
        assert_eq!(error.code, FindingCode::FileUnreadable, "{error:?}");
    }
}

/// A TIFF of `side` by `side` cells, by its tags; what they point to is zeros.
fn tiff(side: u32, n_bits: u32, sample_format: u32, more: &[(u16, u16, u32)]) -> Vec<u8> {
    let mut entries: Vec<(u16, u16, u32)> = vec![
        (256, 4, side),
        (257, 4, side),
        (258, 3, n_bits),
        (259, 3, 1),
        (262, 3, 1),
        (277, 3, 1),
        (339, 3, sample_format),
    ];
    entries.extend(more);
    entries.sort_unstable();
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend(u16::try_from(entries.len()).unwrap().to_le_bytes());
    for (tag, kind, value) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 64]);
    bytes
}

/// One that says it has cells of four bytes in one strip or tile, and has none.
fn lying(side: u32, tile: Option<u32>) -> Vec<u8> {
    let strip = [(273, 4, 8), (278, 4, side), (279, 4, u32::MAX)];
    match tile {
        None => tiff(side, 32, 3, &strip),
        Some(tile) => {
            let tiles = [(322, 3, tile), (323, 3, tile), (324, 4, 8), (325, 4, 100)];
            tiff(side, 32, 3, &tiles)
        }
    }
}

#[test]
fn a_header_that_claims_two_milliards_of_rows_costs_no_memory() {
    let scratch = Scratch::new();
    for (number, bytes) in [
        lying(0x7fff_ffff, None),
        lying(0x7fff_ffff, Some(16)),
        lying(60_000, None),
        lying(60_000, Some(16)),
    ]
    .iter()
    .enumerate()
    {
        let path = scratch.write("lie.tif", bytes);
        let mut records = Vec::new();
        let checked = read_records(
            &cells_of(path),
            &with_memory(N_BYTES_OF_A_SMALL_CHILD * 3),
            &mut |record| {
                records.push(record);
                ControlFlow::Continue(())
            },
            &|_| {},
            &AtomicBool::new(false),
        )
        .unwrap();
        assert!(!checked.may_be_kept(true), "lie {number}");
        assert!(!errors(&checked)[0].mend.is_empty());
        assert_eq!(records, [], "lie {number}");
    }
}

#[test]
fn one_strip_of_a_hundred_million_cells_is_refused_before_it_is_inflated() {
    let scratch = Scratch::new();
    let path = scratch.path("bomb.tif");
    let options: RasterCreationOptions = ["COMPRESS=DEFLATE", "SPARSE_OK=TRUE", "BLOCKYSIZE=10000"]
        .into_iter()
        .collect();
    let mut dataset = DriverManager::get_driver_by_name("GTiff")
        .unwrap()
        .create_with_band_type_with_options::<f32, _>(&path, 10_000, 10_000, 1, &options)
        .unwrap();
    dataset.set_geo_transform(&NORTH_UP).unwrap();
    dataset
        .set_spatial_ref(&SpatialRef::from_epsg(4326).unwrap())
        .unwrap();
    dataset.close().unwrap();
    let refusal = refused(&cells_of(path));
    assert_eq!(refusal.code, FindingCode::ParseLimit);
    assert!(refusal.mend.contains("TILED=YES"), "{refusal:?}");
}

#[test]
fn what_lies_beside_a_raster_is_not_looked_at() {
    let scratch = Scratch::new();
    let nowhere = Raster {
        place: None,
        ..Raster::of(1, vec![4.0_f32])
    };
    let path = nowhere.file(&scratch);
    scratch.write("people.tfw", "0.01\n0\n0\n-0.01\n102.005\n-2.005\n");
    let refusal = refused(&cells_of(path));
    assert!(refusal.mend.contains(".tfw"), "{refusal:?}");
}

#[test]
fn the_people_of_sao_miguel_are_those_that_gdal_counts() {
    let Some(folder) = real_data::folder() else {
        return;
    };
    let path = folder.join("population-sao-miguel/gpw_v411_2020_count_2020.tif");
    let records = accepted(&cells_of(path.clone()));
    // GDAL keeps statistics in a file beside the raster.
    let scratch = Scratch::new();
    let copy = scratch.write("copy.tif", std::fs::read(&path).unwrap());
    let dataset = Dataset::open(&copy).unwrap();
    let band = dataset.rasterband(1).unwrap();
    let statistics = band.get_statistics(true, false).unwrap().unwrap();
    let values = band.read_band_as::<f32>().unwrap();
    let n_valid = values.data().iter().filter(|value| 0.0 <= **value).count();
    let expected = statistics.mean * n_valid as f64;
    let sum: i64 = people(&records).iter().sum();
    // Each cell is rounded to a thousandth.
    let tolerance = 0.0005 * n_valid as f64;
    assert!(
        (sum as f64 / 1000.0 - expected).abs() <= tolerance,
        "{sum} thousandths, {expected} by GDAL"
    );
    // Between a hundred and two hundred thousand people live on the island.
    assert!((100_000.0..200_000.0).contains(&expected), "{expected}");
}
