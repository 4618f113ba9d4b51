//! How the columns of a source were mapped, to be mapped so again.

use tokio_postgres::types::Json;

use super::database::Database;
use super::error::StoreError;
use super::reading::read;
use crate::domain::Layer;

impl Database {
    /// Remembers mappings, each as `field=COLUMN` or `field='constant'`, under a name; they replace older ones.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn save_import_profile(
        &self,
        layer: Layer,
        name: &str,
        mapping: &[String],
        made_by: &str,
    ) -> Result<(), StoreError> {
        let client = self.app().await?;
        client
            .execute(
                include_str!("sql/save_import_profile.sql"),
                &[&layer.as_str(), &name, &Json(mapping), &made_by],
            )
            .await
            .map_err(StoreError::sql("remember how columns were mapped"))?;
        Ok(())
    }

    /// The mappings remembered under a name; none where there are none.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn import_profile(
        &self,
        layer: Layer,
        name: &str,
    ) -> Result<Option<Vec<String>>, StoreError> {
        let client = self.app().await?;
        let found = read(
            &**client,
            "look up how columns were mapped",
            include_str!("sql/find_import_profile.sql"),
            &[&layer.as_str(), &name],
            |row| Ok(row.get::<_, Json<Vec<String>>>("mapping").0),
        )
        .await?;
        Ok(found.into_iter().next())
    }
}
