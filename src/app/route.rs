//! The path behind a village's number, found again on the data that the run has seen.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::Mutex;

use super::AppError;
use super::model::Model;
use crate::access::{Leg, route};
use crate::domain::{Catalogue, Indicator, KnownShare, ReachState, RunId, VillageCode};
use crate::store::{Database, RunData};

/// A path, or the state that says why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteAnswer {
    /// State of the median person.
    pub state: ReachState,
    /// Where the path ends; none where there is no path.
    pub facility: Option<RouteFacility>,
    /// Its legs in order; empty where there is no path.
    pub legs: Vec<Leg>,
    /// How much of its road is known; none where it has no road.
    pub known_share: Option<KnownShare>,
}

/// The facility at the end of a path.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RouteFacility {
    /// Its key.
    pub id: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its tier, where known.
    pub tier: Option<String>,
}

/// Which facility a path leads to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RouteEnd {
    /// The nearest.
    #[default]
    Nearest,
    /// The next one: what is left where the nearest closes.
    Second,
}

impl RouteEnd {
    /// Both, by the words they have in addresses.
    pub const ALL: [(&'static str, Self); 2] =
        [("nearest", Self::Nearest), ("second", Self::Second)];
}

/// Finds paths, and keeps the district of the newest run asked about in memory.
pub struct Routes {
    database: Database,
    catalogue: Catalogue,
    model: Mutex<Option<Arc<Model>>>,
}

impl Routes {
    /// Nothing is loaded until the first path is asked for.
    pub fn new(database: Database) -> Self {
        Self {
            database,
            catalogue: Catalogue::built_in(),
            model: Mutex::new(None),
        }
    }

    /// The path of a village's median person to the nearest facility, or the one after it.
    ///
    /// The state is that of the median person; without a facility there are no legs.
    ///
    /// # Errors
    /// The database fails, or no longer holds what the run has seen.
    pub async fn find(
        &self,
        run: &RunId,
        indicator: &Indicator,
        village: &VillageCode,
        end: RouteEnd,
    ) -> Result<RouteAnswer, AppError> {
        let lost = |cause: &str| AppError::Route {
            run: run.to_string(),
            cause: cause.to_owned(),
        };
        let person = self
            .database
            .median_person(run, village)
            .await?
            .ok_or_else(|| lost("the run does not know the village"))?;
        let wanted = match end {
            RouteEnd::Nearest => person.facility,
            RouteEnd::Second => person.second_facility,
        };
        let Some(facility_id) = wanted else {
            return Ok(RouteAnswer {
                state: person.state,
                facility: None,
                legs: Vec::new(),
                known_share: None,
            });
        };
        let model = self.model(self.database.run_data(run).await?).await?;
        let service = self.catalogue.service(indicator.service);
        let facilities = model.facilities(service, indicator);
        let facility = facilities
            .iter()
            .find(|place| place.id == facility_id)
            .ok_or_else(|| lost("its facility is no longer counted"))?;
        let answer_facility = RouteFacility {
            id: facility.id.clone(),
            name: facility.record.name.clone(),
            tier: facility.record.tier.clone(),
        };
        let to = facility.record.place;
        let indicator = indicator.clone();
        let searched = Arc::clone(&model);
        let path = tokio::task::spawn_blocking(move || {
            let travel = searched.travel(&indicator)?;
            Some(route(travel, person.place, to, &AtomicBool::new(false)))
        })
        .await
        .map_err(|cause| AppError::System {
            doing: "find a path",
            cause: cause.to_string(),
        })?
        .ok_or_else(|| lost("nothing is known of its indicator"))?
        .map_err(|cause| lost(&cause.to_string()))?;
        let found = path
            .route
            .ok_or_else(|| lost("its path is no longer there"))?;
        Ok(RouteAnswer {
            state: person.state,
            facility: Some(answer_facility),
            legs: found.legs,
            known_share: found.known_share,
        })
    }

    async fn model(&self, data: RunData) -> Result<Arc<Model>, AppError> {
        let mut kept = self.model.lock().await;
        if let Some(model) = kept.as_ref()
            && model.join_ends_m == data.join_ends_m
            && data
                .versions
                .iter()
                .all(|(layer, version)| model.versions.get(layer) == Some(version))
        {
            return Ok(Arc::clone(model));
        }
        // Runs of several services share most layers: what was loaded for the last one stays.
        let mut versions = kept
            .as_ref()
            .map(|model| model.versions.clone())
            .unwrap_or_default();
        versions.extend(data.versions);
        let model = Arc::new(Model::load(&self.database, versions, data.join_ends_m).await?);
        *kept = Some(Arc::clone(&model));
        Ok(model)
    }
}
