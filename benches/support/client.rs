//! A client of the service: one kept connection, no more work than it must, since it shares the cores with what it measures.

use std::io::Write as _;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// With an API key, if there is one.
pub(crate) fn request(method: &str, path: &str, key: &str, accept: &str, body: &str) -> Vec<u8> {
    let key = if key.is_empty() { String::new() } else { format!("authorization: Bearer {key}\r\n") };
    let accept = if accept.is_empty() { "*/*" } else { accept };
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\n{key}accept: {accept}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A connection that is kept.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    line: String,
    /// Of the last answer.
    pub(crate) body: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("the service listens");
        stream.set_nodelay(true).expect("a socket");
        Connection { stream: BufReader::new(stream), line: String::new(), body: Vec::new() }
    }

    /// The status of the answer, which is read to its end.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> u16 {
        self.stream.get_mut().write_all(request).await.expect("the service listens");
        let status = self.line().await.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let mut length = 0;
        loop {
            let line = self.line().await;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().expect("a length");
            }
        }
        self.body.resize(length, 0);
        self.stream.read_exact(&mut self.body).await.expect("the whole answer");
        status
    }

    async fn line(&mut self) -> &str {
        self.line.clear();
        self.stream.read_line(&mut self.line).await.expect("the service answers");
        self.line.trim_end()
    }
}

/// Prints a line.
pub(crate) fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").expect("somebody listens");
}
