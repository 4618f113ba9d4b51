//! Access: the nearest facilities of demand points, their routes, and people by state, rolled up.
//!
//! Asks a [`Travel`](crate::network::Travel) and knows nothing of files, tables or villages' names.

mod ambulance;
mod answer_each;
mod arrivals;
mod catchments;
mod demand;
mod entrances;
mod grid;
mod isochrone;
mod isochrone_field;
mod linkage;
mod matrix;
mod mend;
mod nearest;
mod nearest_k;
mod outlines;
mod population;
mod roll_up;
mod round_trip;
mod route;
mod route_leg;
mod route_walk;
mod snap_look;
mod spread;

pub use ambulance::{
    Part, Rescue, RescuePair, RescueReach, RescueRoute, RescueRouteAnswer, RescueTrip, rescue,
    rescue_matrix, rescue_route,
};
pub use catchments::{Catchment, catchments};
pub use isochrone::{Isochrone, ReachedStretch, isochrone};
pub use matrix::{PairReach, matrix, one_to_many};
pub use mend::{Join, Mending};
pub use nearest::{NearestOptions, Reaches, nearest};
pub use nearest_k::{MAX_K, PointAccess, SnapUsed, Trip, nearest_k};
pub use population::split_people;
pub use roll_up::{AreaReach, PointResult, people_within, roll_up};
pub use round_trip::way_back;
pub use route::{RouteAnswer, RouteError, route};
pub use route_leg::{Leg, LegKind, Route};
pub use snap_look::{RoadNear, SnapLook, WhyNot, snap_looks};
pub use spread::{Journey, Spread};

pub(crate) use answer_each::answer_each;
