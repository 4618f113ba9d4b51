//! To come.

mod store;
mod support;
