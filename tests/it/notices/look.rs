//! Every letter and page, written out and drawn, to be looked at: `ASSAY_LOOK=DIR cargo test --test it notices::look`.

use assay::rules::{Demand, DemandKind};
use assay::store::{EventKind, Managers};
use chrono::TimeDelta;
use serde_json::json;

use super::desk::{change_person, demanded, ids, letters, link_in, reminded, sara, service, tell};
use crate::support::app::{TestApp, ana};
use crate::support::browser::screenshot;

#[tokio::test]
async fn every_letter_can_be_looked_at() {
    #[expect(clippy::disallowed_methods, reason = "where to put the pictures")]
    let Ok(folder) = std::env::var("ASSAY_LOOK") else { return };
    let folder = std::path::PathBuf::from(folder);
    std::fs::create_dir_all(&folder).unwrap();
    let keep = |name: &str, service: &TestApp, letter: &assay::mail::Letter| {
        let _ = service;
        std::fs::write(folder.join(format!("{name}.html")), &letter.html).unwrap();
        std::fs::write(folder.join(format!("{name}.txt")), format!("Subject: {}\n\n{}", letter.subject, letter.text))
            .unwrap();
        std::fs::write(folder.join(format!("{name}.eml")), letter.message().unwrap().formatted()).unwrap();
    };
    let languages: &[&str] = if folder.ends_with("pages") { &[] } else { &["en", "de"] };
    for language in languages {
        let service = service().await;
        let award = service.certify(&ana()).await;
        change_person(&service, &award, |person| {
            person.language = Some((*language).to_owned());
            person.managers = Managers { firm: Some("boss@partner.example".to_owned()), partner: None };
        })
        .await;
        let first = letters(&service).await;
        keep(&format!("{language}-award"), &service, &first[0]);
        let picture = service.get(&format!("/badges/{}.png", award["id"].as_str().unwrap())).await.expect(200);
        std::fs::write(folder.join("badge.png"), &picture.body).unwrap();
        reminded(&service, &award, 60).await;
        for letter in letters(&service).await {
            let who = if letter.to.name.is_some() { "person" } else { "manager" };
            keep(&format!("{language}-reminder-{who}"), &service, &letter);
        }
        let (id, certification, person, valid_until) = ids(&service, &award).await;
        let now = service.now();
        let demand = Demand {
            id: "release-9".to_owned(),
            kind: DemandKind::Recertification,
            paths: vec![vec!["sales-101".parse().unwrap()]],
            opens: now,
            due: now + TimeDelta::days(20),
            cutoff: now + TimeDelta::days(30),
            remedy: None,
            placed_at: now,
            program: 1,
            met: None,
        };
        let event = demanded(&service, &award, demand).await;
        service.clock.advance(TimeDelta::days(1));
        tell(&service, vec![EventKind::AwardDemandPlaced(event.clone())]).await;
        keep(&format!("{language}-demand-placed"), &service, &letters(&service).await[0]);
        service.clock.advance(TimeDelta::days(1));
        tell(
            &service,
            vec![
                EventKind::AwardDemandReminder { days: 28, demand: event },
                EventKind::AwardReminder {
                    award: id,
                    certification: certification.clone(),
                    person: person.clone(),
                    days: 58,
                    valid_until,
                },
            ],
        )
        .await;
        for letter in letters(&service).await {
            let who = if letter.to.name.is_some() { "person" } else { "manager" };
            keep(&format!("{language}-digest-{who}"), &service, &letter);
        }
        service.act(&award, "suspend", &json!({ "reason": "other" })).await.expect(200);
        keep(&format!("{language}-suspended"), &service, &letters(&service).await[0]);
        service.act(&award, "reinstate", &json!({})).await.expect(200);
        keep(&format!("{language}-reinstated"), &service, &letters(&service).await[0]);
        service.clock.set(valid_until + TimeDelta::days(1));
        tell(&service, vec![EventKind::AwardExpired { award: id, certification, person, since: valid_until }]).await;
        for letter in letters(&service).await {
            let who = if letter.to.name.is_some() { "person" } else { "manager" };
            keep(&format!("{language}-expired-{who}"), &service, &letter);
        }
        service.act(&award, "renew", &json!({})).await.expect(200);
        keep(&format!("{language}-renewed"), &service, &letters(&service).await[0]);
        service.act(&award, "revoke", &json!({ "reason": "issued-in-error" })).await.expect(200);
        keep(&format!("{language}-revoked"), &service, &letters(&service).await[0]);
        let other = service.certify(&sara()).await;
        let _ = other;
        keep(&format!("{language}-award-rtl"), &service, &letters(&service).await[0]);
    }
    for entry in std::fs::read_dir(&folder).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_some_and(|e| e == "html") {
            let html = std::fs::read_to_string(&file).unwrap();
            let at = html.find("https://badges.northwind.example/badges/");
            let html = match at {
                Some(at) => {
                    let end = at + html[at..].find('"').unwrap();
                    format!("{}badge.png{}", &html[..at], &html[end..])
                }
                None => html,
            };
            std::fs::write(&file, html).unwrap();
            let url = format!("file://{}", file.display());
            for width in [1280, 500] {
                let path = file.with_extension(format!("{width}.png"));
                screenshot(&url, (width, if width == 500 { 1500 } else { 1200 }), &path);
            }
        }
    }
    let service = service().await;
    let award = service.certify(&ana()).await;
    let link = service.local(&json!(link_in(&letters(&service).await[0], "/h/")));
    for (name, path) in [("page-link", link.as_str()), ("page-sign-in", "/holder")] {
        std::fs::write(folder.join(format!("{name}.html")), service.get_as(path, "text/html").await.text()).unwrap();
    }
    let button = axum::http::Request::post(&link).header("content-type", "application/x-www-form-urlencoded");
    let opened = service.send(button.body(axum::body::Body::from("open=yes")).unwrap()).await.expect(303);
    let cookie = opened.header("set-cookie").split(';').next().unwrap().to_owned();
    let id = award["id"].as_str().unwrap();
    for (name, path) in [
        ("page-holder", "/holder".to_owned()),
        ("page-decline", format!("/holder/{id}/decline")),
        ("page-appeal", format!("/holder/{id}/appeal")),
    ] {
        let request = axum::http::Request::get(path).header("cookie", &cookie).header("accept", "text/html");
        let page = service.send(request.body(axum::body::Body::empty()).unwrap()).await;
        let file = folder.join(format!("{name}.html"));
        std::fs::write(&file, page.text().replace(&format!("/badges/{id}.svg"), "badge.png")).unwrap();
        for width in [1280, 500] {
            screenshot(
                &format!("file://{}", file.display()),
                (width, 900),
                &file.with_extension(format!("{width}.png")),
            );
        }
    }
}
