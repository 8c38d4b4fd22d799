//! The environment of a function's process: what Lambda sets, and nothing of the caller's own AWS settings.
//!
//! Names as in <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>. Instead of an execution
//! role's temporary credentials there is the key pair `local` / `local`.

use std::{env, ffi::OsString, net::SocketAddr, path::Path};

use crate::function::Settings;

/// What a function may see of the machine: enough to start, to write a temporary file, and to be debugged or
/// measured. Not `HOME`: the caller's AWS profiles are there.
const PASSED_ON: [&str; 9] = [
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

/// The whole environment, later entries winning: the machine's, Lambda's, and last the caller's own.
pub(crate) fn of_process(
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
        // There is no instance metadata here; asking for it would only take time.
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ("_HANDLER", "bootstrap".to_owned()),
        ("LAMBDA_RUNTIME_DIR", "/var/runtime".to_owned()),
        ("LANG", "en_US.UTF-8".to_owned()),
        ("TZ", ":UTC".to_owned()),
    ];
    let machine = PASSED_ON.iter().filter_map(|name| Some((OsString::from(name), env::var_os(name)?)));
    machine
        .chain([("LAMBDA_TASK_ROOT".into(), root.into())])
        .chain(lambda.into_iter().map(|(name, value)| (name.into(), value.into())))
        .chain(settings.environment.iter().map(|(name, value)| (name.into(), value.into())))
        .collect()
}
