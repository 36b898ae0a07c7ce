//! A host of HTTP/1.1 on loopback that says what a test has it say.

use std::{
    collections::HashMap,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread,
};

/// What a host answers: status, header lines, body.
pub type Answer = (u16, String, String);

/// What a host was asked.
pub struct Asked {
    pub method: String,
    /// Path and query.
    pub target: String,
    /// By their names in small letters.
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Asked {
    /// The token that came with it, or nothing.
    pub fn token(&self) -> &str {
        self.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default()
    }

    fn read(stream: &mut TcpStream) -> Option<Self> {
        let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
        loop {
            if let Some(at) = read.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&read[..at]).into_owned();
                let headers: HashMap<String, String> = head
                    .lines()
                    .filter_map(|line| line.split_once(": "))
                    .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                    .collect();
                let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
                if read.len() >= at + 4 + length {
                    let body = String::from_utf8_lossy(&read[at + 4..]).into_owned();
                    let mut line = head.split(' ').map(ToOwned::to_owned);
                    return Some(Self { method: line.next()?, target: line.next()?, headers, body });
                }
            }
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => return None,
                Ok(count) => read.extend_from_slice(&buffer[..count]),
            }
        }
    }
}

/// Answers one after the other until the tests end; the host's address, which `answer` is told
/// too.
pub fn listen(answer: impl Fn(&str, &Asked) -> Answer + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let own = base.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let Some(asked) = Asked::read(&mut stream) else { continue };
            let (status, headers, body) = answer(&own, &asked);
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n"
            );
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        }
    });
    base
}
