//! What is known of a road segment besides its line.

use super::words::words;

words!(
    /// The class of a road: OSM's `highway` values, links folded into their class.
    ///
    /// Indonesian classes are mapped onto these in `data/road-classes.toml`.
    RoadClass, "road class", {
        /// *Jalan tol*.
        Motorway = "motorway",
        /// *Jalan nasional*.
        Trunk = "trunk",
        /// *Jalan provinsi*.
        Primary = "primary",
        /// *Jalan kabupaten*, major.
        Secondary = "secondary",
        /// *Jalan kabupaten*, minor.
        Tertiary = "tertiary",
        /// *Jalan desa*.
        Unclassified = "unclassified",
        /// Within a settlement.
        Residential = "residential",
        /// Walking pace has priority.
        LivingStreet = "living_street",
        /// Access to a building, plantation or mine.
        Service = "service",
        /// Farm and forest track.
        Track = "track",
        /// Path that a motorcycle may use: *jalan setapak*.
        Path = "path",
        /// Path for walking.
        Footway = "footway",
        /// Street without vehicles.
        Pedestrian = "pedestrian",
        /// Stairs.
        Steps = "steps",
        /// Path for bicycles.
        Cycleway = "cycleway",
        /// Path for horses.
        Bridleway = "bridleway",
        /// A road of unknown class.
        Road = "road",
        /// Carried by a boat: it waits, then goes at the boat's speed.
        Ferry = "ferry",
        /// Not (yet) usable by anybody: under construction, proposed, abandoned, a race track.
        Unusable = "unusable",
    }
);

words!(
    /// What a road is covered with.
    Surface, "surface", {
        /// Asphalt, concrete, paving stones: *aspal, beton*.
        Paved = "paved",
        /// Gravel, crushed stone, compacted: *kerikil, telford*.
        Gravel = "gravel",
        /// Earth, sand, mud, grass: *tanah*.
        Earth = "earth",
    }
);

words!(
    /// The state of repair of a road, in the four classes of Indonesian road surveys.
    Condition, "condition", {
        /// *Baik*.
        Good = "good",
        /// *Sedang*.
        Fair = "fair",
        /// *Rusak ringan*.
        Poor = "poor",
        /// *Rusak berat*.
        VeryPoor = "very_poor",
    }
);

words!(
    /// The directions in which vehicles may follow a road segment; walkers always may both.
    OneWay, "one-way", {
        /// Both directions.
        No = "no",
        /// Only from the first vertex to the last.
        Forward = "yes",
        /// Only from the last vertex to the first.
        Backward = "-1",
    }
);

words!(
    /// The seasons in which a road, crossing or facility can be used.
    SeasonAccess, "season access", {
        /// All year.
        All = "all",
        /// Not in the rains.
        Dry = "dry",
        /// Only in the rains, such as a river route.
        Wet = "wet",
        /// Closed all year.
        Closed = "none",
    }
);

impl SeasonAccess {
    /// Whether it can be used in `season`.
    pub fn allows(self, season: super::Season) -> bool {
        match self {
            Self::All => true,
            Self::Dry => season == super::Season::Dry,
            Self::Wet => season == super::Season::Wet,
            Self::Closed => false,
        }
    }
}
