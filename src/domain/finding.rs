//! What is wrong with a record or a file, where, and how to mend it.

use serde::{Deserialize, Serialize};

use super::words::words;

words!(
    /// How much a finding matters.
    Severity, "severity", {
        /// The record cannot be used; nothing is imported unless rejected records are excluded.
        Error = "ERROR",
        /// The record was used, perhaps not as meant.
        Warning = "WARNING",
        /// Good to know.
        Info = "INFO",
    }
);

words!(
    /// The stable code of a finding.
    FindingCode, "finding code", {
        /// The file states no coordinate system.
        CrsMissing = "crs.missing",
        /// In the stated coordinate system the data lie where they cannot be.
        CrsImplausible = "crs.implausible",
        /// A point where a line belongs, and so on.
        GeometryType = "geometry.type",
        /// A record without geometry.
        GeometryMissing = "geometry.missing",
        /// A geometry that crosses itself beyond small repair.
        GeometryInvalid = "geometry.invalid",
        /// A facility far from every road.
        PlaceFar = "place.far",
        /// A place that lies in no village.
        PlaceOutside = "place.outside",
        /// Two villages that cover the same ground.
        TopologyOverlap = "topology.overlap",
        /// Ground between villages that belongs to none.
        TopologyGap = "topology.gap",
        /// A coordinate that is no number or not on the earth.
        CoordsOutOfRange = "coords.out_of_range",
        /// Latitude where longitude belongs.
        CoordsSwapped = "coords.swapped",
        /// Records that lie far from the district.
        ClipOutside = "clip.outside",
        /// A position that was measured badly.
        CoordsInaccurate = "coords.inaccurate",
        /// A distance along a road that is none, or a stretch that ends before it begins.
        StationInvalid = "station.invalid",
        /// Sections of a road that are longer or shorter than its line, or of a road that is not there.
        StationLength = "station.length",
        /// Cells of a raster with many more or fewer people than the official totals.
        PopulationDiffers = "population.differs",
        /// No records at all.
        LayerEmpty = "layer.empty",
        /// A needed column or value is missing.
        FieldMissing = "field.missing",
        /// Two records with one key.
        KeyDuplicate = "key.duplicate",
        /// A key of a record to update that is not there.
        KeyUnknown = "key.unknown",
        /// Records that are there and not in the file: so many that somebody must agree.
        RecordMissing = "record.missing",
        /// A record that another source's record stands for.
        RecordSetAside = "record.set_aside",
        /// Two records of different sources that seem to be one.
        RecordLookAlike = "record.look_alike",
        /// A word or code that is on no list.
        CodeUnknown = "code.unknown",
        /// A village whose name is another one on the list of codes.
        NameDiffers = "name.differs",
        /// A code that may mean several things.
        CodeAmbiguous = "code.ambiguous",
        /// A column that holds personal data.
        ColumnPersonal = "column.personal",
        /// Columns were mapped as they were for the same source before.
        ColumnsProfile = "columns.profile",
        /// The text encoding is a guess.
        EncodingDoubtful = "encoding.doubtful",
        /// The file cannot be read, or breaks off.
        FileUnreadable = "file.unreadable",
        /// Not a format that is read.
        FileUnsupported = "file.unsupported",
        /// A shapefile whose table and shapes differ in number.
        ShpCountMismatch = "shp.count_mismatch",
        /// A table or spreadsheet with more in it than is read.
        XlsxTooLarge = "xlsx.too_large",
        /// Inflates to more than is allowed.
        ZipTooLarge = "zip.too_large",
        /// An entry that would be written outside its folder.
        ZipBadPath = "zip.bad_path",
        /// The archive is damaged or lies about its sizes.
        ZipCorrupt = "zip.corrupt",
        /// The archive needs a password.
        ZipEncrypted = "zip.encrypted",
        /// More entries than are allowed.
        ZipTooManyEntries = "zip.too_many_entries",
        /// Something in an OSM file that has no place here, with its number.
        OsmIgnored = "osm.ignored",
        /// Something that an OSM file says in other words, with the number of records for which they were translated.
        OsmAssumed = "osm.assumed",
        /// A way whose nodes are not all in the file.
        OsmIncomplete = "osm.incomplete",
        /// A value above a limit.
        ParseLimit = "parse.limit",
    }
);

/// One thing that is wrong, or worth knowing, with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable code.
    pub code: FindingCode,
    /// How much it matters.
    pub severity: Severity,
    /// Name of the file, without folders.
    pub file: String,
    /// Feature id as the file has it; none for the file as a whole.
    pub fid: Option<i64>,
    /// Column.
    pub field: Option<String>,
    /// The value that caused it, shortened to 80 characters.
    pub value: Option<String>,
    /// What is wrong, in a sentence.
    pub cause: String,
    /// How to mend it, in a sentence.
    pub mend: String,
}

impl Finding {
    /// A finding about a file or a layer as a whole.
    pub fn new(
        severity: Severity,
        code: FindingCode,
        cause: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity,
            file: String::new(),
            fid: None,
            field: None,
            value: None,
            cause: cause.into(),
            mend: mend.into(),
        }
    }
}
