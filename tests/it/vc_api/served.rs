//! Switched on in `assay.toml`.

use serde_json::json;

use crate::support::binary::{Home, Service};

/// As whom the VC API of a running service says that it issues.
fn said(service: &Service) -> String {
    let line = service.said().lines().find(|line| line.starts_with("VC API is on")).map(str::to_owned);
    let line = line.unwrap_or_else(|| panic!("it does not say that it is on: {}", service.said()));
    line.split(" as ").last().unwrap().to_owned()
}

#[test]
fn the_service_says_as_whom_it_issues_and_remembers_that() {
    let home = Home::new();
    let service = home.serve();
    assert!(!service.said().contains("VC API"), "off unless told");
    assert_eq!(service.post("/credentials/issue", &json!({})).status, 404);
    assert!(service.stop(None).success());
    assert_eq!(home.key_files().len(), 1);

    std::fs::write(home.folder().join("assay.toml"), "[vc_api]\nenabled = true\nrefuse_invalid = false\n").unwrap();
    let service = home.serve();
    let did = said(&service);
    let credential = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"], "issuer": did,
        "credentialSubject": { "id": "did:example:1" },
    });
    let issued = service.post("/credentials/issue", &json!({ "credential": credential }));
    assert_eq!(issued.status, 201);
    let mut body: serde_json::Value = serde_json::from_slice(&issued.body).unwrap();
    assert_eq!(service.post("/credentials/verify", &body).status, 200);
    body["verifiableCredential"]["id"] = json!("urn:uuid:tampered");
    let refused = service.post("/credentials/verify", &body);
    assert_eq!(refused.status, 200, "as told");
    assert!(String::from_utf8_lossy(&refused.body).contains("\"verified\":false"));
    assert!(service.stop(None).success());
    assert_eq!(home.key_files().len(), 2, "kept like other keys");

    let service = home.serve();
    assert_eq!(said(&service), did);
    assert!(service.stop(None).success());
    assert!(home.run(&["keys", "list"]).done().stdout.lines().count() == 1, "none of the issuer's");
}
