//! An embedded DynamoDB: [dynoxide](https://docs.rs/dynoxide-rs), behind a front for the operations that it lacks.

use std::{net::SocketAddr, path::Path};

use axum::serve::ListenerExt as _;
use dynoxide::Database;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::front;
use crate::{error::StartError, server};

/// A DynamoDB in this process. It accepts any credentials.
///
/// Dropping it stops it: it finishes the requests under way, then closes the database. [`DynamoDb::stop`] also waits for
/// that. Use it before the same file is opened again.
#[derive(Debug)]
pub struct DynamoDb {
    url: String,
    stop: DropGuard,
    server: JoinHandle<()>,
}

impl DynamoDb {
    /// Starts an empty database in memory, on a loopback port that the system chooses.
    pub async fn memory() -> Result<Self, StartError> {
        Self::memory_at(server::loopback(0)).await
    }

    /// Starts an empty database in memory that listens at `address`, so that other machines or containers can reach it.
    pub async fn memory_at(address: SocketAddr) -> Result<Self, StartError> {
        let database =
            Database::memory().map_err(|error| StartError::Database { file: None, reason: error.to_string() })?;
        Self::serve(database, address).await
    }

    /// Starts a database that is kept in `file`, on a loopback port that the system chooses. A missing file is created.
    pub async fn file(file: &Path) -> Result<Self, StartError> {
        Self::file_at(file, server::loopback(0)).await
    }

    /// Starts a database that is kept in `file` and listens at `address`.
    pub async fn file_at(file: &Path, address: SocketAddr) -> Result<Self, StartError> {
        let failed = |reason: String| StartError::Database { file: Some(file.to_owned()), reason };
        let path = file.to_str().ok_or_else(|| failed("its path is not Unicode".to_owned()))?;
        let database = Database::new(path).map_err(|error| failed(error.to_string()))?;
        Self::serve(database, address).await
    }

    /// The endpoint: `http://127.0.0.1:PORT` unless another address was given.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops the server and waits until the database is closed.
    pub async fn stop(self) {
        drop(self.stop);
        // Ignores a panic of the server: it has been printed already.
        let _ = self.server.await;
    }

    async fn serve(database: Database, address: SocketAddr) -> Result<Self, StartError> {
        let (listener, address) = server::bind(address).await?;
        let (engine_listener, engine_address) = server::bind(server::loopback(0)).await?;
        // Answers are small and the client waits for each: sending them at once matters more than full packets.
        let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
        let (stop, stop_engine) = (CancellationToken::new(), CancellationToken::new());
        let (stopped, engine_stopped) = (stop.clone().cancelled_owned(), stop_engine.clone().cancelled_owned());
        let server = tokio::spawn(async move {
            let engine = tokio::spawn(dynoxide::server::serve_with_shutdown(engine_listener, database, engine_stopped));
            // Ignores a failing listener: every client then sees a refused connection.
            let _ = axum::serve(listener, front::router(engine_address)).with_graceful_shutdown(stopped).await;
            // The front has no request under way any more.
            stop_engine.cancel();
            let _ = engine.await;
        });
        Ok(Self { url: format!("http://{address}"), stop: stop.drop_guard(), server })
    }
}
