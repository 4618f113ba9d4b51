//! Settings: what was typed and what the environment says, turned into what is meant.
//!
//! Every problem is reported at once, so that nobody mends one only to meet the next.
//! Where the words come from is left to `cli`; what is done with the settings, to the rooms they concern.

mod problem;
mod raw;
mod settings;

pub use problem::{SettingsError, SettingsProblem};
pub use raw::{RawSettings, User};
pub use settings::{DatabaseUrl, LogFormat, Settings, StoreSettings};
