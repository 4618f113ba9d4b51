//! What people fill in: the fields of a layer with headings, meanings, allowed values and an example.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::fields::{fields, required};
use super::synonyms::{WordList, word_list};
use crate::domain::{Layer, RecordKind};

static TEXTS: LazyLock<TextsFile> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/templates.toml"))
        .expect("a test reads the built-in data file")
});

/// What the records of a layer are drawn as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateShape {
    /// Points, also as columns of longitude and latitude.
    Point,
    /// Lines.
    Line,
    /// Areas.
    Area,
    /// Nothing: a table by village.
    None,
}

/// A layer to fill in.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// The layer.
    pub layer: Layer,
    /// What is drawn.
    pub shape: TemplateShape,
    /// Its fields, in the order of the contract.
    pub fields: Vec<TemplateField>,
}

/// A field to fill in.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateField {
    /// Our name.
    pub name: &'static str,
    /// Heading in Bahasa Indonesia, our name in brackets but for coordinates: an import knows it by either.
    pub heading: String,
    /// Whether every record needs it.
    pub is_required: bool,
    /// What it means, in Bahasa Indonesia.
    pub meaning_id: &'static str,
    /// What it means, in English.
    pub meaning_en: &'static str,
    /// An example.
    pub example: &'static str,
    /// Values that are understood: ours, and what else is written for it; empty where anything is.
    pub allowed: Vec<(String, Vec<String>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextsFile {
    fields: BTreeMap<String, Text>,
    layers: BTreeMap<String, BTreeMap<String, Text>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    heading: String,
    id: String,
    en: String,
    example: String,
    list: Option<String>,
}

/// The template of a layer; `source` is not in it, since an import says it.
pub fn template(layer: Layer) -> Template {
    let shape = match layer.kind() {
        RecordKind::Village | RecordKind::PopulationCell => TemplateShape::Area,
        RecordKind::Road | RecordKind::Barrier => TemplateShape::Line,
        RecordKind::VillageValues | RecordKind::RoadSection => TemplateShape::None,
        RecordKind::Facility
        | RecordKind::Settlement
        | RecordKind::VillageOffice
        | RecordKind::Crossing
        | RecordKind::ContextFeature => TemplateShape::Point,
    };
    let places: &[&'static str] = match shape {
        TemplateShape::Point => &["longitude", "latitude"],
        TemplateShape::Line | TemplateShape::Area | TemplateShape::None => &[],
    };
    let own = fields(layer).iter().filter(|name| **name != "source");
    Template {
        layer,
        shape,
        fields: own
            .chain(places)
            .filter_map(|name| field(layer, name))
            .collect(),
    }
}

/// None for a field without a text, which a test keeps from being.
fn field(layer: Layer, name: &'static str) -> Option<TemplateField> {
    let own = layer.known_name().and_then(|layer| TEXTS.layers.get(layer));
    let text = own
        .and_then(|own| own.get(name))
        .or_else(|| TEXTS.fields.get(name))?;
    let list = text.list.as_deref().and_then(word_list);
    Some(TemplateField {
        name,
        // Longitude and latitude are known by one word only.
        heading: match name {
            "longitude" | "latitude" => text.heading.clone(),
            _ => format!("{} ({name})", text.heading),
        },
        is_required: required(layer).contains(&name) || name == "longitude" || name == "latitude",
        meaning_id: &text.id,
        meaning_en: &text.en,
        example: &text.example,
        allowed: list.map_or_else(Vec::new, allowed),
    })
}

/// `none` is a list of words without a meaning of ours.
fn allowed(list: WordList) -> Vec<(String, Vec<String>)> {
    list.into_iter()
        .filter(|(ours, _)| ours != "none")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::columns::{Columns, Origin};
    use crate::ingest::request::ImportRequest;

    #[test]
    fn every_field_of_every_layer_has_its_text_and_is_found_by_its_heading() {
        let context: Layer = "hutan".parse().unwrap();
        for layer in Layer::ALL.iter().copied().chain([context]) {
            let template = template(layer);
            let n_places = if template.shape == TemplateShape::Point {
                2
            } else {
                0
            };
            assert_eq!(
                template.fields.len(),
                fields(layer).len() - 1 + n_places,
                "{layer}"
            );
            let headings: Vec<String> = template
                .fields
                .iter()
                .map(|field| field.heading.clone())
                .collect();
            let request = ImportRequest::new(layer, Vec::new());
            let columns = Columns::resolve(&request, &headings, &mut Vec::new());
            for (place, field) in template.fields.iter().enumerate() {
                if fields(layer).contains(&field.name) {
                    let found = columns.origin(field.name);
                    assert_eq!(
                        found,
                        Some(&Origin::Column(place)),
                        "{layer}.{}",
                        field.name
                    );
                }
            }
        }
    }

    #[test]
    fn a_list_of_values_is_there_where_one_is_named() {
        let named = TEXTS
            .fields
            .values()
            .chain(TEXTS.layers.values().flat_map(BTreeMap::values));
        for list in named.filter_map(|text| text.list.as_deref()) {
            assert!(
                word_list(list).is_some_and(|list| !list.is_empty()),
                "{list}"
            );
        }
    }
}
