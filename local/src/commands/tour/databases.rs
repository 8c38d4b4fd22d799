//! The functions on a working database and on two that fail.

use std::time::Duration;

use local::{Builder, Lambda};
use tokio::net::TcpListener;

use super::{
    super::{deployment::Deployment, failure::Failure},
    step::Database,
};

/// The functions on databases that fail.
pub(super) struct FailingDatabases {
    unreachable: Lambda,
    unresponsive: Lambda,
    /// The endpoint of the unresponsive database. The system accepts connections, and nothing reads from them.
    _listener: TcpListener,
}

impl FailingDatabases {
    pub(super) async fn start(deployment: &Deployment, show_logs: bool) -> Result<Self, Failure> {
        let builder = || -> Builder {
            let functions = deployment.functions.clone();
            Lambda::builder().functions(functions).identity(&deployment.identity).show_logs(show_logs)
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let unresponsive = format!("http://{}", listener.local_addr()?);
        Ok(Self {
            // Port 1 belongs to a service that no system runs any more.
            unreachable: builder().dynamodb("http://127.0.0.1:1").start().await?,
            unresponsive: builder().dynamodb(&unresponsive).timeout(Duration::from_secs(3)).start().await?,
            _listener: listener,
        })
    }

    /// The functions on `database`.
    pub(super) fn lambda<'a>(&'a self, database: Database, deployment: &'a Deployment) -> &'a Lambda {
        match database {
            Database::Working => &deployment.lambda,
            Database::Unreachable => &self.unreachable,
            Database::Unresponsive => &self.unresponsive,
        }
    }

    pub(super) async fn stop(self) {
        self.unreachable.stop().await;
        self.unresponsive.stop().await;
    }
}
