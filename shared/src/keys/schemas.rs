//! The key schemas that are remembered, by identity, region and table.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use lru::LruCache;

use super::KeySchema;
use crate::{connection::IdentityKey, error::Error};

/// How many tables are remembered, of all identities together. The least recently used one is forgotten first.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(2_000).expect("it is not zero");

/// How long a table that was found unchanged is not looked up again for a refused request.
const UNCHANGED: Duration = Duration::from_secs(5);

/// The key schemas that the process has seen. What one identity has seen in a region is used for no other.
#[derive(Debug)]
pub struct Schemas(Mutex<LruCache<(IdentityKey, String), Arc<Slot>>>);

impl Default for Schemas {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

impl Schemas {
    /// The place of one table's schema.
    pub(super) fn slot(&self, identity: IdentityKey, table: &str) -> Arc<Slot> {
        // No code panics while it holds the lock.
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.get_or_insert_mut((identity, table.to_owned()), Arc::default))
    }
}

/// The place of one table's schema. It is locked while it is looked up: of many calls at once, one asks and the others wait for what
/// it learns.
#[derive(Debug, Default)]
pub(super) struct Slot(tokio::sync::Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    schema: Option<Arc<KeySchema>>,
    /// When it was looked up last and found unchanged.
    unchanged_at: Option<Instant>,
}

impl Slot {
    /// The remembered schema.
    pub(super) async fn get(&self) -> Option<Arc<KeySchema>> {
        self.0.lock().await.schema.clone()
    }

    /// The remembered schema, or what `look_up` finds.
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

    /// The schema that the table has now, unless it was looked up just now. Another call may have looked it up meanwhile.
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

    /// Forgets a schema whose table is gone.
    pub(super) async fn forget(&self, known: &Arc<KeySchema>) {
        let mut remembered = self.0.lock().await;
        if remembered.schema.as_ref() == Some(known) {
            remembered.schema = None;
        }
    }
}
