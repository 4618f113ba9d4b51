//! Only what is near the district: a province's file in a district's database.

use crate::app::AppError;
use crate::domain::{AreaCode, Finding, FindingCode, Layer, Severity};
use crate::store::{Clipped, Database, Staging};

/// Kilometres of a degree of latitude, the fewest there are.
const KM_PER_DEGREE: f64 = 110.5;

/// A district and how far around it counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reach {
    district: AreaCode,
    km: f64,
}

impl Reach {
    /// The district that the database has, else the one that is named.
    ///
    /// # Errors
    /// There is neither.
    pub(super) async fn of(
        database: &Database,
        km: f64,
        named: Option<&AreaCode>,
    ) -> Result<Self, AppError> {
        let known = database.district().await?.map(|district| district.code);
        let district = known.or_else(|| named.cloned()).ok_or_else(|| {
            AppError::Usage(
                "nobody knows the district yet: add --district CODE, such as 15.03, to --clip-km"
                    .to_owned(),
            )
        })?;
        Ok(Self { district, km })
    }

    /// A box in degrees that holds everything within reach of a box: what lies outside need not be looked at.
    pub(super) fn around(&self, [west, south, east, north]: [f64; 4]) -> [f64; 4] {
        let high = (self.km / KM_PER_DEGREE).min(90.0);
        // Degrees of longitude are shorter towards the poles.
        let farthest = (south.abs().max(north.abs()) + high).min(89.0);
        let wide = high / farthest.to_radians().cos();
        [west - wide, south - high, east + wide, north + high]
    }

    /// Takes out what is too far, and says so.
    pub(super) async fn clip(
        &self,
        staging: &mut Staging,
        layer: Layer,
        n_skipped: u64,
    ) -> Result<Vec<Finding>, AppError> {
        let Clipped {
            n_left_out,
            n_neighbours,
            has_district,
        } = staging.clip(&self.district, self.km * 1000.0).await?;
        if !has_district {
            return Ok(vec![Finding::new(
                Severity::Error,
                FindingCode::ClipOutside,
                format!(
                    "there are no villages of district {} to measure {} km from",
                    self.district, self.km
                ),
                "import its villages first, or correct --district",
            )]);
        }
        let n_far = n_left_out + n_skipped;
        if staging.is_empty() {
            return Ok(vec![Finding::new(
                Severity::Error,
                FindingCode::LayerEmpty,
                format!(
                    "all {n_far} records lie more than {} km from district {}",
                    self.km, self.district
                ),
                "check that it is the right file, or choose a larger --clip-km",
            )]);
        }
        let outside = |cause: String, mend: &str| {
            Finding::new(Severity::Info, FindingCode::ClipOutside, cause, mend)
        };
        let mut findings = Vec::new();
        if n_far > 0 {
            let cause = if layer.has_geometry() {
                format!(
                    "left out: {} more than {} km from district {}",
                    records(n_far),
                    self.km,
                    self.district
                )
            } else {
                format!("left out: {} of other districts", records(n_far))
            };
            let mend = "nothing to do; a larger --clip-km keeps more";
            findings.push(outside(cause, mend));
        }
        if n_neighbours > 0 {
            let cause = format!(
                "kept as neighbours: {} outside district {}",
                records(n_neighbours),
                self.district
            );
            findings.push(outside(cause, "nothing to do"));
        }
        Ok(findings)
    }
}

fn records(n: u64) -> String {
    match n {
        1 => "1 record".to_owned(),
        _ => format!("{n} records"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_within_reach_is_wider_than_high_away_from_the_equator() {
        let reach = Reach {
            district: AreaCode::parse("15.03").unwrap(),
            km: 110.5,
        };
        let [west, south, east, north] = reach.around([102.0, -2.0, 103.0, -1.0]);
        assert!((south + 3.0).abs() < 1e-9 && north.abs() < 1e-9);
        // cos 3° is 0.9986.
        assert!(west < 101.0 && 100.99 < west, "{west}");
        assert!((east - 103.0 - (102.0 - west)).abs() < 1e-9);
    }
}
