//! What was left out or assumed, counted, and told once at the end.

use std::collections::BTreeMap;

use crate::domain::{Finding, FindingCode, Severity};
use crate::ingest::findings::shortened;
use crate::ingest::protocol::Frame;
use crate::ingest::reader::Stop;

use super::mapped::MappedNote;
use super::road::Note;
use super::{Kind, Sink};

/// Different values told apart; the rest is one line.
const MAX_VALUES: usize = 100;

/// Counts of one file.
#[derive(Default)]
pub(super) struct Tally {
    /// Relations that forbid or demand a turn.
    pub(super) n_restrictions: u64,
    /// Ways that are areas.
    pub(super) n_areas: u64,
    /// Roads that were cut at the antimeridian.
    pub(super) n_over_antimeridian: u64,
    /// Versions of elements that newer ones replace.
    pub(super) n_older: u64,
    /// Elements that are in the file more than once.
    pub(super) n_repeated: u64,
    /// Ways with a `highway` that are no roads, by its value.
    no_roads: BTreeMap<String, u64>,
    notes: BTreeMap<Note, u64>,
    mapped: BTreeMap<(Kind, MappedNote), u64>,
}

impl Tally {
    /// Counts a way that is no road.
    pub(super) fn no_road(&mut self, highway: &str) {
        let highway = shortened(highway);
        let is_known = self.no_roads.len() < MAX_VALUES || self.no_roads.contains_key(&highway);
        let highway = if is_known {
            highway
        } else {
            "others".to_owned()
        };
        *self.no_roads.entry(highway).or_default() += 1;
    }

    /// Counts what was noted of a road.
    pub(super) fn note(&mut self, note: Note) {
        let note = match note {
            Note::Strange(value) => Note::Strange(shortened(&value)),
            note => note,
        };
        let is_known = self.notes.len() < MAX_VALUES || self.notes.contains_key(&note);
        let note = if is_known {
            note
        } else {
            Note::Strange("others".to_owned())
        };
        *self.notes.entry(note).or_default() += 1;
    }

    /// Counts what was noted of a place or barrier.
    pub(super) fn mapped(&mut self, kind: Kind, note: MappedNote) {
        *self.mapped.entry((kind, note)).or_default() += 1;
    }

    /// Sends a finding for each count that is not 0 and matters to the layer, or to any where none is named.
    ///
    /// # Errors
    /// The pipe is gone.
    pub(super) fn send(&self, kind: Option<Kind>, sink: Sink<'_>) -> Result<(), Stop> {
        let of_roads = kind.is_none_or(|kind| kind == Kind::Roads);
        let if_roads = |count: u64| if of_roads { count } else { 0 };
        let no_roads: u64 = self.no_roads.values().sum();
        let values: Vec<String> = self
            .no_roads
            .iter()
            .map(|(value, count)| format!("{value} {count}"))
            .collect();
        let whole = [
            (
                if_roads(self.n_restrictions),
                ignored(
                    "restriction",
                    "turn restrictions are not taken into account; routes may turn where it is forbidden",
                ),
            ),
            (
                if_roads(self.n_areas),
                ignored(
                    "area",
                    "ways with `highway` are areas or outlines of buildings, not lines to travel along, and were left out",
                ),
            ),
            (
                if_roads(no_roads),
                ignored(
                    "highway",
                    &format!(
                        "ways with `highway` are not roads that can be used, and were left out: {}",
                        values.join(", ")
                    ),
                ),
            ),
            (
                self.n_older,
                ignored(
                    "version",
                    "older versions of elements were left out; the newest one counts",
                ),
            ),
            (
                self.n_repeated,
                Finding {
                    field: Some("id".to_owned()),
                    ..Finding::new(
                        Severity::Warning,
                        FindingCode::KeyDuplicate,
                        "elements are in the file more than once in one version; the last of each counts",
                        "merge extracts with osmium merge, which keeps one of each",
                    )
                },
            ),
            (
                self.n_over_antimeridian,
                Finding {
                    severity: Severity::Warning,
                    ..ignored(
                        "geometry",
                        "lines cross the antimeridian and were cut there; no way leads from one side to the other",
                    )
                },
            ),
        ];
        let notes = self.notes.iter().map(|(note, count)| (*count, told(note)));
        let mapped = self
            .mapped
            .iter()
            .filter(|((of, _), _)| kind.is_none_or(|kind| kind == *of))
            .map(|((of, note), count)| (*count, told_of_mapped(*of, *note)));
        for (count, finding) in whole.into_iter().chain(notes).chain(mapped) {
            if 0 < count {
                sink(Frame::Finding(Finding {
                    cause: format!("{count} {}", finding.cause),
                    ..finding
                }))?;
            }
        }
        Ok(())
    }
}

fn told(note: &Note) -> Finding {
    match note {
        Note::FromSmoothness => {
            assumed("condition", "roads have their condition from `smoothness`")
        }
        Note::FromTracktype => assumed("condition", "tracks have their condition from `tracktype`"),
        Note::Ford => assumed(
            "season",
            "roads go through a ford and count as open in the dry season only",
        ),
        Note::Seasonal => assumed(
            "season",
            "roads are `seasonal=yes` and count as open in the dry season only",
        ),
        Note::ClosedWhenWet => assumed(
            "season",
            "roads are closed when wet and count as open in the dry season only",
        ),
        Note::NotModelled(key) => ignored(
            key,
            &format!("roads have `{key}`, which is not taken into account"),
        ),
        Note::Strange(value) => Finding {
            value: Some(value.clone()),
            ..ignored(
                value.split('=').next().unwrap_or_default(),
                "roads have a value that is not understood and was left out",
            )
        },
    }
}

fn told_of_mapped(kind: Kind, note: MappedNote) -> Finding {
    let layer = kind.name();
    match note {
        MappedNote::Relation => Finding {
            severity: Severity::Warning,
            mend: "where they matter, export them in QGIS, for example with QuickOSM".to_owned(),
            ..ignored(
                "multipolygon",
                &format!("{layer} are relations of several ways, which are not read"),
            )
        },
        MappedNote::Excepted => ignored(
            "osm_tag",
            &format!("{layer} were left out, since another tag says that they do not count"),
        ),
        MappedNote::NoArea => ignored(
            "osm_tag",
            &format!("{layer} are ways that are not closed, and were left out"),
        ),
        MappedNote::Functioning => assumed(
            "status",
            &format!("{layer} count as functioning, since nothing says otherwise"),
        ),
        MappedNote::TierFromName => {
            assumed("tier", &format!("{layer} have their tier from their name"))
        }
        MappedNote::Improved => assumed(
            "improved",
            &format!("{layer} count as improved or not by what they are"),
        ),
        MappedNote::Seasonal => assumed(
            "season",
            &format!("{layer} have water for a part of the year, by `seasonal` or `intermittent`"),
        ),
    }
}

fn ignored(field: &str, cause: &str) -> Finding {
    Finding {
        field: Some(field.to_owned()),
        ..Finding::new(
            Severity::Info,
            FindingCode::OsmIgnored,
            cause,
            "nothing to do; docs/IMPORTING.md lists what is read",
        )
    }
}

fn assumed(field: &str, cause: &str) -> Finding {
    Finding {
        field: Some(field.to_owned()),
        ..Finding::new(
            Severity::Info,
            FindingCode::OsmAssumed,
            format!("{cause} (assumed)"),
            "nothing to do; docs/IMPORTING.md gives the rule",
        )
    }
}
