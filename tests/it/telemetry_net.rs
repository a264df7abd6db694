//! In a network of its own, whose only way out is a wire that counts: the pages
//! send nothing, and the sender sends the agreed bytes to the agreed address.

use std::process::Command;

use onsight::telemetry::{self, Outcome};

use crate::sink::Sink;
use crate::support::{TestSite, Visitor};

/// The machine's address on the wire, and the rest of the world behind it.
const HERE: &str = "10.99.0.1";
const NETWORK: &str = "
    set -e
    ip link set lo up
    ip link add wire type veth peer name end
    sysctl -qw net.ipv6.conf.wire.disable_ipv6=1 net.ipv6.conf.end.disable_ipv6=1
    ip addr add 10.99.0.1/24 dev wire
    ip link set wire up
    ip link set end up
    ip route add default via 10.99.0.9
    exec \"$0\" --ignored --exact telemetry_net::in_a_network_of_its_own
";

#[test]
fn pages_send_nothing_and_the_sender_sends_the_agreed_bytes() {
    // Needs root, or a system that lets users make networks of their own.
    let done = Command::new("unshare")
        .args(["--user", "--map-root-user", "--net", "bash", "-c", NETWORK])
        .arg(std::env::current_exe().unwrap())
        .env("ONSIGHT_IN_A_NETWORK_OF_ITS_OWN", "yes")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&done.stderr);
    assert!(
        done.status.success() && said.contains("1 passed"),
        "{said}\n{wrong}"
    );
}

/// Packets that left by the wire.
fn left() -> u64 {
    let counts = std::fs::read_to_string("/proc/self/net/dev").unwrap();
    let line = counts
        .lines()
        .find_map(|line| line.trim().strip_prefix("wire:"));
    line.unwrap()
        .split_whitespace()
        .nth(9)
        .unwrap()
        .parse()
        .unwrap()
}

/// Every page that can be asked for, with words in place of ids.
async fn every_page(site: &TestSite, visitor: &Visitor) -> usize {
    let map = onsight::server::routes(&site.people).map;
    let pages = map.iter().filter(|route| route.method.as_str() == "GET");
    let mut count = 0;
    for route in pages {
        let parts = route.path.split('/').map(|part| match part {
            "{table}" | "{app}" => "penguins",
            part if part.starts_with('{') => "x",
            part => part,
        });
        let path = parts.collect::<Vec<_>>().join("/");
        visitor.get(&path).await;
        count += 1;
    }
    count
}

#[tokio::test]
#[ignore = "run by the test above, in a network of its own"]
async fn in_a_network_of_its_own() {
    assert!(
        std::env::var_os("ONSIGHT_IN_A_NETWORK_OF_ITS_OWN").is_some(),
        "this one is started by the other test here"
    );
    let sink = Sink::on(HERE).await;
    let site = sink.site();
    let ada = site.found("Northgate", "ada@example.org").await;
    site.furnish().await;
    site.site().carry().await.unwrap();
    let mut watch = telemetry::Watch::begin(site.site().clone()).await.unwrap();
    watch.look().await.unwrap();

    assert!(every_page(&site, &ada).await > 60);
    assert_eq!(
        telemetry::send(site.site(), true).await.unwrap(),
        Outcome::Off
    );
    assert_eq!((sink.got().len(), left()), (0, 0), "nothing was agreed to");

    let instance = telemetry::InstanceId::random().unwrap();
    telemetry::agree(
        site.site(),
        &onsight::journal::Actor::command_line(),
        instance,
    )
    .await
    .unwrap();
    every_page(&site, &ada).await;
    watch.look().await.unwrap();
    assert_eq!(
        (sink.got().len(), left()),
        (0, 0),
        "agreeing sends nothing by itself"
    );

    let agreed = telemetry::preview(site.site())
        .await
        .unwrap()
        .bytes()
        .unwrap();
    let sent = telemetry::send(site.site(), true).await.unwrap();
    assert!(
        matches!(sent, Outcome::Sent { status: 202, .. }),
        "{sent:?}"
    );
    let got = sink.got();
    assert_eq!((got.len(), &got[0].body), (1, &agreed));
    assert_eq!(
        left(),
        0,
        "the collector is on this machine, and nobody else was asked"
    );

    // The wire does count: one look outside shows.
    let outside = tokio::net::UdpSocket::bind((HERE, 0)).await.unwrap();
    outside.send_to(b"x", "192.0.2.1:53").await.unwrap();
    for _ in 0..200 {
        if left() > 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("a packet that left was not counted");
}
