//! Where a badge may lead: not to what this service calls, nowhere within the operator's network unasked, and to nobody who
//! merely lies where somebody else sends on to.

use assay::config::Places;
use assay::fetch::{Door, Limits};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::network::{House, JSON};
use crate::badges::Office;
use crate::support::app::TestApp;
use crate::support::host::Host;
use crate::verify_reports::forge;

async fn verified(app: &TestApp, badge: &Value) -> Value {
    app.post("/api/v1/verify", badge).await.expect(200).json()
}

fn check<'r>(report: &'r Value, id: &str) -> &'r Value {
    report["checks"].as_array().unwrap().iter().find(|check| check["id"] == id).unwrap()
}

/// An assertion of Open Badges 2.0, its badge class and its issuer, with ids at `base`.
fn chain(base: &str) -> [Value; 3] {
    let context = "https://w3id.org/openbadges/v2";
    [
        json!({
            "@context": context, "type": "Assertion", "id": format!("{base}/assertion"), "badge": format!("{base}/badge"),
            "recipient": { "type": "email", "hashed": false, "identity": "ana@partner.example" },
            "verification": { "type": "HostedBadge" }, "issuedOn": "2026-01-01T00:00:00Z",
        }),
        json!({
            "@context": context, "type": "BadgeClass", "id": format!("{base}/badge"), "name": "Robotics",
            "description": "D", "criteria": { "narrative": "N" }, "issuer": format!("{base}/profile"),
        }),
        json!({
            "@context": context, "type": "Issuer", "id": format!("{base}/profile"), "name": "Makers", "url": base,
        }),
    ]
}

#[tokio::test]
async fn what_this_service_calls_is_not_where_badges_lead() {
    let house = House::new().await;
    house.host.serves("/badge.json", JSON, house.badge.to_string());
    let app = TestApp::new().await;
    let allow = vec![house.host.place.parse().unwrap()];
    let door = Door::new(Places { allow, ..Places::default() }, Limits::default(), app.clock.clone());
    let app = app.through(door);
    for handed in [json!({ "id": house.host.url("/badge.json") }), house.badge.clone()] {
        assert_eq!(verified(&app, &handed).await["verdict"], "inconclusive");
    }
    assert!(house.host.asked().is_empty(), "{:?}", house.host.asked());
    // And the other way round.
    let app = app.open_to_strangers(&[&house.host.place]);
    let hook = json!({ "url": house.host.url("/hook"), "types": ["award.*"] });
    app.post("/api/v1/webhooks", &hook).await.expect(422);
    assert_eq!(verified(&app, &house.badge).await["verdict"], "untrusted_issuer");
}

/// Whoever hands in badges does not learn what answers within the operator's network, nor what it says.
#[tokio::test]
async fn of_what_lies_within_nothing_is_told_but_badges() {
    let (host, unlisted) = (Host::start().await, Host::start().await);
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    let app = TestApp::new().await.open_to_strangers(&[&host.place, &closed]);
    let secrets = json!({ "id": "7", "users": ["ana"], "password": "x" }).to_string();
    for (path, status, media, body) in [
        ("/json", 200, JSON, secrets.as_str()),
        ("/page", 200, "text/html", "<html><head><title>Intranet</title></head></html>"),
        ("/text", 200, "text/plain", "hello"),
        ("/token", 200, "text/plain", "eyJhbGciOiJub25lIn0.e30."),
        ("/closed", 401, JSON, ""),
        ("/broken", 500, JSON, ""),
    ] {
        host.answers(path, status, media, body);
        unlisted.answers(path, status, media, body);
    }
    host.sends_on("/away", &unlisted.url("/json"));
    host.sends_on("/round", &host.url("/round"));
    let paths = ["/json", "/page", "/text", "/token", "/closed", "/broken", "/none", "/away", "/round"];
    let mut addresses: Vec<String> = paths.iter().map(|path| host.url(path)).collect();
    addresses.extend(["/json", "/none"].map(|path| unlisted.url(path)));
    addresses.push(format!("http://{closed}/"));
    for elsewhere in
        ["https://printer.local/", "https://10.0.0.7/", "https://badges.example:8443/", "http://badges.example/"]
    {
        addresses.push(elsewhere.to_owned());
    }
    let office = Office::local();
    for (what, handed) in leads(&office) {
        let mut told = Vec::new();
        for address in &addresses {
            // What failed a moment ago is not asked again.
            app.clock.advance(chrono::TimeDelta::minutes(2));
            let report = verified(&app, &handed(address)).await;
            assert_eq!(report["verdict"], "inconclusive", "{what} {address}: {report:#}");
            let host = address.split('/').nth(2).unwrap();
            let words = report["headline"].as_str().unwrap().replace(host, "HOST");
            told.push((
                words,
                report["checks"].as_array().unwrap().iter().map(|c| c["outcome"].clone()).collect::<Vec<_>>(),
            ));
        }
        for (one, address) in told.iter().zip(&addresses) {
            assert_eq!(one, &told[0], "{what}: {address} is told from {}", addresses[0]);
        }
        assert!(told[0].0.contains("HOST was not had: it is at no public https address."), "{what}: {}", told[0].0);
    }
    assert!(unlisted.asked().is_empty());
}

/// Makes what leads to an address.
type Leading<'o> = Box<dyn Fn(&str) -> Value + 'o>;

/// The ways in which what is handed in can lead to an address.
fn leads(office: &Office) -> Vec<(&'static str, Leading<'_>)> {
    let plain = || {
        let mut badge = office.issue(|_| {}).value().clone();
        for member in ["credentialStatus", "refreshService"] {
            badge.as_object_mut().unwrap().shift_remove(member);
        }
        badge
    };
    let with_status = move |entry: Value| {
        let mut badge = plain();
        badge["credentialStatus"] = entry;
        forge(office, badge)
    };
    vec![
        ("an address", Box::new(|address| json!({ "id": address }))),
        (
            "a status list",
            Box::new(move |address| {
                with_status(json!({
                    "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "5",
                    "statusListCredential": address,
                }))
            }),
        ),
        (
            "a list of ids",
            Box::new(move |address| with_status(json!({ "type": "1EdTechRevocationList", "id": address }))),
        ),
        (
            "the issuer",
            Box::new(move |address| {
                let mut badge = plain();
                badge["issuer"]["id"] = json!(address);
                let mut badge = forge(office, badge);
                badge["proof"][0]["verificationMethod"] = json!(format!("{address}#key"));
                badge
            }),
        ),
        (
            "a hosted assertion",
            Box::new(|address| {
                let [mut assertion, ..] = chain("https://badges.example");
                assertion["id"] = json!(address);
                assertion
            }),
        ),
    ]
}

#[tokio::test]
async fn an_issuer_that_sends_on_is_shown_as_where_it_leads() {
    let (house, other) = (House::new().await, Host::start().await);
    house.host.sends_on("/issuer", &other.url("/keys"));
    let places = [house.host.place.as_str(), other.place.as_str()];
    // The document says that it is what was asked for.
    other.serves("/keys", JSON, house.office.keys().to_string());
    let app = TestApp::new().await.open_to_strangers(&places);
    let report = verified(&app, &house.badge).await;
    assert_eq!(report["verdict"], "untrusted_issuer", "{report:#}");
    let said = format!("Signed by the holder of {}, whom you have not listed. Everything else checks.", other.place);
    assert_eq!(report["headline"], said);
    assert_eq!(
        (&report["issuer"]["id"], &report["issuer"]["leads_to"]),
        (&json!(house.office.did), &json!(other.url("/keys")))
    );
    assert!(check(&report, "issuer")["words"].as_str().unwrap().contains(&other.place));
    // Or it does not.
    let mut elsewhere = house.office.keys();
    elsewhere["id"] = json!(other.url("/keys"));
    other.serves("/keys", JSON, elsewhere.to_string());
    let app = TestApp::new().await.open_to_strangers(&places);
    let report = verified(&app, &house.badge).await;
    assert_eq!(report["verdict"], "inconclusive", "{report:#}");
    let words = check(&report, "proof")["words"].as_str().unwrap();
    assert!(words.contains(&format!("sends on to {}, which does not speak for it", other.place)), "{words}");
}

#[tokio::test]
async fn a_hosted_badge_may_move_with_its_issuer_and_not_alone() {
    let (host, other) = (Host::start().await, Host::start().await);
    let [assertion, badge, profile] = chain(&host.url(""));
    let places = [host.place.as_str(), other.place.as_str()];
    for (path, document) in [("/assertion", &assertion), ("/badge", &badge), ("/profile", &profile)] {
        host.serves(path, JSON, document.to_string());
        other.serves(path, JSON, document.to_string());
    }
    let judged = async || verified(&TestApp::new().await.open_to_strangers(&places), &assertion).await;
    assert_eq!(judged().await["verdict"], "untrusted_issuer");
    // Anybody who finds a host that sends on to anywhere could have it send on to a badge of their own.
    host.sends_on("/assertion", &other.url("/assertion"));
    let report = judged().await;
    assert_eq!(report["verdict"], "invalid", "{report:#}");
    let said = format!("Its issuer, {}, does not vouch for what {} keeps. Do not rely on it.", host.place, other.place);
    assert_eq!(report["headline"], said);
    host.serves("/assertion", JSON, assertion.to_string());
    host.sends_on("/badge", &other.url("/badge"));
    assert_eq!(judged().await["verdict"], "invalid");
    // Within its host it may move, if it says what it is.
    host.sends_on("/badge", &host.url("/badges/1"));
    host.serves("/badges/1", JSON, badge.to_string());
    assert_eq!(judged().await["verdict"], "untrusted_issuer");
    let mut unnamed = badge.clone();
    unnamed["id"] = json!(host.url("/badges/1"));
    host.serves("/badges/1", JSON, unnamed.to_string());
    let report = judged().await;
    assert_eq!(report["verdict"], "inconclusive", "{report:#}");
    let words = check(&report, "issuer")["words"].as_str().unwrap();
    assert!(words.contains("was not found there but at"), "{words}");
    // The whole house moved.
    for path in ["/assertion", "/badge", "/profile"] {
        host.sends_on(path, &other.url(path));
    }
    let report = judged().await;
    assert_eq!(report["verdict"], "untrusted_issuer", "{report:#}");
    assert!(report["headline"].as_str().unwrap().contains(&other.place), "{}", report["headline"]);
}
