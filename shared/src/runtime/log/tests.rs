use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_smithy_async::time::StaticTimeSource;
use tracing::{Instrument as _, debug, error, info, subscriber::with_default, warn};

use super::*;

/// What was written.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn lines(&self) -> Vec<String> {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap());
        String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
    }
}

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn to_memory(level: LevelFilter, as_json: bool) -> (Written, impl Subscriber + Send + Sync) {
    let time: SystemTime = UNIX_EPOCH + Duration::from_micros(1_795_000_000_012_345);
    let written = Written::default();
    let time = SharedTimeSource::new(StaticTimeSource::new(time));
    let memory = written.clone();
    let subscriber = subscriber(settings::Log { level, as_json }, time, move || memory.clone());
    (written, subscriber)
}

fn written(level: LevelFilter, as_json: bool, log: impl FnOnce()) -> Vec<String> {
    let (written, subscriber) = to_memory(level, as_json);
    with_default(subscriber, log);
    written.lines()
}

fn two_lines() {
    let _entered = invocation("id").entered();
    info!(table = "a \"b\"\n", count = 3_u64, capacity = 0.5, cold = true, left = None::<u64>, "answered {}", 1);
    error!(place = ?Some("x"), less = -1_i64, "panicked");
}

#[test]
fn a_line_of_json_has_all_fields_at_the_top_level() {
    assert_eq!(
        written(LevelFilter::INFO, true, two_lines),
        [
            r#"{"timestamp":"2026-11-18T11:06:40.012Z","level":"INFO","message":"answered 1","table":"a \"b\"\n","count":3,"capacity":0.5,"cold":true,"requestId":"id","target":"shared::runtime::log::tests"}"#,
            r#"{"timestamp":"2026-11-18T11:06:40.012Z","level":"ERROR","message":"panicked","place":"Some(\"x\")","less":-1,"requestId":"id","target":"shared::runtime::log::tests"}"#,
        ]
    );
}

#[test]
fn a_line_of_text_is_one_line() {
    assert_eq!(
        written(LevelFilter::INFO, false, two_lines),
        [
            r#"INFO answered 1 table="a \"b\"\n" count=3 capacity=0.5 cold=true requestId="id""#,
            r#"ERROR panicked place="Some(\"x\")" less=-1 requestId="id""#,
        ]
    );
}

#[test]
fn only_this_crates_lines_and_failed_posts_are_written() {
    let written = written(LevelFilter::DEBUG, false, || {
        error!(target: "shared_by_others", "another crate's");
        error!(target: "aws_smithy_runtime", "another crate's");
        error!(target: "lambda_runtime::layers::panic", "another module's");
        warn!(target: POSTS_ANSWERS, "no error");
        error!(target: POSTS_ANSWERS, status = 500, "not taken");
        debug!("ours");
    });
    assert_eq!(written, ["ERROR not taken status=500", "DEBUG ours"]);
}

#[test]
fn a_line_below_the_level_is_not_written() {
    let log = || {
        let _entered = invocation("id").entered();
        error!("error");
        warn!("warn");
        info!("info");
        debug!("debug");
    };
    for (level, lines) in [
        (LevelFilter::OFF, 0),
        (LevelFilter::ERROR, 1),
        (LevelFilter::WARN, 2),
        (LevelFilter::INFO, 3),
        (LevelFilter::DEBUG, 4),
    ] {
        assert_eq!(written(level, true, log).len(), lines, "{level}");
    }
}

#[test]
fn a_message_of_a_batch_has_both_ids() {
    let written = written(LevelFilter::INFO, false, || {
        let _invocation = invocation("id").entered();
        let _message = message("m1").entered();
        info!("answered");
    });
    assert_eq!(written, [r#"INFO answered requestId="id" messageId="m1""#]);
}

#[test]
fn long_values_are_cut() {
    let written = written(LevelFilter::INFO, false, || {
        info!(fits = "x".repeat(LONGEST), long = "é".repeat(LONGEST), debug = ?vec!["y"; LONGEST], "cut");
    });
    let values: Vec<&str> = written[0].split(' ').skip(2).collect();
    assert_eq!(values[0], format!("fits={:?}", "x".repeat(LONGEST)));
    assert_eq!(values[1], format!("long=\"{}…\"", "é".repeat(510)));
    assert!(written[0].ends_with("…\"") && written[0].len() < 4 * LONGEST, "{}", written[0]);
}

const LONGEST: usize = 1_024;

#[tokio::test]
async fn lines_have_their_own_request_id_when_many_invocations_run_at_once() {
    let (written, subscriber) = to_memory(LevelFilter::DEBUG, false);
    let _default = tracing::subscriber::set_default(subscriber);
    let invocations = (0..8).map(|number| {
        async move {
            for _ in 0..3 {
                debug!(number, "called");
                tokio::task::yield_now().await;
            }
        }
        .instrument(invocation(&format!("id{number}")))
    });
    futures_util::future::join_all(invocations).await;
    let lines = written.lines();
    assert_eq!(lines.len(), 24);
    for line in lines {
        let (_, number) = line.split_once("number=").unwrap();
        let (number, id) = number.split_once(' ').unwrap();
        assert_eq!(id, format!("requestId=\"id{number}\""));
    }
}

#[tokio::test]
async fn one_invocation_can_be_switched_to_debug() {
    let (written, subscriber) = to_memory(LevelFilter::INFO, false);
    let _default = tracing::subscriber::set_default(subscriber);
    let event = async |name: &'static str, debugged: bool| {
        debug!(name, "before");
        if debugged {
            debug_from_here();
            debug_from_here();
        }
        for _ in 0..3 {
            tokio::task::yield_now().await;
            debug!(name, "called");
        }
        info!(name, "answered");
    };
    for _ in 0..2 {
        futures_util::future::join3(
            event("a", false).instrument(invocation("1")),
            event("b", true).instrument(invocation("2")),
            event("c", false).instrument(invocation("3")),
        )
        .await;
        let mut lines = written.lines();
        lines.sort();
        assert_eq!(
            lines,
            [
                r#"DEBUG called name="b" requestId="2""#,
                r#"DEBUG called name="b" requestId="2""#,
                r#"DEBUG called name="b" requestId="2""#,
                r#"INFO answered name="a" requestId="1""#,
                r#"INFO answered name="b" requestId="2""#,
                r#"INFO answered name="c" requestId="3""#,
            ]
        );
    }
    assert!(!tracing::enabled!(Level::DEBUG), "no span is switched any more");
}

#[test]
fn a_switched_message_does_not_switch_its_batch() {
    let written = written(LevelFilter::ERROR, false, || {
        let _invocation = invocation("id").entered();
        message("m1").in_scope(|| {
            debug_from_here();
            debug!("first");
        });
        message("m2").in_scope(|| debug!("second"));
        debug!("after");
    });
    assert_eq!(written, [r#"DEBUG first requestId="id" messageId="m1""#]);
}
