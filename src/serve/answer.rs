//! What all JSON answers share: numbers from engine units, the notice on samples, the rule's place.

use axum::Json;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Number, Value};

use crate::domain::{
    Metric, Millimetres, Milliseconds, People, ReachState, SAMPLE_NOTICE, StatePeople,
};

/// The notice, where anything read is sample data.
pub(super) fn notice(is_sample: bool) -> Option<&'static str> {
    is_sample.then_some(SAMPLE_NOTICE)
}

/// JSON under a media type of its own.
pub(super) fn json_as(media_type: &'static str, body: impl Serialize) -> Response {
    let mut response = Json(body).into_response();
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// A number of thousandths with at most three decimals, none where it is whole.
fn thousandths(number: i64) -> Value {
    if number % 1000 == 0 {
        Value::from(number / 1000)
    } else {
        Number::from_f64(number as f64 / 1000.0).map_or(Value::Null, Value::Number)
    }
}

pub(super) fn people(people: People) -> Value {
    thousandths(people.0)
}

pub(super) fn seconds(time: Milliseconds) -> Value {
    thousandths(i64::from(time.0))
}

pub(super) fn metres(length: Millimetres) -> Value {
    thousandths(i64::from(length.0))
}

/// A cost of a metric: seconds or metres.
pub(super) fn cost(cost: u32) -> Value {
    thousandths(i64::from(cost))
}

/// The cost that a metric minimises, in its engine unit.
pub(super) fn cost_of(
    metric: Metric,
    time: Option<Milliseconds>,
    length: Option<Millimetres>,
) -> Option<u32> {
    match metric {
        Metric::Time => time.map(|time| time.0),
        Metric::Distance => length.map(|length| length.0),
    }
}

/// People by state; every member null where their number is unknown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct PeopleByState {
    total: Option<Value>,
    within: Option<Value>,
    beyond_cutoff: Option<Value>,
    no_path: Option<Value>,
    unsnapped: Option<Value>,
    no_input: Option<Value>,
    /// Seconds or metres up to which people are `within`.
    cutoff: f64,
}

impl PeopleByState {
    pub(super) fn new(by_state: Option<&StatePeople>, cutoff: f64) -> Self {
        let of = |part: fn(&StatePeople) -> People| by_state.map(|known| people(part(known)));
        Self {
            total: of(StatePeople::total),
            within: of(|known| known.within),
            beyond_cutoff: of(|known| known.beyond_cutoff),
            no_path: of(|known| known.no_path),
            unsnapped: of(|known| known.unsnapped),
            no_input: of(|known| known.no_input),
            cutoff,
        }
    }
}

/// The sum of what is known; none where nothing is.
pub(super) fn sum_known<'a>(
    parts: impl IntoIterator<Item = Option<&'a StatePeople>>,
) -> Option<StatePeople> {
    parts.into_iter().flatten().fold(None, |sum, part| {
        let mut sum = sum.unwrap_or_default();
        for (state, people) in ReachState::ALL.iter().zip(by_state(part)) {
            sum.add(*state, people);
        }
        Some(sum)
    })
}

fn by_state(people: &StatePeople) -> [People; 5] {
    [
        people.within,
        people.beyond_cutoff,
        people.no_path,
        people.unsnapped,
        people.no_input,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_people_have_no_decimals_and_thirds_have_three() {
        assert_eq!(people(People(1_234_000)).to_string(), "1234");
        assert_eq!(people(People(333)).to_string(), "0.333");
    }

    #[test]
    fn a_sum_of_nothing_known_is_unknown_and_not_zero() {
        let mut five = StatePeople::default();
        five.add(ReachState::NoPath, People(5));
        assert_eq!(sum_known([None, None]), None);
        assert_eq!(
            sum_known([Some(&five), None, Some(&five)]).unwrap().no_path,
            People(10)
        );
    }
}
