//! The first pass over a file: which ways are roads and which nodes crossings, and what is left out.

use std::collections::HashMap;

use crate::domain::{Finding, FindingCode};
use crate::ingest::findings::error;
use crate::ingest::reader::Stop;

use super::Kind;
use super::crossing;
use super::element::{Element, Identity, Wanted};
use super::places::NodeIds;
use super::road::{self, Reading};
use super::source::Source;
use super::tally::Tally;

/// Elements of one layer: some 40 bytes each, within the child's 2 GB. A province has about half a million roads.
const MAX_ELEMENTS: usize = 5_000_000;

/// What the first pass found.
pub(super) struct Survey {
    pub(super) roads: Chosen,
    pub(super) crossings: Chosen,
    pub(super) nodes: NodeIds,
    pub(super) tally: Tally,
}

impl Survey {
    /// Passes over the whole file.
    ///
    /// # Errors
    /// The file is refused.
    pub(super) fn of(source: &Source<'_>) -> Result<Self, Stop> {
        let mut survey = Self {
            roads: Chosen::default(),
            crossings: Chosen::default(),
            nodes: NodeIds::new(),
            tally: Tally::default(),
        };
        let wanted = Wanted {
            nodes: true,
            ways: true,
            relations: true,
        };
        let (mut way_ranks, mut node_ranks) = (Ranks::default(), Ranks::default());
        source.read(wanted, &mut |element| {
            match element {
                Element::Node(node) => {
                    let rank = node_ranks.next(node.identity);
                    if node.identity.is_visible && crossing::is_crossing(&node) {
                        survey.crossings.add(node.identity.id, rank)?;
                    }
                }
                Element::Way(way) => {
                    let rank = way_ranks.next(way.identity);
                    if !way.identity.is_visible || !road::may_be_road(&way.tags) {
                        return Ok(());
                    }
                    match road::read(&way) {
                        Reading::Other => {}
                        Reading::Area => survey.tally.n_areas += 1,
                        Reading::NoRoad(class) => survey.tally.no_road(&class),
                        Reading::Road(_) => {
                            survey.roads.add(way.identity.id, rank)?;
                            if way.places.is_empty() {
                                survey.nodes.add(&way.nodes)?;
                            }
                        }
                    }
                }
                Element::Relation(relation) => {
                    let tags = &relation.tags;
                    let is_restriction = tags.is("type", "restriction")
                        || tags
                            .get("type")
                            .is_some_and(|kind| kind.starts_with("restriction:"));
                    survey.tally.n_restrictions +=
                        u64::from(is_restriction && relation.identity.is_visible);
                }
            }
            Ok(())
        })?;
        Ok(survey)
    }

    /// Number of features of a layer.
    pub(super) fn n_found(&self, kind: Kind) -> u64 {
        match kind {
            Kind::Roads => self.roads.len(),
            Kind::Crossings => self.crossings.len(),
        }
    }
}

/// Which of several elements with one id counts: the highest version, among equal ones the last in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    version: u32,
    position: u64,
}

/// Gives the elements of one kind their ranks, in the order of the file.
#[derive(Default)]
pub(super) struct Ranks {
    n_seen: u64,
}

impl Ranks {
    pub(super) fn next(&mut self, identity: Identity) -> Rank {
        self.n_seen += 1;
        Rank {
            version: identity.version,
            position: self.n_seen,
        }
    }
}

/// The elements of a layer, each in the version that counts.
#[derive(Default)]
pub(super) struct Chosen {
    best: HashMap<i64, Rank>,
    /// Older versions of elements of the layer.
    pub(super) n_older: u64,
    /// Elements with the id and version of another one.
    pub(super) n_repeated: u64,
}

impl Chosen {
    /// Adds an element of the layer.
    ///
    /// # Errors
    /// There are more than [`MAX_ELEMENTS`].
    fn add(&mut self, id: i64, rank: Rank) -> Result<(), Finding> {
        let best = self.best.entry(id).or_insert(rank);
        *best = rank.max(*best);
        if self.best.len() <= MAX_ELEMENTS {
            return Ok(());
        }
        Err(error(
            FindingCode::ParseLimit,
            format!("the file has more than {MAX_ELEMENTS} roads"),
            "cut the file to the district and its surroundings, for example with osmium extract",
        ))
    }

    /// Looks at an element again, whatever it is: one that is no longer of the layer in its highest version is out.
    pub(super) fn look_again(&mut self, identity: Identity, rank: Rank) {
        let Some(best) = self.best.get(&identity.id) else {
            return;
        };
        if rank == *best {
            return;
        }
        if rank.version == best.version {
            self.n_repeated += 1;
        } else {
            self.n_older += 1;
        }
        if rank > *best {
            self.best.remove(&identity.id);
        }
    }

    /// Whether this very element counts.
    pub(super) fn is(&self, identity: Identity, rank: Rank) -> bool {
        self.best.get(&identity.id) == Some(&rank)
    }

    pub(super) fn len(&self) -> u64 {
        self.best.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(id: i64, version: u32) -> Identity {
        Identity {
            id,
            version,
            is_visible: true,
        }
    }

    #[test]
    fn a_road_that_a_later_version_turns_into_something_else_is_out() {
        let mut ranks = Ranks::default();
        let file = [identity(1, 2), identity(1, 1), identity(2, 1)];
        let [no_road, was_road, road] = file.map(|each| (each, ranks.next(each)));
        let mut chosen = Chosen::default();
        chosen.add(1, was_road.1).unwrap();
        chosen.add(2, road.1).unwrap();
        for (identity, rank) in [no_road, was_road, road] {
            chosen.look_again(identity, rank);
        }
        assert!(!chosen.is(was_road.0, was_road.1));
        assert!(chosen.is(road.0, road.1));
        assert_eq!((chosen.n_older, chosen.n_repeated), (1, 0));
    }

    #[test]
    fn of_equal_versions_the_last_counts() {
        let mut ranks = Ranks::default();
        let [first, second] = [identity(1, 1), identity(1, 1)].map(|each| (each, ranks.next(each)));
        let mut chosen = Chosen::default();
        chosen.add(1, first.1).unwrap();
        chosen.add(1, second.1).unwrap();
        for (identity, rank) in [first, second] {
            chosen.look_again(identity, rank);
        }
        assert!(chosen.is(second.0, second.1));
        assert!(!chosen.is(first.0, first.1));
        assert_eq!((chosen.n_older, chosen.n_repeated), (0, 1));
    }
}
