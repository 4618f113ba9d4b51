//! Tests of the whole: see each module.

mod page;
mod serve;
mod store;
mod support;
