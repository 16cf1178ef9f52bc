//! Apps and their origins.

use super::revisions::{Topic, bump};
use super::{Store, StoreError, Tx};
use crate::crypto::random_id;
use protocol::AppId;
use signing::Secret;

/// An app as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredApp {
    /// Its identifier.
    pub id: AppId,
    /// The service provider's name.
    pub name: String,
    /// `#rrggbb`.
    pub brand_color: String,
    /// First words in an empty panel.
    pub greeting: Option<String>,
    /// Origins of pages that may use it, sorted.
    pub origins: Vec<String>,
    /// Unix milliseconds.
    pub created_at: i64,
    /// Corner of the page: `left` or `right`.
    pub position: Option<String>,
    /// What to show while nobody answers.
    pub away_text: Option<String>,
    /// When somebody answers, in the form of `OfficeHours`.
    pub office_hours: Option<String>,
    /// Whether v1 connection keys are refused.
    pub require_v2: bool,
}

/// What an app is made from.
#[derive(Clone, Debug)]
pub struct NewApp {
    /// The service provider's name.
    pub name: String,
    /// `#rrggbb`.
    pub brand_color: String,
    /// First words in an empty panel.
    pub greeting: Option<String>,
    /// Origins of pages that may use it.
    pub origins: Vec<String>,
}

/// What is to change in an app; `None` and empty lists change nothing.
#[derive(Clone, Debug, Default)]
pub struct AppUpdate {
    /// The service provider's name.
    pub name: Option<String>,
    /// `#rrggbb`.
    pub brand_color: Option<String>,
    /// First words in an empty panel; empty removes them.
    pub greeting: Option<String>,
    /// Corner of the page.
    pub position: Option<String>,
    /// What to show while nobody answers; empty removes it.
    pub away_text: Option<String>,
    /// When somebody answers; empty removes it.
    pub office_hours: Option<String>,
    /// Whether v1 connection keys are refused.
    pub require_v2: Option<bool>,
    /// Origins to add.
    pub add_origins: Vec<String>,
    /// Origins to take away.
    pub remove_origins: Vec<String>,
}

type Row = (String, String, String, Option<String>, i64, Option<String>, Option<String>, Option<String>, i64);

impl Store {
    /// Makes an app and its first secret.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn create_app(
        &self,
        app: &NewApp,
        secret: &Secret,
        now_ms: i64,
    ) -> Result<(AppId, String), StoreError> {
        let id = AppId(random_id("app_"));
        let mut tx = self.begin_for(&id).await?;
        sqlx::query(
            "INSERT INTO apps (id, name, brand_color, greeting, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id.as_str())
        .bind(&app.name)
        .bind(&app.brand_color)
        .bind(app.greeting.as_deref())
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        add_origins(&mut tx, &id, &app.origins).await?;
        let secret_id = self.insert_secret(&mut tx, &id, secret, now_ms).await?;
        bump(&mut tx, Topic::Directory).await?;
        tx.commit().await?;
        Ok((id, secret_id))
    }

    /// All apps, oldest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn list_apps(&self) -> Result<Vec<StoredApp>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, name, brand_color, greeting, created_at, position, away_text, office_hours, require_v2 FROM apps ORDER BY created_at, id",
        )
        .fetch_all(&self.reader)
        .await?;
        let origins: Vec<(String, String)> =
            sqlx::query_as("SELECT app_id, origin FROM app_origins ORDER BY app_id, origin")
                .fetch_all(&self.reader)
                .await?;
        let of = |id: &str| {
            origins.iter().filter(|(app, _)| app == id).map(|(_, origin)| origin.clone()).collect()
        };
        Ok(rows
            .into_iter()
            .map(|row| {
                let origins = of(&row.0);
                from_row(row, origins)
            })
            .collect())
    }

    /// One app.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn find_app(&self, id: &AppId) -> Result<Option<StoredApp>, StoreError> {
        let row: Option<Row> =
            sqlx::query_as("SELECT id, name, brand_color, greeting, created_at, position, away_text, office_hours, require_v2 FROM apps WHERE id = $1")
                .bind(id.as_str())
                .fetch_optional(&self.reader)
                .await?;
        let Some(row) = row else { return Ok(None) };
        let origins: Vec<(String,)> =
            sqlx::query_as("SELECT origin FROM app_origins WHERE app_id = $1 ORDER BY origin")
                .bind(id.as_str())
                .fetch_all(&self.reader)
                .await?;
        Ok(Some(from_row(row, origins.into_iter().map(|(origin,)| origin).collect())))
    }

    /// Changes an app; `None` if there is none.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn update_app(&self, id: &AppId, update: &AppUpdate) -> Result<Option<()>, StoreError> {
        let mut tx = self.begin_for(id).await?;
        let changed = sqlx::query(
            "UPDATE apps SET name = COALESCE($2, name), brand_color = COALESCE($3, brand_color), \
             greeting = NULLIF(COALESCE($4, greeting), ''), position = COALESCE($5, position), \
             away_text = NULLIF(COALESCE($6, away_text), ''), \
             office_hours = NULLIF(COALESCE($7, office_hours), ''), require_v2 = COALESCE($8, require_v2) WHERE id = $1",
        )
        .bind(id.as_str())
        .bind(update.name.as_deref())
        .bind(update.brand_color.as_deref())
        .bind(update.greeting.as_deref())
        .bind(update.position.as_deref())
        .bind(update.away_text.as_deref())
        .bind(update.office_hours.as_deref())
        .bind(update.require_v2.map(i64::from))
        .execute(&mut *tx)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(None);
        }
        for origin in &update.remove_origins {
            sqlx::query("DELETE FROM app_origins WHERE app_id = $1 AND origin = $2")
                .bind(id.as_str())
                .bind(origin)
                .execute(&mut *tx)
                .await?;
        }
        add_origins(&mut tx, id, &update.add_origins).await?;
        bump(&mut tx, Topic::Directory).await?;
        tx.commit().await?;
        Ok(Some(()))
    }

    /// Deletes an app with all that is its own: secrets, keys, contacts, conversations. `None` if there is none.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn delete_app(&self, id: &AppId) -> Result<Option<()>, StoreError> {
        let mut tx = self.begin_for(id).await?;
        let deleted =
            sqlx::query("DELETE FROM apps WHERE id = $1").bind(id.as_str()).execute(&mut *tx).await?;
        if deleted.rows_affected() == 0 {
            return Ok(None);
        }
        bump(&mut tx, Topic::Directory).await?;
        tx.commit().await?;
        Ok(Some(()))
    }
}

fn from_row(row: Row, origins: Vec<String>) -> StoredApp {
    let (id, name, brand_color, greeting, created_at, position, away_text, office_hours, require_v2) = row;
    StoredApp {
        id: AppId(id),
        name,
        brand_color,
        greeting,
        origins,
        created_at,
        position,
        away_text,
        office_hours,
        require_v2: require_v2 != 0,
    }
}

async fn add_origins(tx: &mut Tx, id: &AppId, origins: &[String]) -> Result<(), StoreError> {
    for origin in origins {
        sqlx::query("INSERT INTO app_origins (app_id, origin) VALUES ($1, $2) ON CONFLICT (app_id, origin) DO NOTHING")
            .bind(id.as_str())
            .bind(origin)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}
