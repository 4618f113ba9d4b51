//! The words of the field: what Jangkau means by a village, a road, a reach, a run.
//!
//! Nothing here reads a file, asks a database or knows the time.
//! Every other room speaks in these types; text is parsed into them at the door and trusted inside.

mod account;
mod audit;
mod bps;
mod canonical;
mod catalogue;
mod code;
mod code_list;
mod code_reading;
mod dataset;
mod district;
mod fault;
mod finding;
mod folded;
mod indicator;
mod known_records;
mod layer;
mod lon_lat;
mod mode_set;
mod provenance;
mod reach;
mod record;
mod road;
mod rule;
mod sample;
mod secret;
mod status;
mod tile_address;
mod units;
mod words;

pub use account::{AccountName, AccountNameError, Grant, GrantError, Right, Role, Scope, Visitor};
pub use audit::{AuditAction, AuditBreak, AuditChain, AuditRow};
pub use bps::{BpsDistrict, BpsError, BpsVillages};
pub use canonical::geometry_key;
pub use catalogue::{
    Catalogue, CatalogueError, IndicatorChoice, Service, Standard, StandardUnit, TierError,
};
pub use code::{AreaCode, CodeError, VillageCode};
pub use code_list::{CodeList, CodeListError, ListedCode, shipped_codes};
pub use code_reading::{CodeForm, CodeReading};
pub use dataset::{
    ColumnUse, Counts, DEFAULT_SOURCE, DatasetVersion, DatasetVersionId, ImportReport,
    SAMPLE_NOTICE, SAMPLE_SOURCE,
};
pub use district::District;
pub use fault::FaultKind;
pub use finding::{Finding, FindingCode, Severity};
pub use folded::folded;
pub use indicator::{Indicator, METHOD_VERSION, RunId};
pub use known_records::KnownRecords;
pub use layer::{ContextName, Layer, RecordKind};
pub use lon_lat::{LonLat, LonLatError};
pub use mode_set::ModeSet;
pub use provenance::{DataAccess, Part, Provenance};
pub use reach::{Nearest, PointReach, ReachState, StatePeople};
pub use record::{
    Barrier, ContextFeature, Crossing, CrossingKind, Facility, Feature, Fields, Keyed,
    PopulationCell, Record, Road, RoadSection, Settlement, Village, VillageOffice, VillageValues,
};
pub use road::{Condition, OneWay, RoadClass, SeasonAccess, Surface};
pub use rule::{KnownShare, Origins, PopulationSource, Rule};
pub use sample::SampleDistrict;
pub use secret::{MAX_PASSWORD_BYTES, Password, PasswordError, SECRET_MARK, Secret};
pub use status::Status;
pub use tile_address::{MAX_TILE_ZOOM, TileAddress, TileAddressError};
pub use units::{Millimetres, Milliseconds, People};
pub use words::{Language, Metric, Mode, Season, ServiceName, UnknownWord};
