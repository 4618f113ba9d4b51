//! Where the nodes of the ways that are read are: only those, since an extract has ten times as many others.

use crate::domain::{Finding, FindingCode};
use crate::ingest::findings::error;

use super::element::Node;
use super::line::Known;

/// Different nodes that roads may have: 24 bytes each, within the child's 2 GB. A province has some five million.
const MAX_NODES: usize = 30_000_000;

/// Ids collected before repeated ones are first taken out.
const FIRST_TIDY: usize = 1 << 20;

/// Ids of nodes while they are collected.
pub(super) struct NodeIds {
    ids: Vec<i64>,
    tidy_at: usize,
}

impl NodeIds {
    pub(super) fn new() -> Self {
        Self {
            ids: Vec::new(),
            tidy_at: FIRST_TIDY,
        }
    }

    /// Adds the nodes of a way.
    ///
    /// # Errors
    /// There are more than [`MAX_NODES`] different ones.
    pub(super) fn add(&mut self, nodes: &[i64]) -> Result<(), Finding> {
        self.ids.extend_from_slice(nodes);
        if self.ids.len() < self.tidy_at {
            return Ok(());
        }
        self.tidy();
        // Twice as many as are different now, so that all tidying together costs O(n log n).
        self.tidy_at = (self.ids.len() * 2).max(FIRST_TIDY);
        if self.ids.len() <= MAX_NODES {
            return Ok(());
        }
        Err(error(
            FindingCode::ParseLimit,
            format!("the ways of the layer have more than {MAX_NODES} nodes"),
            "cut the file to the district and its surroundings, for example with osmium extract",
        ))
    }

    fn tidy(&mut self) {
        self.ids.sort_unstable();
        self.ids.dedup();
    }

    /// Room for their places.
    pub(super) fn into_places(mut self) -> Places {
        self.tidy();
        self.ids.shrink_to_fit();
        Places {
            slots: vec![Slot::EMPTY; self.ids.len()],
            ids: self.ids,
            n_repeated: 0,
        }
    }
}

/// What is known of a node.
#[derive(Debug, Clone, Copy)]
struct Slot {
    version: u32,
    /// None until the node turns up.
    known: Option<Known>,
}

impl Slot {
    const EMPTY: Self = Self {
        version: 0,
        known: None,
    };
}

/// Places of nodes by id. `ids` is sorted, each once; `slots[i]` is of `ids[i]`.
pub(super) struct Places {
    ids: Vec<i64>,
    slots: Vec<Slot>,
    /// Nodes that turned up again in the same version.
    pub(super) n_repeated: u64,
}

impl Places {
    /// Keeps the place of a node, if a road has it: the highest version counts, among equal ones the last.
    pub(super) fn note(&mut self, node: &Node<'_>) {
        let Ok(position) = self.ids.binary_search(&node.identity.id) else {
            return;
        };
        let slot = &mut self.slots[position];
        let is_newest = slot.known.is_none() || slot.version <= node.identity.version;
        let is_repeated = slot.known.is_some() && slot.version == node.identity.version;
        self.n_repeated += u64::from(is_repeated);
        if is_newest {
            slot.version = node.identity.version;
            slot.known = Some(match node.place {
                _ if !node.identity.is_visible => Known::Missing,
                Some(place) => Known::At(place),
                None => Known::Nowhere,
            });
        }
    }

    /// What is known of a node.
    pub(super) fn of(&self, id: i64) -> Known {
        let position = self.ids.binary_search(&id);
        let known = position
            .ok()
            .and_then(|position| self.slots[position].known);
        known.unwrap_or(Known::Missing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::element::{Identity, Place, Tags};
    use super::*;

    fn node(id: i64, version: u32, lon: f64, is_visible: bool) -> Node<'static> {
        Node {
            identity: Identity {
                id,
                version,
                is_visible,
            },
            place: Place::of_degrees(lon, 0.0),
            tags: Tags::default(),
        }
    }

    fn at(lon: f64) -> Known {
        Known::At(Place::of_degrees(lon, 0.0).unwrap())
    }

    #[test]
    fn the_highest_version_of_a_node_counts_whenever_it_comes() {
        let mut ids = NodeIds::new();
        ids.add(&[5, -2, 5]).unwrap();
        let mut places = ids.into_places();
        places.note(&node(5, 2, 10.0, true));
        places.note(&node(5, 1, 20.0, true));
        places.note(&node(9, 1, 30.0, true));
        assert_eq!(places.of(5), at(10.0));
        assert_eq!(
            (places.of(-2), places.of(9)),
            (Known::Missing, Known::Missing)
        );
        places.note(&node(5, 2, 11.0, true));
        assert_eq!((places.of(5), places.n_repeated), (at(11.0), 1));
        places.note(&node(5, 3, 0.0, false));
        assert_eq!(places.of(5), Known::Missing);
        places.note(&node(-2, 1, 200.0, true));
        assert_eq!(places.of(-2), Known::Nowhere);
    }

    #[test]
    fn repeated_ids_take_no_room() {
        let mut ids = NodeIds::new();
        let way: Vec<i64> = (0..1000).collect();
        for _ in 0..5000 {
            ids.add(&way).unwrap();
        }
        assert!(ids.ids.len() <= FIRST_TIDY + 1000);
        assert_eq!(ids.into_places().ids, way);
    }
}
