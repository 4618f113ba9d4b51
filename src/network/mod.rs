//! The road network: built from road segments, weighed by a profile and a season, snapped to and searched.
//!
//! A [`Network`] knows what is where; [`Weights`] know what each stretch costs one mode in one season;
//! a [`Travel`] joins both with barriers and a metric, and is what the `access` room asks.
//! Everything is immutable once made, in flat arrays, with `u32` positions as ids.
//! No ids of ours outlive the process: what leaves this room names roads by the source's id.

mod assumed;
mod barriers;
mod bucket_queue;
mod build;
mod build_report;
mod cells;
mod chains;
mod components;
mod cost;
mod crossing_join;
mod crossings;
mod edge_table;
mod end_join;
mod grid_point;
mod hilbert;
mod known_share;
mod label;
mod layout;
mod line_index;
mod lines;
mod local_distance;
mod near_miss;
mod piece_index;
mod profile;
mod profiles_file;
mod quantity;
mod reach_sums;
mod road_ids;
mod road_kinds;
mod road_network;
mod road_segment;
mod search;
mod search_box;
mod search_graph;
#[cfg(test)]
mod search_tests;
mod snap;
mod snapshot;
mod travel;
mod weights;

pub use assumed::{AssumedRoads, AssumedSpeeds};
pub use barriers::Barriers;
pub use build::{BuildOptions, build};
pub use build_report::BuildReport;
pub use components::{Component, Components, components};
pub use cost::Cost;
pub use edge_table::{EdgeRow, to_edge_table};
pub use hilbert::hilbert_position;
pub use known_share::known_share;
pub use label::{Label, Seed};
pub use local_distance::local_distance_m;
pub use near_miss::{NearMiss, near_misses};
pub use profile::{Profile, Rules, Speed};
pub use profiles_file::{Profiles, ProfilesError};
pub use quantity::Quantity;
pub use reach_sums::sums_within;
pub use road_kinds::RoadAttributes;
pub use road_network::{Joints, Network};
pub use road_segment::{CrossingPoint, RoadSegment};
pub use search::{Cancelled, Search};
pub use search_graph::{Arc, SearchGraph};
pub use snap::SnapChoice;
pub use snapshot::SnapshotError;
pub use travel::Travel;
pub use weights::Weights;

pub(crate) use components::Gap;
pub(crate) use label::offer;
pub(crate) use near_miss::OnRoad;
pub(crate) use road_network::Direction;
pub(crate) use search_box::box_around;
pub(crate) use snap::{Candidate, Position, nearest_on_line};
