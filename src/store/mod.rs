//! PostGIS: the only room that speaks SQL about what is true.
//!
//! It keeps dataset versions and runs, and switches readers from one to the next by one row.
//! [`Cluster`] is the private PostgreSQL of a data directory; with a `DATABASE_URL` it is not used.
//! What files look like is left to `ingest`, what the numbers mean to `access`.

mod accounts;
mod audit;
mod codes;
mod database;
mod duplicates;
mod error;
mod geometry;
mod hex;
mod history;
mod imports;
mod inputs;
mod layer_table;
mod managed;
mod migrations;
mod profiles;
mod quality;
mod reading;
pub mod reads;
mod runs;
mod tiles;
mod versions;

pub use accounts::{
    AccountEntry, Attempt, NewAccount, NewToken, SignInAccount, TokenAdded, TokenEntry,
};
pub use audit::AuditChoice;
pub use codes::{CodeListEntry, ListOrigin};
pub use database::{Database, Target};
pub use duplicates::RecordName;
pub use error::StoreError;
pub use history::{Activated, Difference, DroppedVersion, RecordChange, RollbackTo};
pub use imports::{
    ActivateRequest, Activation, CellsAgainstOfficial, Clash, Clipped, Composed, Gap, Interrupter,
    Largest, LookAlike, NamedRecord, Overlap, SectionLength, SetAside, Staging, UnlistedCode,
};
pub use inputs::{CellInput, CellPart, SettlementInput, VillageInput};
pub use managed::{Cluster, ClusterHandle};
pub use migrations::MigrationReport;
pub use quality::{CurrentFaultList, FaultPeople, NewFault, NewFaultList};
pub use runs::{
    ActiveRun, Found, MedianPerson, NewRun, PointResult, RunData, RunInput, StandardPeople,
    VillageResult,
};
pub use versions::{SourceEdition, VersionEntry};
