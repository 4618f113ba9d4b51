//! Which table holds a layer, and what its columns are.

use tokio_postgres::types::Type;

use crate::domain::{DatasetVersionId, Layer, RecordKind};
use crate::store::geometry::geometry_type;
use crate::store::layer_table::table_of_kind;

/// The partitioned table of a kind of record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table(RecordKind);

impl Table {
    pub(super) fn of(layer: Layer) -> Self {
        Self(layer.kind())
    }

    fn name(self) -> &'static str {
        table_of_kind(self.0)
    }

    /// The columns that say something of the place, in the order in which `rows.rs` writes them.
    fn columns(self) -> &'static [(&'static str, Type)] {
        match self.0 {
            RecordKind::Village => &[
                ("name", Type::TEXT),
                ("kecamatan", Type::TEXT),
                ("kecamatan_code", Type::TEXT),
                ("district_code", Type::TEXT),
                ("population_thousandths", Type::INT8),
            ],
            RecordKind::Road => &[
                ("name", Type::TEXT),
                ("class", Type::TEXT),
                ("surface", Type::TEXT),
                ("condition", Type::TEXT),
                ("width_m", Type::FLOAT8),
                ("one_way", Type::TEXT),
                ("is_bridge", Type::BOOL),
                ("season", Type::TEXT),
                ("max_speed_kmh", Type::FLOAT8),
                ("is_tunnel", Type::BOOL),
                ("barred", Type::TEXT_ARRAY),
            ],
            RecordKind::Facility => &[
                ("layer", Type::TEXT),
                ("name", Type::TEXT),
                ("tier", Type::TEXT),
                ("status", Type::TEXT),
                ("capacity", Type::FLOAT8),
                ("improved", Type::BOOL),
                ("queue_min", Type::FLOAT8),
                ("confirmed_on", Type::DATE),
                ("season", Type::TEXT),
            ],
            RecordKind::Settlement => &[
                ("name", Type::TEXT),
                ("village_code", Type::TEXT),
                ("population_thousandths", Type::INT8),
            ],
            RecordKind::Barrier => &[("kind", Type::TEXT)],
            RecordKind::Crossing => &[("kind", Type::TEXT), ("season", Type::TEXT)],
            RecordKind::VillageOffice => &[("name", Type::TEXT), ("village_code", Type::TEXT)],
            RecordKind::VillageValues => &[
                ("layer", Type::TEXT),
                ("period", Type::TEXT),
                ("values_by_field", Type::JSONB),
            ],
            RecordKind::RoadSection => &[
                ("road", Type::TEXT),
                ("from_m", Type::FLOAT8),
                ("to_m", Type::FLOAT8),
                ("surface", Type::TEXT),
                ("condition", Type::TEXT),
                ("width_m", Type::FLOAT8),
                ("season", Type::TEXT),
            ],
            RecordKind::PopulationCell => &[("population_thousandths", Type::INT8)],
            RecordKind::ContextFeature => &[("name", Type::TEXT), ("kind", Type::TEXT)],
        }
    }

    /// The types of a row as COPY takes it: dataset version, source, key, hash, extra, columns, geometry.
    pub(super) fn row_types(self) -> Vec<Type> {
        let mut types = vec![Type::INT8, Type::TEXT, Type::TEXT, Type::BYTEA, Type::JSONB];
        types.extend(self.columns().iter().map(|(_, kind)| kind.clone()));
        types.push(geometry_type());
        types
    }

    /// The columns, each with `prefix` before it, separated by commas.
    fn column_list(self, prefix: &str) -> String {
        let columns = self.columns().iter();
        columns
            .map(|(name, _)| format!("{prefix}{name}"))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// As [`Self::column_list`], days as text.
    fn read_list(self, prefix: &str) -> String {
        let columns = self.columns().iter();
        let read = columns.map(|(name, kind)| match *kind {
            Type::DATE => format!("to_char({prefix}{name}, 'YYYY-MM-DD') as {name}"),
            _ => format!("{prefix}{name}"),
        });
        read.collect::<Vec<_>>().join(", ")
    }
}

/// The name of a staging table, and the statements about it.
///
/// Every word of it comes from our enums and a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct StagingName {
    layer: Layer,
    version: DatasetVersionId,
}

impl StagingName {
    pub(super) fn new(layer: Layer, version: DatasetVersionId) -> Self {
        Self { layer, version }
    }

    /// What every staging table begins with.
    pub(super) const ANY: &'static str = "staging_";

    /// The layer of a staging table; none where it is not one.
    pub(super) fn layer(name: &str) -> Option<Layer> {
        let (layer, _version) = name.strip_prefix(Self::ANY)?.rsplit_once('_')?;
        layer.replace('_', "-").parse().ok()
    }

    /// What the staging tables of a layer begin with; the number of the version follows.
    pub(super) fn prefix(layer: Layer) -> String {
        format!("staging_{}_", layer.as_str().replace('-', "_"))
    }

    /// A statement with its names filled in: `{staging}`, `{partition}` (its name once attached), `{table}`
    /// (the parent), `{version}`, and the columns of the table as `{columns}`, `{staged_columns}`, `{active_columns}`, `{read_columns}`.
    pub(super) fn fill(self, statement: &str) -> String {
        let table = Table::of(self.layer);
        let version = self.version.0.to_string();
        let staging = format!("{}{version}", Self::prefix(self.layer));
        statement
            .replace("{staging}", &staging)
            .replace("{partition}", &format!("{}_{version}", table.name()))
            .replace("{table}", table.name())
            .replace("{version}", &version)
            .replace("{read_columns}", &table.read_list("active."))
            .replace("{columns}", &table.column_list(""))
            .replace("{staged_columns}", &table.column_list("staged."))
            .replace("{active_columns}", &table.column_list("active."))
    }
}
