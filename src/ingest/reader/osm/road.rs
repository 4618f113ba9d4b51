//! What the tags of a way say of a road, in the words of the layer `roads`.

use crate::domain::{Condition, RoadClass, SeasonAccess, Surface};
use crate::ingest::protocol::Cell;
use crate::ingest::synonyms::{SYNONYMS, folded_word};

use super::access;
use super::element::{Tags, Way};
use super::rules::{Access, RULES};

/// Kilometres in a statute mile, and in a nautical one.
const KM_PER_MILE: f64 = 1.609_344;
const KM_PER_NAUTICAL_MILE: f64 = 1.852;

/// Metres in a foot.
const METRES_PER_FOOT: f64 = 0.3048;

/// The columns of a road, called as the layer's fields are.
pub(super) const COLUMNS: [&str; 12] = [
    "id",
    "name",
    "class",
    "surface",
    "condition",
    "width_m",
    "one_way",
    "bridge",
    "tunnel",
    "season",
    "max_speed_kmh",
    "barred",
];

/// What a way is.
#[derive(Debug, PartialEq)]
pub(super) enum Reading {
    /// Neither a road nor anything that looks like one.
    Other,
    /// An area: a square, or the outline of a building.
    Area,
    /// Something along a road, or a road that nobody can use, by its `highway`.
    NoRoad(String),
    /// A road.
    Road(RoadRead),
}

/// A road as its tags tell it.
#[derive(Debug, PartialEq)]
pub(super) struct RoadRead {
    /// In the order of [`COLUMNS`].
    pub(super) values: Vec<Cell>,
    /// What was assumed or not taken into account, each with a constant text.
    pub(super) notes: Vec<Note>,
}

/// Something about a road that the report tells with a number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Note {
    /// The condition is from `smoothness`.
    FromSmoothness,
    /// The condition is from `tracktype`.
    FromTracktype,
    /// A ford, taken as open in the dry season only.
    Ford,
    /// `seasonal=yes`, taken as open in the dry season only.
    Seasonal,
    /// Closed when wet, by a conditional tag.
    ClosedWhenWet,
    /// A tag whose meaning is known and has no place here, as `key=…`.
    NotModelled(&'static str),
    /// A tag whose value is not understood.
    Strange(String),
}

/// Whether a way might be a road; says nothing of its geometry. Cheap.
pub(super) fn may_be_road(tags: &Tags<'_>) -> bool {
    tags.get("highway").is_some() || tags.is("route", "ferry")
}

/// Reads a way.
pub(super) fn read(way: &Way<'_>) -> Reading {
    let tags = &way.tags;
    let highway = tags.get("highway");
    let class = match highway {
        _ if tags.is("route", "ferry") => "ferry",
        Some(highway) => highway,
        None => return Reading::Other,
    };
    if tags.is("area", "yes") || (way.is_closed() && tags.has("building")) {
        return Reading::Area;
    }
    // A class on no list stays as it is: whoever maps classes tells of it.
    let known = SYNONYMS.road_class.get(&*folded_word(class)).copied();
    let known = known.flatten();
    if known == Some(RoadClass::Unusable) || RULES.no_road.contains(class) {
        return Reading::NoRoad(class.to_owned());
    }
    Reading::Road(road(way, class, known))
}

fn road(way: &Way<'_>, class: &str, known: Option<RoadClass>) -> RoadRead {
    let tags = &way.tags;
    let mut notes = Vec::new();
    let fitted = known.map(|known| access::class_for_riders(known, tags));
    let mut strange = Vec::new();
    let barred = access::barred(tags, &mut strange);
    strange.sort();
    strange.dedup();
    notes.extend(strange.into_iter().map(Note::Strange));
    let barred: Vec<&str> = barred.iter().map(crate::domain::Mode::as_str).collect();
    let class = fitted.map_or_else(|| class.to_owned(), |class| class.to_string());
    let values = vec![
        Cell::Int(way.identity.id),
        text(name(tags)),
        Cell::Text(class),
        surface(tags),
        condition(tags, &mut notes),
        width(tags),
        Cell::Text(one_way(tags, &mut notes).to_owned()),
        yes_no(tags.has("bridge")),
        yes_no(tags.has("tunnel") && !tags.is("tunnel", "culvert")),
        season(tags, &mut notes),
        max_speed(tags),
        text((!barred.is_empty()).then(|| barred.join(" ")).as_deref()),
    ];
    RoadRead { values, notes }
}

fn text(text: Option<&str>) -> Cell {
    text.map_or(Cell::Empty, |text| Cell::Text(text.to_owned()))
}

fn yes_no(yes: bool) -> Cell {
    Cell::Text(if yes { "yes" } else { "no" }.to_owned())
}

/// The local name, else the Indonesian one, else the number of the road.
fn name<'a>(tags: &'a Tags<'_>) -> Option<&'a str> {
    ["name", "name:id", "ref"]
        .iter()
        .find_map(|key| tags.get(key))
}

/// The surface; of several, joined by semicolons, the worst, since all of them have to be passed.
fn surface(tags: &Tags<'_>) -> Cell {
    let Some(value) = tags.get("surface") else {
        return Cell::Empty;
    };
    let known = |value: &str| {
        SYNONYMS
            .surface
            .get(&*folded_word(value))
            .copied()
            .flatten()
    };
    let parts: Option<Vec<Surface>> = value.split(';').map(known).collect();
    match parts.and_then(|parts| parts.into_iter().max()) {
        Some(worst) => Cell::Text(worst.to_string()),
        None => Cell::Text(value.to_owned()),
    }
}

fn condition(tags: &Tags<'_>, notes: &mut Vec<Note>) -> Cell {
    let condition = |condition: Condition| Cell::Text(condition.to_string());
    if let Some(value) = tags.get("smoothness") {
        if let Some(known) = RULES.smoothness.get(value) {
            notes.push(Note::FromSmoothness);
            return condition(*known);
        }
        notes.push(Note::Strange(format!("smoothness={value}")));
    }
    if let (true, Some(value)) = (tags.is("highway", "track"), tags.get("tracktype")) {
        if let Some(known) = RULES.tracktype.get(value) {
            notes.push(Note::FromTracktype);
            return condition(*known);
        }
        notes.push(Note::Strange(format!("tracktype={value}")));
    }
    Cell::Empty
}

/// Directions along the way; roundabouts and motorways have one unless they say otherwise.
fn one_way(tags: &Tags<'_>, notes: &mut Vec<Note>) -> &'static str {
    for key in [
        "oneway:motorcycle",
        "oneway:bicycle",
        "oneway:motor_vehicle",
    ] {
        if tags.get(key).is_some() {
            notes.push(Note::NotModelled(key));
        }
    }
    let implied = || {
        let is_round = tags.is("junction", "roundabout") || tags.is("junction", "circular");
        let is_motorway = tags.is("highway", "motorway") || tags.is("highway", "motorway_link");
        if is_round || is_motorway { "yes" } else { "no" }
    };
    match tags.get("oneway") {
        None => implied(),
        Some("yes" | "true" | "1") => "yes",
        Some("-1" | "reverse") => "-1",
        Some("no" | "false" | "0") => "no",
        // Open to either side in turn: both directions are possible.
        Some("reversible" | "alternating") => {
            notes.push(Note::NotModelled("oneway=reversible"));
            "no"
        }
        Some(value) => {
            notes.push(Note::Strange(format!("oneway={value}")));
            implied()
        }
    }
}

/// The width in metres; feet and inches are turned into them.
fn width(tags: &Tags<'_>) -> Cell {
    let Some(value) = tags.get("width").or_else(|| tags.get("est_width")) else {
        return Cell::Empty;
    };
    match feet(value) {
        Some(feet) => Cell::Real(feet * METRES_PER_FOOT),
        None => Cell::Text(value.to_owned()),
    }
}

/// Feet of `12'`, `12'6"` and `12 ft`.
fn feet(value: &str) -> Option<f64> {
    if let Some(number) = value.strip_suffix("ft") {
        return positive(number);
    }
    let (feet, inches) = value.split_once('\'')?;
    let inches = inches.trim();
    let inches = if inches.is_empty() {
        0.0
    } else {
        positive(inches.strip_suffix('"')?)?
    };
    Some(positive(feet)? + inches / 12.0)
}

fn positive(number: &str) -> Option<f64> {
    let number = number.trim();
    let is_plain = number
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    number
        .parse()
        .ok()
        .filter(|number: &f64| is_plain && number.is_finite())
}

/// The speed limit in km/h; a value that states no number is none.
fn max_speed(tags: &Tags<'_>) -> Cell {
    let Some(value) = tags.get("maxspeed") else {
        return Cell::Empty;
    };
    let of_zone = value.contains(':');
    if of_zone || ["none", "signals", "variable", "walk"].contains(&value) {
        return Cell::Empty;
    }
    let in_unit = |unit: &str| value.strip_suffix(unit).and_then(positive);
    if let Some(miles) = in_unit("mph") {
        return Cell::Real(miles * KM_PER_MILE);
    }
    if let Some(miles) = in_unit("knots") {
        return Cell::Real(miles * KM_PER_NAUTICAL_MILE);
    }
    for unit in ["km/h", "kmh", "kph"] {
        if let Some(kilometres) = in_unit(unit) {
            return Cell::Real(kilometres);
        }
    }
    Cell::Text(value.to_owned())
}

/// When the road can be used, where something says it: `seasonal`, else a ford, else a closure when wet.
fn season(tags: &Tags<'_>, notes: &mut Vec<Note>) -> Cell {
    let season = match tags.get("seasonal") {
        Some("no") => Some(SeasonAccess::All),
        Some("dry_season") => Some(SeasonAccess::Dry),
        Some("wet_season") => Some(SeasonAccess::Wet),
        Some("yes") => {
            notes.push(Note::Seasonal);
            Some(SeasonAccess::Dry)
        }
        Some(value) => {
            notes.push(Note::Strange(format!("seasonal={value}")));
            None
        }
        None => None,
    };
    let season = season.or_else(|| ford(tags, notes));
    let season = season.or_else(|| closure(tags, notes));
    text(season.map(SeasonAccess::as_str))
}

/// A way through water, or on a bridge that floods pass over.
fn ford(tags: &Tags<'_>, notes: &mut Vec<Note>) -> Option<SeasonAccess> {
    let is_low_bridge = tags.is("bridge", "low_water_crossing");
    let is_ford = tags.has("ford") && (!tags.has("bridge") || is_low_bridge);
    (is_ford || is_low_bridge).then(|| {
        notes.push(Note::Ford);
        SeasonAccess::Dry
    })
}

/// `no @ wet` and its like; any other condition is noted and says nothing.
fn closure(tags: &Tags<'_>, notes: &mut Vec<Note>) -> Option<SeasonAccess> {
    let keys = [
        "access:conditional",
        "vehicle:conditional",
        "motor_vehicle:conditional",
    ];
    let value = keys.iter().find_map(|key| tags.get(key))?;
    if closes_when_wet(value) {
        notes.push(Note::ClosedWhenWet);
        return Some(SeasonAccess::Dry);
    }
    notes.push(Note::NotModelled("access:conditional"));
    None
}

fn closes_when_wet(value: &str) -> bool {
    let Some((access, condition)) = value.split_once('@') else {
        return false;
    };
    let condition = condition.trim();
    let condition = condition
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or(condition);
    let is_closed = RULES.access.get(access.trim()) == Some(&Access::Barring);
    is_closed && ["wet", "wet_season", "wet season", "rainy season"].contains(&condition.trim())
}

#[cfg(test)]
mod tests {
    use super::super::element::Identity;
    use super::*;

    fn way(pairs: &[(&'static str, &'static str)], nodes: &[i64]) -> Way<'static> {
        let pairs = pairs.iter();
        Way {
            identity: Identity {
                id: 7,
                version: 1,
                is_visible: true,
            },
            tags: Tags(
                pairs
                    .map(|(key, value)| ((*key).into(), (*value).into()))
                    .collect(),
            ),
            nodes: nodes.to_vec(),
            places: Vec::new(),
        }
    }

    /// The value of a column of a way with these tags, as text; and its notes.
    fn column_and_notes(
        name: &str,
        pairs: &[(&'static str, &'static str)],
    ) -> (Option<String>, Vec<Note>) {
        let Reading::Road(road) = read(&way(pairs, &[1, 2])) else {
            panic!("{pairs:?} is no road");
        };
        assert_eq!(road.values.len(), COLUMNS.len());
        let column = COLUMNS.iter().position(|column| *column == name).unwrap();
        let value = match &road.values[column] {
            Cell::Empty => None,
            Cell::Text(text) => Some(text.clone()),
            Cell::Int(number) => Some(number.to_string()),
            Cell::Real(number) => Some(number.to_string()),
        };
        (value, road.notes)
    }

    fn column(name: &str, pairs: &[(&'static str, &'static str)]) -> Option<String> {
        column_and_notes(name, pairs).0
    }

    fn of(tag: (&'static str, &'static str)) -> [(&'static str, &'static str); 2] {
        [("highway", "unclassified"), tag]
    }

    #[test]
    fn the_columns_are_the_fields_of_the_layer() {
        let fields = crate::ingest::fields::fields(crate::domain::Layer::Roads);
        let mut columns = COLUMNS.to_vec();
        columns.push("source");
        columns.sort_unstable();
        let mut fields = fields.to_vec();
        fields.sort_unstable();
        assert_eq!(columns, fields);
    }

    #[test]
    fn what_has_no_highway_and_no_ferry_is_no_road() {
        assert_eq!(
            read(&way(&[("waterway", "river")], &[1, 2])),
            Reading::Other
        );
        assert!(!may_be_road(&way(&[("route", "bus")], &[1, 2]).tags));
    }

    #[test]
    fn squares_and_outlines_of_buildings_are_areas_and_roundabouts_are_not() {
        let ring = [1, 2, 3, 1];
        let square = way(&[("highway", "pedestrian"), ("area", "yes")], &ring);
        assert_eq!(read(&square), Reading::Area);
        let house = way(&[("highway", "service"), ("building", "yes")], &ring);
        assert_eq!(read(&house), Reading::Area);
        let round = way(
            &[("highway", "tertiary"), ("junction", "roundabout")],
            &ring,
        );
        assert!(matches!(read(&round), Reading::Road(_)));
    }

    #[test]
    fn what_nobody_can_use_is_no_road() {
        for value in [
            "construction",
            "proposed",
            "bus_stop",
            "via_ferrata",
            "raceway",
        ] {
            let read = read(&way(&[("highway", value)], &[1, 2]));
            assert_eq!(read, Reading::NoRoad(value.to_owned()));
        }
    }

    #[test]
    fn links_are_folded_and_a_strange_class_is_left_to_whoever_maps_it() {
        assert_eq!(
            column("class", &[("highway", "trunk_link")]).as_deref(),
            Some("trunk")
        );
        assert_eq!(
            column("class", &[("route", "ferry")]).as_deref(),
            Some("ferry")
        );
        assert_eq!(
            column("class", &[("highway", "unclassified"), ("route", "ferry")]).as_deref(),
            Some("ferry")
        );
        assert_eq!(
            column("class", &[("highway", "jalan_tikus")]).as_deref(),
            Some("jalan_tikus")
        );
    }

    #[test]
    fn the_id_is_the_ways_and_the_name_the_best_there_is() {
        assert_eq!(column("id", &[("highway", "path")]).as_deref(), Some("7"));
        assert_eq!(
            column(
                "name",
                &[
                    ("highway", "path"),
                    ("ref", "K1"),
                    ("name", "Jalan Merdeka")
                ]
            )
            .as_deref(),
            Some("Jalan Merdeka")
        );
        assert_eq!(column("name", &of(("ref", "K1"))).as_deref(), Some("K1"));
        assert_eq!(column("name", &of(("name", "  "))), None);
    }

    #[test]
    fn the_worst_of_several_surfaces_counts() {
        assert_eq!(
            column("surface", &of(("surface", "asphalt"))).as_deref(),
            Some("paved")
        );
        assert_eq!(
            column("surface", &of(("surface", "asphalt;dirt;gravel"))).as_deref(),
            Some("earth")
        );
        assert_eq!(
            column("surface", &of(("surface", "fine_gravel"))).as_deref(),
            Some("gravel")
        );
        assert_eq!(
            column("surface", &of(("surface", "cheese"))).as_deref(),
            Some("cheese")
        );
        assert_eq!(column("surface", &[("highway", "path")]), None);
    }

    #[test]
    fn condition_is_smoothness_and_on_tracks_the_firmness() {
        let track = |tag| [("highway", "track"), tag];
        let smooth = column_and_notes("condition", &of(("smoothness", "very_bad")));
        assert_eq!(
            smooth,
            (Some("very_poor".to_owned()), vec![Note::FromSmoothness])
        );
        let firm = column_and_notes("condition", &track(("tracktype", "grade4")));
        assert_eq!(firm, (Some("poor".to_owned()), vec![Note::FromTracktype]));
        // Only tracks have a tracktype that means something.
        assert_eq!(column("condition", &of(("tracktype", "grade4"))), None);
        let both = [
            ("highway", "track"),
            ("smoothness", "good"),
            ("tracktype", "grade5"),
        ];
        assert_eq!(column("condition", &both).as_deref(), Some("good"));
        let strange = [
            ("highway", "track"),
            ("smoothness", "ok"),
            ("tracktype", "grade5"),
        ];
        assert_eq!(
            column_and_notes("condition", &strange),
            (
                Some("very_poor".to_owned()),
                vec![
                    Note::Strange("smoothness=ok".to_owned()),
                    Note::FromTracktype
                ]
            )
        );
    }

    #[test]
    fn directions_are_said_or_implied() {
        let cases: [(&[(&str, &str)], &str); 9] = [
            (&[("highway", "primary")], "no"),
            (&[("highway", "primary"), ("oneway", "yes")], "yes"),
            (&[("highway", "primary"), ("oneway", "1")], "yes"),
            (&[("highway", "primary"), ("oneway", "-1")], "-1"),
            (&[("highway", "primary"), ("junction", "roundabout")], "yes"),
            (
                &[
                    ("highway", "primary"),
                    ("junction", "roundabout"),
                    ("oneway", "no"),
                ],
                "no",
            ),
            (&[("highway", "motorway")], "yes"),
            (&[("highway", "motorway_link"), ("oneway", "no")], "no"),
            (&[("highway", "primary"), ("oneway", "reversible")], "no"),
        ];
        for (tags, expected) in cases {
            assert_eq!(
                column("one_way", tags).as_deref(),
                Some(expected),
                "{tags:?}"
            );
        }
    }

    #[test]
    fn bridges_and_tunnels_are_whatever_is_not_no() {
        assert_eq!(
            column("bridge", &of(("bridge", "viaduct"))).as_deref(),
            Some("yes")
        );
        assert_eq!(
            column("bridge", &of(("bridge", "no"))).as_deref(),
            Some("no")
        );
        assert_eq!(
            column("tunnel", &of(("tunnel", "yes"))).as_deref(),
            Some("yes")
        );
        assert_eq!(
            column("tunnel", &of(("tunnel", "culvert"))).as_deref(),
            Some("no")
        );
    }

    #[test]
    fn seasons_come_from_seasonal_then_fords_then_closures_when_wet() {
        let dry = Some("dry".to_owned());
        let season = |tag| column_and_notes("season", &of(tag));
        assert_eq!(season(("seasonal", "no")), (Some("all".to_owned()), vec![]));
        assert_eq!(
            season(("seasonal", "wet_season")),
            (Some("wet".to_owned()), vec![])
        );
        assert_eq!(
            season(("seasonal", "yes")),
            (dry.clone(), vec![Note::Seasonal])
        );
        assert_eq!(season(("ford", "yes")), (dry.clone(), vec![Note::Ford]));
        assert_eq!(
            season(("ford", "stepping_stones")),
            (dry.clone(), vec![Note::Ford])
        );
        assert_eq!(season(("ford", "no")), (None, vec![]));
        assert_eq!(
            season(("bridge", "low_water_crossing")),
            (dry.clone(), vec![Note::Ford])
        );
        assert_eq!(
            season(("access:conditional", "no @ (wet)")),
            (dry, vec![Note::ClosedWhenWet])
        );
        for unclear in ["no @ (Nov-Apr)", "no @ wet; yes @ dry", "yes @ wet", "no"] {
            assert_eq!(
                season(("access:conditional", unclear)),
                (None, vec![Note::NotModelled("access:conditional")]),
                "{unclear}"
            );
        }
        assert_eq!(
            column(
                "season",
                &[("highway", "path"), ("ford", "yes"), ("bridge", "yes")]
            ),
            None
        );
        assert_eq!(
            column(
                "season",
                &[("highway", "path"), ("ford", "yes"), ("seasonal", "no")]
            )
            .as_deref(),
            Some("all")
        );
    }

    #[test]
    fn units_are_turned_into_metres_and_kilometres() {
        let speed = |value| column("max_speed_kmh", &of(("maxspeed", value)));
        assert_eq!(speed("50").as_deref(), Some("50"));
        assert_eq!(speed("30 mph"), Some((30.0 * KM_PER_MILE).to_string()));
        assert_eq!(speed("60 km/h").as_deref(), Some("60"));
        assert_eq!(speed("none"), None);
        assert_eq!(speed("ID:urban"), None);
        assert_eq!(speed("fast").as_deref(), Some("fast"));
        let width = |value| column("width_m", &of(("width", value)));
        assert_eq!(width("3.5").as_deref(), Some("3.5"));
        assert_eq!(width("10'"), Some((10.0 * METRES_PER_FOOT).to_string()));
        assert_eq!(width("10'6\""), Some((10.5 * METRES_PER_FOOT).to_string()));
        assert_eq!(width("3 m").as_deref(), Some("3 m"));
    }

    #[test]
    fn barred_modes_are_listed_by_name() {
        assert_eq!(
            column("barred", &of(("motor_vehicle", "no"))).as_deref(),
            Some("motorcycle car ambulance")
        );
        assert_eq!(column("barred", &of(("access", "yes"))), None);
    }
}
