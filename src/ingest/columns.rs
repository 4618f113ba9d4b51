//! Which column of a file feeds which field of a layer.

use crate::domain::{ColumnUse, Finding, FindingCode, Layer, Severity, folded};

use super::error::IngestError;
use super::fields::{fields, key_field, missed, required};
use super::findings::error;
use super::request::{ImportRequest, MappedFrom, Mapping, ReleaseColumns};
use super::synonyms::{SYNONYMS, heading_parts};

/// Where a field's values come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// Position of a column.
    Column(usize),
    /// The same value for all.
    Constant(String),
}

/// Columns of one file, sorted out.
#[derive(Debug)]
pub(super) struct Columns {
    fields: Vec<(&'static str, Origin)>,
    /// Columns that the layer does not know, under names that differ.
    pub(super) extra: Vec<(usize, String)>,
}

/// Checks what a request names against the layer, before any file is opened.
///
/// # Errors
/// A mapping names no field of the layer, or an option does not fit it.
pub(super) fn check_request(request: &ImportRequest) -> Result<(), IngestError> {
    let known = fields(request.layer);
    for Mapping { field, .. } in &request.mapping {
        if !known.contains(&field.as_str()) && field != "longitude" && field != "latitude" {
            return Err(IngestError::Request(format!(
                "the layer {} has no field `{field}`; its fields are {}, longitude, latitude",
                request.layer,
                known.join(", ")
            )));
        }
    }
    if request.code_from.is_some() && key_field(request.layer) != "code" {
        return Err(IngestError::Request(
            "--code-from is for villages and tables by village only".to_owned(),
        ));
    }
    Ok(())
}

/// Headings that mean `field` (`longitude` or `latitude`): the one that the request names, else the synonyms.
pub(super) fn coordinate_columns(request: &ImportRequest, field: &str) -> Vec<String> {
    let named = request
        .mapping
        .iter()
        .find_map(|mapping| match &mapping.from {
            MappedFrom::Column(column) if mapping.field == field => Some(folded(column)),
            _ => None,
        });
    match named {
        Some(named) => vec![named],
        None => SYNONYMS.columns(request.layer, field),
    }
}

impl Columns {
    /// Sorts out the columns `names` of a file; what is missing is told in `findings`.
    pub(super) fn resolve(
        request: &ImportRequest,
        names: &[String],
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut columns = Self {
            fields: Vec::new(),
            extra: Vec::new(),
        };
        for mapping in named_by_hand(request) {
            columns.take_named(request.layer, &mapping, names, findings);
        }
        for field in fields(request.layer) {
            if columns.origin(field).is_none()
                && let Some(column) = columns.by_synonym(request.layer, field, names)
            {
                columns.fields.push((field, Origin::Column(column)));
            }
        }
        if let (Some(code_from), None) = (&request.code_from, columns.origin("name"))
            && let Some(column) = position(names, code_from)
        {
            columns.fields.push(("name", Origin::Column(column)));
        }
        if request.updates.is_none() {
            columns.tell_missing(request.layer, names, findings);
        }
        columns.name_extra(names);
        columns
    }

    fn take_named(
        &mut self,
        layer: Layer,
        mapping: &Mapping,
        names: &[String],
        findings: &mut Vec<Finding>,
    ) {
        let Some(field) = fields(layer).iter().find(|field| **field == mapping.field) else {
            return;
        };
        let origin = match &mapping.from {
            MappedFrom::Constant(value) => Origin::Constant(value.clone()),
            MappedFrom::Column(column) => {
                let Some(column) = position(names, column) else {
                    findings.push(no_column(column, names));
                    return;
                };
                Origin::Column(column)
            }
        };
        self.fields.retain(|(taken, _)| taken != field);
        self.fields.push((field, origin));
    }

    /// The column that is not taken yet and comes first among the field's names.
    fn by_synonym(&self, layer: Layer, field: &str, names: &[String]) -> Option<usize> {
        let synonyms = SYNONYMS.columns(layer, field);
        let free = |column: &usize| !self.is_taken(*column);
        let whole: Vec<String> = names.iter().map(|name| folded(name)).collect();
        let parts: Vec<Vec<String>> = names.iter().map(|name| heading_parts(name)).collect();
        let columns = || (0..names.len()).filter(free);
        let by_whole = |synonym: &String| columns().find(|column| whole[*column] == *synonym);
        let by_part = |synonym: &String| columns().find(|column| parts[*column].contains(synonym));
        synonyms
            .iter()
            .find_map(by_whole)
            .or_else(|| synonyms.iter().find_map(by_part))
    }

    fn is_taken(&self, column: usize) -> bool {
        self.fields
            .iter()
            .any(|(_, origin)| *origin == Origin::Column(column))
    }

    fn tell_missing(&self, layer: Layer, names: &[String], findings: &mut Vec<Finding>) {
        let columns = names.join(", ");
        for field in required(layer) {
            if self.origin(field).is_none() && findings.is_empty() {
                findings.push(Finding {
                    field: Some((*field).to_owned()),
                    ..error(
                        FindingCode::FieldMissing,
                        format!("no column gives `{field}`; the columns are: {columns}"),
                        name_it(field),
                    )
                });
            }
        }
        for field in missed(layer) {
            if self.origin(field).is_none() {
                findings.push(Finding {
                    field: Some((*field).to_owned()),
                    ..Finding::new(
                        Severity::Warning,
                        FindingCode::FieldMissing,
                        format!("no column gives `{field}`, so it is unknown for all records"),
                        name_it(field),
                    )
                });
            }
        }
    }

    fn name_extra(&mut self, names: &[String]) {
        for (column, name) in names.iter().enumerate() {
            if self.is_taken(column) {
                continue;
            }
            let mut unique = name.clone();
            let mut copy = 2;
            while self.extra.iter().any(|(_, taken)| *taken == unique) {
                unique = format!("{name}_{copy}");
                copy += 1;
            }
            self.extra.push((column, unique));
        }
    }

    /// Where a field comes from, if from anywhere.
    pub(super) fn origin(&self, field: &str) -> Option<&Origin> {
        self.fields
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, origin)| origin)
    }

    /// How each column was taken.
    pub(super) fn uses(&self, names: &[String]) -> Vec<ColumnUse> {
        names
            .iter()
            .enumerate()
            .map(|(column, name)| ColumnUse {
                column: name.clone(),
                field: self
                    .fields
                    .iter()
                    .find(|(_, origin)| *origin == Origin::Column(column))
                    .map(|(field, _)| (*field).to_owned()),
            })
            .collect()
    }
}

/// How to say where a field comes from, in quotes that a shell leaves alone.
fn name_it(field: &str) -> String {
    format!(
        "name it with --map {field}=COLUMN, or say one value for all: --map \"{field}='VALUE'\""
    )
}

/// Mappings, with `--key` and `--code-from` as the mappings that they are.
fn named_by_hand(request: &ImportRequest) -> Vec<Mapping> {
    let column = |field: &str, column: &String| Mapping {
        field: field.to_owned(),
        from: MappedFrom::Column(column.clone()),
    };
    let mut mappings = request.mapping.clone();
    mappings.extend(
        request
            .key
            .iter()
            .map(|key| column(key_field(request.layer), key)),
    );
    mappings.extend(request.code_from.iter().map(|from| column("code", from)));
    mappings
}

/// The column of a name: exactly so, else compared as synonyms are.
fn position(names: &[String], wanted: &str) -> Option<usize> {
    names.iter().position(|name| name == wanted).or_else(|| {
        let wanted = folded(wanted);
        names.iter().position(|name| folded(name) == wanted)
    })
}

fn no_column(column: &str, names: &[String]) -> Finding {
    Finding {
        field: Some(column.to_owned()),
        ..error(
            FindingCode::FieldMissing,
            format!(
                "the file has no column `{column}`; its columns are: {}",
                names.join(", ")
            ),
            format!(
                "name one of these columns; a value for all goes in quotes of its own: \"'{column}'\""
            ),
        )
    }
}

/// The columns to release, or a finding for each name that the file does not have.
pub(super) fn released(
    release: &ReleaseColumns,
    columns: &Columns,
    names: &[String],
    findings: &mut Vec<Finding>,
) -> Vec<String> {
    let extra = |name: &String| {
        columns
            .extra
            .iter()
            .find(|(_, extra)| folded(extra) == folded(name))
            .map(|(_, extra)| extra.clone())
    };
    match release {
        ReleaseColumns::None => Vec::new(),
        ReleaseColumns::All => columns.extra.iter().map(|(_, name)| name.clone()).collect(),
        ReleaseColumns::Named(wanted) => wanted
            .iter()
            .filter_map(|name| {
                let found = extra(name);
                if found.is_none() && position(names, name).is_none() {
                    findings.push(no_column(name, names));
                }
                found
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(request: &ImportRequest, names: &[&str]) -> (Columns, Vec<Finding>) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut findings = Vec::new();
        let columns = Columns::resolve(request, &names, &mut findings);
        (columns, findings)
    }

    #[test]
    fn names_of_offices_are_found_and_the_rest_is_extra() {
        let request = ImportRequest::new(Layer::Villages, Vec::new());
        let (columns, findings) = resolve(&request, &["KDCPUM", "KDEPUM", "WADMKD", "LUAS"]);
        assert_eq!(columns.origin("code"), Some(&Origin::Column(1)));
        assert_eq!(columns.origin("name"), Some(&Origin::Column(2)));
        assert_eq!(
            columns.extra,
            [(0, "KDCPUM".to_owned()), (3, "LUAS".to_owned())]
        );
        assert_eq!(findings, []);
    }

    #[test]
    fn what_is_named_by_hand_goes_first() {
        let mut request = ImportRequest::new(Layer::Roads, Vec::new());
        request.mapping = vec![
            "class=kelas_baru".parse().unwrap(),
            "surface='aspal'".parse().unwrap(),
        ];
        let (columns, findings) = resolve(&request, &["highway", "kelas baru"]);
        assert_eq!(columns.origin("class"), Some(&Origin::Column(1)));
        assert_eq!(
            columns.origin("surface"),
            Some(&Origin::Constant("aspal".to_owned()))
        );
        assert_eq!(findings, []);
    }

    #[test]
    fn a_road_without_a_class_column_is_an_error() {
        let request = ImportRequest::new(Layer::Roads, Vec::new());
        let (_, findings) = resolve(&request, &["NAME"]);
        assert_eq!(findings[0].code, FindingCode::FieldMissing);
        assert_eq!(findings[0].severity, Severity::Error);
    }

    #[test]
    fn a_name_serves_as_code_and_as_name() {
        let mut request = ImportRequest::new(Layer::Villages, Vec::new());
        request.code_from = Some("NAMA_KEC".to_owned());
        let (columns, findings) = resolve(&request, &["NAMA_KEC"]);
        assert_eq!(columns.origin("name"), columns.origin("code"));
        assert_eq!(findings, []);
    }

    #[test]
    fn two_columns_of_one_name_are_kept_apart() {
        let request = ImportRequest::new(Layer::Barriers, Vec::new());
        let (columns, _) = resolve(&request, &["a", "a", "a_2"]);
        let names: Vec<&str> = columns
            .extra
            .iter()
            .map(|(_, name)| name.as_str())
            .collect();
        assert_eq!(names, ["a", "a_2", "a_2_2"]);
    }
}
