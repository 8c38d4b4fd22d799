//! A minimal HTTP client. It sends exactly the headers and the bytes that a test gives it.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The value of the header `name`, in any letter case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Sends `POST path` with these headers and a host header, on a new connection.
pub(crate) async fn post(url: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let host = [("host", url.trim_start_matches("http://"))];
    send(url, "POST", path, &[&host, headers].concat(), body).await
}

/// Sends a request with these headers, on a new connection. `url` may leave out `http://`.
pub(crate) async fn send(url: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let length = body.len().to_string();
    let fixed = [("connection", "close"), ("content-length", &length)];
    let headers: String =
        fixed.iter().chain(headers).map(|(name, value)| [name, ": ", value, "\r\n"].concat()).collect();
    let request = format!("{method} {path} HTTP/1.1\r\n{headers}\r\n");
    let mut connection = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    connection.write_all(body).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}
