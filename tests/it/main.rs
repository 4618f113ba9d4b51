//! Tests of the whole: see each module.

mod serve;
mod store;
mod support;
