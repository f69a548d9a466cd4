//! A request is for one host.

use super::{patient, serve, status};

#[tokio::test]
async fn a_request_names_its_host_once() {
    let service = serve(patient("")).await;
    for (version, hosts, expected) in [
        ("1.1", "Host: badges.example\r\n", 200),
        ("1.1", "Host: badges.example:8080\r\n", 200),
        ("1.1", "Host: [::1]:8080\r\n", 200),
        ("1.1", "Host:\r\n", 200),
        ("1.0", "Host: badges.example\r\n", 200),
        ("1.0", "", 200),
        ("1.1", "", 400),
        ("1.1", "Host: a\r\nHost: b\r\n", 400),
        ("1.1", "Host: a\r\nHost: a\r\n", 400),
        ("1.0", "Host: a\r\nHost: b\r\n", 400),
        ("1.1", "Host: a b\r\n", 400),
        ("1.1", "Host: a, b\r\n", 400),
        ("1.1", "Host: user@a\r\n", 400),
    ] {
        let answer = service.ask(&format!("GET /healthz HTTP/{version}\r\n{hosts}connection: close\r\n\r\n")).await;
        assert_eq!(status(&answer), expected, "{version} {hosts:?}: {answer}");
        assert_eq!(expected == 400, answer.contains("urn:assay:problem:malformed-request"), "{answer}");
    }
}
