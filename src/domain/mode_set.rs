//! A set of modes.

use super::Mode;

/// A set of modes, such as those that may not use a road whatever its class says.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct ModeSet(u8);

impl ModeSet {
    /// No mode.
    pub const NONE: Self = Self(0);

    /// Whether a mode is in it.
    pub const fn contains(self, mode: Mode) -> bool {
        self.0 & Self::bit(mode) != 0
    }

    /// The same with one mode more.
    #[must_use]
    pub const fn with(self, mode: Mode) -> Self {
        Self(self.0 | Self::bit(mode))
    }

    /// Its modes, in the order of [`Mode::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Mode> {
        let modes = Mode::ALL.iter().copied();
        modes.filter(move |mode| self.contains(*mode))
    }

    const fn bit(mode: Mode) -> u8 {
        1 << mode as u8
    }
}

impl FromIterator<Mode> for ModeSet {
    fn from_iter<T: IntoIterator<Item = Mode>>(modes: T) -> Self {
        modes.into_iter().fold(Self::NONE, Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        let set: ModeSet = [Mode::Car, Mode::Ambulance].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [Mode::Car, Mode::Ambulance]);
        assert!(!set.contains(Mode::Foot));
    }
}
