//! The environment of a function's process: the variables that Lambda sets, and none of the caller's own AWS settings.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>. The credentials are the key pair `local` /
//! `local` instead of those of an execution role.

use std::{env, ffi::OsString, net::SocketAddr, path::Path};

use super::settings::Settings;

/// Variables of this process that a function inherits. It needs them to start, to write temporary files, to be debugged
/// and to be measured. `HOME` is not one of them, because the caller's AWS profiles are there.
const INHERITED: [&str; 9] = [
    "PATH",
    "TMPDIR",
    "RUST_BACKTRACE",
    "RUST_LOG",
    "LLVM_PROFILE_FILE",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "SystemRoot",
    "TEMP",
];

/// The whole environment of a process. Later entries replace earlier ones: inherited variables, Lambda's, the caller's.
pub(super) fn of_process(
    settings: &Settings,
    function: &str,
    path: &Path,
    runtime_api: SocketAddr,
    log_stream: &str,
) -> Vec<(OsString, OsString)> {
    let root = path.parent().unwrap_or(Path::new("."));
    let lambda = [
        ("AWS_LAMBDA_RUNTIME_API", runtime_api.to_string()),
        ("AWS_LAMBDA_FUNCTION_NAME", function.to_owned()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", settings.memory.to_string()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{function}")),
        ("AWS_LAMBDA_LOG_STREAM_NAME", log_stream.to_owned()),
        ("AWS_LAMBDA_LOG_FORMAT", "Text".to_owned()),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()),
        ("AWS_REGION", settings.region.clone()),
        ("AWS_DEFAULT_REGION", settings.region.clone()),
        ("AWS_ACCESS_KEY_ID", "local".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        // This machine has no instance metadata service, and a request for it would only take time.
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ("_HANDLER", "bootstrap".to_owned()),
        ("LAMBDA_RUNTIME_DIR", "/var/runtime".to_owned()),
        ("LANG", "en_US.UTF-8".to_owned()),
        ("TZ", ":UTC".to_owned()),
    ];
    let inherited = INHERITED.iter().filter_map(|name| Some((OsString::from(name), env::var_os(name)?)));
    inherited
        .chain([("LAMBDA_TASK_ROOT".into(), root.into())])
        .chain(lambda.into_iter().map(|(name, value)| (name.into(), value.into())))
        .chain(settings.environment.iter().map(|(name, value)| (name.into(), value.into())))
        .collect()
}
