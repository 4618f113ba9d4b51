//! HTTP: routes, limits, errors, caching, the OpenAPI document and the page.
//!
//! Handlers read through `store::reads`; a route is computed by whoever is handed in as [`RouteSource`].
//! Accounts, sessions and tokens change through `app`; data are only read here.

mod access;
mod account;
mod answer;
mod audit;
mod bbox;
mod caching;
mod collections;
mod datetime;
mod error;
mod feature_stream;
mod first_screen;
mod guard;
mod health;
mod html;
mod indicator_query;
mod items;
mod landing;
mod listen;
mod middleware;
mod negotiate;
mod openapi;
mod openapi_accounts;
mod page;
mod picture;
mod quality;
mod query;
mod route;
mod router;
mod schema;
mod site;
mod state;
mod styles;
mod tiles;
mod village;

pub use guard::{BodyKind, Requirement};
pub use listen::serve;
pub use route::{RouteError, RouteRequest, RouteSource};
pub use router::{RouteEntry, route_table, router};
pub use state::{Limits, ServeState};
