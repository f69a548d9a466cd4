//! Badges of strangers whose keys, lists and newer versions must be fetched: the service, the door, and its bounds.

use serde_json::{Value, json};

use crate::badges::Office;
use crate::support::app::TestApp;
use crate::support::host::Host;
use crate::verify_reports::forge;

pub(super) const JSON: &str = "application/json";

/// A stranger's house: its host, and whoever signs there.
pub(super) struct House {
    pub(super) host: Host,
    pub(super) office: Office,
    pub(super) badge: Value,
}

impl House {
    /// Serves keys and a clear status list; the badge is handed over.
    pub(super) async fn new() -> Self {
        House::signing("2026-11-20T09:00:00Z").await
    }

    /// The same for the built command, which goes by the clock of the machine.
    pub(super) async fn today() -> Self {
        House::signing(&an_hour_ago()).await
    }

    async fn signing(at: &str) -> Self {
        let host = Host::start().await;
        let office = Office::at(&host.url(""));
        host.serves("/issuer", JSON, office.keys().to_string());
        host.serves("/status/1", JSON, office.status_list(&[7], at).to_string());
        let badge = office.issue(|_| {}).value().clone();
        House { host, office, badge }
    }

    /// A service that may ask this house.
    async fn service(&self) -> TestApp {
        TestApp::new().await.open_to_strangers(&[&self.host.place])
    }
}

/// By the clock of the machine.
pub(super) fn an_hour_ago() -> String {
    use assay::clock::{Clock as _, SystemClock, rfc3339};
    rfc3339(SystemClock.now() - chrono::TimeDelta::hours(1))
}

async fn verified(app: &TestApp, badge: &Value) -> Value {
    app.post("/api/v1/verify", badge).await.expect(200).json()
}

fn outcome<'r>(report: &'r Value, check: &str) -> &'r str {
    let checks = report["checks"].as_array().unwrap();
    checks.iter().find(|c| c["id"] == check).map_or("", |c| c["outcome"].as_str().unwrap())
}

#[tokio::test]
async fn keys_lists_and_newer_versions_are_fetched() {
    let house = House::new().await;
    let app = house.service().await;
    let report = verified(&app, &house.badge).await;
    assert_eq!(report["verdict"], "untrusted_issuer", "{report:#}");
    let said =
        format!("Signed by the holder of {}, whom you have not listed. Everything else checks.", house.host.place);
    assert_eq!(report["headline"], said);
    assert_eq!(outcome(&report, "status"), "passed");
    assert_eq!(outcome(&report, "refresh"), "could_not_check", "nothing is there");
    let mut asked = house.host.asked();
    asked.sort();
    assert_eq!(asked, ["/credentials/7K3QX9M2TR4HB6WD.json", "/issuer", "/status/1"]);
    assert!(house.host.accept("/issuer").starts_with("application/did+json"), "{}", house.host.accept("/issuer"));
    assert!(house.host.accept("/status/1").starts_with("application/vc,"));
    // Asked again within the hour in which answers are fresh, nobody is asked anew.
    verified(&app, &house.badge).await;
    assert_eq!(house.host.asked().len(), 3);
}

#[tokio::test]
async fn a_list_that_does_not_answer_leaves_the_badge_open() {
    let house = House::new().await;
    house.host.answers("/status/1", 503, JSON, "");
    let app = house.service().await;
    let report = verified(&app, &house.badge).await;
    assert_eq!(report["verdict"], "inconclusive", "{report:#}");
    assert_eq!(outcome(&report, "status"), "could_not_check");
    assert_eq!(outcome(&report, "proof"), "passed");
    let said = format!(
        "Could not be checked: the status list of {} was not had: it is at no public https address.",
        house.host.place
    );
    assert!(report["headline"].as_str().unwrap().starts_with(&said), "{}", report["headline"]);
}

#[tokio::test]
async fn a_revoked_badge_and_a_forged_one_are_told_apart() {
    let house = House::new().await;
    house.host.serves("/status/1", JSON, house.office.status_list(&[42], "2026-11-20T09:00:00Z").to_string());
    let app = house.service().await;
    assert_eq!(verified(&app, &house.badge).await["verdict"], "revoked");
    let mut changed = house.badge.clone();
    changed["name"] = json!("Certified Sales Associates");
    let report = verified(&app, &changed).await;
    assert_eq!(report["verdict"], "invalid");
    assert!(report["headline"].as_str().unwrap().starts_with("The signature does not fit this content"));
}

#[tokio::test]
async fn hosts_within_are_not_asked_unless_they_are_named() {
    let house = House::new().await;
    let app = TestApp::new().await;
    let report = verified(&app, &house.badge).await;
    assert_eq!(report["verdict"], "inconclusive");
    assert!(report["headline"].as_str().unwrap().contains("at no public https address"), "{}", report["headline"]);
    assert_eq!(house.host.asked().len(), 0);
}

#[tokio::test]
async fn a_newer_version_is_asked_for_once() {
    let house = House::new().await;
    let newer = |base: &str, later: &str| {
        let mut newer = house.badge.clone();
        newer["validFrom"] = json!(later);
        newer["refreshService"]["id"] = json!(house.host.url(base));
        forge(&house.office, newer).to_string()
    };
    house.host.serves("/credentials/7K3QX9M2TR4HB6WD.json", JSON, newer("/next", "2026-06-01T00:00:00Z"));
    house.host.serves("/next", JSON, newer("/next", "2026-07-01T00:00:00Z"));
    let app = house.service().await;
    let report = verified(&app, &house.badge).await;
    assert_eq!(
        (&report["verdict"], outcome(&report, "refresh")),
        (&json!("untrusted_issuer"), "warning"),
        "{report:#}"
    );
    assert_eq!(report["credential"]["valid_from"], "2026-06-01T00:00:00Z");
    assert!(!house.host.asked().contains(&"/next".to_owned()), "{:?}", house.host.asked());
}

#[tokio::test]
async fn there_is_an_end_to_asking() {
    let house = House::new().await;
    let mut badge = house.badge.clone();
    // Eight lists, each signed by somebody whose keys must be asked for, too.
    let entries: Vec<Value> = (10..18)
        .map(|n| {
            let address = house.host.url(&format!("/status/{n}"));
            let mut list = house.office.status_list(&[], "2026-11-20T09:00:00Z");
            let mut other = Office::at(&house.host.url(&format!("/{n}")));
            other.did = house.host.url(&format!("/{n}/issuer"));
            list["id"] = json!(address);
            list["issuer"] = json!(other.did);
            house.host.serves(&format!("/status/{n}"), JSON, forge(&other, list).to_string());
            house.host.serves(&format!("/{n}/issuer"), JSON, other.keys().to_string());
            let mut entry = badge["credentialStatus"].clone();
            entry["id"] = json!(format!("{address}#1"));
            entry["statusListCredential"] = json!(address);
            entry
        })
        .collect();
    badge["credentialStatus"] = json!(entries);
    let app = house.service().await;
    let report = verified(&app, &forge(&house.office, badge)).await;
    assert_eq!(report["verdict"], "inconclusive", "{report:#}");
    assert!(report["headline"].as_str().unwrap().contains("too much to ask for"), "{}", report["headline"]);
    assert_eq!(house.host.asked().len(), 12);
}

#[tokio::test]
async fn an_address_leads_to_its_badge() {
    let house = House::new().await;
    let app = house.service().await;
    let png = assay::render::bake::png(&picture(), &house.badge.to_string()).unwrap();
    let page =
        "<html><head><link rel=\"alternate\" type=\"application/vc+ld+json\" href=\"/badge.json\"></head></html>";
    house.host.serves("/badge.json", JSON, house.badge.to_string());
    house.host.serves("/badge.png", "image/png", png);
    house.host.serves("/page", "text/html", page);
    house.host.serves("/else", "text/html", "<html><body>Hello</body></html>");
    house.host.answers("/error", 500, "text/plain", "");
    for (path, verdict) in [
        ("/badge.json", "untrusted_issuer"),
        ("/badge.png", "untrusted_issuer"),
        ("/page", "untrusted_issuer"),
        ("/else", "inconclusive"),
        ("/none", "inconclusive"),
        ("/error", "inconclusive"),
    ] {
        let report = verified(&app, &json!({ "id": house.host.url(path) })).await;
        assert_eq!(report["verdict"], verdict, "{path}: {report:#}");
    }
}

#[tokio::test]
async fn a_listed_issuer_is_relied_on_for_its_time() {
    let app = TestApp::new().await;
    let office = Office::local();
    let mut badge = office.issue(|_| {}).value().clone();
    for member in ["credentialStatus", "refreshService"] {
        badge.as_object_mut().unwrap().shift_remove(member);
    }
    let badge = forge(&office, badge);
    let list = |since: Option<&str>, until: Option<&str>| json!({ "issuer": office.did, "name": "Contoso Academy", "since": since, "until": until });
    assert_eq!(verified(&app, &badge).await["verdict"], "untrusted_issuer");
    app.post("/api/v1/trusted-issuers", &list(None, None)).await.expect(201);
    let report = verified(&app, &badge).await;
    assert_eq!(
        report["headline"],
        "Valid. Ana Lopes holds Certified Sales Associate from Contoso Academy until 3 May 2028."
    );
    assert_eq!(report["issuer"], json!({ "id": office.did, "trust": "listed", "name": "Contoso Academy" }));
    app.post("/api/v1/trusted-issuers", &list(None, Some("2026-05-01"))).await.expect(200);
    let report = verified(&app, &badge).await;
    assert_eq!(
        (&report["verdict"], &report["issuer"]["trust"]),
        (&json!("untrusted_issuer"), &json!("listed_for_other_times"))
    );
    app.post("/api/v1/trusted-issuers", &list(Some("2026-05-04"), None)).await.expect(200);
    assert_eq!(verified(&app, &badge).await["verdict"], "valid");
}

#[tokio::test]
async fn a_receipt_tells_what_was_found() {
    let app = TestApp::new().await;
    let badge = Office::local().issue(|_| {}).into_text();
    let asked = json!({ "credential": serde_json::from_str::<Value>(&badge).unwrap(), "receipt": true });
    let report = app.post("/api/v1/verify", &asked).await.expect(200).json();
    assert_eq!(report["verdict"], "inconclusive", "the list of badges.example cannot be asked here");
    let receipt = report["receipt"].as_str().unwrap().to_owned();
    let back = read_back(&app, &receipt).await;
    assert_eq!(back["verdict"], "inconclusive", "of what was checked, not of the receipt: {back:#}");
    let of = &back["receipt_of"];
    assert_eq!((&of["headline"], &of["checked_at"]), (&report["headline"], &report["checked_at"]));
    assert_eq!(of["by"], "did:web:badges.northwind.example");
    for check in ["format", "proof", "issuer"] {
        assert_eq!(outcome(&back, check), "passed", "{back:#}");
    }
    // Another word in it, or another service's receipt.
    let place = receipt.find('.').unwrap() + 200;
    let letter = if receipt.as_bytes()[place] == b'A' { "B" } else { "A" };
    let mut changed = receipt.clone();
    changed.replace_range(place..=place, letter);
    let back = read_back(&app, &changed).await;
    assert!(matches!(back["verdict"].as_str(), Some("invalid" | "malformed")), "{back:#}");
}

async fn read_back(app: &TestApp, text: &str) -> Value {
    use base64::Engine as _;
    verified(app, &json!({ "base64": base64::engine::general_purpose::STANDARD.encode(text) })).await
}

/// The smallest picture.
fn picture() -> Vec<u8> {
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 1, 1);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[0]).unwrap();
    png
}

#[tokio::test]
async fn a_photo_of_a_code_leads_to_its_badge() {
    let house = House::new().await;
    let app = house.service().await;
    house.host.serves("/badge.json", JSON, house.badge.to_string());
    let report = posted(&app, "image/jpeg", photo(&house.host.url("/badge.json"))).await;
    assert_eq!(report["verdict"], "untrusted_issuer", "{report:#}");
    let report = posted(&app, "image/jpeg", photo("Hello")).await;
    assert_eq!(report["verdict"], "malformed", "{report:#}");
    // The live picture of an award of ours carries no credential, but its code.
    let award = app.certify(&crate::support::app::ana()).await;
    let picture = app.get(&format!("/badges/{}.png", award["id"].as_str().unwrap())).await.expect(200).body;
    let report = posted(&app, "image/png", picture).await;
    assert_eq!(report["verdict"], "valid", "{report:#}");
    assert_eq!(report["credential"]["award"], award["id"]);
}

#[tokio::test]
async fn a_picture_of_the_first_generation_leads_to_its_assertion() {
    let house = House::new().await;
    let app = house.service().await;
    let at = |path: &str| house.host.url(path);
    let assertion = json!({
        "uid": "1", "recipient": {"type": "email", "hashed": false, "identity": "ana@partner.example"},
        "badge": at("/badges/1"), "verify": {"type": "hosted", "url": at("/assertions/1")}, "issuedOn": "2014-05-04",
    });
    let badge = json!({"name": "Robotics", "description": "D", "criteria": at("/criteria"), "issuer": at("/maker")});
    house.host.serves("/assertions/1", JSON, assertion.to_string());
    house.host.serves("/badges/1", JSON, badge.to_string());
    house.host.serves("/maker", JSON, json!({"name": "Makers", "url": at("")}).to_string());
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 1, 1);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.add_text_chunk("openbadges".to_owned(), at("/assertions/1")).unwrap();
    encoder.write_header().unwrap().write_image_data(&[0]).unwrap();
    let report = posted(&app, "image/png", png).await;
    assert_eq!(report["verdict"], "untrusted_issuer", "{report:#}");
    assert_eq!(report["credential"]["name"], "Robotics");
    // The host takes it back.
    let later = house.service().await;
    house.host.answers("/assertions/1", 410, JSON, "");
    let report = verified(&later, &assertion).await;
    assert_eq!(report["verdict"], "revoked", "{report:#}");
}

/// The report on a picture that is the body itself.
async fn posted(app: &TestApp, media: &str, picture: Vec<u8>) -> Value {
    let request = axum::http::Request::post("/api/v1/verify").header("content-type", media);
    app.send(request.body(picture.into()).unwrap()).await.expect(200).json()
}

/// A code on a wall, compressed as cameras do.
pub(super) fn photo(text: &str) -> Vec<u8> {
    let code = drawn(text);
    let mut wall = image::GrayImage::from_pixel(640, 480, image::Luma([170]));
    image::imageops::overlay(&mut wall, &code, 80, 40);
    let mut jpeg = std::io::Cursor::new(Vec::new());
    wall.write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    jpeg.into_inner()
}

fn drawn(text: &str) -> image::GrayImage {
    const SIZE: u32 = 6;
    let code = qrcode::QrCode::new(text).unwrap();
    let (width, modules) = (u32::try_from(code.width()).unwrap(), code.to_colors());
    let side = (width + 8) * SIZE;
    image::GrayImage::from_fn(side, side, |x, y| {
        let at = |pixel: u32| (pixel / SIZE).checked_sub(4).filter(|module| *module < width);
        let dark = at(x).zip(at(y)).is_some_and(|(x, y)| modules[(y * width + x) as usize] == qrcode::Color::Dark);
        image::Luma([if dark { 20 } else { 240 }])
    })
}
