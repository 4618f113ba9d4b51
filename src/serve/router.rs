//! Every address, by who asks for it.

use axum::Router;
use axum::routing::get;

use super::error::{Problem, ProblemKind};
use super::state::ServeState;
use super::{
    access, collections, health, html, items, landing, middleware, openapi, page, picture, quality,
    route, schema, styles, tiles, village,
};

/// All routes with all that surrounds them.
pub fn router(state: &ServeState) -> Router {
    let routes = Router::new()
        // People.
        .route("/", get(landing::landing))
        .route("/embed", get(html::embed))
        .route("/assets/{*file}", get(page::asset))
        // GIS clients: OGC API Features.
        .route("/conformance", get(landing::conformance))
        .route("/api", get(openapi::document))
        .route("/collections", get(collections::list))
        .route("/collections/{collection}", get(collections::one))
        .route("/collections/{collection}/schema", get(schema::schema))
        .route("/collections/{collection}/items", get(items::list))
        .route("/collections/{collection}/items/{feature}", get(items::one))
        // The page, and whoever wants an answer instead of a layer.
        .route("/access", get(access::access))
        .route("/data-quality", get(quality::list))
        .route("/map.svg", get(picture::svg))
        .route("/map.png", get(picture::png))
        .route("/villages/{code}", get(village::village))
        .route("/villages/{code}/route", get(route::route))
        // Maps.
        .route("/styles/{name}", get(styles::style))
        .route("/tiles/{layer}", get(tiles::describe))
        .route("/tiles/{layer}/{z}/{x}/{y}", get(tiles::current_tile))
        .route("/tiles/{layer}/{edition}/{z}/{x}/{y}", get(tiles::tile))
        // OGC API Tiles writes the row before the column.
        .route(
            "/collections/{collection}/tiles/WebMercatorQuad/{z}/{y}/{x}",
            get(tiles::current_ogc_tile),
        )
        // Operators.
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .fallback(async || Problem::new(ProblemKind::PathUnknown, "see / for what there is"))
        .with_state(state.clone());
    middleware::surround(routes, state)
}
