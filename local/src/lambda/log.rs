//! A process's log: its output is kept for `X-Amz-Log-Result` and can be copied to standard error.

use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    sync::{mpsc, oneshot},
};

/// How much of one invocation's log is kept, in bytes. The end is kept.
const KEPT: usize = 1024 * 1024;

/// The longest line in bytes. A longer line is split.
const LINE: usize = 64 * 1024;

/// The lines that were printed since they were last taken.
#[derive(Debug, Clone)]
pub(super) struct Log {
    lines: Arc<Mutex<Vec<u8>>>,
    shown_as: Option<Arc<str>>,
}

impl Log {
    /// An empty log. With `shown_as`, its lines are also written to standard error, each after that name.
    pub(super) fn new(shown_as: Option<&str>) -> Self {
        Self { lines: Arc::default(), shown_as: shown_as.map(Arc::from) }
    }

    /// Adds a line of Lambda's own. It starts on a new line even if the process left its last line unfinished.
    pub(super) fn line(&self, line: &str) {
        self.push(format!("{line}\n").as_bytes(), true);
    }

    /// Removes all lines from the log and returns them.
    pub(super) fn take(&self) -> String {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&mem::take(&mut *lines)).into_owned()
    }

    /// Copies `pipe` into this log until the pipe ends.
    pub(super) fn follow(&self, pipe: impl AsyncRead + Unpin + Send + 'static) -> Pipe {
        let (drains, requests) = mpsc::channel(1);
        tokio::spawn(copy(pipe, self.clone(), requests));
        Pipe(drains)
    }

    fn push(&self, text: &[u8], on_new_line: bool) {
        if let Some(name) = &self.shown_as {
            for line in String::from_utf8_lossy(text).lines() {
                eprintln!("[{name}] {line}");
            }
        }
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if on_new_line && lines.last().is_some_and(|last| *last != b'\n') {
            lines.push(b'\n');
        }
        lines.extend_from_slice(text);
        // The log may grow to twice the limit before it is cut, so that most lines move no bytes.
        if lines.len() > 2 * KEPT {
            let excess = lines.len() - KEPT;
            lines.drain(..excess);
        }
    }
}

/// A pipe that is copied into a log.
#[derive(Debug)]
pub(super) struct Pipe(mpsc::Sender<oneshot::Sender<()>>);

impl Pipe {
    /// Waits until everything that was written to the pipe before this call is in the log.
    pub(super) async fn drain(&self) {
        let (done, drained) = oneshot::channel();
        // The copying task ends at the end of the pipe. Then everything is in the log already.
        if self.0.send(done).await.is_ok() {
            let _ = drained.await;
        }
    }
}

async fn copy(mut pipe: impl AsyncRead + Unpin, log: Log, mut drains: mpsc::Receiver<oneshot::Sender<()>>) {
    let mut text = Vec::with_capacity(4096);
    loop {
        tokio::select! {
            // Reading comes first, so a drain is answered only when the pipe is empty.
            biased;
            read = pipe.read_buf(&mut text) => {
                if !matches!(read, Ok(1..)) {
                    break;
                }
                let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
                let whole = if whole == 0 && text.len() > LINE { text.len() } else { whole };
                if whole > 0 {
                    log.push(&text[..whole], false);
                    text.drain(..whole);
                }
            }
            Some(done) = drains.recv() => {
                if !text.is_empty() {
                    log.push(&mem::take(&mut text), false);
                }
                let _ = done.send(());
            }
        }
    }
    if !text.is_empty() {
        log.push(&text, false);
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    #[tokio::test]
    async fn a_drain_waits_for_everything_written_before_it() {
        let (mut writer, reader) = tokio::io::duplex(64);
        let log = Log::new(None);
        let pipe = log.follow(reader);
        writer.write_all(b"one\ntwo without an end").await.unwrap();
        pipe.drain().await;
        assert_eq!(log.take(), "one\ntwo without an end");
        writer.write_all(b"three\n").await.unwrap();
        drop(writer);
        pipe.drain().await;
        pipe.drain().await;
        assert_eq!(log.take(), "three\n");
        assert_eq!(log.take(), "");
    }

    #[test]
    fn a_long_log_keeps_its_end() {
        let log = Log::new(None);
        for number in 0..300_000 {
            log.line(&format!("line {number}"));
        }
        let text = log.take();
        assert!(text.len() <= 2 * KEPT, "{}", text.len());
        assert!(text.ends_with("line 299998\nline 299999\n"));
    }
}
