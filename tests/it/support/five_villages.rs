//! The server over the hand-made run of `tests/fixtures/five_villages.sql`.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use jangkau::app::{KnownShare, Leg, LegKind, RouteAnswer, RouteFacility};
use jangkau::domain::{LonLat, Millimetres, Milliseconds, ReachState, RoadClass, Surface};
use jangkau::serve::{Limits, RouteSource, ServeState, router};
use serde_json::Value;
use tower::ServiceExt;

use super::database::ScratchDatabase;

/// Five villages, their roads and clinics, and two runs.
pub(crate) const FIXTURE: &str = include_str!("../../fixtures/five_villages.sql");

/// A server over five villages.
pub(crate) struct FiveVillages {
    /// Its database.
    pub(crate) scratch: ScratchDatabase,
    /// Its state.
    pub(crate) state: ServeState,
    router: Router,
}

/// What came back.
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: StatusCode,
    /// Its headers.
    pub(crate) headers: HeaderMap,
    /// Its body as text.
    pub(crate) text: String,
    /// Its body.
    pub(crate) bytes: Vec<u8>,
}

impl FiveVillages {
    /// A fresh database with the fixture, and the router over it.
    pub(crate) async fn new() -> Self {
        Self::with(Limits::default(), FIXTURE).await
    }

    /// The same with limits or data of the test's own.
    pub(crate) async fn with(limits: Limits, sql: &str) -> Self {
        let route_source: RouteSource = Arc::new(|_request| Box::pin(async { Ok(two_legs()) }));
        Self::made(limits, sql, route_source).await
    }

    /// The same with a route source of the test's own.
    pub(crate) async fn routed_by(route_source: RouteSource) -> Self {
        Self::made(Limits::default(), FIXTURE, route_source).await
    }

    async fn made(limits: Limits, sql: &str, route_source: RouteSource) -> Self {
        // The log of a failing test says why; of tests in one process only the first sets it up.
        let _ = tracing_subscriber::fmt().with_test_writer().try_init();
        let scratch = ScratchDatabase::migrated().await;
        scratch.client().await.batch_execute(sql).await.unwrap();
        scratch.database.fill_tile_geometry().await.unwrap();
        let state = ServeState::new(scratch.database.clone(), route_source, limits);
        let router = router(&state);
        Self {
            scratch,
            state,
            router,
        }
    }

    /// The same server, where who has no account may not read.
    pub(crate) fn requiring_accounts(self) -> Self {
        let state = self.state.clone().requiring_accounts();
        let router = router(&state);
        Self {
            state,
            router,
            ..self
        }
    }

    /// GET.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// GET that must be answered 200 with JSON.
    pub(crate) async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.json()
    }

    /// Any request, through the whole router in memory.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
            bytes: bytes.to_vec(),
        }
    }
}

impl Answer {
    /// Its body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// A header's text; empty where it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// 100 m on foot to the road, then 3 km of gravel.
fn two_legs() -> RouteAnswer {
    let place = |lon| LonLat::parse(lon, -1.95).unwrap();
    RouteAnswer {
        state: ReachState::Within,
        facility: Some(RouteFacility {
            id: "C-1".to_owned(),
            name: Some("Puskesmas Hulu".to_owned()),
            tier: Some("puskesmas".to_owned()),
        }),
        legs: vec![
            Leg {
                kind: LegKind::OffRoad,
                line: vec![place(102.04), place(102.0405)],
                length: Millimetres(100_000),
                time: Milliseconds(80_000),
                class: None,
                surface: None,
                condition: None,
                season: None,
                speed_kmh: 4.5,
                speed_source: "assumed".to_owned(),
                road_id: None,
            },
            Leg {
                kind: LegKind::Road,
                line: vec![place(102.0405), place(102.05)],
                length: Millimetres(3_000_000),
                time: Milliseconds(432_000),
                class: Some(RoadClass::Tertiary),
                surface: Some(Surface::Gravel),
                condition: None,
                season: None,
                speed_kmh: 25.0,
                speed_source: "assumed".to_owned(),
                road_id: None,
            },
        ],
        known_share: Some(KnownShare {
            surface: 1.0,
            season: 0.0,
        }),
    }
}
