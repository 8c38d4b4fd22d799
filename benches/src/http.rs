//! As much of HTTP/1.1 as the functions speak, on threads: a connection has one, and keeps it.
//!
//! Hand-made because it shares two processors with what is measured: a request is one read, an answer one write, and
//! nothing is handed from thread to thread. (`local`'s servers do the same on axum and channels; they cost more than a
//! whole `getItem`.)

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// A request.
#[derive(Debug, Default)]
pub(crate) struct Request {
    /// `POST /path`
    pub(crate) target: String,
    /// The value of `x-amz-target`.
    pub(crate) operation: String,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// One connection that somebody opened.
#[derive(Debug)]
pub(crate) struct Connection {
    reader: BufReader<TcpStream>,
    line: String,
}

impl Connection {
    fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self { reader: BufReader::with_capacity(64 * 1024, stream), line: String::new() })
    }

    /// Reads the next request into `request`; false when there is none any more.
    pub(crate) fn read(&mut self, request: &mut Request) -> io::Result<bool> {
        request.operation.clear();
        request.body.clear();
        if !self.next_line()? {
            return Ok(false);
        }
        let mut words = self.line.split(' ');
        request.target.clear();
        request.target.push_str(words.next().unwrap_or_default());
        request.target.push(' ');
        request.target.push_str(words.next().unwrap_or_default());
        let (mut length, mut chunked) = (0, false);
        while self.next_line()? && !self.line.is_empty() {
            let Some((name, value)) = self.line.split_once(':') else { continue };
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().map_err(io::Error::other)?;
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                chunked = value.eq_ignore_ascii_case("chunked");
            } else if name.eq_ignore_ascii_case("x-amz-target") {
                request.operation.push_str(value.rsplit('.').next().unwrap_or(value));
            }
        }
        if chunked {
            self.read_chunks(&mut request.body)?;
        } else {
            self.read_exactly(length, &mut request.body)?;
        }
        Ok(true)
    }

    /// Sends an answer that was made with [`answer`].
    pub(crate) fn send(&mut self, answer: &[u8]) -> io::Result<()> {
        self.reader.get_mut().write_all(answer)
    }

    /// The next line, without its end; false at the end of the connection.
    fn next_line(&mut self) -> io::Result<bool> {
        self.line.clear();
        let read = self.reader.read_line(&mut self.line)?;
        self.line.truncate(self.line.trim_end().len());
        Ok(read > 0)
    }

    fn read_exactly(&mut self, length: u64, body: &mut Vec<u8>) -> io::Result<()> {
        let read = self.reader.by_ref().take(length).read_to_end(body)?;
        if read as u64 == length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    fn read_chunks(&mut self, body: &mut Vec<u8>) -> io::Result<()> {
        loop {
            self.next_line()?;
            let length = u64::from_str_radix(&self.line, 16).map_err(io::Error::other)?;
            self.read_exactly(length, body)?;
            self.next_line()?;
            if length == 0 {
                return Ok(());
            }
        }
    }
}

/// An answer's bytes: the status line and the headers given, and the body.
pub(crate) fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// Takes connections until dropped; each is served on a thread of its own, until its other end closes it.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    closed: Arc<AtomicBool>,
}

impl Server {
    /// Serves each connection with `serve`, on a port of the loopback device that the system chooses.
    pub(crate) fn start(serve: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let server = Self { address: listener.local_addr()?, closed: Arc::default() };
        let desk = Arc::new(Desk { listener, closed: Arc::clone(&server.closed), serve });
        thread::spawn(move || desk.take_one());
        Ok(server)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        // The listener wakes up to see it.
        let _ = TcpStream::connect(self.address);
    }
}

/// What the threads of a server share.
struct Desk<F> {
    listener: TcpListener,
    closed: Arc<AtomicBool>,
    serve: F,
}

impl<F: Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static> Desk<F> {
    /// Takes the next connection and serves it. The thread that takes the one after it is there already, so that nobody
    /// who connects waits until a thread has been made.
    fn take_one(self: Arc<Self>) {
        let desk = Arc::clone(&self);
        let next = thread::spawn(move || {
            thread::park();
            if !desk.closed.load(Ordering::Relaxed) {
                desk.take_one();
            }
        });
        let stream = self.listener.accept();
        next.thread().unpark();
        if self.closed.load(Ordering::Relaxed) {
            return;
        }
        // A function that is killed breaks its connections: that is no error.
        if let Ok(mut connection) = stream.and_then(|(stream, _)| Connection::new(stream)) {
            let _ = (self.serve)(&mut connection);
        }
    }
}
