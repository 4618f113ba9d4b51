//! Every address, by who asks for it, and what it asks of them.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};

use super::error::{Problem, ProblemKind};
use super::guard::{BodyKind, Guard, Requirement, guard};
use super::state::ServeState;
use super::{
    access, account, audit, collections, health, html, items, landing, middleware, openapi, page,
    picture, quality, route, schema, styles, tiles, village,
};
use crate::domain::Right;

/// What a route is and what it asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteEntry {
    /// Its method; GET stands for HEAD, too.
    pub method: Method,
    /// Its path, parameters in braces.
    pub path: &'static str,
    /// What it asks of who asks.
    pub requirement: Requirement,
    /// The form of its body; none for what only reads.
    pub changes: Option<BodyKind>,
}

/// Routes, of which none is without its requirement: there is no other way to add one.
struct Table {
    state: ServeState,
    router: Router<ServeState>,
    entries: Vec<RouteEntry>,
}

impl Table {
    fn get<H, T>(self, requirement: Requirement, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, ServeState>,
        T: 'static,
    {
        let route = on(MethodFilter::GET, handler);
        self.add(Method::GET, requirement, None, path, route)
    }

    fn post<H, T>(
        self,
        requirement: Requirement,
        body: BodyKind,
        path: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, ServeState>,
        T: 'static,
    {
        let route = on(MethodFilter::POST, handler);
        self.add(Method::POST, requirement, Some(body), path, route)
    }

    fn delete<H, T>(self, requirement: Requirement, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, ServeState>,
        T: 'static,
    {
        let route = on(MethodFilter::DELETE, handler);
        let body = Some(BodyKind::Empty);
        self.add(Method::DELETE, requirement, body, path, route)
    }

    fn add(
        mut self,
        method: Method,
        requirement: Requirement,
        changes: Option<BodyKind>,
        path: &'static str,
        route: MethodRouter<ServeState>,
    ) -> Self {
        let before = Guard {
            state: self.state.clone(),
            requirement,
            changes,
        };
        let route = route.route_layer(from_fn_with_state(before, guard));
        self.router = self.router.route(path, route);
        self.entries.push(RouteEntry {
            method,
            path,
            requirement,
            changes,
        });
        self
    }
}

/// What every route asks.
pub fn route_table(state: &ServeState) -> Vec<RouteEntry> {
    table(state).entries
}

/// All routes with all that surrounds them.
pub fn router(state: &ServeState) -> Router {
    let routes = table(state)
        .router
        .fallback(async || Problem::new(ProblemKind::PathUnknown, "see / for what there is"))
        .with_state(state.clone());
    middleware::surround(routes, state)
}

fn table(state: &ServeState) -> Table {
    let empty = Table {
        state: state.clone(),
        router: Router::new(),
        entries: Vec::new(),
    };
    with_accounts(with_maps(with_data(empty)))
}

fn with_data(table: Table) -> Table {
    use Requirement::{Nothing, Reading};
    table
        // People.
        .get(Reading, "/", landing::landing)
        .get(Reading, "/embed", html::embed)
        .get(Nothing, "/assets/{*file}", page::asset)
        // GIS clients: OGC API Features.
        .get(Reading, "/conformance", landing::conformance)
        .get(Reading, "/api", openapi::document)
        .get(Reading, "/collections", collections::list)
        .get(Reading, "/collections/{collection}", collections::one)
        .get(Reading, "/collections/{collection}/schema", schema::schema)
        .get(Reading, "/collections/{collection}/items", items::list)
        .get(
            Reading,
            "/collections/{collection}/items/{feature}",
            items::one,
        )
        // The page, and whoever wants an answer instead of a layer.
        .get(Reading, "/access", access::access)
        .get(Reading, "/data-quality", quality::list)
        .get(Reading, "/map.svg", picture::svg)
        .get(Reading, "/map.png", picture::png)
        .get(Reading, "/villages/{code}", village::village)
        .get(Reading, "/villages/{code}/route", route::route)
        // Operators.
        .get(Nothing, "/health/live", health::live)
        .get(Nothing, "/health/ready", health::ready)
}

fn with_maps(table: Table) -> Table {
    use Requirement::Reading;
    table
        .get(Reading, "/styles/{name}", styles::style)
        .get(Reading, "/tiles/{layer}", tiles::describe)
        .get(Reading, "/tiles/{layer}/{z}/{x}/{y}", tiles::current_tile)
        .get(Reading, "/tiles/{layer}/{edition}/{z}/{x}/{y}", tiles::tile)
        // OGC API Tiles writes the row before the column.
        .get(
            Reading,
            "/collections/{collection}/tiles/WebMercatorQuad/{z}/{y}/{x}",
            tiles::current_ogc_tile,
        )
}

fn with_accounts(table: Table) -> Table {
    use BodyKind::{Form, Json};
    use Requirement::{Account, Nothing, Session};
    let manages = Requirement::Right(Right::ManageAccounts);
    let has_tokens = Requirement::Right(Right::ManageTokens);
    table
        .get(Nothing, "/sign-in", account::sign_in_page)
        .get(Nothing, "/sign-in/style.css", account::style)
        .post(Nothing, Form, "/sign-in", account::sign_in)
        .get(Nothing, account::LINK_PATH, account::link_page)
        .post(Nothing, Form, account::LINK_PATH, account::use_link)
        .post(Session, Form, "/sign-out", account::sign_out)
        .get(Account, "/me", account::me)
        .post(Session, Form, "/me/password", account::change_password)
        .get(manages, "/accounts", account::list)
        .post(manages, Json, "/accounts", account::add)
        .get(has_tokens, "/tokens", account::tokens)
        .post(has_tokens, Json, "/tokens", account::add_token)
        .delete(has_tokens, "/tokens/{name}", account::revoke_token)
        .get(Requirement::Right(Right::ReadAudit), "/audit", audit::list)
}
