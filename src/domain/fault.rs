//! Kinds of faults in the data, as lists, addresses and tables name them.

use super::words::words;

words!(
    /// What is wrong with the data at a place.
    FaultKind, "kind of fault", {
        /// A road that ends a few metres from another one.
        NearMiss = "near_miss",
        /// Roads that no road joins to the rest.
        Island = "island",
        /// A facility that stands in the data twice.
        DuplicateFacility = "duplicate_facility",
        /// A facility that counts, but stands far from any road.
        FarFacility = "far_facility",
        /// A settlement that lies in no village.
        UnassignedSettlement = "unassigned_settlement",
    }
);
