//! Whom a way bars, by OSM's order of access tags: the most specific key decides.
//!
//! Reference: OpenStreetMap wiki, "Key:access", "Transport mode hierarchy".

use crate::domain::{Mode, ModeSet, RoadClass};

use super::element::Tags;
use super::rules::{Access, RULES};

/// Keys that decide for a mode, the most specific first.
fn keys(mode: Mode) -> &'static [&'static str] {
    match mode {
        Mode::Foot => &["foot", "access"],
        Mode::Bicycle => &["bicycle", "vehicle", "access"],
        Mode::Motorcycle => &["motorcycle", "motor_vehicle", "vehicle", "access"],
        Mode::Car => &["motorcar", "motor_vehicle", "vehicle", "access"],
        Mode::Ambulance => &[
            "emergency",
            "motorcar",
            "motor_vehicle",
            "vehicle",
            "access",
        ],
    }
}

/// What the most specific tag that says anything says of a mode.
///
/// A value that is on no list is noted in `strange` and says nothing.
fn said(mode: Mode, tags: &Tags<'_>, strange: &mut Vec<String>) -> Option<Access> {
    for key in keys(mode) {
        let Some(value) = tags.get(key) else {
            continue;
        };
        if let Some(access) = RULES.access.get(value) {
            return Some(*access);
        }
        strange.push(format!("{key}={value}"));
    }
    None
}

/// The modes that a way bars: its walkers, its riders and its drivers. Who pushes a vehicle is a walker.
pub(super) fn barred(tags: &Tags<'_>, strange: &mut Vec<String>) -> ModeSet {
    let is_impassable = tags.is("smoothness", "impassable");
    let is_motorroad = tags.is("motorroad", "yes");
    let bars = |mode: &Mode| {
        let is_closed = match said(*mode, tags, strange) {
            Some(Access::Barring) => true,
            Some(Access::Inviting) => false,
            Some(Access::Silent) | None => {
                is_motorroad && matches!(mode, Mode::Foot | Mode::Bicycle)
            }
        };
        is_closed || (is_impassable && *mode != Mode::Foot)
    };
    Mode::ALL.iter().copied().filter(bars).collect()
}

/// The class of a way on which somebody is explicitly allowed to ride where riders usually walk:
/// a motorcycle makes it a `path`, a bicycle a `cycleway`. Stairs stay stairs.
pub(super) fn class_for_riders(class: RoadClass, tags: &Tags<'_>) -> RoadClass {
    let invites = |keys: &[&str]| {
        let value = keys.iter().find_map(|key| tags.get(key));
        value.and_then(|value| RULES.access.get(value)) == Some(&Access::Inviting)
    };
    let walkers_first = matches!(
        class,
        RoadClass::Footway | RoadClass::Pedestrian | RoadClass::Cycleway | RoadClass::Bridleway
    );
    if walkers_first && invites(&["motorcycle", "motor_vehicle"]) {
        RoadClass::Path
    } else if walkers_first && class != RoadClass::Cycleway && invites(&["bicycle"]) {
        RoadClass::Cycleway
    } else {
        class
    }
}

#[cfg(test)]
mod tests {
    use Mode::{Ambulance, Bicycle, Car, Foot, Motorcycle};

    use super::*;

    fn tags(pairs: &[(&'static str, &'static str)]) -> Tags<'static> {
        let pairs = pairs.iter();
        Tags(
            pairs
                .map(|(key, value)| ((*key).into(), (*value).into()))
                .collect(),
        )
    }

    fn barred_by(pairs: &[(&'static str, &'static str)]) -> Vec<Mode> {
        let mut strange = Vec::new();
        let modes = barred(&tags(pairs), &mut strange);
        assert_eq!(strange, [""; 0]);
        modes.iter().collect()
    }

    #[test]
    fn without_tags_nobody_is_barred() {
        assert_eq!(barred_by(&[]), []);
    }

    #[test]
    fn the_most_specific_key_decides() {
        let all = [Foot, Bicycle, Motorcycle, Car, Ambulance];
        assert_eq!(barred_by(&[("access", "no")]), all);
        assert_eq!(barred_by(&[("access", "private")]), all);
        assert_eq!(
            barred_by(&[("access", "no"), ("foot", "yes")]),
            [Bicycle, Motorcycle, Car, Ambulance]
        );
        assert_eq!(
            barred_by(&[("motor_vehicle", "no"), ("motorcycle", "yes")]),
            [Car, Ambulance]
        );
        assert_eq!(
            barred_by(&[("vehicle", "no"), ("motor_vehicle", "destination")]),
            [Bicycle]
        );
        assert_eq!(barred_by(&[("motorcar", "no")]), [Car, Ambulance]);
        assert_eq!(barred_by(&[("foot", "no")]), [Foot]);
    }

    #[test]
    fn an_ambulance_follows_the_car_unless_its_own_tag_says_otherwise() {
        assert_eq!(
            barred_by(&[("motor_vehicle", "no"), ("emergency", "yes")]),
            [Motorcycle, Car]
        );
        assert_eq!(barred_by(&[("emergency", "no")]), [Ambulance]);
    }

    #[test]
    fn a_motorroad_bars_who_is_slow_and_an_impassable_way_whatever_has_wheels() {
        assert_eq!(barred_by(&[("motorroad", "yes")]), [Foot, Bicycle]);
        assert_eq!(
            barred_by(&[("motorroad", "yes"), ("foot", "yes")]),
            [Bicycle]
        );
        assert_eq!(
            barred_by(&[("smoothness", "impassable")]),
            [Bicycle, Motorcycle, Car, Ambulance]
        );
    }

    #[test]
    fn a_strange_value_says_nothing_and_the_next_key_decides() {
        let mut strange = Vec::new();
        let pairs = [("motorcar", "sometimes"), ("access", "no"), ("foot", "yes")];
        let modes = barred(&tags(&pairs), &mut strange);
        assert!(modes.contains(Car));
        assert_eq!(strange, ["motorcar=sometimes", "motorcar=sometimes"]);
    }

    #[test]
    fn who_is_invited_rides_where_others_push() {
        let class = |class, pairs| class_for_riders(class, &tags(pairs));
        assert_eq!(
            class(RoadClass::Footway, &[("motorcycle", "yes")]),
            RoadClass::Path
        );
        assert_eq!(
            class(RoadClass::Footway, &[("bicycle", "designated")]),
            RoadClass::Cycleway
        );
        assert_eq!(
            class(RoadClass::Footway, &[("bicycle", "dismount")]),
            RoadClass::Footway
        );
        assert_eq!(
            class(
                RoadClass::Footway,
                &[("motorcycle", "no"), ("motor_vehicle", "yes")]
            ),
            RoadClass::Footway
        );
        assert_eq!(
            class(RoadClass::Steps, &[("bicycle", "yes")]),
            RoadClass::Steps
        );
        assert_eq!(
            class(RoadClass::Residential, &[("bicycle", "yes")]),
            RoadClass::Residential
        );
    }
}
