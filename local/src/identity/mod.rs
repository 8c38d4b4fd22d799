//! The parts of STS and Secrets Manager that the functions' connections need, in this process.
//!
//! A request passes through these modules: `server` finds the service and the operation, `signature` and `directory`
//! check the signature and find the caller, `sts` or `secrets_manager` runs the operation, and `refusal` writes an error
//! the way the service writes it. Every call is recorded (`call`).
//!
//! Nothing is scripted unless a test asks for it. A wrong secret, a foreign token and an expired session are detected by
//! the same calculations as in AWS. [`Identity::signed_by`] makes them available to a server of any other service, for
//! example to a proxy in front of DynamoDB.

mod call;
mod caller;
mod directory;
mod fault;
mod hash;
mod ids;
mod refusal;
mod role;
mod secret;
mod secrets_manager;
mod server;
mod session;
mod signature;
mod sts;
mod xml;

use std::{
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::http::HeaderMap;

pub use self::{
    call::{Call, Operation},
    caller::Caller,
    refusal::Refusal,
    role::Role,
    session::{SessionCredentials, SessionState},
};
use self::{
    directory::{Directory, ScriptedFailure, User},
    refusal::Protocol,
};
use crate::{
    clock::now,
    error::StartError,
    server::{Server, loopback},
};

/// STS and Secrets Manager at one address. Users, roles and secrets can be changed at any time.
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
/// Dropping it stops the server.
pub struct Identity {
    url: String,
    directory: Arc<Mutex<Directory>>,
    _server: Server,
}

impl Identity {
    /// The account of all secrets, and the account to use for users and roles: `123456789012`.
    pub const ACCOUNT: &str = secret::ACCOUNT;

    /// Starts the services without users, roles and secrets, on a loopback port that the system chooses.
    pub async fn start() -> Result<Self, StartError> {
        Self::start_at(loopback(0)).await
    }

    /// Starts the services at `address`, so that other machines or containers can reach them.
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

    /// Adds an access key pair, or changes the secret of a known key. The ARN names the user and its account.
    pub fn user(&self, access_key_id: impl Into<String>, secret_access_key: impl Into<String>, arn: impl Into<String>) {
        let user = User { secret_access_key: secret_access_key.into(), arn: arn.into() };
        self.directory().users.insert(access_key_id.into(), user);
    }

    /// Removes the key of a user or of a session. Calls that it signs are refused from now on.
    pub fn forget(&self, access_key_id: &str) {
        let mut directory = self.directory();
        directory.users.remove(access_key_id);
        directory.sessions.remove(access_key_id);
    }

    /// Adds a role or changes it. Its existing sessions stay valid.
    pub fn role(&self, role: Role) {
        self.directory().roles.insert(role.arn.clone(), role);
    }

    /// Starts a session of a role and returns its credentials, as Lambda does for a function's execution role.
    ///
    /// The role does not have to exist. The session lasts one hour unless [`Identity::session_lifetime`] says otherwise.
    #[must_use]
    pub fn session_of(&self, role_arn: &str, session_name: &str) -> SessionCredentials {
        let (service, hour) = ("lambda.amazonaws.com", Duration::from_hours(1));
        self.directory().start_session(role_arn, session_name, service, hour, now()).credentials()
    }

    /// Creates a secret in `us-east-1`, or changes its text as a rotation does. Returns its ARN, which stays the same.
    pub fn secret(&self, name: &str, text: impl Into<String>) -> String {
        self.secret_in("us-east-1", name, text)
    }

    /// Creates or changes a secret in `region`. A secret is found in its own region only.
    pub fn secret_in(&self, region: &str, name: &str, text: impl Into<String>) -> String {
        self.directory().put_secret(region, name, text.into(), now())
    }

    /// Sets how long sessions last that start from now on, whatever duration is requested.
    ///
    /// The expiration time is exact to the millisecond. With a lifetime of zero, a session has expired when it starts.
    pub fn session_lifetime(&self, lifetime: Duration) {
        self.directory().session_lifetime = Some(lifetime);
    }

    /// Ends all sessions before their time. From now on their credentials have expired.
    pub fn expire_sessions(&self) {
        self.directory().sessions.values_mut().for_each(|session| session.ended = true);
    }

    /// Answers the next `times` calls of an operation with this error code, whoever signs them. Further failures of the
    /// same operation follow in the order of the calls of this method.
    ///
    /// The code determines the status: 503 for `ServiceUnavailable`, 500 for a code that starts with `Internal`, and
    /// otherwise 400, or 403 where STS sends it.
    pub fn fail_next(&self, operation: Operation, code: impl Into<String>, times: usize) {
        if times > 0 {
            self.directory().failures.push(ScriptedFailure { operation, code: code.into(), times });
        }
    }

    /// Returns every call since the last time, refused ones included.
    #[must_use]
    pub fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.directory().calls)
    }

    /// The session with this key and this token, whether or not it is still valid.
    #[must_use]
    pub fn session(&self, access_key_id: &str, token: &str) -> Option<SessionState> {
        self.directory().session(access_key_id, token).map(|session| session.state(now()))
    }

    /// Checks the signature of a `POST` to `/` of another service, for example `dynamodb`. Returns the caller, or the
    /// error that the service would send.
    ///
    /// `headers` are the headers that were received, `host` included. A proxy must not pass the headers that it sends on.
    pub fn signed_by(&self, service: &str, headers: &HeaderMap, body: &[u8]) -> Result<Caller, Refusal> {
        let protocol = if service == "sts" { Protocol::Query } else { Protocol::Json };
        self.directory().authenticate(service, headers, body, now()).map_err(|fault| Refusal::new(fault, protocol))
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
