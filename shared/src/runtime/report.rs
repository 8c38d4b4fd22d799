//! The report of an event: one log line, and metrics if they are asked for. It holds no item, key value or secret.

use std::{
    collections::BTreeMap,
    io::{Write as _, stdout},
    iter,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, UNIX_EPOCH},
};

use aws_smithy_async::time::SharedTimeSource;
use lambda_runtime::Context;
use serde_json::{Value, json};
use tracing::info;

use crate::{actions::Context as ActionContext, answer::Answer, dynamodb::Journal, error::Error, settings::Settings};

/// Reports the events of one action.
pub(super) struct Reporter {
    action: &'static str,
    /// The `CloudWatch` namespace of the metrics. `None`: no metrics.
    namespace: Option<String>,
    time: SharedTimeSource,
    /// Whether no event was reported yet.
    is_cold: AtomicBool,
}

/// How an event ended.
pub(super) struct Report<'a> {
    pub(super) context: &'a Context,
    pub(super) action: Option<&'a ActionContext>,
    pub(super) journal: Journal,
    pub(super) took: Duration,
    pub(super) result: Result<&'a Answer, &'a Error>,
}

impl Report<'_> {
    /// The capacity units consumed, if DynamoDB returned them.
    fn capacity(&self) -> Option<f64> {
        self.result.ok().and_then(Answer::consumed_capacity)
    }

    /// DynamoDB's reasons for having throttled, if it gave some.
    fn throttling_reasons(&self) -> Option<String> {
        let reasons: Vec<String> =
            self.journal.throttling_reasons.iter().map(|(reason, _)| reason.to_string()).collect();
        (!reasons.is_empty()).then(|| reasons.join(", "))
    }

    fn error_type(&self) -> Option<&str> {
        self.result.err().map(Error::error_type)
    }
}

impl Reporter {
    pub(super) fn new(action: &'static str, settings: &Settings, time: SharedTimeSource) -> Self {
        Self { action, namespace: settings.metrics_namespace.clone(), time, is_cold: AtomicBool::new(true) }
    }

    /// Writes the line, in the span of the event, and the metrics.
    pub(super) fn report(&self, report: &Report<'_>) {
        let cold = self.is_cold.swap(false, Ordering::Relaxed);
        let Report { context, action, journal, took, result } = report;
        info!(
            traceId = context.xray_trace_id,
            function = context.env_config.function_name,
            action = self.action,
            table = journal.table,
            region = action.map(|action| action.calls.region()),
            connection = action.map(ActionContext::connection),
            awsRequestIds = journal.request_ids.join(" "),
            attempts = journal.attempts,
            throttles = journal.throttles,
            throttlingReasons = report.throttling_reasons(),
            consumedCapacity = report.capacity(),
            milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            coldStart = cold,
            errorType = report.error_type(),
            "{}",
            if result.is_ok() { "answered" } else { "failed" },
        );
        if let Some(namespace) = &self.namespace {
            let mut out = stdout().lock();
            for line in iter::once(self.metrics(namespace, report, cold)).chain(self.reasons(namespace, report)) {
                // Ignores errors: a closed standard output must not fail an invocation.
                let _ = writeln!(out, "{line}");
            }
        }
    }

    /// One more line for each throttling reason: a line has one value for each dimension.
    fn reasons(&self, namespace: &str, report: &Report<'_>) -> Vec<Value> {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for (reason, count) in &report.journal.throttling_reasons {
            *counts.entry(&reason.reason).or_default() += count;
        }
        let line = |(reason, count)| {
            let throttles = json!({"Name": "Throttles", "Unit": "Count"});
            let directive =
                json!({"Namespace": namespace, "Dimensions": [["action", "reason"]], "Metrics": [throttles]});
            json!({
                "action": self.action,
                "reason": reason,
                "requestId": report.context.request_id,
                "Throttles": count,
                "_aws": {"Timestamp": self.milliseconds(), "CloudWatchMetrics": [directive]},
            })
        };
        counts.into_iter().map(line).collect()
    }

    /// The time, as `CloudWatch` takes it.
    fn milliseconds(&self) -> u64 {
        let now = self.time.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
    }

    /// The line from which `CloudWatch` makes metrics:
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>.
    fn metrics(&self, namespace: &str, report: &Report<'_>, cold: bool) -> Value {
        let unit = |name: &str, unit: &str| json!({"Name": name, "Unit": unit});
        let metrics = |dimensions: &[&str], metrics: Vec<Value>| json!({"Namespace": namespace, "Dimensions": [dimensions], "Metrics": metrics});
        let count = |name: &str| unit(name, "Count");
        let mut of_action = vec![
            count("Invocations"),
            count("Errors"),
            count("Throttles"),
            count("ColdStarts"),
            unit("Latency", "Milliseconds"),
        ];
        let error_type = report.error_type();
        let mut line = json!({
            "action": self.action,
            "requestId": report.context.request_id,
            "Invocations": 1,
            "Errors": u8::from(error_type.is_some()),
            "Throttles": report.journal.throttles,
            "ColdStarts": u8::from(cold),
            "Latency": report.took.as_secs_f64() * 1_000.0,
        });
        if let Some(capacity) = report.capacity() {
            of_action.push(count("ConsumedCapacity"));
            line["ConsumedCapacity"] = capacity.into();
        }
        let mut directives = vec![metrics(&["action"], of_action)];
        if let Some(error_type) = error_type {
            directives.push(metrics(&["action", "errorType"], vec![count("Errors")]));
            line["errorType"] = error_type.into();
        }
        line["_aws"] = json!({"Timestamp": self.milliseconds(), "CloudWatchMetrics": directives});
        line
    }
}
