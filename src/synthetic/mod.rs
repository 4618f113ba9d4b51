//! Places from arithmetic: a seeded district for a first run and for demonstrations.
//!
//! Nothing here is real, and nothing is read or written: the same seed gives the same records on any machine.
//! Writing them as files is `publish`'s.

mod arteries;
mod district;
mod facilities;
mod figures;
mod ground;
mod kecamatan;
mod land;
mod lattice;
mod local_roads;
mod micro;
mod names;
mod noise;
mod numbered;
mod people;
mod place_villages;
mod random;
mod registry;
mod rivers;
mod road_lines;
mod road_plan;
mod roads;
mod search;
mod spots;
mod village_areas;
mod villages;

pub use district::{MAX_VILLAGES, SampleError, SampleParameters, generate};
