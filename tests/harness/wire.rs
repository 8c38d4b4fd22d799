//! A connection with faults between a client and a server. It passes requests on byte by byte, and breaks answers as a
//! test asks. It can let a request take effect before it breaks the answer.

use std::{
    io,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// What happens to a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    /// Whether the server receives the request before its answer breaks.
    pub(crate) applied: bool,
    /// How the request is answered.
    pub(crate) ending: Ending,
}

/// How a request is answered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ending {
    /// The connection is reset.
    Reset,
    /// The connection is closed without an answer.
    Close,
    /// The answer ends in the middle of its body, and the connection is closed.
    Cut,
    /// The server's answer with a wrong checksum.
    WrongChecksum,
    /// The server's answer with an announced length that is wrong by this number of bytes. The connection is then
    /// closed.
    WrongLength(isize),
    /// This status, with an error of this code.
    Error(u16, &'static str),
    /// A redirection to another address.
    Redirect,
    /// The server's answer after this delay.
    Slow(Duration),
    /// No answer.
    Silence,
    /// A 200 whose body has no end.
    Endless,
    /// A 200 that announces a terabyte.
    Terabyte,
    /// Bytes that are not HTTP.
    Garbage,
}

#[derive(Default)]
struct WireState {
    upstream: OnceLock<String>,
    /// Faults for the next requests that contain the text. Several are used in order.
    script: Mutex<Vec<(String, Fault)>>,
    /// Faults for all requests that contain the text, after the ones above.
    always: Mutex<Vec<(String, Fault)>>,
    requests: Mutex<Vec<String>>,
    /// How often the open connections were closed.
    closed: watch::Sender<u32>,
    /// How often the open connections were lost.
    lost: AtomicU32,
}

/// A proxy in front of a server.
pub(crate) struct Wire {
    url: String,
    state: Arc<WireState>,
    server: JoinHandle<()>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Wire {
    /// A proxy without a server yet.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::<WireState>::default();
        let server = tokio::spawn({
            let state = Arc::clone(&state);
            async move {
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    let state = Arc::clone(&state);
                    tokio::spawn(async move {
                        let mut closed = state.closed.subscribe();
                        tokio::select! {
                            // A client that disconnects does not fail the test.
                            _ = state.serve(stream) => {}
                            _ = closed.changed() => {}
                        }
                    });
                }
            }
        });
        Self { url, state, server }
    }

    /// Passes requests on to this server.
    pub(crate) fn before(&self, upstream: &str) {
        self.state.upstream.set(upstream.trim_start_matches("http://").to_owned()).unwrap();
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Breaks the next request that contains this text. Several faults are used in order.
    pub(crate) fn next(&self, text: &str, fault: Fault) {
        self.state.script.lock().unwrap().push((text.to_owned(), fault));
    }

    /// Breaks every request that contains this text. `None` ends this.
    pub(crate) fn always(&self, text: &str, fault: Option<Fault>) {
        let mut always = self.state.always.lock().unwrap();
        always.retain(|(of, _)| of != text);
        always.extend(fault.map(|fault| (text.to_owned(), fault)));
    }

    /// The number of requests that contained this text.
    pub(crate) fn count(&self, text: &str) -> usize {
        self.state.requests.lock().unwrap().iter().filter(|request| request.contains(text)).count()
    }

    /// Closes the open connections, as a server does with idle ones.
    pub(crate) fn close_connections(&self) {
        self.state.closed.send_modify(|times| *times += 1);
    }

    /// Sends no more answers on the open connections, like a network that has dropped them.
    pub(crate) fn lose_connections(&self) {
        self.state.lost.fetch_add(1, Ordering::Relaxed);
    }
}

impl WireState {
    async fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut rest = Vec::new();
        let lost = self.lost.load(Ordering::Relaxed);
        while let Some(request) = Message::read(&mut stream, &mut rest).await? {
            if self.lost.load(Ordering::Relaxed) > lost {
                std::future::pending::<()>().await;
            }
            let text = String::from_utf8_lossy(&request.bytes).into_owned();
            let fault = self.fault(&text);
            self.requests.lock().unwrap().push(text);
            let Some(Fault { applied, ending }) = fault else {
                stream.write_all(&self.pass_on(&request).await?.bytes).await?;
                continue;
            };
            let answer = if applied { Some(self.pass_on(&request).await?) } else { None };
            match ending {
                Ending::Reset => {
                    stream.set_zero_linger()?;
                    return Ok(());
                }
                Ending::Close => return Ok(()),
                Ending::Cut => {
                    let answer = answer.unwrap();
                    let middle = usize::midpoint(answer.head, answer.bytes.len());
                    return stream.write_all(&answer.bytes[..middle]).await;
                }
                Ending::WrongChecksum => {
                    let answer = answer.unwrap().with_header("x-amz-crc32", "1");
                    stream.write_all(&answer).await?;
                }
                Ending::WrongLength(by) => {
                    let answer = answer.unwrap();
                    let length = (answer.bytes.len() - answer.head).checked_add_signed(by).unwrap();
                    return stream.write_all(&answer.with_header("content-length", &length.to_string())).await;
                }
                Ending::Error(status, code) => {
                    let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"broken"}}"#);
                    let head = format!("HTTP/1.1 {status} Broken\r\nx-amzn-requestid: BROKEN");
                    let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                    stream.write_all(answer.as_bytes()).await?;
                }
                Ending::Redirect => {
                    let answer =
                        "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
                    stream.write_all(answer.as_bytes()).await?;
                }
                Ending::Slow(time) => {
                    tokio::time::sleep(time).await;
                    stream.write_all(&answer.unwrap().bytes).await?;
                }
                Ending::Silence => std::future::pending().await,
                Ending::Endless => {
                    stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
                    let chunk = [b"10000\r\n".as_slice(), &vec![b' '; 65_536], b"\r\n"].concat();
                    loop {
                        stream.write_all(&chunk).await?;
                    }
                }
                Ending::Terabyte => {
                    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1099511627776\r\n\r\n").await?;
                    loop {
                        stream.write_all(&vec![b' '; 65_536]).await?;
                    }
                }
                Ending::Garbage => return stream.write_all(b"\x15\x03\x01\x00\x02\x02\x46 what is that\r\n").await,
            }
        }
        Ok(())
    }

    fn fault(&self, text: &str) -> Option<Fault> {
        let mut script = self.script.lock().unwrap();
        if let Some(at) = script.iter().position(|(of, _)| text.contains(of)) {
            return Some(script.remove(at).1);
        }
        let always = self.always.lock().unwrap();
        always.iter().find(|(of, _)| text.contains(of)).map(|(_, fault)| *fault)
    }

    async fn pass_on(&self, request: &Message) -> io::Result<Message> {
        let mut upstream = TcpStream::connect(self.upstream.get().unwrap()).await?;
        upstream.write_all(&request.bytes).await?;
        Message::read(&mut upstream, &mut Vec::new()).await?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

/// A request or a response with its body.
struct Message {
    bytes: Vec<u8>,
    /// The length of the head, with the empty line.
    head: usize,
}

impl Message {
    /// Reads a message with an announced length. `rest` holds bytes of the next message that were already read. `None`
    /// if the connection is closed.
    async fn read(stream: &mut TcpStream, rest: &mut Vec<u8>) -> io::Result<Option<Self>> {
        loop {
            if let Some(head) = rest.windows(4).position(|bytes| bytes == b"\r\n\r\n").map(|at| at + 4) {
                let text = String::from_utf8_lossy(&rest[..head]).to_ascii_lowercase();
                let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
                let end = head + length.map_or(0, |length| length.trim().parse().unwrap());
                while rest.len() < end {
                    if stream.read_buf(rest).await? == 0 {
                        return Ok(None);
                    }
                }
                let next = rest.split_off(end);
                return Ok(Some(Self { bytes: std::mem::replace(rest, next), head }));
            }
            if stream.read_buf(rest).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// The bytes with this header. It replaces a header of the same name.
    fn with_header(&self, name: &str, value: &str) -> Vec<u8> {
        let head = String::from_utf8_lossy(&self.bytes[..self.head - 2]);
        let is_other = |line: &&str| !line.to_ascii_lowercase().starts_with(&format!("{name}:"));
        let mut bytes: Vec<u8> = head.split_inclusive("\r\n").filter(is_other).collect::<String>().into_bytes();
        bytes.extend_from_slice(format!("{name}: {value}\r\n\r\n").as_bytes());
        bytes.extend_from_slice(&self.bytes[self.head..]);
        bytes
    }
}
