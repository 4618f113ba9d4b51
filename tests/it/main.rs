//! Tests of the whole: see each module.

mod sample;
