//! No packet leaves for an address that is forbidden.
//!
//! The test runs itself again in a network of its own, where every address of the world
//! is the machine's own: whatever is sent to any of them goes through the one interface
//! there is and is counted, and whoever is connected to on port 443 is written down. The
//! names are told by a server of its own, which may lie, and change its mind.
//!
//! It needs `unshare`, `ip`, and a kernel that lets whoever runs it make namespaces;
//! without them it fails.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, which is what these do"
)]

mod names;

use std::net::{IpAddr, TcpListener};
use std::process::Command;
use std::sync::{Arc, Mutex};

use verification::{Fetch as _, FetchError, GuardedClient, Reach};

use names::Names;

const INSIDE: &str = "--inside";
const PUBLIC: &str = "93.184.216.34";

/// Everything goes to `lo`; names are asked for at our own server.
const NETWORK: &str = r#"
PATH=$PATH:/usr/sbin:/sbin
ip link set lo up
ip route add local default dev lo
ip -6 route add local default dev lo
mount --bind "$1" /etc/resolv.conf
exec "$0" --inside
"#;

fn main() {
    if std::env::args().any(|argument| argument == INSIDE) {
        inside();
        println!("test no_packet_leaves_for_a_forbidden_address ... ok");
    } else if !std::env::args().any(|argument| argument == "--list") {
        outside();
    }
}

fn outside() {
    let resolver = concat!(env!("CARGO_TARGET_TMPDIR"), "/resolv.conf");
    std::fs::write(resolver, "nameserver 127.0.0.1\noptions timeout:2 attempts:1\n").unwrap();
    let status = Command::new("unshare")
        .args(["--user", "--map-root-user", "--net", "--mount", "sh", "-euc", NETWORK])
        .arg(std::env::current_exe().unwrap())
        .arg(resolver)
        .status()
        .expect("`unshare` must be installed");
    assert!(status.success(), "in a network of its own: {status}. It needs user namespaces and `ip`.");
}

/// Packets sent by the only interface so far.
fn packets() -> u64 {
    let table = std::fs::read_to_string("/proc/net/dev").unwrap();
    let interfaces: Vec<_> = table.lines().skip(2).collect();
    let [only] = interfaces.as_slice() else { panic!("more than one interface: {table}") };
    let (name, figures) = only.split_once(':').unwrap();
    assert_eq!(name.trim(), "lo");
    figures.split_whitespace().nth(9).unwrap().parse().unwrap()
}

/// Who is connected to: the world behind port 443.
#[derive(Clone, Default)]
struct World(Arc<Mutex<Vec<IpAddr>>>);

impl World {
    fn open() -> Self {
        let world = Self::default();
        let (reached, door) = (world.clone(), TcpListener::bind("[::]:443").unwrap());
        std::thread::spawn(move || {
            for socket in door.incoming() {
                let address = socket.unwrap().local_addr().unwrap().ip().to_canonical();
                reached.0.lock().unwrap().push(address);
            }
        });
        world
    }

    fn taken(&self) -> Vec<String> {
        self.0.lock().unwrap().drain(..).map(|address| address.to_string()).collect()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn inside() {
    let (world, names) = (World::open(), Names::open());
    let client = GuardedClient::new(Reach::Public).unwrap();
    let fetch = async |url: &str| client.fetch(url, "*/*", 1000).await;

    // What does leave is seen: otherwise nothing below would say anything.
    let before = packets();
    for url in [format!("https://{PUBLIC}/"), "https://public.test/".to_owned()] {
        assert!(matches!(fetch(&url).await, Err(FetchError::Unreachable { .. })), "{url}");
        assert_eq!(world.taken(), [PUBLIC], "{url}");
    }
    assert!(packets() > before + 6, "the packets are counted");
    names.taken();

    for url in FORBIDDEN {
        let before = packets();
        let refused = fetch(url).await.expect_err(url);
        assert!(refused.is_refusal(), "{url}: {refused}");
        assert_eq!(packets() - before, 0, "{url}");
    }

    for name in names::FORBIDDEN {
        let before = packets();
        let refused = fetch(&format!("https://{name}/")).await.expect_err(name);
        assert!(matches!(refused, FetchError::NotPublic { .. }), "{name}: {refused}");
        // One packet for each question and one for its answer, and no other.
        assert_eq!(packets() - before, 2 * names.taken(), "{name}");
    }
    assert_eq!(world.taken(), [""; 0]);

    // A name that is public when it is judged and private a moment later.
    let first = fetch("https://rebinding.test/").await;
    assert!(matches!(first, Err(FetchError::Unreachable { .. })), "{first:?}");
    for _ in 0..5 {
        let refused = fetch("https://rebinding.test/").await.unwrap_err();
        assert!(matches!(refused, FetchError::NotPublic { .. }), "{refused}");
    }
    assert_eq!(world.taken(), [PUBLIC], "the address that was judged, and no other");

    // Who is told of a badge names an address as freely as a badge does.
    let deliver = async |name: &str| {
        client.deliver(&format!("https://{name}/hook"), &[], "{}".to_owned()).await.expect_err(name)
    };
    names.taken();
    for name in names::FORBIDDEN {
        let before = packets();
        let refused = deliver(name).await;
        assert!(matches!(refused, FetchError::NotPublic { .. }), "{name}: {refused}");
        assert_eq!(packets() - before, 2 * names.taken(), "{name}");
    }
    let first = deliver("rebinding-hook.test").await;
    assert!(matches!(first, FetchError::Unreachable { .. }), "{first}");
    for _ in 0..5 {
        let refused = deliver("rebinding-hook.test").await;
        assert!(matches!(refused, FetchError::NotPublic { .. }), "{refused}");
    }
    assert_eq!(world.taken(), [PUBLIC], "the address that was judged, and no other");
}

/// Addresses that are written as such, in every way that a URL allows.
const FORBIDDEN: [&str; 24] = [
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://0.0.0.0/",
    "https://10.0.0.7/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://[::]/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.7]/",
    "https://[64:ff9b::a00:7]/",
    "https://[fd00::7]/",
    "https://[fe80::1]/",
    "https://[ff02::1]/",
    "http://93.184.216.34/",
    "https://93.184.216.34:8443/",
];
