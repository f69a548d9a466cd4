//! The day an award expires, in calendars.

use serde_json::json;

use super::desk::{certified, service};
use crate::support::app::ana;

fn line<'a>(ics: &'a str, name: &str) -> &'a str {
    ics.split("\r\n").find_map(|line| line.strip_prefix(name)).unwrap_or_default()
}

#[tokio::test]
async fn an_entry_keeps_its_id_moves_on_renewal_and_is_cancelled_on_revocation() {
    let service = service().await;
    let award = certified(&service).await;
    let id = award["id"].as_str().unwrap();
    let address = format!("/c/{id}.ics");
    let first = service.get(&address).await.expect(200);
    assert_eq!(first.header("content-type"), "text/calendar; charset=utf-8");
    let first = first.text();
    assert_eq!(line(&first, "UID:"), format!("award-{id}-expiry@badges.northwind.example"));
    assert_eq!((line(&first, "METHOD:"), line(&first, "SEQUENCE:")), ("PUBLISH", "0"));
    assert_eq!(line(&first, "DTSTART;VALUE=DATE:"), "20271120");
    assert!(!first.contains("Ana") && first.contains("TRIGGER:-P30D"), "{first}");
    service.act(&award, "renew", &json!({})).await.expect(200);
    let renewed = service.get(&address).await.text();
    assert_eq!((line(&renewed, "UID:"), line(&renewed, "SEQUENCE:")), (line(&first, "UID:"), "1"));
    assert_eq!(line(&renewed, "DTSTART;VALUE=DATE:"), "20281120");
    service.act(&award, "revoke", &json!({ "reason": "other" })).await.expect(200);
    let revoked = service.get(&address).await.text();
    assert_eq!((line(&revoked, "METHOD:"), line(&revoked, "STATUS:")), ("CANCEL", "CANCELLED"));
    assert_eq!((line(&revoked, "SEQUENCE:"), revoked.contains("VALARM")), ("2", false));
}

#[tokio::test]
async fn there_is_no_calendar_of_what_is_unknown() {
    let service = service().await;
    service.certify(&ana()).await;
    for path in ["/c/0000000000000000.ics", "/c/x.ics", "/c/000000000000000F", "/c/000000000000000F.html"] {
        service.get(path).await.expect(404);
    }
}
