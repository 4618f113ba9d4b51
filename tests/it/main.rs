//! Tests of the whole: see each module.

mod ingest;
