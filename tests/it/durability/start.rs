//! What a service refuses to start on, in words that help; and how commands find one that runs.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::binary::{Home, Ran, exam, training};

/// `serve` must end by itself here.
fn serve(home: &Home) -> Ran {
    home.run(&["serve", "--bind", "127.0.0.1:0"])
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_store_whose_key_is_missing_says_which() {
    let home = Home::new();
    let [file] = home.key_files().try_into().unwrap();
    let elsewhere = home.data().join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    let kid = file.file_stem().unwrap().to_str().unwrap();
    let hint = format!("hint: put {kid}.pem back into");
    serve(&home).refused(&["the private part of the active signing key", kid, &hint]);
    home.run(&["api-key", "create", "exams", "--scope", "admin"]).refused(&[kid, &hint]);
    assert!(!home.data().join("serve.json").exists());
    fs::rename(&elsewhere, &file).unwrap();
    assert!(home.serve().stop(None).success());
}

#[test]
fn a_key_file_is_opened_by_its_passphrase_only() {
    let home = Home::empty().variable("ASSAY_KEY_PASSPHRASE", "correct horse");
    home.init().done();
    let [file] = home.key_files().try_into().unwrap();
    assert!(fs::read_to_string(&file).unwrap().contains("ENCRYPTED"));
    let name = file.file_name().unwrap().to_str().unwrap().to_owned();
    let home = home.variable("ASSAY_KEY_PASSPHRASE", "battery staple");
    let refused = serve(&home).refused(&[&name, "passphrase"]);
    assert!(!refused.stderr.contains("battery"), "{}", refused.stderr);
    let home = home.variable("ASSAY_KEY_PASSPHRASE", "");
    serve(&home).refused(&[&name, "passphrase"]);
    let home = home.variable("ASSAY_KEY_PASSPHRASE", "correct horse");
    assert!(home.serve().stop(None).success());
}

#[test]
fn a_key_file_that_others_can_read_is_refused() {
    let home = Home::new();
    let [file] = home.key_files().try_into().unwrap();
    assert_eq!((mode(&file), mode(&home.keys()), mode(home.data())), (0o600, 0o700, 0o700));
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    serve(&home).refused(&[name, "is readable by others (mode 0644)", "chmod 600"]);
}

#[test]
fn a_store_has_one_service() {
    let home = Home::new();
    let service = home.serve();
    let refused = serve(&home).refused(&["is in use by another process", "hint: "]);
    assert!(refused.stderr.lines().count() < 8, "{}", refused.stderr);
    home.init().refused(&["is in use by another process"]);
    // The first one has not noticed anything.
    service.get("/readyz").expect(200);
    assert!(service.stop(None).success());
}

#[test]
fn an_issuer_is_made_once() {
    let home = Home::new();
    let (keys, data) = (home.key_files(), home.data().join("store"));
    home.init().refused(&["this store already belongs to did:web:badges.northwind.example", "hint: "]);
    assert_eq!(home.key_files(), keys, "no second key was made");
    assert_eq!(mode(&data), 0o700);
    assert!(home.serve().stop(None).success());
}

#[test]
fn a_program_with_faults_makes_nothing() {
    let home = Home::empty();
    let program = home.folder().join("partner-framework.toml");
    let text = fs::read_to_string(&program).unwrap().replace("\n[issuer]\n", "\n[issuer]\ncolour = \"red\"\n");
    fs::write(&program, text).unwrap();
    home.init().refused(&["colour"]);
    assert!(!home.data().exists() && !home.keys().exists());
    serve(&home).refused(&["there is no store in", "assay init"]);
}

#[test]
fn commands_speak_to_the_service_that_runs() {
    let home = Home::new();
    let service = home.serve();
    let announced = home.data().join("serve.json");
    assert_eq!(mode(&announced), 0o600);
    assert!(service.address().starts_with("127.0.0.1:"));
    let key = home.api_key("exams");
    let exams = service.client(&key);
    exams.post("/api/v1/results", &training("ana")).unwrap().expect(200);
    let award = exams.post("/api/v1/results", &exam("ana")).unwrap().expect(201).json()["award"].clone();
    let number = award["id"].as_str().unwrap();
    let revoked = home.run(&["award", "revoke", number, "--reason", "other"]).done();
    assert!(revoked.stdout.contains("revoked"), "{}", revoked.stdout);
    let report = service.get(&format!("/v/{number}.json")).expect(200).json();
    assert_eq!(report["verdict"], "revoked");

    assert!(service.stop(None).success());
    assert!(!announced.exists(), "a service that stops takes its address back");
    let shown = home.run(&["award", "show", number]).done();
    assert!(shown.stdout.contains("revoked"), "the same without a service: {}", shown.stdout);

    // What a killed service leaves behind leads nobody astray.
    home.serve().kill();
    assert!(announced.exists());
    assert_eq!(home.run(&["award", "show", number]).done().stdout, shown.stdout);
    let service = home.serve();
    home.run(&["api-key", "revoke", "exams"]).done();
    service.client(&key).post("/api/v1/results", &training("ben")).unwrap().expect(401);
    assert!(service.stop(None).success());
}
