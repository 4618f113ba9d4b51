//! PostGIS: the only room that speaks SQL about what is true.
//!
//! It keeps dataset versions and runs, and switches readers from one to the next by one row.
//! [`Cluster`] is the private PostgreSQL of a data directory; with a `DATABASE_URL` it is not used.
//! What files look like is left to `ingest`, what the numbers mean to `access`.

mod database;
mod error;
mod managed;
mod migrations;
pub mod reads;

pub use database::{Database, Target};
pub use error::StoreError;
pub use managed::{Cluster, ClusterHandle};
pub use migrations::MigrationReport;
