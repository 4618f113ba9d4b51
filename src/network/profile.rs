//! How fast one mode travels on which road in which season.

use crate::domain::{Condition, Millimetres, Milliseconds, Mode, RoadClass, Season, Surface};

/// The numbers that hold for every mode.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// How far from a road a place may be.
    pub snap_radius: Millimetres,
    /// What a metre off the road counts, at least 1.
    pub off_road_factor: f64,
    /// Metres walked in an hour, at least 1: off the road, and where a road is walked.
    pub walking_m_per_h: u32,
    /// Where the walking speed comes from.
    pub walking_source: String,
    /// What a ferry adds to the piece of road it serves.
    pub ferry_wait: Milliseconds,
    /// Names of the rules above that no source is named for.
    pub assumed: Vec<String>,
}

/// The speed on a stretch, and who says so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed<'a> {
    /// Metres in an hour, at least 1.
    pub m_per_h: u32,
    /// Whether it is walked: in both directions, whatever the signs for vehicles say.
    pub is_walked: bool,
    /// Source of the number; `assumed` where there is none.
    pub source: &'a str,
}

/// One row of the speeds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SpeedRow {
    /// None where the road is walked.
    pub(super) ridden_m_per_h: Option<u32>,
    pub(super) source: String,
}

/// What a class is taken to be covered with, and how good, where the data do not say.
pub(super) type Assumption = (Surface, Condition);

/// The source of a row that names none.
pub(super) const ASSUMED: &str = "assumed";

const N_CLASSES: usize = RoadClass::ALL.len();
const N_SURFACES: usize = Surface::ALL.len();
const N_CONDITIONS: usize = Condition::ALL.len();
const N_SEASONS: usize = Season::ALL.len();

/// Number of combinations of class, surface, condition and season.
pub(super) const N_CELLS: usize = N_CLASSES * N_SURFACES * N_CONDITIONS * N_SEASONS;

/// Position of a combination in the table of a profile.
pub(super) fn cell(
    class: RoadClass,
    surface: Surface,
    condition: Condition,
    season: Season,
) -> usize {
    let row = class as usize * N_SURFACES + surface as usize;
    (row * N_CONDITIONS + condition as usize) * N_SEASONS + season as usize
}

/// A mode with its speeds. A class without speeds is not permitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The mode.
    pub mode: Mode,
    /// The rules that hold for every mode.
    pub rules: Rules,
    pub(super) rows: Vec<SpeedRow>,
    /// Per [`cell`] a position in `rows`.
    pub(super) cells: Vec<Option<usize>>,
    /// Per class.
    pub(super) assumptions: Vec<Assumption>,
}

impl Profile {
    /// The speed on a road; none where the mode may not use it.
    ///
    /// An unknown surface or condition is taken to be what the profile assumes for the class.
    /// A signed maximum speed caps what is ridden; one that is not a positive number is ignored.
    pub fn speed(
        &self,
        class: RoadClass,
        surface: Option<Surface>,
        condition: Option<Condition>,
        season: Season,
        max_speed_kmh: Option<f64>,
    ) -> Option<Speed<'_>> {
        let (usual_surface, usual_condition) = self.assumptions[class as usize];
        let surface = surface.unwrap_or(usual_surface);
        let condition = condition.unwrap_or(usual_condition);
        let row = &self.rows[self.cells[cell(class, surface, condition, season)]?];
        let Some(ridden_m_per_h) = row.ridden_m_per_h else {
            return Some(self.walking());
        };
        let signed_m_per_h = max_speed_kmh.filter(|kmh| *kmh > 0.0).map(metres_per_hour);
        Some(match signed_m_per_h {
            Some(m_per_h) if m_per_h < ridden_m_per_h => Speed {
                m_per_h,
                is_walked: false,
                source: "max_speed_kmh of the road",
            },
            _ => Speed {
                m_per_h: ridden_m_per_h,
                is_walked: false,
                source: &row.source,
            },
        })
    }

    /// Whether it goes on foot on some roads: a walker, or a vehicle that is pushed.
    pub(super) fn is_walked_somewhere(&self) -> bool {
        self.rows.iter().any(|row| row.ridden_m_per_h.is_none())
    }

    /// Number of rows of speeds that no source is named for.
    pub fn n_assumed_speeds(&self) -> usize {
        self.rows.iter().filter(|row| row.source == ASSUMED).count()
    }

    /// The speed off the road.
    pub fn walking(&self) -> Speed<'_> {
        Speed {
            m_per_h: self.rules.walking_m_per_h,
            is_walked: true,
            source: &self.rules.walking_source,
        }
    }
}

/// Whole metres in an hour, at least 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, far above any speed"
)]
pub(super) fn metres_per_hour(kmh: f64) -> u32 {
    ((kmh * 1000.0).round() as u32).max(1)
}

/// Milliseconds for a length at a speed, rounded half up; too long saturates below the mark of "no path".
///
/// mm / (m/h) = 0.001 h = 3.6 s, so the length in mm times 3600 over the speed in m/h is in ms.
pub(super) fn duration(length: Millimetres, m_per_h: u32) -> Milliseconds {
    let speed = u64::from(m_per_h);
    let rounded = (u64::from(length.0) * 3600 + speed / 2) / speed;
    let largest = super::Cost::LARGEST;
    Milliseconds(u32::try_from(rounded).unwrap_or(largest).min(largest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_has_its_own_cell() {
        let mut seen = vec![false; N_CELLS];
        for class in RoadClass::ALL {
            for surface in Surface::ALL {
                for condition in Condition::ALL {
                    for season in Season::ALL {
                        let here = &mut seen[cell(*class, *surface, *condition, *season)];
                        assert!(!*here);
                        *here = true;
                    }
                }
            }
        }
    }

    #[test]
    fn a_kilometre_at_five_kilometres_an_hour_takes_twelve_minutes() {
        assert_eq!(
            duration(Millimetres(1_000_000), 5000),
            Milliseconds(12 * 60_000)
        );
    }

    #[test]
    fn a_duration_too_long_to_count_saturates() {
        assert_eq!(
            duration(Millimetres(u32::MAX), 1),
            Milliseconds(u32::MAX - 1)
        );
    }
}
