//! Jangkau: who can reach clinics, clean water and schools, village by village.
//!
//! The rooms stand in the order data flows; `docs/ARCHITECTURE.md` says what each may name.

pub mod domain;

pub mod synthetic;

pub mod ingest;

pub mod coverage;

pub mod store;

pub mod network;

pub mod access;

pub mod publish;

pub mod app;

pub mod config;

pub mod serve;

pub mod cli;
