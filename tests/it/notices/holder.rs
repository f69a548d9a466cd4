//! The holder's own page: opened once by a link, closed to everybody else.

use std::sync::Arc;

use assay::store::Engine;
use assay::store::engine::memory::MemoryEngine;
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::desk::{letters, link_in, only, sara, service};
use crate::support::app::{BASE, PROGRAM, Reply, TestApp, ana};
use crate::support::faulty::FaultyEngine;

/// A browser of somebody.
struct Browser<'a> {
    service: &'a TestApp,
    cookie: String,
}

impl<'a> Browser<'a> {
    /// Follows a mailed link, and presses the button.
    async fn open(service: &'a TestApp, link: &str) -> Browser<'a> {
        let path = service.local(&json!(link));
        let page = service.get_as(&path, "text/html").await.expect(200);
        assert!(page.text().contains(&format!("<form action=\"{path}\" method=\"post\">")), "{}", page.text());
        assert_eq!((page.header("set-cookie"), page.header("cache-control")), ("", "no-store"));
        let answer = press(service, &path, "open=yes").await.expect(303);
        assert_eq!(answer.header("location"), "/holder");
        let cookie = answer.header("set-cookie");
        let (pair, attributes) = cookie.split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/holder; Max-Age=7200; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(answer.header("cache-control"), "no-store");
        Browser { service, cookie: pair.to_owned() }
    }

    async fn get(&self, path: &str) -> Reply {
        let request =
            Request::get(path).header("cookie", format!("other=1; {}", self.cookie)).header("accept", "text/html");
        self.service.send(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, form: &str) -> Reply {
        let request = Request::post(path)
            .header("cookie", &self.cookie)
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded");
        self.service.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// The mark of the forms on a page.
    async fn mark(&self, path: &str) -> String {
        let page = self.get(path).await.expect(200).text();
        page.split("name=\"form\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }
}

/// Certifies somebody; answers the award and the link from the mail of it.
async fn invited(service: &TestApp, who: &Value) -> (Value, String) {
    let award = service.certify(who).await;
    let letter = only(letters(service).await);
    (award, link_in(&letter, "/h/"))
}

#[tokio::test]
async fn a_link_opens_the_page_once_and_then_offers_another() {
    let service = service().await;
    let (award, link) = invited(&service, &ana()).await;
    let path = service.local(&json!(link));
    // Mail programs look at links before people do, as often as they like and in any way.
    for _ in 0..3 {
        let head = service.send(Request::head(&path).body(Body::empty()).unwrap()).await;
        let looked = service.get_as(&path, "text/html").await;
        assert_eq!((head.status, head.header("set-cookie")), (200, ""), "looking spends nothing");
        assert_eq!((looked.status, looked.header("set-cookie")), (200, ""), "looking spends nothing");
        assert!(!looked.text().contains("Ana") && !looked.text().contains("partner.example"), "whose it is");
    }
    let browser = Browser::open(&service, &link).await;
    let page = browser.get("/holder").await.expect(200);
    assert!(page.text().contains("Hello Ana Lopes") && page.text().contains(award["number"].as_str().unwrap()));
    assert_eq!((page.header("cache-control"), page.header("x-robots-tag")), ("no-store", "noindex"));
    assert_eq!(browser.get(&path).await.expect(303).header("location"), "/holder", "it is open to them still");
    press(&service, &path, "open=yes").await.expect(410);
    let again = service.get_as(&path, "text/html").await.expect(410);
    assert!(again.text().contains("This link was used before"), "{}", again.text());
    assert!(
        !again.text().contains("Ana") && !again.text().contains("partner.example"),
        "it tells no stranger whose it is"
    );
    for _ in 0..3 {
        let sent = press(&service, &path, "again=yes").await.expect(200);
        assert!(sent.text().contains("on its way"));
    }
    let letter = only(letters(&service).await);
    assert_eq!(
        (letter.to.address.as_str(), letter.subject.as_str()),
        ("ana@partner.example", "Your page at Northwind Traders")
    );
    Browser::open(&service, &link_in(&letter, "/h/")).await;
}

/// Presses a button of a page, without a cookie.
async fn press(service: &TestApp, path: &str, form: &str) -> Reply {
    let request =
        Request::post(path).header("accept", "text/html").header("content-type", "application/x-www-form-urlencoded");
    service.send(request.body(Body::from(form.to_owned())).unwrap()).await
}

#[tokio::test]
async fn who_has_no_link_has_one_mailed_and_nobody_learns_who_is_on_record() {
    let service = service().await;
    invited(&service, &ana()).await;
    let form = service.get_as("/holder", "text/html").await.expect(200).text();
    assert!(form.contains("Mail me a link") && form.contains("name=\"address\""), "{form}");
    let known = press(&service, "/holder", "address=ANA%40partner.example").await.expect(200);
    let told = |reply: &Reply| {
        let mut headers = reply.headers.clone();
        headers.remove("x-request-id");
        (reply.body.clone(), headers)
    };
    for stranger in ["eve%40partner.example", "sara.nobody%40x.example"] {
        let unknown = press(&service, "/holder", &format!("address={stranger}")).await.expect(200);
        assert_eq!(told(&unknown), told(&known), "{stranger}");
    }
    for _ in 0..3 {
        press(&service, "/holder", "address=ana%40partner.example").await.expect(200);
        assert!(service.app.store.link_asks(10).await.unwrap().len() <= 3, "of those for one address, one waits");
    }
    let letter = only(letters(&service).await);
    assert_eq!(letter.to.address, "ana@partner.example");
    Browser::open(&service, &link_in(&letter, "/h/")).await;
    // At most one within the hour, whoever asks.
    press(&service, "/holder", "address=ana%40partner.example").await.expect(200);
    assert_eq!(letters(&service).await.len(), 0);
    service.clock.advance(TimeDelta::hours(1));
    press(&service, "/holder", "address=ana%40partner.example").await.expect(200);
    only(letters(&service).await);
    for nonsense in [
        "",
        "address=",
        "address=ana",
        "address=a%40b%40c.example",
        &format!("address={}%40x.example", "x".repeat(300)),
    ] {
        let refused = press(&service, "/holder", nonsense).await.expect(422);
        assert!(refused.text().contains("That is no mail address."), "{nonsense}");
    }
    assert_eq!(service.app.store.link_asks(10).await.unwrap(), []);
}

/// Whether an address is on record makes no difference in what is done before the answer.
#[tokio::test]
async fn a_known_and_an_unknown_address_cost_the_same() {
    let engine = Arc::new(FaultyEngine::sound(Arc::new(MemoryEngine::new())));
    let service = TestApp::with(Arc::clone(&engine) as Arc<dyn Engine>, PROGRAM, BASE).await;
    invited(&service, &ana()).await;
    let mut steps = Vec::new();
    for address in ["ana%40partner.example", "eve%40partner.example"] {
        let before = engine.steps();
        press(&service, "/holder", &format!("address={address}")).await.expect(200);
        steps.push(engine.steps() - before);
    }
    assert_eq!(steps[0], steps[1]);
}

#[tokio::test]
async fn wishes_are_bounded() {
    let service = service().await;
    for n in 0..1_010 {
        press(&service, "/holder", &format!("address=n{n}%40x.example")).await.expect(200);
    }
    assert_eq!(service.app.store.link_asks(2_000).await.unwrap().len(), 1_000);
    assert_eq!(letters(&service).await.len(), 0);
    assert_eq!(service.app.store.link_asks(1).await.unwrap(), []);
}

#[tokio::test]
async fn links_and_sessions_run_out() {
    let service = service().await;
    let (_, link) = invited(&service, &ana()).await;
    let browser = Browser::open(&service, &link).await;
    service.clock.advance(TimeDelta::hours(2) - TimeDelta::seconds(1));
    browser.get("/holder").await.expect(200);
    service.clock.advance(TimeDelta::seconds(1));
    assert!(browser.get("/holder").await.expect(200).text().contains("Your page is not open"));
    let (_, link) = invited(&service, &sara()).await;
    service.clock.advance(TimeDelta::days(30));
    let old = service.get_as(&service.local(&json!(link)), "text/html").await.expect(410);
    assert!(old.text().contains("This link is too old"), "{}", old.text());
}

#[tokio::test]
async fn nothing_else_opens_the_page() {
    let service = service().await;
    let (_, link) = invited(&service, &ana()).await;
    let secret = link.rsplit('/').next().unwrap();
    for cookie in ["", "assay_holder=", "assay_holder=x", &format!("assay_holder={secret}"), "holder=1"] {
        let request = Request::get("/holder").header("cookie", cookie).header("accept", "text/html");
        let page = service.send(request.body(Body::empty()).unwrap()).await.expect(200);
        assert!(page.text().contains("Your page is not open") && !page.text().contains("Ana"), "{cookie}");
        let request = Request::get("/holder/0000000000000000/appeal").header("cookie", cookie);
        service.send(request.body(Body::empty()).unwrap()).await.expect(403);
    }
    for path in ["/h/x", "/h/..", &format!("/h/{}", "x".repeat(5_000)), &format!("/u/{secret}")] {
        let answer = service.get_as(path, "text/html").await;
        assert!(matches!(answer.status, 404), "{path}: {}", answer.status);
    }
    let browser = Browser::open(&service, &link).await;
    let session = browser.cookie.split_once('=').unwrap().1;
    service.get(&format!("/h/{session}")).await.expect(404);
    press(&service, &format!("/h/{session}"), "open=yes").await.expect(404);
}

#[tokio::test]
async fn an_award_is_declined_after_a_question_and_for_good() {
    let service = service().await;
    let (award, link) = invited(&service, &ana()).await;
    let browser = Browser::open(&service, &link).await;
    let path = format!("/holder/{}/decline", award["id"].as_str().unwrap());
    let asked = browser.get(&path).await.expect(200);
    assert!(asked.text().contains("Decline Certified Sales Associate?") && asked.text().contains("This is final"));
    for form in ["", "form=", "form=0000", "formx=1"] {
        let refused = browser.post(&path, form).await.expect(403);
        assert!(refused.text().contains("This form is of an earlier visit"), "{form}");
    }
    let mark = browser.mark(&path).await;
    service.post("/api/v1/results", &json!({})).await.expect(400);
    let done = browser.post(&path, &format!("form={mark}")).await.expect(200);
    assert!(done.text().contains("Declined"), "{}", done.text());
    browser.post(&path, &format!("form={mark}")).await.expect(200);
    let view = service.get_key(&format!("/api/v1/awards/{}", award["id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!((&view["state"], &view["history"][1]["reason"]), (&json!("revoked"), &json!("holder-request")));
    let letter = only(letters(&service).await);
    assert!(letter.text.replace('\n', " ").contains("as you asked"), "{}", letter.text);
    let page = browser.get("/holder").await.expect(200).text();
    assert!(page.contains("No longer valid") && !page.contains("/decline"), "{page}");
}

#[tokio::test]
async fn awards_of_others_are_not_there() {
    let service = service().await;
    let (_, link) = invited(&service, &ana()).await;
    let (other, _) = invited(&service, &sara()).await;
    let browser = Browser::open(&service, &link).await;
    let mark = browser.mark("/holder").await;
    for step in ["decline", "appeal"] {
        let path = format!("/holder/{}/{step}", other["id"].as_str().unwrap());
        browser.get(&path).await.expect(404);
        browser.post(&path, &format!("form={mark}&text=x")).await.expect(404);
        browser.get(&format!("/holder/0000000000000000/{step}")).await.expect(404);
    }
    assert!(!browser.get("/holder").await.text().contains(other["number"].as_str().unwrap()));
}

#[tokio::test]
async fn an_appeal_reaches_the_vendor_and_its_answer_the_holder() {
    let service = service().await;
    let (award, link) = invited(&service, &ana()).await;
    let browser = Browser::open(&service, &link).await;
    let path = format!("/holder/{}/appeal", award["id"].as_str().unwrap());
    let mark = browser.mark(&path).await;
    for (text, says) in [
        (String::new(), "An appeal has from 1 to 2000 characters; this one has 0."),
        ("%20%0A".to_owned(), "this one has 0."),
        ("x".repeat(2_001), "this one has 2001."),
    ] {
        let refused = browser.post(&path, &format!("form={mark}&text={text}")).await.expect(422);
        assert!(refused.text().contains(says), "{}", refused.text());
    }
    browser.post(&path, "form=0&text=Kept").await.expect(403);
    let words = "My+score+was+84+%3Cb%3E%0ASee+the+report.%E2%80%AE";
    browser.post(&path, &format!("form={mark}&text={words}")).await.expect(200);
    let letter = only(letters(&service).await);
    assert_eq!(letter.to.address, "certification@northwind.example");
    assert!(letter.text.contains("My score was 84 <b>\nSee the report."), "{}", letter.text);
    assert!(
        letter.html.contains("84 &#60;b&#62;<br>See") || letter.html.contains("84 &lt;b&gt;<br>See"),
        "{}",
        letter.html
    );
    let appeals = service.get_key("/api/v1/appeals").await.expect(200).json();
    let appeal = &appeals["appeals"][0];
    assert_eq!(appeal["text"], "My score was 84 <b>\nSee the report.");
    let close = format!("/api/v1/appeals/{}/close", appeal["id"].as_str().unwrap());
    let decided = json!({ "upheld": true, "text": "You are right." });
    let closed = service.post(&close, &decided).await.expect(200).json();
    assert_eq!((&closed["closed"]["upheld"], &closed["closed"]["by"]), (&json!(true), &json!("lms")));
    service.post(&close, &decided).await.expect(200);
    service.post(&close, &json!({ "upheld": false })).await.expect(409);
    service.post("/api/v1/appeals/x/close", &decided).await.expect(404);
    service.post(&close, &json!({ "upheld": true, "text": "x".repeat(2_001) })).await.expect(422);
    let letter = only(letters(&service).await);
    assert_eq!(
        (letter.to.address.as_str(), letter.subject.as_str()),
        ("ana@partner.example", "Your appeal about Certified Sales Associate")
    );
    assert!(letter.text.contains("agrees with you") && letter.text.contains("You are right."), "{}", letter.text);
    // A test key sees nothing of live appeals.
    let test = Request::get("/api/v1/appeals").header("authorization", format!("Bearer {}", service.test));
    assert_eq!(service.send(test.body(Body::empty()).unwrap()).await.json()["appeals"], json!([]));
}

#[tokio::test]
async fn a_handful_of_appeals_about_one_award_may_be_open() {
    let service = service().await;
    let (award, link) = invited(&service, &ana()).await;
    let browser = Browser::open(&service, &link).await;
    let path = format!("/holder/{}/appeal", award["id"].as_str().unwrap());
    let mark = browser.mark(&path).await;
    for _ in 0..5 {
        browser.post(&path, &format!("form={mark}&text=Once+more")).await.expect(200);
    }
    let refused = browser.post(&path, &format!("form={mark}&text=Once+more")).await.expect(422);
    assert!(refused.text().contains("5 appeals about this award are open already"), "{}", refused.text());
    let appeals = service.get_key("/api/v1/appeals").await.expect(200).json();
    let id = appeals["appeals"][0]["id"].as_str().unwrap();
    service.post(&format!("/api/v1/appeals/{id}/close"), &json!({ "upheld": false })).await.expect(200);
    browser.post(&path, &format!("form={mark}&text=Once+more")).await.expect(200);
}

#[tokio::test]
async fn leaving_closes_the_page() {
    let service = service().await;
    let (_, link) = invited(&service, &ana()).await;
    let browser = Browser::open(&service, &link).await;
    let mark = browser.mark("/holder").await;
    browser.post("/holder/leave", "form=0").await.expect(200);
    browser.get("/holder").await.expect(200);
    let left = browser.post("/holder/leave", &format!("form={mark}")).await.expect(200);
    assert!(left.header("set-cookie").starts_with("assay_holder=; Path=/holder; Max-Age=0;"));
    assert!(browser.get("/holder").await.expect(200).text().contains("Your page is not open"));
}
