//! Which event makes which letter, to whom, and what it says.

use assay::id::Realm;
use assay::rules::{Demand, DemandKind};
use assay::store::{EventKind, Managers};
use chrono::TimeDelta;
use serde_json::json;

use super::desk::{
    certified, change_person, demanded, ids, letters, link_in, only, person, program, read_by_another, reminded, sara,
    service, tell, tell_in,
};
use crate::support::app::{TestApp, ana};

#[tokio::test]
async fn an_award_is_told_to_its_holder_with_everything_that_belongs_to_a_mail() {
    let service = service().await;
    let award = service.certify(&ana()).await;
    let letter = only(letters(&service).await);
    let id = award["id"].as_str().unwrap();
    assert_eq!(letter.subject, "You hold Certified Sales Associate");
    assert!(letter.text.contains("valid until 20 November 2027"), "{}", letter.text);
    assert!(letter.html.contains(&format!("/badges/{id}.png\"")) && !letter.html.contains("cid:"), "{}", letter.html);
    assert!(!letter.html.contains("<script") && !letter.html.contains("data:"), "{}", letter.html);
    let Some(read) = read_by_another(&letter) else { return };
    let header = |name: &str| -> Vec<&str> {
        let headers = read["headers"].as_array().unwrap().iter();
        headers.filter(|h| h[0].as_str().unwrap().eq_ignore_ascii_case(name)).map(|h| h[1].as_str().unwrap()).collect()
    };
    assert_eq!(read["defects"], json!([]));
    assert_eq!(read["to"], json!([["Ana Lopes", "ana@partner.example"]]));
    assert_eq!(header("message-id"), [format!("<award.{id}.1@badges.northwind.example>")]);
    assert_eq!(header("auto-submitted"), ["auto-generated"]);
    assert_eq!(header("x-entity-ref-id"), [format!("award.{id}.1")]);
    assert_eq!(header("date"), ["Fri, 20 Nov 2026 10:00:00 +0000"]);
    assert!(header("list-unsubscribe").is_empty(), "an award mail cannot be stopped");
    let parts = read["parts"].as_array().unwrap();
    let types: Vec<_> = parts.iter().map(|part| part["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["text/plain", "text/html", "text/calendar"]);
    assert_eq!((parts[2]["name"].as_str(), parts[2]["method"].as_str()), (Some("expiry.ics"), Some("PUBLISH")));
    assert!(parts[0]["content"].as_str().unwrap().contains("Open my page"));
}

#[tokio::test]
async fn a_name_written_from_the_right_arrives_as_it_is() {
    let service = service().await;
    service.certify(&sara()).await;
    let letter = only(letters(&service).await);
    assert!(letter.html.contains("\u{2068}שרה כהן\u{2069}"), "{}", letter.html);
    let Some(read) = read_by_another(&letter) else { return };
    assert_eq!(read["to"][0][1], "sara@partner.example");
    assert!(read["to"][0][0].as_str().unwrap().contains("שרה כהן"), "{read}");
}

#[tokio::test]
async fn each_verb_has_its_letter_and_a_withheld_result_has_none() {
    let service = service().await;
    let exam = json!({
        "id": "early", "person": ana(), "certification": "sales-associate", "requirement": "exam",
        "outcome": "failed", "score": 20, "at": "2026-11-01T10:00:00Z",
    });
    service.post("/api/v1/results", &exam).await.expect(200);
    assert!(letters(&service).await.is_empty(), "withheld results mail nothing");
    let award = certified(&service).await;
    for (verb, body, subject, says) in [
        (
            "suspend",
            json!({"reason": "other"}),
            "Certified Sales Associate is not valid at present",
            "says nothing against you",
        ),
        ("reinstate", json!({}), "Certified Sales Associate is valid again", "valid until 20 November 2027"),
        ("renew", json!({}), "Certified Sales Associate is renewed", "valid until 20 November 2028"),
        (
            "reissue",
            json!({"name": "Ana Maria Lopes"}),
            "The details of Certified Sales Associate were corrected",
            "Files you downloaded before",
        ),
        (
            "revoke",
            json!({"reason": "issued-in-error"}),
            "Certified Sales Associate is no longer valid",
            "because it was issued in error",
        ),
    ] {
        service.clock.advance(TimeDelta::hours(1));
        service.act(&award, verb, &body).await.expect(200);
        let letter = only(letters(&service).await);
        assert_eq!(letter.subject, subject);
        let text = letter.text.replace('\n', " ");
        assert!(text.contains(says), "{verb}: {text}");
        assert_eq!(letter.to.address, "ana@partner.example");
        assert!(letter.calendar.is_none(), "attached once");
        assert!(letter.unsubscribe.is_none(), "{verb}");
        assert!(!text.contains('{'), "{verb}: {text}");
    }
    assert!(letters(&service).await.is_empty(), "each once");
}

#[tokio::test]
async fn test_awards_and_imported_ones_are_told_to_nobody() {
    let service = service().await;
    let award = service.certify_with(&service.test, &ana(), json!({})).await;
    assert!(letters(&service).await.is_empty());
    let standing = super::desk::standing(&service, &award).await;
    let held = standing.award.unwrap();
    let suspended = EventKind::AwardSuspended {
        award: held.id,
        certification: standing.certification.clone(),
        person: standing.person.clone(),
        reason: assay::rules::Reason::Other,
    };
    tell_in(&service, Realm::Test, vec![suspended]).await;
    let live = certified(&service).await;
    let (id, certification, person, valid_until) = ids(&service, &live).await;
    let imported = assay::store::AwardEvent {
        award: id,
        person,
        certification,
        version: assay::id::CredentialVersion(1),
        program: 1,
        valid_from: service.now(),
        valid_until: Some(valid_until),
        credential: assay::store::Digest::of(b"x"),
    };
    tell(&service, vec![EventKind::AwardImported(imported)]).await;
    assert!(letters(&service).await.is_empty());
}

#[tokio::test]
async fn a_reminder_says_what_to_do_until_when_and_how_to_stop_it() {
    let service = service().await;
    let award = certified(&service).await;
    reminded(&service, &award, 60).await;
    let letter = only(letters(&service).await);
    let text = letter.text.replace('\n', " ");
    let id = award["id"].as_str().unwrap();
    assert_eq!(letter.subject, "Certified Sales Associate expires in 60 days");
    assert_eq!(letter.message_id, format!("reminder.60d.{id}.20271120@badges.northwind.example"));
    assert!(text.contains("pass “Exam”, or complete “Sales update”"), "{text}");
    assert!(text.contains("still renew until 20 December 2027"), "{text}");
    assert!(text.contains(&format!("https://badges.northwind.example/c/{id}.ics")), "{text}");
    let unsubscribe = letter.unsubscribe.clone().unwrap();
    assert!(unsubscribe.url.starts_with("https://badges.northwind.example/u/"));
    assert_eq!(unsubscribe.mailto.as_deref(), Some("mailto:certification@northwind.example?subject=unsubscribe"));
    let head = String::from_utf8(letter.message().unwrap().formatted()).unwrap();
    let lines: Vec<&str> = head.split("\r\n").filter(|line| line.starts_with("List-Unsubscribe")).collect();
    assert_eq!(
        lines,
        [
            format!(
                "List-Unsubscribe: <{}>, <mailto:certification@northwind.example?subject=unsubscribe>",
                unsubscribe.url
            )
            .as_str(),
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ]
    );
}

#[tokio::test]
async fn managers_are_told_of_what_time_brings_and_of_nothing_else() {
    let all = "notify = [\"person\", \"firm-manager\", \"partner-manager\"]";
    let program: String = program().lines().filter(|line| !line.trim_start().starts_with("notify =")).fold(
        String::new(),
        |text, line| {
            let more = if line.trim_start().starts_with("remind =") { all } else { "" };
            text + line + "\n" + more + "\n"
        },
    );
    let service = TestApp::with_program(&program).await;
    let award = service.certify(&ana()).await;
    let managers = Managers { firm: Some("Boss@Partner.example".to_owned()), partner: None };
    change_person(&service, &award, |person| person.managers = managers).await;
    assert_eq!(only(letters(&service).await).to.address, "ana@partner.example");
    reminded(&service, &award, 30).await;
    let mut reminders = letters(&service).await;
    reminders.sort_by(|one, other| one.to.address.cmp(&other.to.address));
    let to: Vec<&str> = reminders.iter().map(|letter| letter.to.address.as_str()).collect();
    assert_eq!(to, ["ana@partner.example", "boss@partner.example", "certification@northwind.example"]);
    assert_eq!(reminders[1].subject, "Ana Lopes: Certified Sales Associate expires in 30 days");
    assert_ne!(reminders[1].message_id, reminders[2].message_id, "two letters are two letters");
    assert!(!reminders[1].text.contains("/h/") && !reminders[2].text.contains("/h/"), "the page is the holder's");
    change_person(&service, &award, |person| person.managers.partner = Some("pm@northwind.example".to_owned())).await;
    let (id, certification, person, since) = ids(&service, &award).await;
    service.clock.set(since + TimeDelta::seconds(1));
    tell(&service, vec![EventKind::AwardExpired { award: id, certification, person, since }]).await;
    let mut expired: Vec<String> = letters(&service).await.into_iter().map(|letter| letter.to.address).collect();
    expired.sort();
    assert_eq!(expired, ["ana@partner.example", "boss@partner.example", "pm@northwind.example"]);
    service.act(&award, "suspend", &json!({ "reason": "other" })).await.expect(200);
    assert_eq!(only(letters(&service).await).to.address, "ana@partner.example");
}

#[tokio::test]
async fn the_end_of_a_term_is_told_step_by_step() {
    let service = service().await;
    let award = certified(&service).await;
    let (id, certification, person, since) = ids(&service, &award).await;
    let (c, p) = (certification.clone(), person.clone());
    for (days, what, subject, says) in [
        (
            1,
            EventKind::AwardExpired { award: id, certification: c.clone(), person: p.clone(), since },
            "Certified Sales Associate has expired",
            "still renew it until 20 December 2027",
        ),
        (
            31,
            EventKind::AwardGraceEnded { award: id, certification: c.clone(), person: p.clone(), since },
            "The renewal period of Certified Sales Associate is over",
            "Until 18 February 2028 there is a shorter path",
        ),
        (
            91,
            EventKind::AwardLapsed { award: id, certification: c, person: p, since },
            "Certified Sales Associate has lapsed",
            "complete “Sales 101” and pass “Exam”",
        ),
    ] {
        service.clock.set(since + TimeDelta::days(days) - TimeDelta::hours(2));
        tell(&service, vec![what]).await;
        let letter = only(letters(&service).await);
        assert_eq!(letter.subject, subject);
        let text = letter.text.replace('\n', " ");
        assert!(text.contains(says), "{text}");
    }
}

#[tokio::test]
async fn a_recertification_is_asked_for_reminded_of_and_missed() {
    let service = service().await;
    let award = certified(&service).await;
    let now = service.now();
    let mut demand = Demand {
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
    let event = demanded(&service, &award, demand.clone()).await;
    tell(&service, vec![EventKind::AwardDemandPlaced(event.clone())]).await;
    let letter = only(letters(&service).await);
    assert_eq!(letter.subject, "Certified Sales Associate: an update is needed by 10 December 2026");
    assert!(letter.text.replace('\n', " ").contains("complete “Sales 101”, by 10 December 2026"), "{}", letter.text);
    service.clock.advance(TimeDelta::days(23));
    tell(&service, vec![EventKind::AwardDemandReminder { days: 7, demand: event.clone() }]).await;
    let letter = only(letters(&service).await);
    assert_eq!(letter.subject, "Certified Sales Associate: an update is due in 7 days");
    assert!(letter.unsubscribe.is_some());
    service.clock.advance(TimeDelta::days(8));
    tell(&service, vec![EventKind::AwardDemandMissed(event.clone())]).await;
    let letter = only(letters(&service).await);
    assert!(letter.text.replace('\n', " ").contains("has therefore expired"), "{}", letter.text);
    assert!(letter.text.replace('\n', " ").contains("If you do it until 19 January 2027"), "{}", letter.text);
    // A demand that is met meanwhile is not spoken of; upkeep is not told when it is placed.
    demand.id = "release-10".to_owned();
    demand.cutoff = service.now() + TimeDelta::days(30);
    demand.met = Some(assay::rules::Met { at: now, recorded_at: now });
    let met = demanded(&service, &award, demand.clone()).await;
    demand.id = "upkeep-2027-11-20".to_owned();
    demand.kind = DemandKind::Upkeep;
    demand.met = None;
    let upkeep = demanded(&service, &award, demand).await;
    tell(&service, vec![EventKind::AwardDemandPlaced(met), EventKind::AwardDemandPlaced(upkeep)]).await;
    assert!(letters(&service).await.is_empty());
}

#[tokio::test]
async fn what_is_no_longer_true_is_not_sent() {
    for change in ["renew", "suspend", "revoke"] {
        let service = service().await;
        let award = certified(&service).await;
        reminded(&service, &award, 30).await;
        service
            .act(&award, change, &json!(if change == "renew" { json!({}) } else { json!({"reason": "other"}) }))
            .await
            .expect(200);
        let letter = only(letters(&service).await);
        assert!(!letter.subject.contains("expires in"), "{change}: {}", letter.subject);
        let dropped = service.get_key("/api/v1/mails?status=dropped").await.json();
        assert_eq!(dropped["letters"].as_array().unwrap().len(), 1, "{change}: {dropped}");
    }
}

#[tokio::test]
async fn the_last_act_is_told_and_what_it_overtook_says_why_it_is_not() {
    let service = service().await;
    let award = certified(&service).await;
    // All within one second, so that the newest credential begins some seconds ahead of the clock.
    for _ in 0..3 {
        service.act(&award, "reissue", &json!({})).await.expect(200);
    }
    service.act(&award, "suspend", &json!({ "reason": "other" })).await.expect(200);
    let reinstated = service.act(&award, "reinstate", &json!({})).await.expect(200).json();
    assert_eq!(reinstated["state"], "valid", "{reinstated}");
    assert_eq!(service.public(&award).await.0, "valid");
    let letter = only(letters(&service).await);
    assert!(letter.message_id.starts_with("reinstated."), "{}", letter.message_id);
    let dropped = service.get_key("/api/v1/mails?status=dropped").await.json();
    let of = |kind: &str| dropped["letters"].as_array().unwrap().iter().filter(|l| l["kind"] == kind).count();
    assert_eq!((of("suspended"), of("reinstated")), (1, 0), "{dropped}");
    for letter in dropped["letters"].as_array().unwrap() {
        assert!(letter["error"].as_str().unwrap().contains("not true any more"), "{letter}");
    }
    service.act(&award, "suspend", &json!({ "reason": "other" })).await.expect(200);
    assert!(only(letters(&service).await).message_id.starts_with("suspended."));
    assert_eq!(service.public(&award).await.0, "suspended");
}

#[tokio::test]
async fn a_reader_gets_the_language_on_record() {
    let service = service().await;
    let award = certified(&service).await;
    change_person(&service, &award, |person| person.language = Some("de-AT".to_owned())).await;
    reminded(&service, &award, 30).await;
    let letter = only(letters(&service).await);
    assert_eq!(letter.subject, "Certified Sales Associate läuft in 30 Tagen ab");
    assert!(letter.html.contains("<html lang=\"de\""), "{}", letter.html);
    assert!(letter.text.contains("20. Dezember 2027"), "{}", letter.text);
}

#[tokio::test]
async fn a_person_without_an_address_is_not_written_to() {
    let service = service().await;
    let award = service.certify(&ana()).await;
    change_person(&service, &award, |person| person.emails.clear()).await;
    assert!(letters(&service).await.is_empty());
    assert_eq!(person(&service, &award).await.emails.len(), 0);
    let _ = link_in;
}
