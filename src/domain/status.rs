//! Whether a facility works.

use super::words::words;

words!(
    /// Whether a facility works; only `functioning` counts unless a rule says otherwise.
    Status, "status", {
        /// Works.
        Functioning = "functioning",
        /// Works in part.
        Partly = "partly",
        /// Does not work now.
        Broken = "broken",
        /// Is no longer there.
        Gone = "gone",
        /// Nobody said.
        Unknown = "unknown",
    }
);
