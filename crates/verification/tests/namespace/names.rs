//! A server of names that may lie.

use std::collections::HashSet;
use std::net::{IpAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Names that stand for an address that is forbidden, alone or beside a public one.
pub const FORBIDDEN: [&str; 7] = [
    "private.test",
    "mixed.test",
    "loopback.test",
    "metadata.test",
    "mapped.test",
    "unique-local.test",
    "localhost.private.test",
];

/// Counts the questions it answered.
pub struct Names(Arc<AtomicU64>);

impl Names {
    pub fn open() -> Self {
        let (questions, socket) = (Arc::new(AtomicU64::new(0)), UdpSocket::bind("127.0.0.1:53").unwrap());
        let counted = Arc::clone(&questions);
        std::thread::spawn(move || {
            let (mut buffer, mut rebound) = ([0; 512], HashSet::new());
            loop {
                let (length, asker) = socket.recv_from(&mut buffer).unwrap();
                let answer = answer(&buffer[..length], &mut rebound);
                counted.fetch_add(1, Ordering::SeqCst);
                socket.send_to(&answer, asker).unwrap();
            }
        });
        Self(questions)
    }

    /// How many questions were answered since this was asked last.
    pub fn taken(&self) -> u64 {
        self.0.swap(0, Ordering::SeqCst)
    }
}

/// The answer to one question (RFC 1035, section 4).
fn answer(question: &[u8], rebound: &mut HashSet<String>) -> Vec<u8> {
    let (mut labels, mut at) = (Vec::new(), 12);
    while question[at] != 0 {
        let end = at + 1 + usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..end]).to_ascii_lowercase());
        at = end;
    }
    let end = at + 5;
    let is_v6 = question[at + 2] == 28;
    let addresses: Vec<IpAddr> = addresses(&labels.join("."), is_v6, rebound)
        .into_iter()
        .map(|text| text.parse().unwrap())
        .filter(|address: &IpAddr| address.is_ipv6() == is_v6)
        .collect();
    let mut answer = question[..2].to_vec();
    answer.extend([0x81, 0x80, 0, 1, 0, u8::try_from(addresses.len()).unwrap(), 0, 0, 0, 0]);
    answer.extend(&question[12..end]);
    for address in addresses {
        // The name of the question; a time to live of nothing.
        answer.extend([0xc0, 12, 0, if is_v6 { 28 } else { 1 }, 0, 1, 0, 0, 0, 0, 0]);
        match address {
            IpAddr::V4(v4) => {
                answer.push(4);
                answer.extend(v4.octets());
            }
            IpAddr::V6(v6) => {
                answer.push(16);
                answer.extend(v6.octets());
            }
        }
    }
    answer
}

fn addresses(name: &str, is_v6: bool, rebound: &mut HashSet<String>) -> Vec<&'static str> {
    match name {
        "public.test" => vec![super::PUBLIC],
        "private.test" | "localhost.private.test" => vec!["10.0.0.7"],
        "mixed.test" => vec![super::PUBLIC, "10.0.0.7"],
        "loopback.test" => vec!["127.0.0.1", "::1"],
        "metadata.test" => vec!["169.254.169.254"],
        "mapped.test" => vec!["::ffff:10.0.0.7"],
        "unique-local.test" => vec!["fd00::7"],
        "rebinding.test" | "rebinding-hook.test" if is_v6 => vec![],
        "rebinding.test" | "rebinding-hook.test" => {
            let first = rebound.insert(name.to_owned());
            vec![if first { super::PUBLIC } else { "10.0.0.7" }]
        }
        other => panic!("nobody asks for {other}"),
    }
}
