//! Where the rooms meet: import, compute, an indicator's answer, the path behind a number, the sample.

mod accounts;
pub mod answer;
mod audit;
mod codes;
mod compute;
mod date;
mod demand;
mod difference_file;
mod duplicates;
mod duplicates_of_sources;
mod error;
mod export;
pub mod files;
mod import;
mod model;
mod password;
pub mod picture;
mod quality;
mod route;
mod run_id;
mod sample;
mod sections;
mod template_files;
mod upkeep;

pub use accounts::{
    AccountError, account_of_link, add_account, add_link, add_token, change_password,
    enable_account, first_link, revoke_token, set_grant, sign_in, sign_in_link, use_link,
};
pub use audit::{audit_csv, audit_json, export_audit, hexadecimal};
pub use codes::{CodesToLoad, code_lists, load_codes};
pub use compute::{ComputeReport, ComputedRun, compute};
pub use date::date_in_words;
pub use difference_file::write_difference;
pub use duplicates_of_sources::{DuplicatesReport, Said, Same, resolve_duplicates};
pub use error::AppError;
pub use export::{
    ExportReport, FaultExportReport, FaultForm, export_answer, export_faults, export_picture,
};
pub use import::{ImportChoices, import, write_report};
pub use quality::FaultCounts;
pub use route::{RouteAnswer, RouteEnd, RouteFacility, Routes};
pub use sample::{areas_of, import_sample, wants_sample, write_sample_files};
pub use template_files::write_template;
pub use upkeep::keep_drawn;

pub use crate::access::{Leg, LegKind};
pub use crate::domain::KnownShare;
pub use crate::store::reads::FaultChoice;
pub use crate::store::{
    AccountEntry, Activated, AuditChoice, Cluster, ClusterHandle, CodeListEntry, Database,
    Difference, DroppedVersion, NewAccount, NewToken, RecordName, RollbackTo, StoreError, Target,
    TokenEntry, VersionEntry,
};
pub use crate::synthetic::{MAX_VILLAGES, SampleParameters};
