//! Blank files of a layer that people fill in and hand over.

use std::path::Path;

use super::AppError;
use crate::domain::Layer;
use crate::ingest::{Template, TemplateField, TemplateShape, template};
use crate::publish::{
    BlankLayer, Cell, DataTable, Shape, UnfinishedFile, table_workbook, write_blank_geopackage,
};

/// Headings of the guide.
const GUIDE: [&str; 6] = [
    "kolom",
    "wajib",
    "contoh",
    "arti",
    "meaning",
    "nilai / values",
];

/// Name of the guide.
const GUIDE_NAME: &str = "petunjuk";

/// Writes the blank file of a layer: `.gpkg`, or `.xlsx` for points and tables. Both are imported as they are.
///
/// # Errors
/// The suffix is of neither, the layer is drawn and cannot be a workbook, or the file cannot be written.
pub fn write_template(layer: Layer, out: &Path) -> Result<(), AppError> {
    if layer == Layer::PopulationCells {
        return Err(AppError::Usage(
            "population-cells are a raster, which has no template: import the GeoTIFF itself"
                .to_owned(),
        ));
    }
    let template = template(layer);
    match out.extension().and_then(|suffix| suffix.to_str()) {
        Some("gpkg") => Ok(write_blank_geopackage(&blank_layer(&template), out)?),
        Some("xlsx") => write_workbook(&template, out),
        _ => Err(AppError::Usage(format!(
            "cannot write {}: a template is .xlsx or .gpkg",
            out.display()
        ))),
    }
}

fn write_workbook(template: &Template, out: &Path) -> Result<(), AppError> {
    if matches!(template.shape, TemplateShape::Line | TemplateShape::Area) {
        return Err(AppError::Usage(format!(
            "{} are drawn, which a sheet has no room for: write {}",
            template.layer,
            out.with_extension("gpkg").display()
        )));
    }
    let text = |text: String| Cell::Text(text);
    let table = DataTable {
        name: template.layer.to_string(),
        headings: headings(template),
        rows: Vec::new(),
        about_name: GUIDE_NAME.to_owned(),
        about: guide(template)
            .into_iter()
            .map(|line| line.into_iter().map(text).collect())
            .collect(),
    };
    let mut file = UnfinishedFile::begin(out)?;
    file.write(&table_workbook(&table)?)?;
    Ok(file.finish()?)
}

fn blank_layer(template: &Template) -> BlankLayer {
    let is_place = |field: &&TemplateField| matches!(field.name, "longitude" | "latitude");
    BlankLayer {
        name: template.layer.to_string(),
        shape: match template.shape {
            TemplateShape::Point => Some(Shape::Point),
            TemplateShape::Line => Some(Shape::Line),
            TemplateShape::Area => Some(Shape::Polygon),
            TemplateShape::None => None,
        },
        // The points themselves say where they are.
        columns: template
            .fields
            .iter()
            .filter(|field| !is_place(field))
            .map(|field| field.heading.clone())
            .collect(),
        guide_name: GUIDE_NAME.to_owned(),
        guide: guide(template),
    }
}

fn headings(template: &Template) -> Vec<String> {
    template
        .fields
        .iter()
        .map(|field| field.heading.clone())
        .collect()
}

/// A line for each field, under the headings.
fn guide(template: &Template) -> Vec<Vec<String>> {
    let line = |field: &TemplateField| {
        vec![
            field.heading.clone(),
            if field.is_required { "ya / yes" } else { "" }.to_owned(),
            field.example.to_owned(),
            field.meaning_id.to_owned(),
            field.meaning_en.to_owned(),
            allowed(field),
        ]
    };
    let headings = GUIDE.map(str::to_owned).to_vec();
    std::iter::once(headings)
        .chain(template.fields.iter().map(line))
        .collect()
}

/// `functioning: berfungsi, baik; broken: rusak`, with the three first words for each.
fn allowed(field: &TemplateField) -> String {
    const MOST: usize = 3;
    let value = |(ours, theirs): &(String, Vec<String>)| {
        let theirs: Vec<&str> = theirs.iter().take(MOST).map(String::as_str).collect();
        if theirs.is_empty() {
            ours.clone()
        } else {
            format!("{ours}: {}", theirs.join(", "))
        }
    };
    let values: Vec<String> = field.allowed.iter().map(value).collect();
    values.join("; ")
}
