//! Where the rooms meet: import, compute, an indicator's answer, the path behind a number, the sample.

pub mod answer;
mod compute;
mod date;
mod demand;
mod duplicates;
mod error;
mod export;
pub mod files;
mod import;
mod model;
pub mod picture;
mod quality;
mod route;
mod run_id;
mod sample;

pub use compute::{ComputeReport, ComputedRun, compute};
pub use date::date_in_words;
pub use error::AppError;
pub use export::{
    ExportReport, FaultExportReport, FaultForm, export_answer, export_faults, export_picture,
};
pub use import::{ImportChoices, import};
pub use quality::FaultCounts;
pub use route::{RouteAnswer, RouteEnd, RouteFacility, Routes};
pub use sample::{areas_of, import_sample, wants_sample, write_sample_files};

pub use crate::access::{Leg, LegKind};
pub use crate::domain::KnownShare;
pub use crate::store::reads::FaultChoice;
pub use crate::store::{Cluster, ClusterHandle, Database, StoreError, Target, VersionEntry};
pub use crate::synthetic::{MAX_VILLAGES, SampleParameters};
