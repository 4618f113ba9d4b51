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
    #[serde(default)]
    sources: Vec<SourceLine>,
    #[serde(default)]
    same_as: Vec<SameAsLine>,
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
struct SourceLine {
    name: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SameAsLine {
    mode: String,
    #[serde(rename = "as")]
    other: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpeedLine {
    mode: String,
    classes: Vec<String>,
    surfaces: Option<Vec<String>>,
    seasons: Option<Vec<String>>,
    speed_kmh: Option<SpeedsKmh>,
    #[serde(default)]
    walked: bool,
    source: Option<SourceNames>,
}

impl SpeedLine {
    fn has_one_speed(&self) -> bool {
        !matches!(self.speed_kmh, Some(SpeedsKmh::ByCondition(_)))
    }
}

/// What a row says of one condition: walked where there is no number.
#[derive(Debug, Clone, Copy)]
enum Ridden {
    At(Option<u32>),
    Closed,
}

/// One speed, or one for each condition.
#[derive(Deserialize)]
#[serde(untagged)]
enum SpeedsKmh {
    One(f64),
    ByCondition(Vec<SpeedKmh>),
}

/// A speed, or the word for where there is none.
#[derive(Deserialize)]
#[serde(untagged)]
enum SpeedKmh {
    Speed(f64),
    Word(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum SourceNames {
    One(String),
    Several(Vec<String>),
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
        let sources = reader.sources(&file.sources);
        let same_as = reader.same_as(&file.same_as);
        let tables = reader.tables(&file.speeds, &same_as, &sources);
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
                cells: table.cells.into_iter().map(Cell::row).collect(),
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

/// What the file says of one combination for one mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Missing,
    Closed,
    Row(usize),
}

impl Cell {
    fn row(self) -> Option<usize> {
        match self {
            Self::Row(row) => Some(row),
            Self::Missing | Self::Closed => None,
        }
    }
}

#[derive(Clone)]
struct Table {
    rows: Vec<SpeedRow>,
    cells: Vec<Cell>,
}

impl Table {
    fn new() -> Self {
        Self {
            rows: Vec::new(),
            cells: vec![Cell::Missing; N_CELLS],
        }
    }

    /// Adds what another table has for the combinations that this one says nothing of.
    fn complete(&mut self, other: &Self) {
        let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
        for (here, there) in self.cells.iter_mut().zip(&other.cells) {
            *here = match (*here, *there) {
                (Cell::Missing, Cell::Row(row)) => {
                    Cell::Row(*taken.entry(row).or_insert_with(|| {
                        self.rows.push(other.rows[row].clone());
                        self.rows.len() - 1
                    }))
                }
                (Cell::Missing, there) => there,
                (here, _) => here,
            };
        }
    }
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

    fn sources<'a>(&mut self, lines: &'a [SourceLine]) -> BTreeMap<&'a str, &'a str> {
        let mut sources = BTreeMap::new();
        for SourceLine { name, text } in lines {
            if sources.insert(name.as_str(), text.as_str()).is_some() {
                self.problems.push(format!("two sources `{name}`"));
            }
        }
        sources
    }

    /// Modes with the mode whose speeds they share.
    fn same_as(&mut self, lines: &[SameAsLine]) -> BTreeMap<Mode, Mode> {
        let mut same_as = BTreeMap::new();
        for line in lines {
            let (mode, other) = (self.word(&line.mode), self.word(&line.other));
            let (Some(mode), Some(other)) = (mode, other) else {
                continue;
            };
            if same_as.insert(mode, other).is_some() {
                self.problems
                    .push(format!("`{mode}` is the same as two modes"));
            }
        }
        for (mode, other) in &same_as {
            if same_as.contains_key(other) {
                let problem =
                    format!("`{mode}` is the same as `{other}`, which has a row in same_as itself");
                self.problems.push(problem);
            }
        }
        same_as
    }

    fn tables(
        &mut self,
        lines: &[SpeedLine],
        same_as: &BTreeMap<Mode, Mode>,
        sources: &BTreeMap<&str, &str>,
    ) -> BTreeMap<Mode, Table> {
        let mut tables: BTreeMap<Mode, Table> = BTreeMap::new();
        for line in lines {
            let Some(mode) = self.word::<Mode>(&line.mode) else {
                continue;
            };
            let table = tables.entry(mode).or_insert_with(Table::new);
            self.speed(line, sources, table);
        }
        for (mode, other) in same_as {
            let Some(other) = tables.get(other).cloned() else {
                let problem = format!("`{mode}` is the same as `{other}`, which has no speeds");
                self.problems.push(problem);
                continue;
            };
            let table = tables.entry(*mode).or_insert_with(Table::new);
            table.complete(&other);
        }
        for (mode, table) in &tables {
            self.check_whole(*mode, table);
        }
        tables
    }

    fn speed(&mut self, line: &SpeedLine, sources: &BTreeMap<&str, &str>, table: &mut Table) {
        let named = format!("speed for {} on {}", line.mode, line.classes.join(", "));
        let source = self.named_source(&named, line, sources);
        let Some(ridden) = self.ridden(&named, line) else {
            return;
        };
        let mut by_condition = [Cell::Closed; Condition::ALL.len()];
        // What is the same in every condition is one row.
        let mut last = None;
        for (cell, ridden) in by_condition.iter_mut().zip(ridden) {
            let Ridden::At(ridden_m_per_h) = ridden else {
                continue;
            };
            if line.has_one_speed() && last.is_some() {
                *cell = last.map_or(Cell::Closed, Cell::Row);
                continue;
            }
            last = Some(table.rows.len());
            *cell = Cell::Row(table.rows.len());
            table.rows.push(SpeedRow {
                ridden_m_per_h,
                source: source.clone(),
            });
        }
        let surfaces = self.words(line.surfaces.as_ref(), Surface::ALL);
        let seasons = self.words(line.seasons.as_ref(), Season::ALL);
        let mut n_repeated = 0;
        for class in self.words(Some(&line.classes), RoadClass::ALL) {
            for surface in &surfaces {
                for (condition, new) in Condition::ALL.iter().zip(by_condition) {
                    for season in &seasons {
                        let here = &mut table.cells[cell(class, *surface, *condition, *season)];
                        n_repeated += u32::from(*here != Cell::Missing);
                        *here = new;
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

    /// What a row says of each condition; none, with a problem noted, where it cannot be read.
    fn ridden(&mut self, named: &str, line: &SpeedLine) -> Option<Vec<Ridden>> {
        let n_conditions = Condition::ALL.len();
        match (line.walked, &line.speed_kmh) {
            (true, None) => Some(vec![Ridden::At(None); n_conditions]),
            (false, Some(SpeedsKmh::One(kmh))) => {
                let ridden = self.ridden_at(named, &SpeedKmh::Speed(*kmh))?;
                Some(vec![ridden; n_conditions])
            }
            (false, Some(SpeedsKmh::ByCondition(speeds))) if speeds.len() == n_conditions => {
                let ridden: Vec<_> = speeds
                    .iter()
                    .map(|speed| self.ridden_at(named, speed))
                    .collect();
                ridden.into_iter().collect()
            }
            (false, Some(SpeedsKmh::ByCondition(speeds))) => {
                let problem = format!(
                    "{named}: {} speeds, not one or {n_conditions}",
                    speeds.len()
                );
                self.problems.push(problem);
                None
            }
            (true, Some(_)) | (false, None) => {
                let problem = format!("{named}: needs either `speed_kmh` or `walked = true`");
                self.problems.push(problem);
                None
            }
        }
    }

    fn ridden_at(&mut self, named: &str, speed: &SpeedKmh) -> Option<Ridden> {
        match speed {
            SpeedKmh::Speed(kmh) if (0.1..=200.0).contains(kmh) => {
                return Some(Ridden::At(Some(metres_per_hour(*kmh))));
            }
            SpeedKmh::Word(word) if word == "closed" => return Some(Ridden::Closed),
            SpeedKmh::Speed(kmh) => {
                self.problems
                    .push(format!("{named}: {kmh} is not from 0.1 to 200"));
            }
            SpeedKmh::Word(word) => {
                let problem = format!("{named}: `{word}` is neither a number nor `closed`");
                self.problems.push(problem);
            }
        }
        None
    }

    /// The texts of the sources that a row names; a walked row has that of the walking speed.
    fn named_source(
        &mut self,
        named: &str,
        line: &SpeedLine,
        sources: &BTreeMap<&str, &str>,
    ) -> String {
        let listed = match &line.source {
            None if line.walked => return "walking_speed_kmh".to_owned(),
            None => return ASSUMED.to_owned(),
            Some(SourceNames::One(name)) => std::slice::from_ref(name),
            Some(SourceNames::Several(several)) => several,
        };
        let mut texts = Vec::new();
        for name in listed {
            match sources.get(name.as_str()) {
                Some(text) => texts.push(*text),
                None => self
                    .problems
                    .push(format!("{named}: no source is named `{name}`")),
            }
        }
        texts.join("; ")
    }

    /// A class has either no speeds or one for every surface, condition and season.
    fn check_whole(&mut self, mode: Mode, table: &Table) {
        let n_per_class = N_CELLS / RoadClass::ALL.len();
        for (class, cells) in RoadClass::ALL.iter().zip(table.cells.chunks(n_per_class)) {
            let n_missing = cells.iter().filter(|cell| **cell == Cell::Missing).count();
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

    fn m_per_h(
        profiles: &Profiles,
        mode: Mode,
        class: RoadClass,
        (surface, condition, season): (Surface, Condition, Season),
    ) -> Option<u32> {
        let profile = profiles.profile(mode)?;
        let speed = profile.speed(class, Some(surface), Some(condition), season, None)?;
        Some(speed.m_per_h)
    }

    /// Every combination of class, surface, condition and season.
    fn combinations() -> impl Iterator<Item = (RoadClass, (Surface, Condition, Season))> {
        let conditions = |surface| {
            let seasons = move |condition: &'static Condition| {
                Season::ALL
                    .iter()
                    .map(move |season| (surface, *condition, *season))
            };
            Condition::ALL.iter().flat_map(seasons)
        };
        RoadClass::ALL.iter().flat_map(move |class| {
            let stretches = Surface::ALL
                .iter()
                .flat_map(move |surface| conditions(*surface));
            stretches.map(|stretch| (*class, stretch))
        })
    }

    #[test]
    fn the_built_in_file_has_every_mode() {
        let profiles = Profiles::built_in();
        for mode in Mode::ALL {
            assert!(profiles.profile(*mode).is_some(), "{mode}");
        }
    }

    #[test]
    fn an_ambulance_goes_where_a_car_goes_and_as_fast() {
        let profiles = Profiles::built_in();
        for (class, stretch) in combinations() {
            let car = m_per_h(&profiles, Mode::Car, class, stretch);
            assert_eq!(m_per_h(&profiles, Mode::Ambulance, class, stretch), car);
        }
    }

    #[test]
    fn a_car_gets_through_an_earthen_track_in_the_dry_season_only_where_it_is_not_broken() {
        let profiles = Profiles::built_in();
        let track = |condition, season| {
            let stretch = (Surface::Earth, condition, season);
            m_per_h(&profiles, Mode::Car, RoadClass::Track, stretch)
        };
        assert_eq!(track(Condition::Poor, Season::Dry), Some(10_000));
        assert_eq!(track(Condition::Poor, Season::Wet), None);
        assert_eq!(track(Condition::Fair, Season::Wet), Some(6000));
    }

    #[test]
    fn a_car_uses_no_path_and_a_bicycle_is_pushed_where_only_walking_is_allowed() {
        let profiles = Profiles::built_in();
        let speed = |mode, class| {
            let profile = profiles.profile(mode).unwrap();
            profile.speed(class, None, None, Season::Dry, None)
        };
        for class in [
            RoadClass::Path,
            RoadClass::Footway,
            RoadClass::Steps,
            RoadClass::Cycleway,
        ] {
            assert_eq!(speed(Mode::Car, class), None);
        }
        assert!(speed(Mode::Bicycle, RoadClass::Footway).unwrap().is_walked);
        assert!(!speed(Mode::Bicycle, RoadClass::Path).unwrap().is_walked);
        assert!(!speed(Mode::Bicycle, RoadClass::Trunk).unwrap().is_walked);
    }

    #[test]
    fn no_vehicle_is_slower_than_it_would_be_pushed() {
        let profiles = Profiles::built_in();
        for mode in [Mode::Bicycle, Mode::Motorcycle] {
            let walking = profiles.profile(mode).unwrap().walking().m_per_h;
            for (class, stretch) in combinations() {
                let speed = m_per_h(&profiles, mode, class, stretch);
                assert!(speed.is_none_or(|speed| walking <= speed), "{mode} {class}");
            }
        }
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
        let n_assumed = |mode| profiles.profile(mode).unwrap().n_assumed_speeds();
        assert!(0 < n_assumed(Mode::Motorcycle));
        assert!(0 < n_assumed(Mode::Car));
        assert_eq!(n_assumed(Mode::Ambulance), n_assumed(Mode::Car));
    }

    #[test]
    fn walkers_use_every_class_but_motorways_and_what_nobody_can_use() {
        let profiles = Profiles::built_in();
        let foot = profiles.profile(Mode::Foot).unwrap();
        for class in RoadClass::ALL {
            let is_closed = matches!(class, RoadClass::Motorway | RoadClass::Unusable);
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
        for mode in Mode::ALL {
            for (class, (surface, condition, _)) in combinations() {
                let speed = |season| m_per_h(&profiles, *mode, class, (surface, condition, season));
                assert!(
                    speed(Season::Wet) <= speed(Season::Dry),
                    "{mode} on {class}"
                );
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
            sources = [{ name = "us", text = "we" }, { name = "us", text = "we" }]
            same_as = [{ mode = "ambulance", as = "car" }]
            speeds = [
                { mode = "foot", classes = ["trunk"], surfaces = ["paved"], walked = true },
                { mode = "foot", classes = ["path"], speed_kmh = [1, 2, 3] },
                { mode = "foot", classes = ["road"], speed_kmh = [1, 2, 3, "shut"] },
                { mode = "foot", classes = ["steps"], speed_kmh = 1, source = "them" },
            ]
        "#;
        let problems = Profiles::parse(text).unwrap_err().problems.join("\n");
        for expected in [
            "rule `snap_radius_m` is -1",
            "rule `ferry_wait_s` stands 0 times",
            "unknown surface `velvet`",
            "no assumption for `primary`",
            "speed for foot on trunk: 16 of 24 combinations are missing",
            "speed for foot on path: 3 speeds, not one or 4",
            "speed for foot on road: `shut` is neither a number nor `closed`",
            "speed for foot on steps: no source is named `them`",
            "two sources `us`",
            "`ambulance` is the same as `car`, which has no speeds",
        ] {
            assert!(
                problems.contains(expected),
                "{expected} is not in {problems}"
            );
        }
    }
}
