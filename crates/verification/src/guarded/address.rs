//! Which IP addresses are public.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Reach;

/// Whether `address` may be connected to.
pub(super) fn may_reach(address: IpAddr, reach: Reach) -> bool {
    (reach == Reach::Development && address.is_loopback())
        || match address {
            IpAddr::V4(address) => public_v4(address),
            IpAddr::V6(address) => public_v6(address),
        }
}

/// Outside every special block of the IANA IPv4 registry (RFC 6890).
fn public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _) // this network, private, loopback, multicast and reserved
            | (100, 64..=127, _) // shared by carriers (RFC 6598)
            | (169, 254, _) // link-local, where clouds keep their metadata
            | (172, 16..=31, _) // private
            | (192, 0, 0 | 2) // protocol assignments, documentation
            | (192, 88, 99) // 6to4 relays
            | (192, 168, _) // private
            | (198, 18 | 19, _) // benchmarks
            | (198, 51, 100) // documentation
            | (203, 0, 113) // documentation
    )
}

/// Global unicast (`2000::/3`) without the blocks in it that carry IPv4, tunnels
/// or examples. IPv4-mapped, NAT64, unique-local, link-local, loopback and
/// multicast addresses all stand outside `2000::/3`.
fn public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let global = a & 0xe000 == 0x2000;
    let protocol_assignments = a == 0x2001 && b < 0x0200; // with Teredo and ORCHID
    let documentation = (a == 0x2001 && b == 0x0db8) || (a == 0x3fff && b < 0x1000);
    let six_to_four = a == 0x2002;
    global && !protocol_assignments && !documentation && !six_to_four
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_reached() {
        for refused in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::7f00:1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!may_reach(refused.parse().unwrap(), Reach::Public), "{refused}");
        }
        for reached in [
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "2606:4700::1111",
            "2a00:1450:4009::1",
        ] {
            assert!(may_reach(reached.parse().unwrap(), Reach::Public), "{reached}");
        }
    }

    #[test]
    fn developing_adds_loopback_and_nothing_else() {
        for (address, expected) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("10.0.0.1", false),
            ("::ffff:127.0.0.1", false),
            ("169.254.169.254", false),
        ] {
            assert_eq!(may_reach(address.parse().unwrap(), Reach::Development), expected, "{address}");
        }
    }
}
