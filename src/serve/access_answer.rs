//! The answer of `/access`: rule, classes with counts, people by state, ranking, sentences.

use serde::Serialize;
use serde_json::Value;

use super::access_groups::{Group, GroupBy, groups, median};
use super::access_labels::range;
use super::access_sentences::{Facts, Sentences};
use super::answer::{self, PeopleByState, sum_known};
use crate::domain::{
    Catalogue, District, Indicator, Language, People, ReachState, Rule, StatePeople,
};
use crate::publish::{ClassMethod, PolicyBreaks, class_of};
use crate::store::reads::{RunHead, RunPoint, RunVillage};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct AccessAnswer {
    rule: Rule,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
    available: Vec<Indicator>,
    classes: Vec<Class>,
    people: PeopleByState,
    unassigned: UnassignedPeople,
    rows: Vec<Row>,
    sentences: Sentences,
}

/// Settlements in no village: their people are in none of the other numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct UnassignedPeople {
    settlements: u64,
    people: Option<Value>,
}

/// A class of costs that are `within`: above `from`, up to `to`, seconds or metres.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Class {
    from: Option<Value>,
    to: Option<Value>,
    label: String,
    /// Rows whose median person is in the class.
    villages: usize,
    /// People whose own cost is in the class.
    people: Option<Value>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Row {
    code: String,
    name: Option<String>,
    kecamatan: Option<String>,
    /// Seconds or metres of the median person.
    value: Option<Value>,
    state: ReachState,
    people: Option<Value>,
}

/// How the answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) method: ClassMethod,
    pub(super) n_classes: usize,
    pub(super) by: GroupBy,
    pub(super) language: Language,
}

/// What was read.
pub(super) struct RunData {
    pub(super) head: RunHead,
    pub(super) villages: Vec<RunVillage>,
    pub(super) points: Vec<RunPoint>,
    pub(super) district: Option<District>,
    pub(super) available: Vec<Indicator>,
}

/// Puts the answer together.
pub(super) fn answer(
    run: RunData,
    wanted: Wanted,
    catalogue: &Catalogue,
    policy: &PolicyBreaks,
) -> AccessAnswer {
    let rule = &run.head.rule;
    let district = run.district.as_ref();
    let groups = groups(wanted.by, rule.metric, &run.villages, &run.points, district);
    let people = sum_known(run.villages.iter().map(|village| village.people.as_ref()));
    let breaks = wanted.method.breaks(
        &costs_within(&groups),
        wanted.n_classes,
        &policy.of(rule.service, rule.metric),
    );
    let threshold = policy.headline(rule.service, rule.metric);
    let all_points: Vec<&RunPoint> = run.points.iter().collect();
    let sentences = Sentences::about(&Facts {
        rule,
        catalogue,
        groups: &groups,
        threshold,
        people: people.as_ref(),
        n_within_threshold: people_by_class(&[threshold], &run.points)[0].0,
        median_cost: median(&all_points).and_then(|point| point.cost),
    });
    AccessAnswer {
        classes: classes(
            &breaks,
            &groups,
            &run.points,
            people.as_ref(),
            rule,
            wanted.language,
        ),
        people: PeopleByState::new(people.as_ref(), rule.cutoff),
        unassigned: UnassignedPeople {
            settlements: run.head.unassigned.settlements,
            people: run.head.unassigned.people.map(answer::people),
        },
        rows: groups.into_iter().map(row).collect(),
        sentences,
        notice: answer::notice(run.head.is_sample),
        available: run.available,
        rule: run.head.rule,
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
    (0..=breaks.len())
        .map(|class| {
            let from = class.checked_sub(1).map(|below| breaks[below]);
            let to = breaks.get(class).copied();
            Class {
                from: from.map(answer::cost),
                to: to.map(answer::cost),
                label: range(from, to, rule.metric, language),
                villages: n_villages[class],
                people: people.map(|_known| answer::people(n_people[class])),
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

fn row(group: Group) -> Row {
    Row {
        code: group.code,
        name: group.name,
        kecamatan: group.kecamatan,
        value: group.cost.map(answer::cost),
        state: group.state,
        people: group.people.map(|people| answer::people(people.total())),
    }
}
