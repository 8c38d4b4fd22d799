//! The settings of the process: environment variables, read and checked once when the function starts.
//!
//! A variable that is empty or blank counts as not set, because deployment tools leave such variables behind. Blanks around
//! a value are ignored.
//!
//! `aws-config` reads the settings that every AWS SDK has
//! (<https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html>). It ignores some invalid values and panics at
//! others, so [`Sdk`] checks them first.

use std::{borrow::Cow, env, fmt, num::NonZeroUsize, ops::RangeInclusive, time::Duration};

use aws_smithy_types::retry::{RetryConfig, RetryMode};
use aws_types::app_name::AppName;
use http::Uri;
use tracing::level_filters::LevelFilter;

/// The largest answer that Lambda takes from a function, in bytes:
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>.
pub const LARGEST_ANSWER: usize = 6_291_556;

/// The most seconds that a secret's text may be kept: a year. A longer time could overflow when it is added to today's date.
const LONGEST_SECRET_TTL: u64 = 31_536_000;

/// A setting with a value that is not allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Error {
    name: &'static str,
    value: String,
    /// What the value should have been: completes the sentence "… is not".
    rule: Cow<'static, str>,
}

impl Error {
    pub(crate) fn new(name: &'static str, value: impl Into<String>, rule: impl Into<Cow<'static, str>>) -> Self {
        Self { name, value: value.into(), rule: rule.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, value, rule } = self;
        write!(f, "{name}: `{value}` is not {rule}")
    }
}

impl std::error::Error for Error {}

/// All settings of the process but [`Log`].
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// `MAX_RESPONSE_BYTES`: the largest answer, in bytes. Default and maximum: [`LARGEST_ANSWER`].
    pub(crate) largest_answer: usize,
    /// `METRICS_NAMESPACE`: the `CloudWatch` namespace of the metrics. Not set: no metrics.
    pub(crate) metrics_namespace: Option<String>,
    /// `MAX_IDENTITIES`: how many identities the process keeps clients for. Default: 100.
    pub(crate) identities: NonZeroUsize,
    /// `SECRET_TTL_SECONDS`: how long a secret's text is kept. Default: 300.
    pub(crate) secret_time_to_live: Duration,
    /// `AWS_LAMBDA_MAX_CONCURRENCY`: how many events Lambda sends at once. Default: 1. Lambda sets it, so an unknown value is
    /// no error; `lambda_runtime` reads it the same way.
    pub(crate) concurrency: usize,
    pub(crate) sdk: Sdk,
}

/// The settings of the AWS SDK, checked.
#[derive(Debug, Clone)]
pub(crate) struct Sdk {
    /// `AWS_CA_BUNDLE`: the path of a file of certificates (PEM) to trust instead of Amazon's and the machine's.
    pub(crate) ca_bundle: Option<String>,
    /// `AWS_MAX_ATTEMPTS` and `AWS_RETRY_MODE`.
    pub(crate) retries: RetryConfig,
    /// `AWS_USE_FIPS_ENDPOINT`
    pub(crate) use_fips: Option<bool>,
    /// `AWS_USE_DUALSTACK_ENDPOINT`
    pub(crate) use_dual_stack: Option<bool>,
    /// `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS`
    pub(crate) ignores_endpoints: bool,
    /// `AWS_SDK_UA_APP_ID`: the name by which AWS's logs know the function.
    pub(crate) app_name: Option<AppName>,
}

impl Settings {
    /// Reads the environment of the process.
    pub(crate) fn from_env() -> Result<Self, Error> {
        Self::read(&|name| env::var(name).ok())
    }

    /// Reads the variables that `variable` returns.
    pub(crate) fn read(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let variables = Variables(variable);
        Ok(Self {
            largest_answer: variables.number("MAX_RESPONSE_BYTES", 1..=LARGEST_ANSWER, LARGEST_ANSWER)?,
            metrics_namespace: variables.text("METRICS_NAMESPACE"),
            identities: variables
                .number("MAX_IDENTITIES", 1..=1_000_000, 100)?
                .try_into()
                .expect("the range starts at 1"),
            secret_time_to_live: Duration::from_secs(variables.number(
                "SECRET_TTL_SECONDS",
                0..=LONGEST_SECRET_TTL,
                300,
            )?),
            concurrency: variables
                .text("AWS_LAMBDA_MAX_CONCURRENCY")
                .and_then(|digits| digits.parse().ok())
                .unwrap_or(1),
            sdk: Sdk::read(&variables)?,
        })
    }
}

impl Sdk {
    fn read(variables: &Variables<'_>) -> Result<Self, Error> {
        for name in [
            "AWS_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_DYNAMODB",
            "AWS_ENDPOINT_URL_STS",
            "AWS_ENDPOINT_URL_SECRETS_MANAGER",
        ] {
            variables.endpoint(name)?;
        }
        Ok(Self {
            ca_bundle: variables.text("AWS_CA_BUNDLE"),
            retries: variables.retries()?,
            use_fips: variables.flag("AWS_USE_FIPS_ENDPOINT")?,
            use_dual_stack: variables.flag("AWS_USE_DUALSTACK_ENDPOINT")?,
            ignores_endpoints: variables.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?.unwrap_or(false),
            app_name: variables.app_name()?,
        })
    }
}

/// How the process logs: Lambda's own settings
/// (<https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html>).
///
/// They are apart from [`Settings`], because an invalid setting must be logged. An unknown value counts as not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Log {
    /// `AWS_LAMBDA_LOG_LEVEL`. Default: INFO. `FATAL`, which `tracing` does not have, is ERROR.
    pub(crate) level: LevelFilter,
    /// `AWS_LAMBDA_LOG_FORMAT`: whether it is `JSON`.
    pub(crate) as_json: bool,
}

impl Log {
    /// Reads the environment of the process.
    pub(crate) fn from_env() -> Self {
        Self::read(&|name| env::var(name).ok())
    }

    fn read(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let variables = Variables(variable);
        let level = variables.text("AWS_LAMBDA_LOG_LEVEL").and_then(|level| {
            if level.eq_ignore_ascii_case("fatal") { Some(LevelFilter::ERROR) } else { level.parse().ok() }
        });
        let format = variables.text("AWS_LAMBDA_LOG_FORMAT");
        Self {
            level: level.unwrap_or(LevelFilter::INFO),
            as_json: format.is_some_and(|format| format.eq_ignore_ascii_case("json")),
        }
    }
}

/// Environment variables by name.
struct Variables<'a>(&'a dyn Fn(&str) -> Option<String>);

impl Variables<'_> {
    /// The text of a variable without blanks around it.
    fn text(&self, name: &str) -> Option<String> {
        let text = (self.0)(name)?;
        let trimmed = text.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    fn number<N>(&self, name: &'static str, range: RangeInclusive<N>, default: N) -> Result<N, Error>
    where
        N: std::str::FromStr + PartialOrd + fmt::Display,
    {
        let Some(digits) = self.text(name) else { return Ok(default) };
        digits.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
            let (least, most) = range.into_inner();
            Error::new(name, digits, format!("a whole number from {least} to {most}"))
        })
    }

    fn flag(&self, name: &'static str) -> Result<Option<bool>, Error> {
        self.text(name)
            .map(|word| match word.to_ascii_lowercase().as_str() {
                "true" => Ok(true),
                "false" => Ok(false),
                _ => Err(Error::new(name, word, "true or false")),
            })
            .transpose()
    }

    fn retries(&self) -> Result<RetryConfig, Error> {
        const MODE: &str = "AWS_RETRY_MODE";
        let mode = match self.text(MODE).map(|mode| mode.to_ascii_lowercase()).as_deref() {
            None | Some("standard") => RetryMode::Standard,
            Some("adaptive") => RetryMode::Adaptive,
            Some(mode) => return Err(Error::new(MODE, mode, "standard or adaptive")),
        };
        let attempts = self.number("AWS_MAX_ATTEMPTS", 1..=u32::MAX, 3)?;
        Ok(RetryConfig::standard().with_retry_mode(mode).with_max_attempts(attempts))
    }

    fn app_name(&self) -> Result<Option<AppName>, Error> {
        const NAME: &str = "AWS_SDK_UA_APP_ID";
        self.text(NAME)
            .map(|name| {
                AppName::new(name.clone())
                    .map_err(|_| Error::new(NAME, name, "a name of letters, digits and !#$%&'*+-.^_`|~"))
            })
            .transpose()
    }

    /// Checks an endpoint: `aws-config` would ignore an invalid one, and the function would call AWS instead.
    fn endpoint(&self, name: &'static str) -> Result<(), Error> {
        let Some(url) = self.text(name) else { return Ok(()) };
        let is_url = url
            .parse::<Uri>()
            .is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some());
        if is_url {
            Ok(())
        } else {
            Err(Error::new(name, url, "a URL such as https://dynamodb.eu-west-1.amazonaws.com"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &'static str, value: &'static str) -> Result<Settings, Error> {
        Settings::read(&|asked| (asked == name).then(|| value.to_owned()))
    }

    #[test]
    fn an_invalid_setting_is_an_error_with_its_name_value_and_rule() {
        for (name, value, rule) in [
            ("MAX_RESPONSE_BYTES", "0", "a whole number from 1 to 6291556"),
            ("MAX_RESPONSE_BYTES", "6291557", "a whole number from 1 to 6291556"),
            ("MAX_IDENTITIES", "0", "a whole number from 1 to 1000000"),
            ("SECRET_TTL_SECONDS", "-1", "a whole number from 0 to 31536000"),
            ("AWS_MAX_ATTEMPTS", "many", "a whole number from 1 to 4294967295"),
            ("AWS_MAX_ATTEMPTS", "0", "a whole number from 1 to 4294967295"),
            ("AWS_RETRY_MODE", "never", "standard or adaptive"),
            ("AWS_USE_FIPS_ENDPOINT", "perhaps", "true or false"),
            ("AWS_USE_DUALSTACK_ENDPOINT", "1", "true or false"),
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "yes", "true or false"),
            ("AWS_SDK_UA_APP_ID", "no blanks", "a name of letters, digits and !#$%&'*+-.^_`|~"),
            ("AWS_ENDPOINT_URL", "localhost", "a URL such as https://dynamodb.eu-west-1.amazonaws.com"),
            ("AWS_ENDPOINT_URL_STS", "ftp://localhost", "a URL such as https://dynamodb.eu-west-1.amazonaws.com"),
        ] {
            let error = read(name, value).unwrap_err();
            assert_eq!(error.to_string(), format!("{name}: `{value}` is not {rule}"));
        }
    }

    #[test]
    fn blanks_around_a_value_are_ignored() {
        assert_eq!(read("AWS_MAX_ATTEMPTS", " 2 ").unwrap().sdk.retries.max_attempts(), 2);
        assert_eq!(read("AWS_RETRY_MODE", " Adaptive").unwrap().sdk.retries.mode(), RetryMode::Adaptive);
        assert_eq!(read("AWS_USE_FIPS_ENDPOINT", "TRUE ").unwrap().sdk.use_fips, Some(true));
        assert_eq!(read("METRICS_NAMESPACE", " Orders ").unwrap().metrics_namespace.as_deref(), Some("Orders"));
    }

    #[test]
    fn a_blank_setting_counts_as_not_set() {
        for blank in ["", " \t"] {
            let settings = Settings::read(&|_| Some(blank.into())).unwrap();
            assert_eq!(settings.largest_answer, LARGEST_ANSWER);
            assert_eq!(settings.metrics_namespace, None);
            assert_eq!(settings.identities.get(), 100);
            assert_eq!(settings.secret_time_to_live, Duration::from_mins(5));
            assert_eq!(settings.concurrency, 1);
            assert_eq!(settings.sdk.ca_bundle, None);
            assert_eq!(settings.sdk.retries, RetryConfig::standard());
            assert_eq!((settings.sdk.use_fips, settings.sdk.use_dual_stack), (None, None));
            assert!(!settings.sdk.ignores_endpoints);
            assert_eq!(settings.sdk.app_name, None);
        }
    }

    #[test]
    fn reads_lambdas_log_settings() {
        let read = |level: &'static str, format: &'static str| {
            Log::read(&|name| match name {
                "AWS_LAMBDA_LOG_LEVEL" => Some(level.into()),
                "AWS_LAMBDA_LOG_FORMAT" => Some(format.into()),
                _ => None,
            })
        };
        for (level, read_as) in [
            ("DEBUG", LevelFilter::DEBUG),
            ("warn", LevelFilter::WARN),
            ("FATAL", LevelFilter::ERROR),
            ("", LevelFilter::INFO),
            ("loud", LevelFilter::INFO),
        ] {
            assert_eq!(read(level, "").level, read_as, "{level}");
        }
        assert!(read("", "JSON").as_json && read("", "json").as_json);
        assert!(!read("", "Text").as_json && !read("", "").as_json);
    }
}
