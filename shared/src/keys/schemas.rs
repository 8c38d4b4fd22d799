//! Remembers key schemas by identity, region and table.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use lru::LruCache;

use super::KeySchema;
use crate::{connection::IdentityKey, error::Error};

/// The number of tables to remember, over all identities. The least recently used one is forgotten first.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(2_000).expect("it is not zero");

/// How long a table that was found unchanged is not looked up again for a refused request.
const UNCHANGED: Duration = Duration::from_secs(5);

/// The key schemas that this process has looked up. A schema is used only for the identity and region that looked it
/// up.
#[derive(Debug)]
pub struct Schemas(Mutex<LruCache<(IdentityKey, String), Arc<Slot>>>);

impl Default for Schemas {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

impl Schemas {
    /// The slot for one table's schema.
    pub(super) fn slot(&self, identity: IdentityKey, table: &str) -> Arc<Slot> {
        // No code panics while it holds the lock.
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.get_or_insert_mut((identity, table.to_owned()), Arc::default))
    }
}

/// The slot for one table's schema. It is locked during a look-up. Of several concurrent calls, one looks up the schema
/// and the others wait for the result.
#[derive(Debug, Default)]
pub(super) struct Slot(tokio::sync::Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    schema: Option<Arc<KeySchema>>,
    /// The time of the last look-up that found the schema unchanged.
    unchanged_at: Option<Instant>,
}

impl Slot {
    /// Returns the remembered schema.
    pub(super) async fn get(&self) -> Option<Arc<KeySchema>> {
        self.0.lock().await.schema.clone()
    }

    /// Returns the remembered schema, or else the result of `look_up`.
    pub(super) async fn get_or_look_up<F>(&self, look_up: impl FnOnce() -> F) -> Result<Arc<KeySchema>, Error>
    where
        F: Future<Output = Result<KeySchema, Error>>,
    {
        let mut remembered = self.0.lock().await;
        if let Some(schema) = &remembered.schema {
            return Ok(Arc::clone(schema));
        }
        let schema = Arc::new(look_up().await?);
        remembered.schema = Some(Arc::clone(&schema));
        Ok(schema)
    }

    /// Looks up the table's current schema, unless another call has already replaced `known`. Returns `None` if a
    /// look-up a moment ago found the schema unchanged.
    pub(super) async fn look_up_anew<F>(
        &self,
        known: &Arc<KeySchema>,
        look_up: impl FnOnce() -> F,
    ) -> Result<Option<Arc<KeySchema>>, Error>
    where
        F: Future<Output = Result<KeySchema, Error>>,
    {
        let mut remembered = self.0.lock().await;
        if remembered.schema.as_ref().is_some_and(|schema| schema != known) {
            return Ok(remembered.schema.clone());
        }
        if remembered.unchanged_at.is_some_and(|at| at.elapsed() < UNCHANGED) {
            return Ok(None);
        }
        remembered.schema = None;
        let schema = Arc::new(look_up().await?);
        remembered.unchanged_at = (schema == *known).then(Instant::now);
        remembered.schema = Some(Arc::clone(&schema));
        Ok(Some(schema))
    }

    /// Forgets the schema of a table that no longer exists.
    pub(super) async fn forget(&self, known: &Arc<KeySchema>) {
        let mut remembered = self.0.lock().await;
        if remembered.schema.as_ref() == Some(known) {
            remembered.schema = None;
        }
    }
}
