//! A version of several parts: what an import brings, with what it leaves of the version before.

use serde::Serialize;

use super::staging::Staging;
use crate::domain::{DatasetVersionId, Layer, Part, RecordKind, SAMPLE_SOURCE};
use crate::store::error::StoreError;
use crate::store::reading::read;

/// Records farther apart are not one, whatever their keys: surveys of one place differ by less.
const NOT_THE_SAME_M: f64 = 1_000.0;

/// A record that another one stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetAside {
    /// Its source.
    pub source: String,
    /// Its key.
    pub key: String,
    /// Source of the one that stands for it.
    pub kept_source: String,
    /// Key of the one that stands for it.
    pub kept_key: String,
}

/// Two records of different sources that seem to be one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LookAlike {
    /// Source of the one.
    pub source: String,
    /// Key of the one.
    pub key: String,
    /// Source of the other.
    pub other_source: String,
    /// Key of the other.
    pub other_key: String,
    /// Name of the one.
    pub name: String,
    /// Between them, on the ellipsoid.
    pub distance_m: f64,
}

/// A record that shares its key with one of another source, and is not the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Clash {
    /// Its source.
    pub source: String,
    /// The key.
    pub key: String,
    /// Source of the other one.
    pub kept_source: String,
    /// Between them, on the ellipsoid.
    pub distance_m: f64,
}

/// How far the sections of a road go, beside its line.
#[derive(Debug, Clone, PartialEq)]
pub struct SectionLength {
    /// Id of the road.
    pub road: String,
    /// Metres to the end of its last section.
    pub stated_m: f64,
    /// Metres of its line on the ellipsoid; none where no active road has the id.
    pub length_m: Option<f64>,
}

/// What composing did.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Composed {
    /// Records that others stand for, in no order.
    pub set_aside: Vec<SetAside>,
    /// Those of them that are not the same, in order of key.
    pub clashes: Vec<Clash>,
    /// Records that seem to be one and were left as they are.
    pub look_alikes: Vec<LookAlike>,
}

impl Staging {
    /// The keys that `part` does not allow: known ones where it adds, unknown ones where it updates. In order.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn refused_keys(&self, part: Part) -> Result<Vec<String>, StoreError> {
        let known_are_refused = match part {
            Part::Add => true,
            Part::Update => false,
            Part::Layer | Part::Source | Part::AddOrUpdate => return Ok(Vec::new()),
        };
        let statement = self.name.fill(include_str!("../sql/list_refused_keys.sql"));
        let rows = self
            .client
            .query(
                &statement,
                &[&self.layer.as_str(), &self.source, &known_are_refused],
            )
            .await
            .map_err(StoreError::sql("look for keys that an import may not have"))?;
        Ok(rows.iter().map(|row| row.get("key")).collect())
    }

    /// The version that is active while this import holds its layer; none before the first.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn active_version(&self) -> Result<Option<DatasetVersionId>, StoreError> {
        Ok(self.current().await?.map(|current| current.version))
    }

    /// Adds what the import leaves of the active version; called once everything is copied, before it is compared.
    ///
    /// Where two sources have one key, or people said that two records are one, one stands for both: the source that
    /// `precedence` names first goes first, then those of the active version in their order, then a new one.
    /// Sample data never stay beside others.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn compose(
        &mut self,
        part: Part,
        precedence: &[String],
    ) -> Result<Composed, StoreError> {
        self.part = part;
        let before = self.current().await?;
        let was_sample = before.as_ref().is_some_and(|current| current.is_sample);
        let active_sources = before.map(|current| current.sources).unwrap_or_default();
        self.sources = in_order(part, &self.source, &active_sources, precedence);
        if part == Part::Layer {
            return Ok(Composed::default());
        }
        let own_records_stay = part != Part::Source;
        let layer = self.layer.to_string();
        for statement in [
            include_str!("../sql/keep_parts.sql"),
            include_str!("../sql/keep_set_aside.sql"),
        ] {
            let n_kept = self
                .client
                .execute(
                    &self.name.fill(statement),
                    &[&layer, &self.source, &own_records_stay],
                )
                .await
                .map_err(StoreError::sql("keep the other parts of a layer"))?;
            self.n_records = self.n_records.saturating_add_unsigned(n_kept);
        }
        // Sample data under another supplier's name keep their mark, and so does the sample itself where it stays.
        let is_sample = |source: &String| source == SAMPLE_SOURCE;
        self.is_sample |= was_sample
            && (self.sources.iter().any(is_sample) || !active_sources.iter().any(is_sample));
        let clashes = self.clashes().await?;
        let rows = self
            .client
            .query(
                &self.name.fill(include_str!("../sql/set_aside.sql")),
                &[&layer, &self.sources],
            )
            .await
            .map_err(StoreError::sql("set aside what other records stand for"))?;
        self.n_records -= i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let set_aside = rows
            .iter()
            .map(|row| SetAside {
                source: row.get("source"),
                key: row.get("key"),
                kept_source: row.get("kept_source"),
                kept_key: row.get("kept_key"),
            })
            .collect();
        self.index().await?;
        Ok(Composed {
            set_aside,
            clashes,
            look_alikes: self.look_alikes().await?,
        })
    }

    /// The villages named by a table that are not among the active ones, in order.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn unknown_villages(&self) -> Result<Vec<String>, StoreError> {
        if self.layer.kind() != RecordKind::VillageValues {
            return Ok(Vec::new());
        }
        let statement = self
            .name
            .fill(include_str!("../sql/list_unknown_villages.sql"));
        let rows = self
            .client
            .query(&statement, &[&self.source])
            .await
            .map_err(StoreError::sql("look for villages that are not active"))?;
        Ok(rows.iter().map(|row| row.get("key")).collect())
    }

    /// The roads that a table of sections is about, in order.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn section_lengths(&self) -> Result<Vec<SectionLength>, StoreError> {
        if self.layer.kind() != RecordKind::RoadSection {
            return Ok(Vec::new());
        }
        let statement = self
            .name
            .fill(include_str!("../sql/list_section_lengths.sql"));
        let rows = self
            .client
            .query(&statement, &[])
            .await
            .map_err(StoreError::sql("measure the roads of a table of sections"))?;
        Ok(rows
            .iter()
            .map(|row| SectionLength {
                road: row.get("road"),
                stated_m: row.get("stated_m"),
                length_m: row.get("length_m"),
            })
            .collect())
    }

    /// Records of two sources that share a key by chance; those of villages are official.
    async fn clashes(&self) -> Result<Vec<Clash>, StoreError> {
        if !self.layer.has_geometry() || self.layer == Layer::Villages {
            return Ok(Vec::new());
        }
        let statement = include_str!("../sql/list_clashing_keys.sql");
        read(
            &self.client,
            "look for keys that two sources share by chance",
            &self.name.fill(statement),
            &[&self.sources, &NOT_THE_SAME_M],
            |row| {
                Ok(Clash {
                    source: row.get("source"),
                    key: row.get("key"),
                    kept_source: row.get("kept_source"),
                    distance_m: row.get("distance_m"),
                })
            },
        )
        .await
    }

    /// Pairs of different sources with one name within 50 m: at most 1,000, in order of their keys.
    async fn look_alikes(&self) -> Result<Vec<LookAlike>, StoreError> {
        if self.sources.len() < 2 || !self.layer.is_facility() {
            return Ok(Vec::new());
        }
        let statement = self.name.fill(include_str!("../sql/list_look_alikes.sql"));
        let rows = self
            .client
            .query(&statement, &[])
            .await
            .map_err(StoreError::sql("look for records that seem to be one"))?;
        Ok(rows
            .iter()
            .map(|row| LookAlike {
                source: row.get("source"),
                key: row.get("key"),
                other_source: row.get("other_source"),
                other_key: row.get("other_key"),
                name: row.get("name"),
                distance_m: row.get("distance_m"),
            })
            .collect())
    }
}

/// The sources of a composed version, the one that goes first first.
fn in_order(part: Part, own: &str, active: &[String], precedence: &[String]) -> Vec<String> {
    let mut sources: Vec<String> = Vec::new();
    if part != Part::Layer {
        let sample_stays = own == SAMPLE_SOURCE || own.is_empty();
        let stays = |source: &&String| sample_stays || source.as_str() != SAMPLE_SOURCE;
        sources.extend(active.iter().filter(stays).cloned());
    }
    // Nobody's: nothing new is imported, the parts are only put together again.
    if !own.is_empty() && !sources.iter().any(|source| source == own) {
        sources.push(own.to_owned());
    }
    let rank = |source: &String| precedence.iter().position(|first| first == source);
    sources.sort_by_key(|source| rank(source).unwrap_or(usize::MAX));
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(part: Part, own: &str, active: &[&str], precedence: &[&str]) -> Vec<String> {
        let owned = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        in_order(part, own, &owned(active), &owned(precedence))
    }

    #[test]
    fn a_new_source_goes_last_unless_it_is_named_first() {
        assert_eq!(
            order(Part::Source, "osm", &["dinkes"], &[]),
            ["dinkes", "osm"]
        );
        assert_eq!(
            order(Part::Source, "osm", &["dinkes"], &["osm"]),
            ["osm", "dinkes"]
        );
        assert_eq!(
            order(Part::Add, "dinkes", &["dinkes", "osm"], &[]),
            ["dinkes", "osm"]
        );
    }

    #[test]
    fn nothing_of_the_layer_stays_where_it_is_replaced_and_the_sample_never_does() {
        assert_eq!(order(Part::Layer, "osm", &["dinkes"], &[]), ["osm"]);
        assert_eq!(order(Part::Source, "dinkes", &["sample"], &[]), ["dinkes"]);
    }
}
