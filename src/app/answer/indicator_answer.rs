//! What an indicator says: rule, classes with counts, people by state, ranking, sentences.

use std::collections::HashMap;

use serde::Serialize;

use super::doubts::{Doubt, doubts};
use super::groups::{Group, GroupPoints, add_season_changes, groups, median};
use super::labels::{range, state_name};
use super::people::sum_known;
use super::ranking::ranked;
use super::season_change::SeasonChanges;
use super::sentences::Facts;
use super::{AnswerError, GroupBy, PeopleByState, SeasonChange, Sentences, Thousandths, Wanted};
use crate::domain::{
    Catalogue, District, Indicator, Language, Layer, People, PopulationSource, ReachState, Rule,
    SAMPLE_NOTICE, StatePeople,
};
use crate::network::Profiles;
use crate::publish::palette::{self, Rgb};
use crate::publish::{PolicyBreaks, class_of};
use crate::store::reads::{Extent, RunHead, RunInputVersion, RunPoint, RunVillage, UnknownSeasons};

/// One indicator over a whole district: what `/access` sends, and what pages, pictures and tables show.
///
/// People are sums; a value is that of a median person, in seconds or metres.
/// The people of all classes and states together are the people of the district, where their number is known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndicatorAnswer {
    /// The rule behind the numbers.
    pub rule: Rule,
    /// When they were computed, RFC 3339 in UTC.
    pub computed_at: String,
    /// Where anything read is sample data: the sentence that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<&'static str>,
    /// Every indicator that has been computed.
    pub available: Vec<Indicator>,
    /// The district and its median person.
    pub district: DistrictValue,
    /// West, south, east and north of the villages in degrees; none without villages.
    pub bbox: Option<[f64; 4]>,
    /// The threshold of the headline, in seconds or metres.
    pub threshold: Thousandths,
    /// Classes of what is within the cutoff, best first.
    pub classes: Vec<Class>,
    /// States without a class, from far to unknown.
    pub states: Vec<StateClass>,
    /// Everybody, by state.
    pub people: PeopleByState,
    /// Settlements in no village: their people are in none of the other numbers.
    pub unassigned: Unassigned,
    /// Who loses the threshold or a standard in the other season; none where that has no run, or people are unknown.
    pub season_change: Option<SeasonChange>,
    /// Villages, kecamatan or the district.
    pub rows: Vec<Row>,
    /// The dataset versions that the numbers were made from; layers that had never been imported are left out.
    pub inputs: Vec<RunInputVersion>,
    /// What is wrong with the data behind the numbers, as far as the run knows.
    pub doubts: Vec<Doubt>,
    /// The map in words.
    pub sentences: Sentences,
}

/// The district as one number: that of its median person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DistrictValue {
    /// Start of its villages' codes; `x` where villages have no codes.
    pub code: String,
    /// Its name, where somebody gave one.
    pub name: Option<String>,
    /// Seconds or metres of its median person.
    pub value: Option<Thousandths>,
    /// State of its median person.
    pub state: ReachState,
    /// Its people.
    pub people: Option<Thousandths>,
}

/// Who is in no village.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unassigned {
    /// Number of settlements.
    pub settlements: u64,
    /// Their people; none where their number is unknown.
    pub people: Option<Thousandths>,
    /// People of cells of a raster, or of parts of them, outside the villages; left out where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell_people: Option<Thousandths>,
}

/// A class of costs that are `within`: above `from`, up to `to`, seconds or metres.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Class {
    /// A is the best.
    pub letter: String,
    /// Its colour on every map.
    pub colour: Rgb,
    /// What is written on that colour.
    pub ink: Rgb,
    /// What its costs are above; none of the first.
    pub from: Option<Thousandths>,
    /// Its largest cost; none of the last.
    pub to: Option<Thousandths>,
    /// Its range in words.
    pub label: String,
    /// Rows whose median person is in the class.
    pub villages: usize,
    /// People whose own cost is in the class.
    pub people: Option<Thousandths>,
}

/// A state that has no class, drawn with a hatch of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StateClass {
    /// The state.
    pub state: ReachState,
    /// Its sign, where a class has its letter.
    pub letter: &'static str,
    /// The state in words.
    pub label: &'static str,
    /// Rows whose median person is in the state.
    pub villages: usize,
    /// People who are in the state themselves.
    pub people: Option<Thousandths>,
}

/// A village, a kecamatan or the district.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// 1 is the worst of all rows, whatever rows are asked for.
    pub rank: usize,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Option<String>,
    /// Name of its kecamatan, where known.
    pub kecamatan: Option<String>,
    /// Code of its kecamatan; `x:` and its name where there are no codes.
    pub kecamatan_code: Option<String>,
    /// Seconds or metres of the median person.
    pub value: Option<Thousandths>,
    /// State of the median person.
    pub state: ReachState,
    /// Letter of its class, or sign of its state.
    pub class: String,
    /// Its people.
    pub people: Option<Thousandths>,
    /// Its people beyond the threshold of the headline, or in another state than `within`.
    pub people_beyond: Option<Thousandths>,
    /// Its people within the threshold in the dry season and not in the wet one; left out where there are none, and of
    /// villages, whose own answer has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost_in_wet: Option<Thousandths>,
    /// The other way round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost_in_dry: Option<Thousandths>,
}

/// What was read.
pub(super) struct RunData {
    pub(super) head: RunHead,
    pub(super) villages: Vec<RunVillage>,
    pub(super) points: Vec<RunPoint>,
    pub(super) extent: Option<Extent>,
    pub(super) district: Option<District>,
    pub(super) available: Vec<Indicator>,
    pub(super) inputs: Vec<RunInputVersion>,
    pub(super) unknown_seasons: Option<UnknownSeasons>,
    /// None where the other season has no run from the same data.
    pub(super) season_changes: Option<SeasonChanges>,
}

/// Puts the answer together.
///
/// # Errors
/// No row lies in the kecamatan that is wanted.
pub(super) fn answer(
    run: RunData,
    wanted: &Wanted,
    catalogue: &Catalogue,
    policy: &PolicyBreaks,
    profiles: &Profiles,
) -> Result<IndicatorAnswer, AnswerError> {
    let rule = &run.head.rule;
    let district = run.district.as_ref();
    let threshold = policy.headline(rule.service, rule.metric);
    let group_by = |by| {
        let points = GroupPoints::of(by, &run.villages, &run.points);
        let mut groups = groups(by, rule.metric, &run.villages, &points, district, threshold);
        // Rows of villages travel with every first screen; a village's own answer has its change.
        if let Some(changes) = run
            .season_changes
            .as_ref()
            .filter(|_| by != GroupBy::Village)
        {
            add_season_changes(by, &run.villages, changes, &mut groups);
        }
        groups
    };
    let villages = group_by(GroupBy::Village);
    let people = sum_known(run.villages.iter().map(|village| village.people.as_ref()));
    let whole = whole_district(&run, people.as_ref());
    let known_people = people.is_some();
    let season_change = run.season_changes.as_ref().filter(|_changes| known_people);
    let season_change = season_change.map(SeasonChanges::whole);
    let sentences = Sentences::about(&Facts {
        rule,
        catalogue,
        villages: &villages,
        threshold,
        district: &whole,
        season_change: season_change.as_ref(),
        is_sample: run.head.is_sample,
        population_origin: PopulationOrigin::of(rule, &run.inputs),
        cells: run
            .inputs
            .iter()
            .find(|input| input.layer == Layer::PopulationCells),
    });
    let groups = match wanted.by {
        GroupBy::Village => villages,
        by => group_by(by),
    };
    let breaks = wanted.method.breaks(
        &costs_within(&groups),
        wanted.n_classes,
        &policy.of(rule.service, rule.metric),
    );
    let people_by_state = PeopleByState::new(people.as_ref(), rule.cutoff);
    Ok(IndicatorAnswer {
        classes: classes(
            &breaks,
            &groups,
            &run.points,
            people.as_ref(),
            rule,
            wanted.language,
        ),
        states: states(&groups, &people_by_state, wanted.language),
        people: people_by_state,
        unassigned: Unassigned {
            settlements: run.head.unassigned.settlements,
            people: run.head.unassigned.people.map(Thousandths::from),
            cell_people: run.head.unassigned.cell_people.map(Thousandths::from),
        },
        rows: wanted.rows.choose(rows(groups, &breaks))?,
        season_change,
        sentences,
        district: whole,
        bbox: run
            .extent
            .map(|extent| [extent.west, extent.south, extent.east, extent.north]),
        threshold: Thousandths::of_cost(threshold),
        notice: run.head.is_sample.then_some(SAMPLE_NOTICE),
        doubts: doubts(&run, profiles),
        available: run.available,
        inputs: run.inputs,
        computed_at: run.head.made_at,
        rule: run.head.rule,
    })
}

/// Where the numbers of people come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PopulationOrigin<'a> {
    /// Day on which they were imported, `YYYY-MM-DD`.
    pub(super) loaded_on: &'a str,
    /// Who is answerable for them.
    pub(super) producer: Option<&'a str>,
    /// The time that they are of.
    pub(super) date: Option<&'a str>,
}

impl<'a> PopulationOrigin<'a> {
    /// Of the layer that gives them: a table by village goes before the villages.
    pub(super) fn of(rule: &Rule, inputs: &'a [RunInputVersion]) -> Option<Self> {
        let layers: &[Layer] = match rule.population_source {
            PopulationSource::Official => &[Layer::Population, Layer::Villages],
            PopulationSource::Settlements => &[Layer::Settlements],
            PopulationSource::Raster => &[Layer::PopulationCells],
            PopulationSource::None => return None,
        };
        let input = layers
            .iter()
            .find_map(|layer| inputs.iter().find(|input| input.layer == *layer))?;
        let known = input.provenances.first();
        Some(Self {
            loaded_on: input.made_at.split('T').next()?,
            producer: known.and_then(|known| known.producer.as_deref()),
            date: known.and_then(|known| known.date.as_deref()),
        })
    }
}

fn whole_district(run: &RunData, people: Option<&StatePeople>) -> DistrictValue {
    let points: Vec<&RunPoint> = run.points.iter().collect();
    let median = median(&points);
    let code = match (&run.district, run.villages.first()) {
        (Some(district), _) => district.code.to_string(),
        (None, Some(village)) => village.district_code.clone(),
        (None, None) => "x".to_owned(),
    };
    DistrictValue {
        code,
        name: run
            .district
            .as_ref()
            .and_then(|district| district.name.clone()),
        value: median
            .and_then(|point| point.cost)
            .map(Thousandths::of_cost),
        state: median.map_or(ReachState::NoInput, |point| point.state),
        people: people.map(|people| people.total().into()),
    }
}

fn costs_within(groups: &[Group]) -> Vec<u32> {
    groups
        .iter()
        .filter(|group| group.state == ReachState::Within)
        .filter_map(|group| group.cost)
        .collect()
}

fn classes(
    breaks: &[u32],
    groups: &[Group],
    points: &[RunPoint],
    people: Option<&StatePeople>,
    rule: &Rule,
    language: Language,
) -> Vec<Class> {
    let mut n_villages = vec![0; breaks.len() + 1];
    for cost in costs_within(groups) {
        n_villages[class_of(breaks, cost)] += 1;
    }
    let n_people = people_by_class(breaks, points);
    palette::sequential(breaks.len() + 1)
        .into_iter()
        .enumerate()
        .map(|(class, colour)| {
            let from = class.checked_sub(1).map(|below| breaks[below]);
            let to = breaks.get(class).copied();
            Class {
                letter: palette::letter(class),
                colour,
                ink: colour.ink(),
                from: from.map(Thousandths::of_cost),
                to: to.map(Thousandths::of_cost),
                label: range(from, to, rule.metric, language),
                villages: n_villages[class],
                people: people.map(|_known| n_people[class].into()),
            }
        })
        .collect()
}

/// People whose own cost is within the cutoff, by class: they add up to the people in state `within`.
fn people_by_class(breaks: &[u32], points: &[RunPoint]) -> Vec<People> {
    let mut n_people = vec![People::ZERO; breaks.len() + 1];
    for point in points {
        if let (ReachState::Within, Some(cost), Some(people)) =
            (point.state, point.cost, point.people)
        {
            n_people[class_of(breaks, cost)] += people;
        }
    }
    n_people
}

fn states(groups: &[Group], people: &PeopleByState, language: Language) -> Vec<StateClass> {
    let mut n_groups: HashMap<ReachState, usize> = HashMap::new();
    for group in groups {
        *n_groups.entry(group.state).or_default() += 1;
    }
    ReachState::ALL
        .iter()
        .filter_map(|state| {
            Some(StateClass {
                state: *state,
                letter: palette::hatch(*state)?.sign,
                label: state_name(*state, language),
                villages: n_groups.get(state).copied().unwrap_or_default(),
                people: people.of(*state),
            })
        })
        .collect()
}

/// Every group as a row, the worst first.
fn rows(groups: Vec<Group>, breaks: &[u32]) -> Vec<Row> {
    ranked(groups)
        .into_iter()
        .enumerate()
        .map(|(index, group)| Row {
            rank: index + 1,
            class: class_letter(&group, breaks),
            code: group.code,
            name: group.name,
            kecamatan: group.kecamatan,
            kecamatan_code: group.kecamatan_code,
            value: group.cost.map(Thousandths::of_cost),
            state: group.state,
            people: group.people.map(|people| people.total().into()),
            people_beyond: group
                .people
                .map(|people| (people.total() - group.people_near).into()),
            lost_in_wet: some_people(group.lost_in_wet),
            lost_in_dry: some_people(group.lost_in_dry),
        })
        .collect()
}

fn some_people(people: People) -> Option<Thousandths> {
    (people != People::ZERO).then(|| people.into())
}

fn class_letter(group: &Group, breaks: &[u32]) -> String {
    match (palette::hatch(group.state), group.cost) {
        (Some(hatch), _) => hatch.sign.to_owned(),
        (None, cost) => palette::letter(class_of(breaks, cost.unwrap_or_default())),
    }
}
