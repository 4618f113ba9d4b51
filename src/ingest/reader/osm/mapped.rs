//! What tags say of places and barriers, in the words of their layers; the rules are in `data/osm.toml`.

use std::collections::BTreeSet;

use crate::domain::{SeasonAccess, Status};
use crate::ingest::protocol::Cell;
use crate::ingest::synonyms::folded_word;

use super::Kind;
use super::element::Tags;
use super::rules::{MappedRules, RULES, TagValues};

/// The columns of a facility; `osm_tag` is what made it one.
pub(super) const FACILITY_COLUMNS: [&str; 8] = [
    "id", "name", "tier", "status", "capacity", "improved", "season", "osm_tag",
];
/// The columns of a settlement.
pub(super) const SETTLEMENT_COLUMNS: [&str; 4] = ["id", "name", "population", "osm_tag"];
/// The columns of a village office.
pub(super) const OFFICE_COLUMNS: [&str; 3] = ["id", "name", "osm_tag"];
/// The columns of a barrier.
pub(super) const BARRIER_COLUMNS: [&str; 2] = ["id", "kind"];

/// Keys of the number of people or beds, best first.
const CAPACITY_KEYS: [&str; 4] = ["capacity:beds", "beds", "capacity:persons", "capacity"];

/// What kind of element has the tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    Node,
    /// A way that does not end where it starts.
    Line,
    /// A way that does.
    Ring,
}

impl Shape {
    fn word(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Line | Self::Ring => "way",
        }
    }
}

/// Whether an element belongs to a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Belongs {
    Yes,
    No,
    /// By its tags, but another tag says that it is of no use.
    Excepted,
    /// By its tags, but it is no area.
    NoArea,
}

/// Something about an element that the report tells with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MappedNote {
    /// A group of ways that would be an area.
    Relation,
    /// Left out because another tag says that it is of no use.
    Excepted,
    /// Left out because its line is not closed.
    NoArea,
    /// It works, since nothing says otherwise.
    Functioning,
    /// Its tier is told by its name.
    TierFromName,
    /// Whether its water is from an improved source is told by its kind.
    Improved,
    /// It has water for a part of the year.
    Seasonal,
}

/// Whether an element belongs to a layer of places or barriers.
pub(super) fn belongs(kind: Kind, tags: &Tags<'_>, shape: Shape) -> Belongs {
    let Some(rules) = rules(kind).filter(|rules| what(rules, tags).is_some()) else {
        return Belongs::No;
    };
    let is_wrong_shape = match kind {
        Kind::Barriers => shape == Shape::Node,
        _ => shape == Shape::Line,
    };
    if rules.unless.first(tags).is_some() {
        Belongs::Excepted
    } else if is_wrong_shape && kind == Kind::Barriers {
        Belongs::No
    } else if is_wrong_shape {
        Belongs::NoArea
    } else {
        Belongs::Yes
    }
}

/// Whether a relation with these tags would be an area of a layer.
pub(super) fn is_area_of(kind: Kind, tags: &Tags<'_>) -> bool {
    tags.is("type", "multipolygon") && rules(kind).is_some_and(|rules| what(rules, tags).is_some())
}

fn rules(kind: Kind) -> Option<&'static MappedRules> {
    RULES.mapped.get(&kind.layer())
}

/// The tag that makes an element one of the layer.
fn what(rules: &MappedRules, tags: &Tags<'_>) -> Option<(String, String)> {
    rules.tags.first_but(tags, &rules.but)
}

/// The values of an element that belongs to a layer, in the order of its columns; `notes` takes what was assumed.
pub(super) fn values(
    kind: Kind,
    id: i64,
    shape: Shape,
    tags: &Tags<'_>,
    notes: &mut BTreeSet<MappedNote>,
) -> Vec<Cell> {
    let Some(rules) = rules(kind) else {
        return Vec::new();
    };
    let id = Cell::Text(format!("{}/{id}", shape.word()));
    let (key, value) = what(rules, tags).unwrap_or_default();
    let name = ["name", "name:id"].iter().find_map(|key| tags.get(key));
    match kind {
        Kind::Barriers => vec![id, Cell::Text(value)],
        Kind::VillageOffices => vec![id, text(name), Cell::Text(format!("{key}={value}"))],
        Kind::Settlements => vec![
            id,
            text(name),
            text(tags.get("population")),
            Cell::Text(format!("{key}={value}")),
        ],
        _ => vec![
            id,
            text(name),
            text(tier(rules, name, tags, notes)),
            status(tags, notes),
            text(CAPACITY_KEYS.iter().find_map(|key| tags.get(key))),
            text(improved(rules, tags, notes)),
            text(season(kind, tags, notes).map(SeasonAccess::as_str)),
            Cell::Text(format!("{key}={value}")),
        ],
    }
}

fn text(text: Option<&str>) -> Cell {
    text.map_or(Cell::Empty, |text| Cell::Text(text.to_owned()))
}

fn tier<'a>(
    rules: &'a MappedRules,
    name: Option<&str>,
    tags: &Tags<'_>,
    notes: &mut BTreeSet<MappedNote>,
) -> Option<&'a str> {
    let by_name = name.and_then(|name| {
        let name = folded_word(name);
        let tier = rules
            .tiers
            .iter()
            .find(|tier| tier.names.iter().any(|word| holds(&name, word)))?;
        notes.insert(MappedNote::TierFromName);
        Some(tier)
    });
    let tier = by_name.or_else(|| {
        rules
            .tiers
            .iter()
            .find(|tier| tier.tags.first(tags).is_some())
    });
    tier.map(|tier| tier.is.as_str())
}

/// Whether a name has a word or words in it; two letters only at its start, since elsewhere they mean anything.
fn holds(name: &str, word: &str) -> bool {
    let is_bounded = |text: Option<char>| text.is_none_or(|next| !next.is_alphanumeric());
    name.match_indices(word).any(|(at, _)| {
        let is_at_start = at == 0;
        let is_long = 2 < word.chars().count();
        (is_at_start || is_long)
            && is_bounded(name[..at].chars().next_back())
            && is_bounded(name[at + word.len()..].chars().next())
    })
}

fn status(tags: &Tags<'_>, notes: &mut BTreeSet<MappedNote>) -> Cell {
    if let Some(stated) = tags.get("operational_status") {
        return text(Some(stated));
    }
    let ended = RULES
        .mapped_status
        .iter()
        .find(|(_, values)| values.first(tags).is_some());
    let status = ended.map_or_else(
        || {
            notes.insert(MappedNote::Functioning);
            Status::Functioning
        },
        |(status, _)| *status,
    );
    text(Some(status.as_str()))
}

fn improved(
    rules: &MappedRules,
    tags: &Tags<'_>,
    notes: &mut BTreeSet<MappedNote>,
) -> Option<&'static str> {
    let improved = if rules.unimproved.first(tags).is_some() {
        "no"
    } else if rules.improved.first(tags).is_some() {
        "yes"
    } else {
        return None;
    };
    notes.insert(MappedNote::Improved);
    Some(improved)
}

/// When a water point has water, where something says it; a part of the year is the wet one.
fn season(kind: Kind, tags: &Tags<'_>, notes: &mut BTreeSet<MappedNote>) -> Option<SeasonAccess> {
    if kind != Kind::WaterPoints {
        return None;
    }
    let season = match (tags.get("seasonal"), tags.get("intermittent")) {
        (Some("no"), _) => return Some(SeasonAccess::All),
        (Some("dry_season"), _) => SeasonAccess::Dry,
        (Some("yes" | "wet_season"), _) | (None, Some("yes")) => SeasonAccess::Wet,
        _ => return None,
    };
    notes.insert(MappedNote::Seasonal);
    Some(season)
}

impl TagValues {
    /// The first tag of an element that is listed, with the value that is.
    fn first(&self, tags: &Tags<'_>) -> Option<(String, String)> {
        self.first_but(tags, &Self::default())
    }

    /// As [`Self::first`]; `*` stands for any value that `but` does not list.
    fn first_but(&self, tags: &Tags<'_>, but: &Self) -> Option<(String, String)> {
        self.0.iter().find_map(|(key, values)| {
            let stated = tags.get(key)?;
            let any = values.iter().any(|value| value == "*");
            let others = but.0.get(key);
            let value = stated.split(';').map(str::trim).find(|value| {
                let is_other =
                    others.is_some_and(|others| others.iter().any(|other| other == value));
                values.iter().any(|listed| listed == value) || (any && !is_other)
            })?;
            Some((key.clone(), value.to_owned()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pairs = [(&'static str, &'static str)];

    fn tags(pairs: &Pairs) -> Tags<'static> {
        let pairs = pairs.iter();
        Tags(
            pairs
                .map(|(key, value)| ((*key).into(), (*value).into()))
                .collect(),
        )
    }

    fn shown(kind: Kind, pairs: &Pairs) -> (Vec<String>, Vec<MappedNote>) {
        let mut notes = BTreeSet::new();
        let values = values(kind, 7, Shape::Node, &tags(pairs), &mut notes);
        assert_eq!(values.len(), kind.columns().len());
        let shown = values.into_iter().map(|value| match value {
            Cell::Text(text) => text,
            _ => "-".to_owned(),
        });
        (shown.collect(), notes.into_iter().collect())
    }

    fn is(kind: Kind, pairs: &Pairs) -> Belongs {
        belongs(kind, &tags(pairs), Shape::Node)
    }

    #[test]
    fn a_clinic_is_whatever_treats_people() {
        for pairs in [
            [("amenity", "clinic")],
            [("amenity", "hospital")],
            [("amenity", "health_post")],
            [("healthcare", "midwife")],
            [("healthcare", "yes")],
            [("healthcare", "pharmacy;doctor")],
        ] {
            assert_eq!(is(Kind::Clinics, &pairs), Belongs::Yes, "{pairs:?}");
        }
        for pairs in [
            [("healthcare", "pharmacy")],
            [("healthcare", "no")],
            [("amenity", "pharmacy")],
            [("disused:amenity", "clinic")],
        ] {
            assert_eq!(is(Kind::Clinics, &pairs), Belongs::No, "{pairs:?}");
        }
    }

    #[test]
    fn the_name_tells_the_tier_before_the_tag_does() {
        let tier = |name: &'static str, amenity: &'static str| {
            let (values, notes) = shown(Kind::Clinics, &[("amenity", amenity), ("name", name)]);
            (values[2].clone(), notes.contains(&MappedNote::TierFromName))
        };
        let told = |tier: &str| (tier.to_owned(), true);
        assert_eq!(tier("UPTD Puskesmas Limun", "hospital"), told("puskesmas"));
        assert_eq!(tier("Puskesmas Pembantu Mersip", "clinic"), told("pustu"));
        assert_eq!(tier("PUSTU Mersip", "clinic"), told("pustu"));
        assert_eq!(tier("RS Bunda", "clinic"), told("rumah-sakit"));
        assert_eq!(
            tier("Klinik dr. RS Harahap", "clinic"),
            ("-".to_owned(), false)
        );
        assert_eq!(
            tier("Landesspital", "hospital"),
            ("rumah-sakit".to_owned(), false)
        );
        assert_eq!(tier("Puskesmasan", "doctors"), ("-".to_owned(), false));
    }

    #[test]
    fn schools_have_the_level_of_their_name_or_of_isced() {
        let tier = |pairs: &Pairs| shown(Kind::Schools, pairs).0[2].clone();
        let school = ("amenity", "school");
        assert_eq!(tier(&[school, ("name", "SDN 12/VII Limun")]), "sd");
        assert_eq!(tier(&[school, ("name", "MTs. Nurul Huda")]), "smp");
        assert_eq!(tier(&[school, ("name", "MA Nurul Huda")]), "sma");
        assert_eq!(tier(&[school, ("name", "Pondok Ma Nurul")]), "-");
        assert_eq!(tier(&[school, ("isced:level", "2;3")]), "smp");
        assert_eq!(tier(&[school, ("school:type_idn", "SMK")]), "sma");
    }

    #[test]
    fn what_nobody_may_drink_or_take_is_no_water_point() {
        let well = ("man_made", "water_well");
        assert_eq!(is(Kind::WaterPoints, &[well]), Belongs::Yes);
        assert_eq!(
            is(Kind::WaterPoints, &[well, ("drinking_water", "no")]),
            Belongs::Excepted
        );
        assert_eq!(
            is(Kind::WaterPoints, &[well, ("access", "private")]),
            Belongs::Excepted
        );
        let improved = |pairs: &Pairs| shown(Kind::WaterPoints, pairs).0[5].clone();
        assert_eq!(improved(&[well]), "-");
        assert_eq!(improved(&[well, ("pump", "manual")]), "yes");
        assert_eq!(improved(&[well, ("pump", "no")]), "no");
        assert_eq!(improved(&[("man_made", "water_tap")]), "yes");
        assert_eq!(
            improved(&[("natural", "spring"), ("protected", "no")]),
            "no"
        );
        let season = |pairs: &Pairs| shown(Kind::WaterPoints, pairs).0[6].clone();
        assert_eq!(season(&[("natural", "spring"), ("seasonal", "yes")]), "wet");
        assert_eq!(
            season(&[("natural", "spring"), ("intermittent", "yes")]),
            "wet"
        );
        assert_eq!(season(&[("natural", "spring"), ("seasonal", "no")]), "all");
    }

    #[test]
    fn what_is_there_works_unless_it_says_otherwise() {
        let status = |tag: (&'static str, &'static str)| {
            let (values, notes) = shown(Kind::Clinics, &[("amenity", "clinic"), tag]);
            (values[3].clone(), notes.contains(&MappedNote::Functioning))
        };
        assert_eq!(status(("name", "x")), ("functioning".to_owned(), true));
        assert_eq!(status(("disused", "yes")), ("broken".to_owned(), false));
        assert_eq!(status(("abandoned", "yes")), ("gone".to_owned(), false));
        assert_eq!(status(("disused", "no")), ("functioning".to_owned(), true));
        assert_eq!(
            status(("operational_status", "closed")),
            ("closed".to_owned(), false)
        );
    }

    #[test]
    fn places_are_points_or_areas_and_barriers_lines_or_areas() {
        let school = tags(&[("amenity", "school")]);
        assert_eq!(belongs(Kind::Schools, &school, Shape::Ring), Belongs::Yes);
        assert_eq!(
            belongs(Kind::Schools, &school, Shape::Line),
            Belongs::NoArea
        );
        let river = tags(&[("waterway", "river")]);
        assert_eq!(belongs(Kind::Barriers, &river, Shape::Line), Belongs::Yes);
        assert_eq!(belongs(Kind::Barriers, &river, Shape::Node), Belongs::No);
        let culvert = tags(&[("waterway", "river"), ("tunnel", "culvert")]);
        assert_eq!(
            belongs(Kind::Barriers, &culvert, Shape::Line),
            Belongs::Excepted
        );
        let (values, _) = shown(Kind::Barriers, &[("natural", "water"), ("water", "lake")]);
        assert_eq!(values, ["node/7", "water"]);
        let (values, _) = shown(
            Kind::Settlements,
            &[
                ("place", "hamlet"),
                ("name", "Dusun A"),
                ("population", "120"),
            ],
        );
        assert_eq!(values, ["node/7", "Dusun A", "120", "place=hamlet"]);
        let relation = tags(&[("type", "multipolygon"), ("natural", "water")]);
        assert!(is_area_of(Kind::Barriers, &relation));
        assert!(!is_area_of(Kind::Clinics, &relation));
    }
}
