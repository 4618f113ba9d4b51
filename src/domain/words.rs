//! Closed lists of words that travel in addresses, files and tables exactly as written here.

/// A word that is on none of the lists it could have been on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} `{word}`: expected one of {expected}")]
pub struct UnknownWord {
    /// The list that was asked, such as `mode`.
    pub what: &'static str,
    /// What was written.
    pub word: String,
    /// The words of the list, separated by `, `.
    pub expected: String,
}

/// Declares an enum whose variants are words: parsed, printed, listed and serialised as written.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal, { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every word of the list, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word as written in files, addresses and tables.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::UnknownWord;

            fn from_str(word: &str) -> Result<Self, $crate::domain::UnknownWord> {
                Self::ALL.iter().copied().find(|each| each.as_str() == word).ok_or_else(|| $crate::domain::UnknownWord {
                    what: $what,
                    word: word.to_owned(),
                    expected: Self::ALL.iter().map(|each| each.as_str()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    };
}

pub(crate) use words;

words!(
    /// How a person travels on the road network.
    Mode, "mode", {
        /// Walking.
        Foot = "foot",
        /// A bicycle.
        Bicycle = "bicycle",
        /// A motorcycle, pushed at walking speed where only walking is allowed.
        Motorcycle = "motorcycle",
        /// A car.
        Car = "car",
        /// A car that is fetched for an emergency.
        Ambulance = "ambulance",
    }
);

words!(
    /// The part of the year whose roads, crossings and water points are meant.
    Season, "season", {
        /// *Musim kemarau*.
        Dry = "dry",
        /// *Musim hujan*.
        Wet = "wet",
    }
);

words!(
    /// The quantity that a search minimises.
    Metric, "metric", {
        /// Milliseconds inside, seconds outside.
        Time = "time",
        /// Millimetres inside, metres outside.
        Distance = "distance",
    }
);

words!(
    /// The language of sentences and labels.
    Language, "lang", {
        /// Bahasa Indonesia, the default.
        Indonesian = "id",
        /// English.
        English = "en",
    }
);

words!(
    /// A need that facilities of one layer answer.
    ServiceName, "service", {
        /// Health facilities that count as a clinic.
        Clinic = "clinic",
        /// Functioning water points.
        Water = "water",
        /// Schools.
        School = "school",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_survives_printing_and_parsing() {
        for mode in Mode::ALL {
            assert_eq!(mode.to_string().parse::<Mode>().unwrap(), *mode);
        }
    }

    #[test]
    fn an_unknown_word_names_the_list() {
        let error = "hovercraft".parse::<Mode>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown mode `hovercraft`: expected one of foot, bicycle, motorcycle, car, ambulance"
        );
    }
}
