//! A process's log: what it prints, kept for `X-Amz-Log-Result` and passed on to our own standard error.

use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    sync::{mpsc, oneshot},
};

/// What is kept of one invocation, in bytes: the end is what counts.
const KEPT: usize = 1024 * 1024;

/// A line longer than this is taken in pieces.
const LINE: usize = 64 * 1024;

/// The lines printed since they were last taken.
#[derive(Debug, Clone)]
pub(crate) struct Log {
    lines: Arc<Mutex<Vec<u8>>>,
    shown_as: Option<Arc<str>>,
}

impl Log {
    /// An empty one; its lines are also shown on standard error, after the name `shown_as`.
    pub(crate) fn new(shown_as: Option<&str>) -> Self {
        Self { lines: Arc::default(), shown_as: shown_as.map(Arc::from) }
    }

    /// Adds a line of Lambda's own. It stands on a line of its own even where the process did not end its last.
    pub(crate) fn line(&self, line: &str) {
        self.push(format!("{line}\n").as_bytes(), true);
    }

    /// Takes all lines so far.
    pub(crate) fn take(&self) -> String {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&mem::take(&mut *lines)).into_owned()
    }

    /// Reads `pipe` into this log until its end.
    pub(crate) fn follow(&self, pipe: impl AsyncRead + Unpin + Send + 'static) -> Pipe {
        let (drains, asked) = mpsc::channel(1);
        tokio::spawn(read(pipe, self.clone(), asked));
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
        // Twice, so that the moving is paid once for many lines.
        if lines.len() > 2 * KEPT {
            let past = lines.len() - KEPT;
            lines.drain(..past);
        }
    }
}

/// A pipe that is being read.
#[derive(Debug)]
pub(crate) struct Pipe(mpsc::Sender<oneshot::Sender<()>>);

impl Pipe {
    /// Returns when all that was written to the pipe before this call is in the log.
    pub(crate) async fn drain(&self) {
        let (done, drained) = oneshot::channel();
        // Where the reader is gone, the pipe is at its end: all of it is in the log.
        if self.0.send(done).await.is_ok() {
            let _ = drained.await;
        }
    }
}

async fn read(mut pipe: impl AsyncRead + Unpin, log: Log, mut drains: mpsc::Receiver<oneshot::Sender<()>>) {
    let mut text = Vec::with_capacity(4096);
    loop {
        tokio::select! {
            // In this order a drain is answered only while there is nothing to read.
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
    async fn a_drain_waits_for_what_was_written() {
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
    fn keeps_the_end_of_a_long_log() {
        let log = Log::new(None);
        for number in 0..300_000 {
            log.line(&format!("line {number}"));
        }
        let text = log.take();
        assert!(text.len() <= 2 * KEPT, "{}", text.len());
        assert!(text.ends_with("line 299998\nline 299999\n"));
    }
}
