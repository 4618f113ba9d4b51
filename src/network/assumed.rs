//! What a profile says without a source, so that answers can repeat it.

use serde::Serialize;

use super::Profile;
use super::profile::{ASSUMED, cell};
use crate::domain::{Condition, Mode, RoadClass, Season, Surface};

/// Speeds that no source is named for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AssumedSpeeds {
    /// Whose they are.
    pub mode: Mode,
    /// The classes of road that have them.
    pub classes: Vec<RoadClass>,
    /// On this surface.
    pub surface: Surface,
    /// In condition good, fair, poor and very poor; none where it has a source or the mode does not get through.
    pub speeds_kmh: [Option<f64>; 4],
}

/// What a road is taken to be where the data do not say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AssumedRoads {
    /// The classes of road.
    pub classes: Vec<RoadClass>,
    /// What they are covered with.
    pub surface: Surface,
    /// How good they are.
    pub condition: Condition,
}

impl Profile {
    /// The speeds in a season that no source is named for.
    pub fn assumed_speeds(&self, season: Season) -> Vec<AssumedSpeeds> {
        const CONDITIONS: [Condition; 4] = [
            Condition::Good,
            Condition::Fair,
            Condition::Poor,
            Condition::VeryPoor,
        ];
        let m_per_h = |class, surface, condition| {
            let row = &self.rows[self.cells[cell(class, surface, condition, season)]?];
            row.ridden_m_per_h.filter(|_| row.source == ASSUMED)
        };
        let of_class = |class: RoadClass| {
            let of_surface = move |surface: &Surface| {
                let speeds = CONDITIONS.map(|condition| m_per_h(class, *surface, condition));
                (class, (*surface, speeds))
            };
            Surface::ALL.iter().map(of_surface)
        };
        let speeds = RoadClass::ALL.iter().copied().flat_map(of_class);
        let assumed = speeds.filter(|(_, (_, speeds))| *speeds != [None; 4]);
        let speeds =
            |((surface, speeds), classes): ((Surface, [Option<u32>; 4]), _)| AssumedSpeeds {
                mode: self.mode,
                classes,
                surface,
                speeds_kmh: speeds.map(|m_per_h| Some(f64::from(m_per_h?) / 1000.0)),
            };
        together(assumed).into_iter().map(speeds).collect()
    }

    /// What roads are taken to be where the data do not say.
    pub fn assumed_roads(&self) -> Vec<AssumedRoads> {
        let assumed = RoadClass::ALL.iter().copied();
        let assumed = assumed.map(|class| (class, self.assumptions[class as usize]));
        let roads = |((surface, condition), classes)| AssumedRoads {
            classes,
            surface,
            condition,
        };
        together(assumed).into_iter().map(roads).collect()
    }
}

/// Classes of which the same is said, in order of the first.
fn together<T: PartialEq>(said: impl Iterator<Item = (RoadClass, T)>) -> Vec<(T, Vec<RoadClass>)> {
    let mut all: Vec<(T, Vec<RoadClass>)> = Vec::new();
    for (class, new) in said {
        match all.iter_mut().find(|(same, _)| *same == new) {
            Some((_, classes)) => classes.push(class),
            None => all.push((new, vec![class])),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::Profiles;
    use super::*;

    #[test]
    fn speeds_without_a_source_are_told_as_the_data_have_them() {
        let profiles = Profiles::built_in();
        let assumed = |mode| {
            let profile = profiles.profile(mode).unwrap();
            profile.assumed_speeds(Season::Wet)
        };
        assert_eq!(assumed(Mode::Foot), []);
        let tracks = assumed(Mode::Car).into_iter().filter(|speeds| {
            speeds.classes == [RoadClass::Track] && speeds.surface == Surface::Gravel
        });
        let speeds: Vec<_> = tracks.map(|speeds| speeds.speeds_kmh).collect();
        assert_eq!(speeds, [[Some(15.0), Some(12.0), Some(10.0), None]]);
        // The car's earthen main roads in the rains have a source.
        let is_main = |speeds: &AssumedSpeeds| {
            speeds.classes.contains(&RoadClass::Trunk) && speeds.surface == Surface::Earth
        };
        assert!(!assumed(Mode::Car).iter().any(is_main));
        assert!(assumed(Mode::Motorcycle).iter().any(is_main));
    }

    #[test]
    fn every_class_is_taken_to_be_something() {
        let profiles = Profiles::built_in();
        let roads = profiles.profile(Mode::Foot).unwrap().assumed_roads();
        let n_classes: usize = roads.iter().map(|roads| roads.classes.len()).sum();
        assert_eq!(n_classes, RoadClass::ALL.len());
        let of_track = roads
            .iter()
            .find(|roads| roads.classes.contains(&RoadClass::Track));
        let of_track = of_track.unwrap();
        assert_eq!(
            (of_track.surface, of_track.condition),
            (Surface::Earth, Condition::Fair)
        );
    }
}
