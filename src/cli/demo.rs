//! `demo`: everything once, in a folder of its own, with nothing prepared.

use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::args::{Demo, Place};
use super::failure::{Exit, Hinted, print, say};
use super::open::{self, Opened};
use super::service::Service;
use super::{result, serve};
use crate::clock::{Clock, SystemClock, rfc3339};
use crate::config::{HttpConfig, HttpSettings, Settings};
use crate::http;
use crate::id::{OsRandom, Realm};
use crate::program::{Assets, Program};
use crate::service::api_keys::{self, NewKey};
use crate::service::caller::Caller;
use crate::service::setup::{self, Setup};
use crate::service::verify::{self, Asked};
use crate::urls::path;
use crate::verification::{Report, Verdict};

/// The starter program and the logo it names, as they lie in `templates/programs/`.
const PROGRAM: &str = include_str!("../../templates/programs/partner-framework.toml");
const LOGO: (&str, &[u8]) = ("northwind.svg", include_bytes!("../../templates/programs/northwind.svg"));
/// What the demo makes in its folder, and all it removes when it begins anew.
const MADE: [&str; 8] =
    ["data", "keys", "program.toml", "northwind.svg", "badge.png", "badge.svg", "credential.json", "tampered.json"];

pub(super) async fn run(args: Demo) -> anyhow::Result<Exit> {
    let listener = TcpListener::bind(("127.0.0.1", args.port)).await.map_err(|error| {
        let hint =
            format!("another program uses port {}; choose another with --port, or --port 0 for a free one", args.port);
        anyhow::Error::new(error).context(Hinted { message: format!("cannot listen on 127.0.0.1:{}", args.port), hint })
    })?;
    let base = format!("http://localhost:{}", listener.local_addr()?.port());
    fresh(&args.dir)?;
    let opened = set_up(&args.dir, &base).await?;
    let (_, secret) = api_keys::create(&opened.app, &Caller::operator(Realm::Test), demo_key(&scopes())).await?;
    let router = http::router(opened.app.clone());
    let data = args.dir.join("data");
    let service = Service::Here { router, key: secret.clone(), opened };

    let now = SystemClock.now();
    let award = first_person(&service, now).await?;
    second_person(&service, now).await?;
    let files = save(&service, &award, &args.dir).await?;
    judge(&service, &files).await?;
    goodbye(&base, &secret, &award, &data);
    let Service::Here { opened, .. } = service else { unreachable!("the demo's service is here") };
    if args.once {
        opened.close().await?;
    } else {
        say(format!("Serving {base}. Stop with Ctrl-C."));
        let http = HttpConfig::new(HttpSettings::default())?;
        serve::until_stopped(opened, listener, &http, &data).await?;
    }
    Ok(Exit::Done)
}

fn demo_key(scopes: &[String]) -> NewKey<'_> {
    NewKey { name: "demo", realm: Realm::Test, scopes }
}

fn scopes() -> Vec<String> {
    ["results:write", "awards:read", "awards:write"].map(str::to_owned).to_vec()
}

/// An empty folder; one that an earlier demo made is emptied of what it made.
fn fresh(dir: &Path) -> anyhow::Result<()> {
    let marker = dir.join(".assay-demo");
    let occupied =
        dir.exists() && dir.read_dir().with_context(|| format!("cannot read {}", dir.display()))?.next().is_some();
    if occupied && !marker.exists() {
        return Err(Hinted::error(
            format!("{} is not empty and was not made by a demo", dir.display()),
            "name another folder with --dir",
        ));
    }
    for made in MADE {
        let path = dir.join(made);
        let gone = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        if let Err(error) = gone
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(error).with_context(|| format!("cannot remove {}", path.display()));
        }
    }
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    std::fs::write(&marker, "This folder was made by `assay demo`, which may empty it.\n")
        .with_context(|| format!("cannot write {}", marker.display()))
}

async fn set_up(dir: &Path, base: &str) -> anyhow::Result<Opened> {
    std::fs::write(dir.join("program.toml"), PROGRAM)?;
    std::fs::write(dir.join(LOGO.0), LOGO.1)?;
    let place = Place {
        config: dir.join("assay.toml"),
        data: Some(dir.join("data")),
        keys: Some(dir.join("keys")),
        url: None,
        api_key: None,
        key_passphrase: None,
        smtp_password: None,
    };
    let config = open::config(&place, Settings::default())?;
    let parts = open::make(&place, &config)?;
    let assets: Assets = [(LOGO.0.to_owned(), LOGO.1.to_vec())].into();
    let issuer = setup::init(
        &parts.store,
        &parts.keyring,
        &SystemClock,
        &OsRandom,
        Setup { text: PROGRAM, assets: &assets, base },
    )
    .await?;
    let program = Program::parse(PROGRAM).map_err(|faults| anyhow::anyhow!(faults.to_string()))?;
    step(&format!("Made an issuer for the {} in {}", program.name, dir.display()));
    print(format!("    {}", issuer.did));
    parts.into_app(None).await
}

async fn first_person(service: &Service, now: DateTime<Utc>) -> anyhow::Result<Value> {
    step("Ana Lopes completes Sales 101 and passes the exam with 84 %");
    let ana = json!({ "name": "Ana Lopes", "email": "ana@partner.example" });
    submit(service, &report("demo-1", &ana, "sales-101", completed(), now - TimeDelta::days(2))).await?;
    let answer = submit(service, &report("demo-2", &ana, "exam", passed(84), now - TimeDelta::minutes(5))).await?;
    result::show(&answer);
    anyhow::ensure!(answer["decision"] == "awarded", "the exam did not lead to an award");
    Ok(answer["award"].clone())
}

async fn second_person(service: &Service, now: DateTime<Utc>) -> anyhow::Result<()> {
    step("Ben Okafor completes Sales 101; the exam is still to come");
    let answer = submit(service, &report("demo-3", &ben(), "sales-101", completed(), now - TimeDelta::days(1))).await?;
    result::show(&answer);
    Ok(())
}

fn ben() -> Value {
    json!({ "name": "Ben Okafor", "email": "ben@partner.example" })
}

/// A result as a learning platform would send it; `outcome` has the members that say how it went.
fn report(id: &str, person: &Value, requirement: &str, outcome: Value, at: DateTime<Utc>) -> Value {
    let mut report =
        json!({ "id": id, "person": person, "certification": "sales-associate", "requirement": requirement });
    if let (Value::Object(members), Value::Object(outcome)) = (&mut report, outcome) {
        members.extend(outcome);
        members.insert("at".to_owned(), json!(rfc3339(at)));
    }
    report
}

fn completed() -> Value {
    json!({ "outcome": "completed" })
}

fn passed(score: u32) -> Value {
    json!({ "outcome": "passed", "score": score })
}

async fn submit(service: &Service, report: &Value) -> anyhow::Result<Value> {
    Ok(service.call("POST", path::API_RESULTS, Some(report.to_string().into_bytes())).await?.body)
}

/// The files the demo leaves behind: the badge twice, the credential, and a forged copy of it.
struct Files {
    png: PathBuf,
    svg: PathBuf,
    json: PathBuf,
    tampered: PathBuf,
}

async fn save(service: &Service, award: &Value, dir: &Path) -> anyhow::Result<Files> {
    step("The badge, with the signed credential inside");
    let files = Files {
        png: dir.join("badge.png"),
        svg: dir.join("badge.svg"),
        json: dir.join("credential.json"),
        tampered: dir.join("tampered.json"),
    };
    let id = award["id"].as_str().unwrap_or_default();
    for (path, suffix) in [(&files.png, "png"), (&files.svg, "svg"), (&files.json, "json")] {
        let bytes = service.fetch(&path::CREDENTIAL.replace("{award}", &format!("{id}.{suffix}"))).await?;
        std::fs::write(path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
        print(format!("    {}", path.display()));
    }
    let genuine = std::fs::read_to_string(&files.json)?;
    std::fs::write(&files.tampered, genuine.replace("Ana Lopes", "Eve Lopes"))?;
    Ok(files)
}

async fn judge(service: &Service, files: &Files) -> anyhow::Result<()> {
    step("Verified, and verified again with one letter changed");
    for (path, genuine) in [(&files.png, true), (&files.svg, true), (&files.json, true), (&files.tampered, false)] {
        let Service::Here { opened, .. } = service else { unreachable!("the demo's service is here") };
        let report: Report = verify::anything(&opened.app, &std::fs::read(path)?.into(), &Asked::default()).await?;
        print(format!("    {:<36}{}", path.display().to_string(), report.headline));
        anyhow::ensure!(
            (report.verdict == Verdict::Valid) == genuine,
            "{} was judged {:?}",
            path.display(),
            report.verdict
        );
    }
    Ok(())
}

fn goodbye(base: &str, secret: &str, award: &Value, data: &Path) {
    let id = award["number"].as_str().unwrap_or_default();
    let exam = report("demo-4", &ben(), "exam", passed(91), SystemClock.now());
    step("Try it");
    print(format!("    Ana's badge     {}", award["addresses"]["page"].as_str().unwrap_or_default()));
    print(format!("    API key (test)  {secret}"));
    print("    Ben's exam:");
    print(format!(
        "curl -sS {base}{} -H 'Authorization: Bearer {secret}' -H 'Content-Type: application/json' -d '{exam}'",
        path::API_RESULTS
    ));
    print("    Revoke Ana's badge while this serves:");
    print(format!("assay --data {} award revoke {id} --reason issued-in-error", data.display()));
}

fn step(title: &str) {
    print("");
    print(title);
}
