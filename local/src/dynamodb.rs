//! An embedded DynamoDB: [dynoxide](https://docs.rs/dynoxide-rs), on a loopback port that the system chooses unless told
//! otherwise.

use std::{net::SocketAddr, path::Path};

use dynoxide::Database;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{error::StartError, listener};

/// A DynamoDB that lives in this process. Any credentials will do.
///
/// Dropping it stops it: requests under way are answered, then the database is closed. [`DynamoDb::stop`] waits for
/// that, which matters where the file is used again.
#[derive(Debug)]
pub struct DynamoDb {
    url: String,
    stop: DropGuard,
    server: JoinHandle<()>,
}

impl DynamoDb {
    /// An empty one, in memory.
    pub async fn memory() -> Result<Self, StartError> {
        Self::memory_at(listener::loopback(0)).await
    }

    /// The same at another address, so that others than this machine can reach it.
    pub async fn memory_at(address: SocketAddr) -> Result<Self, StartError> {
        let database =
            Database::memory().map_err(|error| StartError::Database { file: None, reason: error.to_string() })?;
        Self::serve(database, address).await
    }

    /// One that is kept in `file`, which is made if it is not there.
    pub async fn file(file: &Path) -> Result<Self, StartError> {
        Self::file_at(file, listener::loopback(0)).await
    }

    /// The same at another address.
    pub async fn file_at(file: &Path, address: SocketAddr) -> Result<Self, StartError> {
        let failed = |reason: String| StartError::Database { file: Some(file.to_owned()), reason };
        let path = file.to_str().ok_or_else(|| failed("its path is not Unicode".to_owned()))?;
        let database = Database::new(path).map_err(|error| failed(error.to_string()))?;
        Self::serve(database, address).await
    }

    /// Its endpoint: `http://127.0.0.1:PORT`, unless it is at another address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops it and waits until the database is closed.
    pub async fn stop(self) {
        drop(self.stop);
        // A panic in there has been printed already.
        let _ = self.server.await;
    }

    async fn serve(database: Database, address: SocketAddr) -> Result<Self, StartError> {
        let (listener, address) = listener::bind(address).await?;
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        let server = tokio::spawn(async move {
            // It fails only where the listener does, and then every request says so.
            let _ = dynoxide::server::serve_with_shutdown(listener, database, stopped).await;
        });
        Ok(Self { url: format!("http://{address}"), stop: stop.drop_guard(), server })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listener::tests::{post, status_and_body};

    async fn list_tables(database: &DynamoDb) -> (u16, String) {
        let headers = [
            ("x-amz-target", "DynamoDB_20120810.ListTables"),
            ("content-type", "application/x-amz-json-1.0"),
            (
                "authorization",
                "AWS4-HMAC-SHA256 Credential=local/20250101/us-east-1/dynamodb/aws4_request, \
                 SignedHeaders=host;x-amz-date, Signature=0",
            ),
            ("x-amz-date", "20250101T000000Z"),
        ];
        status_and_body(&post(database.url(), "/", &headers, b"{}").await)
    }

    #[tokio::test]
    async fn two_in_one_process_answer_on_ports_of_their_own() {
        let (first, second) = (DynamoDb::memory().await.unwrap(), DynamoDb::memory().await.unwrap());
        assert_ne!(first.url(), second.url());
        for database in [&first, &second] {
            assert_eq!(list_tables(database).await, (200, r#"{"TableNames":[]}"#.to_owned()));
        }
    }

    #[tokio::test]
    async fn a_file_is_made_and_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tables.db");
        for _ in 0..2 {
            let database = DynamoDb::file(&file).await.unwrap();
            assert_eq!(list_tables(&database).await.0, 200);
            database.stop().await;
        }
        assert!(file.exists());
    }

    /// All of 127.0.0.0/8 is loopback there.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn listens_at_the_address_that_is_asked_for() {
        let database = DynamoDb::memory_at("127.0.0.2:0".parse().unwrap()).await.unwrap();
        assert!(database.url().starts_with("http://127.0.0.2:"), "{}", database.url());
        assert_eq!(list_tables(&database).await.0, 200);
    }

    #[tokio::test]
    async fn says_which_address_is_taken() {
        let first = DynamoDb::memory().await.unwrap();
        let taken = first.url().trim_start_matches("http://");
        let error = DynamoDb::memory_at(taken.parse().unwrap()).await.unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot listen on {taken}: ")), "{error}");
    }

    #[tokio::test]
    async fn says_which_file_cannot_be_opened() {
        let error = DynamoDb::file(Path::new("/nowhere/tables.db")).await.unwrap_err().to_string();
        assert!(error.contains("cannot open the database `/nowhere/tables.db`"), "{error}");
    }
}
