//! How trips are made, as asked and as repeated in every answer.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::inputs::BuiltNetwork;
use super::{Means, SnapChoice, hexadecimal};
use crate::access::{Journey, Rescue};
use crate::app::AppError;
use crate::domain::{METHOD_VERSION, Metric, Millimetres, Milliseconds, Mode, Season};
use crate::ingest::IngestError;
use crate::network::{AssumedRoads, AssumedSpeeds, Joints, Profile, Profiles, Travel, Weights};

/// The largest file of profiles that is read: ours has 20 kB.
const MAX_PROFILES_BYTES: u64 = 4_000_000;

/// How trips are made, as asked.
#[derive(Debug, Clone, PartialEq)]
pub struct HowToTravel {
    /// How people travel.
    pub mode: Mode,
    /// When.
    pub season: Season,
    /// What is minimised.
    pub metric: Metric,
    /// How places are attached to roads.
    pub snap: SnapChoice,
    /// How far from a road a place may be; none takes the profiles' rule.
    pub snap_radius_m: Option<f64>,
    /// What a metre off the road counts; none takes the profiles' rule.
    pub off_road_factor: Option<f64>,
    /// A file of profiles; none takes the built-in ones.
    pub profiles: Option<PathBuf>,
}

/// The largest cost that counts, itself included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cutoff {
    /// Of time.
    Time(Milliseconds),
    /// Of distance.
    Distance(Millimetres),
}

impl Cutoff {
    /// What it limits.
    pub fn metric(self) -> Metric {
        match self {
            Self::Time(_) => Metric::Time,
            Self::Distance(_) => Metric::Distance,
        }
    }

    pub(super) fn in_engine(self) -> u32 {
        match self {
            Self::Time(time) => time.0,
            Self::Distance(length) => length.0,
        }
    }
}

/// Everything that decides an answer besides the data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FilesRule {
    /// How people travel.
    pub mode: Mode,
    /// When.
    pub season: Season,
    /// What is minimised.
    pub metric: Metric,
    /// The largest cost that is within: seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cutoff_s: Option<f64>,
    /// The largest cost that is within: metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cutoff_m: Option<f64>,
    /// Facilities asked for, for each origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub k: Option<usize>,
    /// `best` or `nearest`.
    pub snap: &'static str,
    /// How far from a road a place may be.
    pub snap_radius_m: f64,
    /// What a metre off the road counts.
    pub off_road_factor: f64,
    /// Off the road, and on roads that are walked.
    pub walking_speed_kmh: f64,
    /// Who says so.
    pub walking_source: String,
    /// What a ferry adds.
    pub ferry_wait_s: f64,
    /// Rules that no source is named for.
    pub assumed_rules: Vec<String>,
    /// Speeds in the season that no source is named for.
    pub assumed_speeds: Vec<AssumedSpeeds>,
    /// What roads are taken to be where the data do not say.
    pub assumed_roads: Vec<AssumedRoads>,
    /// `built-in`, or the name and the SHA-256 of a file.
    pub profiles: String,
    /// How far apart loose road ends may be to be joined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join_ends_m: Option<f64>,
    /// Whether roads are joined where they cross without a shared vertex.
    pub join_crossings: bool,
    /// The method.
    pub method_version: u32,
}

/// Profiles as read, with a name for them.
pub(super) struct ReadProfile {
    profile: Profile,
    name: String,
}

/// All ways of travelling that a trip is made of.
pub(super) struct Travels {
    travel: Travel,
    /// How a patient is carried to the vehicle, in an emergency.
    carry: Option<Travel>,
}

impl Travels {
    pub(super) fn journey(&self) -> Journey<'_> {
        let drive = &self.travel;
        match &self.carry {
            Some(carry) => Journey::Rescue(Rescue { carry, drive }),
            None => Journey::Trip(drive),
        }
    }

    pub(super) fn is_rescue(&self) -> bool {
        self.carry.is_some()
    }
}

impl HowToTravel {
    /// The profile of the mode, with what was asked for laid over its rules.
    ///
    /// # Errors
    /// The file is missing or cannot be used, it has no such mode, a number is out of range, or an emergency is asked
    /// about by distance.
    pub(super) fn read_profile(&self) -> Result<ReadProfile, AppError> {
        if self.mode == Mode::Ambulance && self.metric == Metric::Distance {
            return Err(AppError::Usage(
                "an emergency is a matter of time: --mode ambulance minimises time only".to_owned(),
            ));
        }
        let (profiles, name) = self.profiles()?;
        let mut profile = profiles.profile(self.mode).cloned().ok_or_else(|| {
            AppError::Usage(format!("the profiles ({name}) have no mode {}", self.mode))
        })?;
        let rules = &mut profile.rules;
        if let Some(radius_m) = self.snap_radius_m {
            rules.snap_radius =
                Millimetres::from_metres(in_range("--snap-radius-m", radius_m, [0.0, 100_000.0])?);
        }
        if let Some(factor) = self.off_road_factor {
            rules.off_road_factor = in_range("--off-road-factor", factor, [1.0, 10.0])?;
        }
        Ok(ReadProfile { profile, name })
    }

    fn profiles(&self) -> Result<(Profiles, String), AppError> {
        let Some(path) = &self.profiles else {
            return Ok((Profiles::built_in(), "built-in".to_owned()));
        };
        let missing = || AppError::Ingest(IngestError::FileMissing(path.clone()));
        let n_bytes = fs::metadata(path).map_err(|_absent| missing())?.len();
        let file = path.display().to_string();
        if n_bytes > MAX_PROFILES_BYTES {
            return Err(AppError::Usage(format!(
                "{file}: a file of profiles has at most {MAX_PROFILES_BYTES} bytes"
            )));
        }
        let text = fs::read_to_string(path).map_err(|cause| AppError::System {
            doing: "read the profiles",
            cause: cause.to_string(),
        })?;
        let profiles = Profiles::parse(&text).map_err(|cause| AppError::Profiles {
            file: file.clone(),
            cause,
        })?;
        let hash = hexadecimal(&Sha256::digest(text.as_bytes()));
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok((profiles, format!("{name} sha256:{hash}")))
    }

    /// How trips on a network are made, and the rule that says so.
    ///
    /// # Errors
    /// An emergency, and the profiles have nobody on foot; or somebody stopped.
    pub(super) fn travels(
        &self,
        built: BuiltNetwork,
        read: &ReadProfile,
        means: Means<'_>,
    ) -> Result<(Travels, FilesRule), AppError> {
        means.stage("weighing the network");
        let mut rule = self.rule(read, built.network.joints());
        let (network, barriers) = (Arc::new(built.network), Arc::new(built.barriers));
        let travel = |profile: &Profile| {
            let weights = Arc::new(Weights::new(&network, profile, self.season));
            let (network, barriers) = (Arc::clone(&network), Arc::clone(&barriers));
            Travel::new(network, weights, barriers, self.metric, self.snap)
        };
        let carry = match self.mode {
            Mode::Ambulance => {
                let ReadProfile { profile, .. } = self.on_foot().read_profile()?;
                rule.assumed_speeds
                    .extend(profile.assumed_speeds(self.season));
                Some(travel(&profile))
            }
            Mode::Foot | Mode::Bicycle | Mode::Motorcycle | Mode::Car => None,
        };
        let travels = Travels {
            travel: travel(&read.profile),
            carry,
        };
        means.go_on()?;
        Ok((travels, rule))
    }

    /// How a patient is carried to the vehicle.
    fn on_foot(&self) -> Self {
        Self {
            mode: Mode::Foot,
            ..self.clone()
        }
    }

    fn rule(&self, read: &ReadProfile, joints: Joints) -> FilesRule {
        let rules = &read.profile.rules;
        FilesRule {
            mode: self.mode,
            season: self.season,
            metric: self.metric,
            cutoff_s: None,
            cutoff_m: None,
            k: None,
            snap: match self.snap {
                SnapChoice::Best => "best",
                SnapChoice::Nearest => "nearest",
            },
            snap_radius_m: rules.snap_radius.to_metres(),
            off_road_factor: rules.off_road_factor,
            walking_speed_kmh: f64::from(rules.walking_m_per_h) / 1000.0,
            walking_source: rules.walking_source.clone(),
            ferry_wait_s: rules.ferry_wait.to_seconds(),
            assumed_rules: rules.assumed.clone(),
            assumed_speeds: read.profile.assumed_speeds(self.season),
            assumed_roads: read.profile.assumed_roads(),
            profiles: read.name.clone(),
            join_ends_m: joints.ends_within.map(Millimetres::to_metres),
            join_crossings: joints.crossings,
            method_version: METHOD_VERSION,
        }
    }
}

impl FilesRule {
    /// The rule with a cutoff.
    pub(super) fn with_cutoff(self, cutoff: Option<Cutoff>) -> Self {
        let (cutoff_s, cutoff_m) = match cutoff {
            Some(Cutoff::Time(time)) => (Some(time.to_seconds()), None),
            Some(Cutoff::Distance(length)) => (None, Some(length.to_metres())),
            None => (None, None),
        };
        Self {
            cutoff_s,
            cutoff_m,
            ..self
        }
    }
}

fn in_range(flag: &str, value: f64, [least, most]: [f64; 2]) -> Result<f64, AppError> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    Err(AppError::Usage(format!(
        "{flag} is {value}, not from {least} to {most}"
    )))
}
