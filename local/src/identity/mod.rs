//! Who somebody is: as much of STS and Secrets Manager as the functions' connections need, in this process.
//!
//! A request's journey: which service and operation it is for (`server`), whether its signature holds and whose it is
//! (`signature`, `directory`, `caller`), what the service makes of it (`sts`, `role`, `secrets_manager`), and, where it
//! is refused, in which words (`refusal`). Everything that was asked is noted down (`call`).
//!
//! Nothing is canned: a wrong secret, another's token or a time that has passed are found out by the same calculation
//! as in AWS. [`Identity::signed_by`] does it for any other service, so that what stands in front of a DynamoDB can ask
//! who signed a request.

mod call;
mod caller;
mod directory;
mod random;
mod refusal;
mod role;
mod secrets_manager;
mod server;
mod signature;
mod sts;

use std::{
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use axum::http::HeaderMap;

use crate::{
    error::StartError,
    listener::{self, Server},
};
pub use call::{Call, Operation};
pub use caller::Caller;
use directory::{Directory, Failure, User};
use refusal::Protocol;
pub use refusal::Refusal;
pub use role::{Role, SessionState};

/// STS and Secrets Manager at one address. Everything can be changed while they run.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use local::{Identity, Lambda, Role};
///
/// let identity = Identity::start().await?;
/// identity.user("ada", "ada's secret", "arn:aws:iam::123456789012:user/ada");
/// identity.role(Role::new("arn:aws:iam::123456789012:role/reader", ["ada"]).external_id("ours"));
/// let lambda = Lambda::builder().function("get-item", "target/debug/get-item").identity(&identity).start().await?;
/// # Ok(())
/// # }
/// ```
///
/// Dropping it stops it.
pub struct Identity {
    url: String,
    directory: Arc<Mutex<Directory>>,
    _server: Server,
}

impl Identity {
    /// The account that its secrets are in, and its own users should be: `123456789012`.
    pub const ACCOUNT: &str = secrets_manager::ACCOUNT;

    /// One that knows nobody, on a loopback port that the system chooses.
    pub async fn start() -> Result<Self, StartError> {
        Self::start_at(listener::loopback(0)).await
    }

    /// The same at another address, so that others than this machine can reach it.
    pub async fn start_at(address: SocketAddr) -> Result<Self, StartError> {
        let directory = Arc::<Mutex<Directory>>::default();
        let server = Server::start(address, server::router(Arc::clone(&directory))).await?;
        Ok(Self { url: format!("http://{}", server.address()), directory, _server: server })
    }

    /// The endpoint of both services: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Adds an access key pair, or gives the key another secret. The ARN says whose it is and in which account.
    pub fn user(&self, access_key_id: impl Into<String>, secret_access_key: impl Into<String>, arn: impl Into<String>) {
        let user = User { secret_access_key: secret_access_key.into(), arn: arn.into() };
        self.directory().users.insert(access_key_id.into(), user);
    }

    /// Forgets a key, of a user or of a session: from now on nobody knows it.
    pub fn forget(&self, access_key_id: &str) {
        let mut directory = self.directory();
        directory.users.remove(access_key_id);
        directory.sessions.remove(access_key_id);
    }

    /// Adds a role, or changes it. Sessions that it has go on.
    pub fn role(&self, role: Role) {
        self.directory().roles.insert(role.arn.clone(), role);
    }

    /// Makes a secret in `us-east-1`, or gives it a new text: a rotation. Returns its ARN, which stays the same.
    pub fn secret(&self, name: &str, text: impl Into<String>) -> String {
        self.secret_in("us-east-1", name, text)
    }

    /// The same in another region. A secret is found in its own region only.
    pub fn secret_in(&self, region: &str, name: &str, text: impl Into<String>) -> String {
        secrets_manager::put(&mut self.directory(), region, name, text.into(), SystemTime::now())
    }

    /// Sessions that start from now on last so long, whatever is asked for. They are told when they end to the
    /// millisecond, and are good exactly until then: nothing at all with a lifetime of zero.
    pub fn session_lifetime(&self, lifetime: Duration) {
        self.directory().session_lifetime = Some(lifetime);
    }

    /// Ends all sessions before their time: from now on their credentials have expired.
    pub fn expire_sessions(&self) {
        self.directory().sessions.values_mut().for_each(|session| session.ended = true);
    }

    /// Answers the next calls of an operation with this error, whoever signs them. Orders come one after the other.
    ///
    /// The status follows from the code: 503 for `ServiceUnavailable`, 500 for what starts with `Internal`, else 400, or
    /// 403 where STS has it so.
    pub fn fail_next(&self, operation: Operation, code: impl Into<String>, times: usize) {
        if times > 0 {
            self.directory().failures.push(Failure { operation, code: code.into(), times });
        }
    }

    /// Every call so far, refused ones too; they are forgotten with this.
    #[must_use]
    pub fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.directory().calls)
    }

    /// The session that has this key and this token, live or not.
    #[must_use]
    pub fn session(&self, access_key_id: &str, token: &str) -> Option<SessionState> {
        self.directory().session(access_key_id, token).map(|session| session.state(SystemTime::now()))
    }

    /// Who signed a `POST` to `/` of another service, `dynamodb`, or in which words that service refuses it.
    ///
    /// The headers are those that were signed, `host` included: the ones that came, not those that are passed on.
    pub fn signed_by(&self, service: &str, headers: &HeaderMap, body: &[u8]) -> Result<Caller, Refusal> {
        let protocol = if service == "sts" { Protocol::Query } else { Protocol::Json };
        self.directory()
            .authenticate(service, headers, body, SystemTime::now())
            .map_err(|fault| Refusal::new(fault, protocol))
    }

    fn directory(&self) -> MutexGuard<'_, Directory> {
        self.directory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("url", &self.url).finish_non_exhaustive()
    }
}
