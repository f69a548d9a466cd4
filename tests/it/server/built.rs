//! The built command under strangers: few descriptors, many connections, uploads that never end.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::binary::{Home, Service, until};

const HALF: &str = "GET /healthz HTTP/1.1\r\nHost: a";

fn open(service: &Service, said: &[u8]) -> TcpStream {
    let mut line = TcpStream::connect(service.address()).unwrap();
    // Whoever had to go for another may not be told any more.
    let _ = line.write_all(said);
    line
}

/// Kilobytes that the process holds in memory.
fn resident(service: &Service) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", service.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn with_few_descriptors_it_stays_reachable_and_stops_at_once() {
    let home = Home::new();
    let service = home.serve_under(&["sh", "-c", "ulimit -n 64; exec \"$@\"", "sh"]);
    let lines: Vec<_> = (0..80).map(|_| open(&service, HALF.as_bytes())).collect();
    service.get("/healthz").expect(200);
    service.get("/readyz").expect(200);
    let asked = Instant::now();
    assert!(service.stop(None).success());
    assert!(asked.elapsed() < Duration::from_secs(8), "half a request is not waited for: {:?}", asked.elapsed());
    drop(lines);
}

#[test]
fn what_the_settings_say_holds() {
    let home = Home::new();
    let settings = "[http]\nrequests_per_key = 1\nidle_seconds = 1\ntrusted_proxies = ['127.0.0.1']\n";
    std::fs::write(home.folder().join("assay.toml"), settings).unwrap();
    let service = home.serve();
    service.get("/api/v1/events").expect(200);
    assert_eq!(service.get("/api/v1/events").expect(429).header("retry-after"), Some("60"));
    let mut idle = open(&service, b"");
    idle.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    assert_eq!(idle.read(&mut [0; 16]).unwrap(), 0, "it is given up");
    std::fs::write(home.folder().join("assay.toml"), "[http]\ntrusted_proxies = ['proxy.example']\n").unwrap();
    home.run(&["serve", "--bind", "127.0.0.1:0"]).refused(&["http.trusted_proxies has \"proxy.example\""]);
}

#[test]
fn who_waits_costs_little_and_what_is_not_sent_to_its_end_waits_on_disk() {
    const IDLE: usize = 400;
    const UPLOADS: usize = 30;
    let home = Home::new();
    let service = home.serve();
    let ask = |line: &mut TcpStream| {
        line.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        assert!(line.read(&mut [0; 4096]).unwrap() > 0);
    };
    // What it makes for itself the first time is not what a connection costs.
    let mut first: Vec<_> = (0..IDLE / 4).map(|_| open(&service, b"")).collect();
    first.iter_mut().for_each(ask);
    let before = resident(&service);
    let mut lines: Vec<_> = (0..IDLE).map(|_| open(&service, b"")).collect();
    lines.iter_mut().for_each(ask);
    let each = resident(&service).saturating_sub(before) / IDLE;
    assert!(each < 32, "an idle connection costs {each} kB");

    let before = resident(&service);
    let head = b"POST /api/v1/verify HTTP/1.1\r\nHost: a\r\ncontent-length: 8000000\r\n\r\n";
    let said = [head.as_slice(), &vec![b' '; 4 << 20]].concat();
    let uploads: Vec<_> = (0..UPLOADS).map(|_| open(&service, &said)).collect();
    // Its bytes are not in the sockets any more.
    until(|| service.get("/healthz").status == 200);
    let grown = resident(&service).saturating_sub(before) / 1024;
    assert!(grown < UPLOADS, "{UPLOADS} unfinished uploads cost {grown} MB");
    drop((first, lines, uploads));
}
