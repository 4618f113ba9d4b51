//! The schema: made and brought forward, or refused when this program does not know it.

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::database::Database;
use super::error::StoreError;

mod embedded {
    refinery::embed_migrations!("src/store/migrations");
}

/// One migration of a database at a time: `jgk` and 1, as numbers of an advisory lock.
const LOCK: &str = "select pg_advisory_lock(6973291, 1)";

/// What a migration did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationReport {
    /// Migrations applied now, in order; empty where the schema was there.
    pub applied: Vec<String>,
    /// What could not be done and is not needed by Jangkau itself, with how to mend it.
    pub notes: Vec<String>,
}

impl Database {
    /// Makes the schema, or brings it forward; each migration is one transaction. Safe to run at every start.
    ///
    /// Roles and the extension are made where they are missing; what the user of the database may not do is named.
    ///
    /// # Errors
    /// A missing right, a schema of a newer or another program, or a migration that fails.
    pub async fn migrate(&self) -> Result<MigrationReport, StoreError> {
        let mut owner = self.owner().await?;
        owner
            .batch_execute(LOCK)
            .await
            .map_err(StoreError::sql("wait for another migration"))?;
        self.prepare(&owner).await?;
        refuse_unknown(&mut owner).await?;
        let report = embedded::migrations::runner()
            .run_async(&mut owner)
            .await
            .map_err(StoreError::Migration)?;
        let applied = report.applied_migrations().iter();
        Ok(MigrationReport {
            applied: applied.map(ToString::to_string).collect(),
            notes: self.add_coordinate_systems(&owner).await?,
        })
    }

    /// Passes if the schema is exactly the one that this program brings.
    ///
    /// # Errors
    /// [`StoreError::SchemaBehind`], [`StoreError::SchemaAhead`] or [`StoreError::SchemaDiverged`].
    pub async fn check_schema(&self) -> Result<(), StoreError> {
        let mut owner = self.owner().await?;
        let found = refuse_unknown(&mut owner).await?;
        let known = newest_known();
        if found < known {
            return Err(StoreError::SchemaBehind { found, known });
        }
        Ok(())
    }

    /// Schema, roles and extension, without which no migration can run.
    async fn prepare(&self, owner: &Client) -> Result<(), StoreError> {
        let (user, database) = self.names();
        let steps = [
            (
                include_str!("sql/make_schema.sql"),
                "create a schema",
                format!("grant create on database \"{database}\" to \"{user}\""),
            ),
            (
                include_str!("sql/make_roles.sql"),
                "create the roles jangkau_app and jangkau_reader",
                format!(
                    "create role jangkau_app; create role jangkau_reader; grant jangkau_app, jangkau_reader to \"{user}\""
                ),
            ),
            (
                include_str!("sql/make_extension.sql"),
                "create the extension postgis",
                "let a superuser run: create extension postgis schema public".to_owned(),
            ),
            (
                include_str!("sql/grant_schema.sql"),
                "grant its own schema",
                format!("alter schema jangkau owner to \"{user}\""),
            ),
        ];
        for (statement, right, mend) in steps {
            owner.batch_execute(statement).await.map_err(|source| {
                if source.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) {
                    StoreError::MissingRight {
                        user: user.clone(),
                        database: database.clone(),
                        right,
                        mend,
                    }
                } else {
                    StoreError::Sql {
                        doing: right,
                        source,
                    }
                }
            })?;
        }
        Ok(())
    }

    /// Adds Indonesia's coordinate systems for those who ask PostGIS for them. Jangkau's own tables are EPSG:4326, so
    /// that a user who may not write `spatial_ref_sys` gets a note and no error.
    async fn add_coordinate_systems(&self, owner: &Client) -> Result<Vec<String>, StoreError> {
        match owner
            .batch_execute(include_str!("sql/add_srgi2013.sql"))
            .await
        {
            Ok(()) => Ok(Vec::new()),
            Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
                let (user, _) = self.names();
                Ok(vec![format!(
                    "SRGI2013 is not in spatial_ref_sys: let a superuser run \
                     grant insert, select on spatial_ref_sys to \"{user}\", then jangkau migrate again"
                )])
            }
            Err(error) => Err(StoreError::sql("add SRGI2013 to spatial_ref_sys")(error)),
        }
    }
}

/// The newest version in the database, 0 where there is none, if this program knows all of them.
async fn refuse_unknown(owner: &mut Client) -> Result<i32, StoreError> {
    let has_history: bool = owner
        .query_one(include_str!("sql/has_history.sql"), &[])
        .await
        .map_err(StoreError::sql("look for the schema"))?
        .get(0);
    if !has_history {
        return Ok(0);
    }
    let runner = embedded::migrations::runner();
    let applied = runner
        .get_applied_migrations_async(owner)
        .await
        .map_err(StoreError::Migration)?;
    let known = runner.get_migrations();
    for migration in &applied {
        let version = migration.version();
        match known.iter().find(|each| each.version() == version) {
            Some(same) if same.checksum() == migration.checksum() => {}
            Some(_) => {
                return Err(StoreError::SchemaDiverged {
                    version,
                    name: migration.name().to_owned(),
                });
            }
            None => {
                return Err(StoreError::SchemaAhead {
                    found: version,
                    known: newest_known(),
                });
            }
        }
    }
    let versions = applied.iter().map(refinery::Migration::version);
    Ok(versions.max().unwrap_or(0))
}

fn newest_known() -> i32 {
    let runner = embedded::migrations::runner();
    let versions = runner.get_migrations().iter();
    versions
        .map(refinery::Migration::version)
        .max()
        .unwrap_or(0)
}
