//! Profiles from the text of `data/profiles.toml`, with all its problems at once.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Deserialize;

use super::profile::{ASSUMED, Assumption, N_CELLS, SpeedRow, cell, metres_per_hour};
use super::{Profile, Rules};
use crate::domain::{
    Condition, Millimetres, Milliseconds, Mode, RoadClass, Season, Surface, UnknownWord,
};

const BUILT_IN: &str = include_str!("../../data/profiles.toml");

/// The profiles of all modes that a file describes.
#[derive(Debug, Clone, PartialEq)]
pub struct Profiles(BTreeMap<Mode, Profile>);

/// Everything that is wrong with a file of profiles.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot use the profiles: {}", problems.join("; "))]
pub struct ProfilesError {
    /// One sentence a problem.
    pub problems: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rules: Vec<RuleLine>,
    assumptions: Vec<AssumptionLine>,
    speeds: Vec<SpeedLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleLine {
    name: String,
    value: f64,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AssumptionLine {
    classes: Vec<String>,
    surface: String,
    condition: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpeedLine {
    mode: String,
    classes: Vec<String>,
    surfaces: Option<Vec<String>>,
    conditions: Option<Vec<String>>,
    seasons: Option<Vec<String>>,
    speed_kmh: Option<f64>,
    #[serde(default)]
    walked: bool,
    source: Option<String>,
}

impl Profiles {
    /// The profiles that are part of the program.
    #[expect(clippy::missing_panics_doc, reason = "a test reads the built-in file")]
    pub fn built_in() -> Self {
        Self::parse(BUILT_IN).expect("a test reads the built-in profiles")
    }

    /// The profiles of a text like `data/profiles.toml`, whose head describes it.
    ///
    /// # Errors
    /// Not TOML of that form; or any rule, assumption or speed that is missing, repeated or out of range.
    pub fn parse(text: &str) -> Result<Self, ProfilesError> {
        let file: File = toml::from_str(text).map_err(|cause| ProfilesError {
            problems: vec![cause.to_string()],
        })?;
        let mut reader = Reader::default();
        let rules = reader.rules(&file.rules);
        let assumptions = reader.assumptions(&file.assumptions);
        let tables = reader.tables(&file.speeds);
        if !reader.problems.is_empty() {
            return Err(ProfilesError {
                problems: reader.problems,
            });
        }
        let profile = |(mode, table): (Mode, Table)| {
            let profile = Profile {
                mode,
                rules: rules.clone(),
                rows: table.rows,
                cells: table.cells,
                assumptions: assumptions.clone(),
            };
            (mode, profile)
        };
        Ok(Self(tables.into_iter().map(profile).collect()))
    }

    /// The profile of a mode; none where the file has no speeds for it.
    pub fn profile(&self, mode: Mode) -> Option<&Profile> {
        self.0.get(&mode)
    }
}

struct Table {
    rows: Vec<SpeedRow>,
    cells: Vec<Option<usize>>,
}

/// Reads parts of the file and keeps what is wrong with them.
#[derive(Default)]
struct Reader {
    problems: Vec<String>,
}

impl Reader {
    fn rules(&mut self, lines: &[RuleLine]) -> Rules {
        const NAMES: [&str; 4] = [
            "snap_radius_m",
            "off_road_factor",
            "walking_speed_kmh",
            "ferry_wait_s",
        ];
        for line in lines
            .iter()
            .filter(|line| !NAMES.contains(&line.name.as_str()))
        {
            self.problems.push(format!("unknown rule `{}`", line.name));
        }
        Rules {
            snap_radius: Millimetres::from_metres(self.rule(
                lines,
                "snap_radius_m",
                0.0,
                100_000.0,
            )),
            off_road_factor: self.rule(lines, "off_road_factor", 1.0, 10.0),
            walking_m_per_h: metres_per_hour(self.rule(lines, "walking_speed_kmh", 0.1, 20.0)),
            walking_source: source(
                lines
                    .iter()
                    .find(|line| line.name == "walking_speed_kmh")
                    .and_then(|line| line.source.as_ref()),
            ),
            ferry_wait: Milliseconds::from_seconds(self.rule(lines, "ferry_wait_s", 0.0, 86_400.0)),
            assumed: lines
                .iter()
                .filter(|line| line.source.is_none())
                .map(|line| line.name.clone())
                .collect(),
        }
    }

    /// The one value of a rule; the least one, with a problem noted, where it cannot be read.
    fn rule(&mut self, lines: &[RuleLine], name: &str, least: f64, most: f64) -> f64 {
        let values: Vec<f64> = lines
            .iter()
            .filter(|line| line.name == name)
            .map(|line| line.value)
            .collect();
        match values[..] {
            [value] if (least..=most).contains(&value) => return value,
            [value] => self.problems.push(format!(
                "rule `{name}` is {value}, not from {least} to {most}"
            )),
            _ => self.problems.push(format!(
                "rule `{name}` stands {} times, not once",
                values.len()
            )),
        }
        least
    }

    fn assumptions(&mut self, lines: &[AssumptionLine]) -> Vec<Assumption> {
        let mut by_class: BTreeMap<RoadClass, Assumption> = BTreeMap::new();
        for line in lines {
            let surface = self.word(&line.surface).unwrap_or(Surface::Earth);
            let condition = self.word(&line.condition).unwrap_or(Condition::Fair);
            for class in self.words(Some(&line.classes), RoadClass::ALL) {
                if by_class.insert(class, (surface, condition)).is_some() {
                    self.problems.push(format!("two assumptions for `{class}`"));
                }
            }
        }
        let mut assumptions = Vec::new();
        for class in RoadClass::ALL {
            if !by_class.contains_key(class) {
                self.problems.push(format!("no assumption for `{class}`"));
            }
            let assumed = by_class.get(class).copied();
            assumptions.push(assumed.unwrap_or((Surface::Earth, Condition::Fair)));
        }
        assumptions
    }

    fn tables(&mut self, lines: &[SpeedLine]) -> BTreeMap<Mode, Table> {
        let mut tables = BTreeMap::new();
        for line in lines {
            let Some(mode) = self.word::<Mode>(&line.mode) else {
                continue;
            };
            let table = tables.entry(mode).or_insert_with(|| Table {
                rows: Vec::new(),
                cells: vec![None; N_CELLS],
            });
            self.speed(line, table);
        }
        for (mode, table) in &tables {
            self.check_whole(*mode, table);
        }
        tables
    }

    fn speed(&mut self, line: &SpeedLine, table: &mut Table) {
        let named = format!("speed for {} on {}", line.mode, line.classes.join(", "));
        let ridden_m_per_h = match (line.walked, line.speed_kmh) {
            (true, None) => None,
            (false, Some(kmh)) if (0.1..=200.0).contains(&kmh) => Some(metres_per_hour(kmh)),
            (false, Some(kmh)) => {
                return self
                    .problems
                    .push(format!("{named}: {kmh} is not from 0.1 to 200"));
            }
            (true, Some(_)) | (false, None) => {
                let problem = format!("{named}: needs either `speed_kmh` or `walked = true`");
                return self.problems.push(problem);
            }
        };
        let row = table.rows.len();
        table.rows.push(SpeedRow {
            ridden_m_per_h,
            source: source(line.source.as_ref()),
        });
        let surfaces = self.words(line.surfaces.as_ref(), Surface::ALL);
        let conditions = self.words(line.conditions.as_ref(), Condition::ALL);
        let seasons = self.words(line.seasons.as_ref(), Season::ALL);
        let mut n_repeated = 0;
        for class in self.words(Some(&line.classes), RoadClass::ALL) {
            for surface in &surfaces {
                for condition in &conditions {
                    for season in &seasons {
                        let here = &mut table.cells[cell(class, *surface, *condition, *season)];
                        n_repeated += u32::from(here.replace(row).is_some());
                    }
                }
            }
        }
        if n_repeated > 0 {
            self.problems.push(format!(
                "{named}: {n_repeated} combinations have a speed already"
            ));
        }
    }

    /// A class has either no speeds or one for every surface, condition and season.
    fn check_whole(&mut self, mode: Mode, table: &Table) {
        let n_per_class = N_CELLS / RoadClass::ALL.len();
        for (class, cells) in RoadClass::ALL.iter().zip(table.cells.chunks(n_per_class)) {
            let n_missing = cells.iter().filter(|cell| cell.is_none()).count();
            if 0 < n_missing && n_missing < n_per_class {
                self.problems.push(format!(
                    "speed for {mode} on {class}: {n_missing} of {n_per_class} combinations are missing"
                ));
            }
        }
    }

    /// The words of a list; every word there is, where the list is left out.
    fn words<W>(&mut self, list: Option<&Vec<String>>, all: &[W]) -> Vec<W>
    where
        W: FromStr<Err = UnknownWord> + Copy,
    {
        match list {
            Some(list) => list.iter().filter_map(|word| self.word(word)).collect(),
            None => all.to_vec(),
        }
    }

    fn word<W: FromStr<Err = UnknownWord>>(&mut self, word: &str) -> Option<W> {
        word.parse()
            .map_err(|unknown: UnknownWord| self.problems.push(unknown.to_string()))
            .ok()
    }
}

fn source(named: Option<&String>) -> String {
    named.map_or(ASSUMED, String::as_str).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_file_has_walkers_and_motorcycles() {
        let profiles = Profiles::built_in();
        assert!(profiles.profile(Mode::Foot).is_some());
        assert!(profiles.profile(Mode::Motorcycle).is_some());
    }

    #[test]
    fn numbers_without_a_source_are_known_as_assumed() {
        let profiles = Profiles::built_in();
        let foot = profiles.profile(Mode::Foot).unwrap();
        assert_eq!(
            foot.rules.assumed,
            ["snap_radius_m", "off_road_factor", "ferry_wait_s"]
        );
        assert_eq!(foot.n_assumed_speeds(), 0);
        let motorcycle = profiles.profile(Mode::Motorcycle).unwrap();
        assert!(0 < motorcycle.n_assumed_speeds());
    }

    #[test]
    fn walkers_use_every_class_but_motorways_and_what_nobody_can_use() {
        let profiles = Profiles::built_in();
        let foot = profiles.profile(Mode::Foot).unwrap();
        for class in RoadClass::ALL {
            let is_closed = matches!(
                class,
                RoadClass::Motorway | RoadClass::Ferry | RoadClass::Unusable
            );
            let speed = foot.speed(*class, None, None, Season::Dry, None);
            assert_eq!(speed.is_none(), is_closed, "{class}");
        }
    }

    #[test]
    fn a_motorcycle_is_pushed_at_walking_speed_on_a_footway() {
        let profiles = Profiles::built_in();
        let motorcycle = profiles.profile(Mode::Motorcycle).unwrap();
        let speed = motorcycle
            .speed(RoadClass::Footway, None, None, Season::Dry, Some(3.0))
            .unwrap();
        assert_eq!(speed, motorcycle.walking());
    }

    #[test]
    fn a_sign_slows_a_motorcycle_and_never_hurries_it() {
        let profiles = Profiles::built_in();
        let motorcycle = profiles.profile(Mode::Motorcycle).unwrap();
        let speed = |sign| {
            let speed = motorcycle.speed(RoadClass::Trunk, None, None, Season::Dry, sign);
            speed.unwrap().m_per_h
        };
        assert_eq!(speed(Some(7.0)), 7000);
        assert_eq!(speed(Some(300.0)), speed(None));
        assert_eq!(speed(Some(f64::NAN)), speed(None));
    }

    #[test]
    fn rain_never_makes_a_road_faster() {
        let profiles = Profiles::built_in();
        let motorcycle = profiles.profile(Mode::Motorcycle).unwrap();
        for class in RoadClass::ALL {
            for surface in Surface::ALL {
                for condition in Condition::ALL {
                    let speed = |season| {
                        let speed = motorcycle.speed(
                            *class,
                            Some(*surface),
                            Some(*condition),
                            season,
                            None,
                        );
                        speed.map(|speed| speed.m_per_h)
                    };
                    assert!(speed(Season::Wet) <= speed(Season::Dry));
                }
            }
        }
    }

    #[test]
    fn all_problems_of_a_file_come_at_once() {
        let text = r#"
            rules = [
                { name = "snap_radius_m", value = -1 },
                { name = "off_road_factor", value = 2 },
                { name = "walking_speed_kmh", value = 5 },
            ]
            assumptions = [{ classes = ["trunk"], surface = "velvet", condition = "good" }]
            speeds = [{ mode = "foot", classes = ["trunk"], surfaces = ["paved"], walked = true }]
        "#;
        let problems = Profiles::parse(text).unwrap_err().problems.join("\n");
        for expected in [
            "rule `snap_radius_m` is -1",
            "rule `ferry_wait_s` stands 0 times",
            "unknown surface `velvet`",
            "no assumption for `primary`",
            "speed for foot on trunk: 16 of 24 combinations are missing",
        ] {
            assert!(
                problems.contains(expected),
                "{expected} is not in {problems}"
            );
        }
    }
}
