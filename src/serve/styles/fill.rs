//! A style of `tiles/styles/` with its blanks filled in.
//!
//! A blank is a text that begins with `$`, wherever a value may stand:
//! - `$class-colours`: the colour of a feature's class, by the cost in it;
//! - `$people-colours`: the same, and the ground of its hatch where its state has no class;
//! - `$hatches`: the name of the hatch of a feature's state;
//! - `$counts`: whether a facility counts by the rule;
//! - `$facilities`: the layer of the indicator's facilities; `$facility-mark`: the name of their mark.
//!
//! A style layer whose source is not loaded is left out.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::app::answer::{IndicatorAnswer, Thousandths};
use crate::domain::{Language, Layer, Metric, ReachState, Status};
use crate::publish::palette::hatch;
use crate::serve::site::Site;
use crate::serve::tiles::ACCESS;

/// Above a break: a cost equal to it belongs to the class below. Costs have three decimals.
const ABOVE_A_BREAK: f64 = 0.0005;

/// What blanks are filled from.
pub(super) struct Filling<'a> {
    pub(super) site: &'a Site,
    /// The indicator as a query, for the tiles of `access`.
    pub(super) access_query: &'a str,
    /// The layers that are loaded.
    pub(super) layers: &'a [Layer],
    /// The layer of the indicator's facilities.
    pub(super) facilities: Layer,
    pub(super) answer: &'a IndicatorAnswer,
    pub(super) language: Language,
}

/// The style with its blanks filled in.
pub(super) fn fill(style: &str, filling: &Filling<'_>) -> Result<Value, serde_json::Error> {
    let mut style: Value = serde_json::from_str(style)?;
    replace(&mut style, filling);
    let name = match filling.language {
        Language::Indonesian => style["metadata"]["jangkau:name-id"].clone(),
        Language::English => style["metadata"]["jangkau:name-en"].clone(),
    };
    let mut sources = Map::new();
    for layer in filling.layers {
        sources.insert(layer.to_string(), source(filling, layer.as_str(), ""));
    }
    let query = format!("?{}", filling.access_query);
    sources.insert(ACCESS.to_owned(), source(filling, ACCESS, &query));
    if let Some(layers) = style["layers"].as_array_mut() {
        layers.retain(|layer| match layer["source"].as_str() {
            Some(source) => sources.contains_key(source),
            None => true,
        });
    }
    // A source that no layer draws would still be asked for.
    let drawn: BTreeSet<String> = style["layers"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|layer| layer["source"].as_str().map(str::to_owned))
        .collect();
    sources.retain(|id, _| drawn.contains(id));
    style["name"] = name;
    style["sources"] = Value::Object(sources);
    style["sprite"] = json!(filling.site.address("/styles/sprite"));
    style["metadata"] = json!({
        "jangkau:rule": filling.answer.rule,
        "jangkau:notice": filling.answer.notice,
        "jangkau:classes": filling.answer.classes,
        "jangkau:states": filling.answer.states,
    });
    if let Some([west, south, east, north]) = filling.answer.bbox {
        style["center"] = json!([f64::midpoint(west, east), f64::midpoint(south, north)]);
        // At zoom 0 a tile is 360° wide; one zoom farther, so that a phone sees all of it.
        let width = (east - west).max(north - south).max(1e-4);
        style["zoom"] = json!((360.0 / width).log2().floor().clamp(0.0, 14.0));
    }
    Ok(style)
}

fn source(filling: &Filling<'_>, id: &str, query: &str) -> Value {
    let url = filling.site.address(&format!("/tiles/{id}{query}"));
    json!({ "type": "vector", "url": url })
}

fn replace(value: &mut Value, filling: &Filling<'_>) {
    match value {
        Value::String(text) => {
            if let Some(filled) = blank(text, filling) {
                *value = filled;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|each| replace(each, filling)),
        Value::Object(members) => members.values_mut().for_each(|each| replace(each, filling)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn blank(text: &str, filling: &Filling<'_>) -> Option<Value> {
    match text {
        "$class-colours" => Some(class_colours(filling.answer)),
        "$people-colours" => Some(people_colours(filling.answer)),
        "$hatches" => Some(by_state(|hatch| json!(hatch.id), "hatch-no_input")),
        "$counts" => Some(counts(filling.answer)),
        "$facilities" => Some(json!(filling.facilities)),
        "$facility-mark" => Some(json!(format!("mark-{}", filling.facilities))),
        _ => None,
    }
}

/// Whether a facility works and is of a tier of the rule, or of an unknown one.
fn counts(answer: &IndicatorAnswer) -> Value {
    let functioning = json!(["==", ["get", "status"], Status::Functioning.as_str()]);
    let tiers = &answer.rule.tier;
    if tiers.is_empty() {
        return functioning;
    }
    let is_of_tier = json!(["in", ["get", "tier"], ["literal", tiers]]);
    json!([
        "all",
        functioning,
        ["any", ["!", ["has", "tier"]], is_of_tier]
    ])
}

/// The colour of the class of a cost.
fn class_colours(answer: &IndicatorAnswer) -> Value {
    let cost = match answer.rule.metric {
        Metric::Time => "time_s",
        Metric::Distance => "length_m",
    };
    let mut classes = answer.classes.iter();
    let Some(first) = classes.next() else {
        return json!("#ffffff");
    };
    // One class has no stops.
    if answer.classes.len() == 1 {
        return json!(first.colour);
    }
    let cost = json!(["coalesce", ["get", cost], 0]);
    let mut step = vec![json!("step"), cost, json!(first.colour)];
    for class in classes {
        let from = class.from.map_or(0.0, Thousandths::to_f64);
        step.extend([json!(from + ABOVE_A_BREAK), json!(class.colour)]);
    }
    Value::Array(step)
}

/// The colour of a cost's class, or the ground of the hatch of a state without one.
fn people_colours(answer: &IndicatorAnswer) -> Value {
    json!([
        "case",
        ["==", ["get", "state"], ReachState::Within.as_str()],
        class_colours(answer),
        by_state(|hatch| json!(hatch.ground), "#ffffff"),
    ])
}

/// What a state without a class has, by the state of a feature.
fn by_state(of: impl Fn(crate::publish::palette::Hatch) -> Value, otherwise: &str) -> Value {
    let mut choice = vec![json!("match"), json!(["get", "state"])];
    for state in ReachState::ALL {
        if let Some(hatch) = hatch(*state) {
            choice.extend([json!(state.as_str()), of(hatch)]);
        }
    }
    choice.push(json!(otherwise));
    Value::Array(choice)
}
