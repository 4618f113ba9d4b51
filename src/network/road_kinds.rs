//! What is known of roads besides their lines: few combinations, each kept once.

use std::collections::HashMap;

use super::road_network::id;
use crate::domain::{Condition, ModeSet, OneWay, RoadClass, SeasonAccess, Surface};

/// All that decides who may travel along a road, when, and how fast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoadAttributes {
    /// Its class.
    pub class: RoadClass,
    /// What it is covered with; none is unknown.
    pub surface: Option<Surface>,
    /// Its state of repair; none is unknown.
    pub condition: Option<Condition>,
    /// Directions for vehicles, along the line or the edge.
    pub one_way: OneWay,
    /// Whether it is a bridge.
    pub is_bridge: bool,
    /// Whether it is a tunnel: like a bridge, it is joined to nothing that it only passes over or under.
    pub is_tunnel: bool,
    /// Modes that may not use it, whatever its class says.
    pub barred: ModeSet,
    /// When it and, in a network, its crossings can be used; none is unknown and counts as all year.
    pub season: Option<SeasonAccess>,
    /// Signed maximum speed; in a network a positive number.
    pub max_speed_kmh: Option<f64>,
}

/// Something of [`RoadAttributes`] that has an order.
pub(super) type KindKey = (
    (RoadClass, Option<Surface>, Option<Condition>, OneWay),
    (bool, bool, ModeSet),
    (Option<SeasonAccess>, Option<u64>),
);

impl RoadAttributes {
    /// A road of which nothing but the class is known.
    pub fn of_class(class: RoadClass) -> Self {
        Self {
            class,
            surface: None,
            condition: None,
            one_way: OneWay::No,
            is_bridge: false,
            is_tunnel: false,
            barred: ModeSet::NONE,
            season: None,
            max_speed_kmh: None,
        }
    }

    /// The same road followed from its other end.
    #[must_use]
    pub fn turned(self) -> Self {
        let one_way = match self.one_way {
            OneWay::No => OneWay::No,
            OneWay::Forward => OneWay::Backward,
            OneWay::Backward => OneWay::Forward,
        };
        Self { one_way, ..self }
    }

    pub(super) fn key(&self) -> KindKey {
        (
            (self.class, self.surface, self.condition, self.one_way),
            (self.is_bridge, self.is_tunnel, self.barred),
            (self.season, self.max_speed_kmh.map(f64::to_bits)),
        )
    }
}

/// Every combination of attributes met so far, by number.
#[derive(Debug, Default)]
pub(super) struct RoadKinds {
    pub(super) list: Vec<RoadAttributes>,
    /// Per kind the number of the same kind followed from the other end.
    turned: Vec<u32>,
    numbers: HashMap<KindKey, u32>,
}

impl RoadKinds {
    pub(super) fn number_of(&mut self, attributes: RoadAttributes) -> u32 {
        if let Some(number) = self.numbers.get(&attributes.key()) {
            return *number;
        }
        let number = self.push(attributes);
        let turned = attributes.turned();
        if turned != attributes {
            let other = self.push(turned);
            self.turned[number as usize] = other;
            self.turned[other as usize] = number;
        }
        number
    }

    fn push(&mut self, attributes: RoadAttributes) -> u32 {
        let number = id(self.list.len());
        self.list.push(attributes);
        self.turned.push(number);
        self.numbers.insert(attributes.key(), number);
        number
    }

    pub(super) fn turned(&self, kind: u32) -> u32 {
        self.turned[kind as usize]
    }
}
