//! The first pass over a file: which elements belong to which layer, and what is left out.

use std::collections::{BTreeMap, HashMap};

use crate::domain::{Finding, FindingCode};
use crate::ingest::findings::error;
use crate::ingest::reader::Stop;

use super::Kind;
use super::crossing;
use super::element::{Element, Identity, Node, Relation, Wanted, Way};
use super::mapped::{self, Belongs, MappedNote, Shape};
use super::places::NodeIds;
use super::road::{self, Reading};
use super::source::Source;
use super::tally::Tally;

/// Elements of one layer: some 40 bytes each, within the child's 2 GB. A province has about half a million roads.
const MAX_ELEMENTS: usize = 5_000_000;

/// What the first pass found.
pub(super) struct Survey {
    chosen: BTreeMap<Kind, ChosenOf>,
    /// Nodes of the ways of the layer that is wanted.
    pub(super) nodes: NodeIds,
    pub(super) tally: Tally,
}

/// The elements of one layer.
#[derive(Default)]
pub(super) struct ChosenOf {
    pub(super) nodes: Chosen,
    pub(super) ways: Chosen,
}

impl ChosenOf {
    pub(super) fn len(&self) -> u64 {
        self.nodes.len() + self.ways.len()
    }
}

impl Survey {
    /// Passes over the whole file; nodes are noted for the layer that is `wanted`.
    ///
    /// # Errors
    /// The file is refused.
    pub(super) fn of(source: &Source<'_>, wanted: Option<Kind>) -> Result<Self, Stop> {
        let mut survey = Self {
            chosen: BTreeMap::new(),
            nodes: NodeIds::new(),
            tally: Tally::default(),
        };
        let all = Wanted {
            nodes: true,
            ways: true,
            relations: true,
        };
        let (mut way_ranks, mut node_ranks) = (Ranks::default(), Ranks::default());
        source.read(all, &mut |element| {
            match element {
                Element::Node(node) => {
                    let rank = node_ranks.next(node.identity);
                    if node.identity.is_visible && !node.tags.0.is_empty() {
                        survey.node(&node, rank)?;
                    }
                }
                Element::Way(way) => {
                    let rank = way_ranks.next(way.identity);
                    if way.identity.is_visible && !way.tags.0.is_empty() {
                        survey.way(&way, rank, wanted)?;
                    }
                }
                Element::Relation(relation) if relation.identity.is_visible => {
                    survey.relation(&relation);
                }
                Element::Relation(_) => {}
            }
            Ok(())
        })?;
        Ok(survey)
    }

    fn node(&mut self, node: &Node<'_>, rank: Rank) -> Result<(), Finding> {
        if crossing::is_crossing(node) {
            self.of_kind(Kind::Crossings)
                .nodes
                .add(Kind::Crossings, node.identity.id, rank)?;
        }
        for kind in Kind::MAPPED {
            if self.is_of(kind, mapped::belongs(kind, &node.tags, Shape::Node)) {
                self.of_kind(kind).nodes.add(kind, node.identity.id, rank)?;
            }
        }
        Ok(())
    }

    fn way(&mut self, way: &Way<'_>, rank: Rank, wanted: Option<Kind>) -> Result<(), Finding> {
        let take = |survey: &mut Self, kind: Kind| {
            survey.of_kind(kind).ways.add(kind, way.identity.id, rank)?;
            if wanted == Some(kind) && way.places.is_empty() {
                survey.nodes.add(&way.nodes)?;
            }
            Ok::<(), Finding>(())
        };
        if road::may_be_road(&way.tags) {
            match road::read(way) {
                Reading::Other => {}
                Reading::Area => self.tally.n_areas += 1,
                Reading::NoRoad(class) => self.tally.no_road(&class),
                Reading::Road(_) => take(self, Kind::Roads)?,
            }
        }
        for kind in Kind::MAPPED {
            if self.is_of(kind, mapped::belongs(kind, &way.tags, way.shape())) {
                take(self, kind)?;
            }
        }
        Ok(())
    }

    /// Whether an element belongs to a layer; one that would, but for something, is counted.
    fn is_of(&mut self, kind: Kind, belongs: Belongs) -> bool {
        match belongs {
            Belongs::Yes => return true,
            Belongs::No => {}
            Belongs::Excepted => self.tally.mapped(kind, MappedNote::Excepted),
            Belongs::NoArea => self.tally.mapped(kind, MappedNote::NoArea),
        }
        false
    }

    fn relation(&mut self, relation: &Relation<'_>) {
        let tags = &relation.tags;
        let is_restriction = tags.is("type", "restriction")
            || tags
                .get("type")
                .is_some_and(|kind| kind.starts_with("restriction:"));
        self.tally.n_restrictions += u64::from(is_restriction);
        for kind in Kind::MAPPED {
            if mapped::is_area_of(kind, tags) {
                self.tally.mapped(kind, MappedNote::Relation);
            }
        }
    }

    fn of_kind(&mut self, kind: Kind) -> &mut ChosenOf {
        self.chosen.entry(kind).or_default()
    }

    /// The elements of a layer; they are taken out.
    pub(super) fn take(&mut self, kind: Kind) -> ChosenOf {
        self.chosen.remove(&kind).unwrap_or_default()
    }

    /// Number of features of a layer.
    pub(super) fn n_found(&self, kind: Kind) -> u64 {
        self.chosen.get(&kind).map_or(0, ChosenOf::len)
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
    fn add(&mut self, kind: Kind, id: i64, rank: Rank) -> Result<(), Finding> {
        let best = self.best.entry(id).or_insert(rank);
        *best = rank.max(*best);
        if self.best.len() <= MAX_ELEMENTS {
            return Ok(());
        }
        Err(error(
            FindingCode::ParseLimit,
            format!(
                "the file has more than {MAX_ELEMENTS} elements of {}",
                kind.name()
            ),
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
        chosen.add(Kind::Roads, 1, was_road.1).unwrap();
        chosen.add(Kind::Roads, 2, road.1).unwrap();
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
        chosen.add(Kind::Roads, 1, first.1).unwrap();
        chosen.add(Kind::Roads, 1, second.1).unwrap();
        for (identity, rank) in [first, second] {
            chosen.look_again(identity, rank);
        }
        assert!(chosen.is(second.0, second.1));
        assert!(!chosen.is(first.0, first.1));
        assert_eq!((chosen.n_older, chosen.n_repeated), (0, 1));
    }
}
