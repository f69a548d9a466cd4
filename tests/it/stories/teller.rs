//! [`Teller`]: tells a story to a service through its API, row by row, with the clock at the row's moment.

use std::collections::BTreeMap;
use std::time::Duration;

use assay::app::App;
use assay::clock::rfc3339;
use assay::id::Realm;
use assay::program::Program;
use assay::program::duration::end_of_day;
use assay::store::Position;
use axum::body::Body;
use axum::http::Request;
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::answer::{Answer, NOTICES, Reason};
use super::story::{About, Act, Grant, Report, Row};
use crate::support::app::{Reply, TestApp};

/// A service in the middle of a story.
pub(super) struct Teller {
    app: TestApp,
    zone: Tz,
    /// The ids of those of whom something was reported.
    persons: BTreeMap<String, String>,
    /// Number and addresses of the awards, as they were first.
    first: BTreeMap<About, (String, Value)>,
    /// The secrets of those who grant.
    keys: BTreeMap<String, String>,
    /// The feed, as far as it was read.
    feed: Vec<Value>,
    position: Position,
    /// How much of the feed was asked about by `notices`.
    asked: BTreeMap<About, usize>,
}

impl Teller {
    pub(super) async fn new(program: &str) -> Self {
        let zone = Program::parse(program).unwrap_or_else(|faults| panic!("{faults}")).timezone;
        Teller {
            app: TestApp::with_program(program).await,
            zone,
            persons: BTreeMap::new(),
            first: BTreeMap::new(),
            keys: BTreeMap::new(),
            feed: Vec::new(),
            position: Position::START,
            asked: BTreeMap::new(),
        }
    }

    /// What comes of a row, as the service tells it; the error is for what could not even be asked.
    pub(super) async fn tell(&mut self, row: &Row) -> Result<Option<Answer>, String> {
        self.app.clock.set(self.utc(row.at));
        let before = self.feed.len();
        let answer = match &row.act {
            Act::Clock => {
                time_passes(&self.app.app).await?;
                self.read_feed().await;
                return Ok(None);
            }
            Act::Result(about, report) => self.report(row, about, report).await,
            Act::Verb(about, verb, reason) => self.act(about, verb, reason.as_deref()).await?,
            Act::Exception(about, grant, by) => self.grant(about, grant, by.as_deref(), before).await,
            Act::Outlook(about) => self.outlook(about).await?,
            Act::State(about, at) => self.state(about, *at).await?,
            Act::Why(about) => self.why(about)?,
            Act::Page(about) => self.page(about).await?,
            Act::Notices(about) => self.notices(about)?,
        };
        self.read_feed().await;
        for about in self.persons_and_certifications() {
            self.remember(&about).await;
        }
        Ok(Some(answer))
    }

    async fn report(&mut self, row: &Row, about: &About, report: &Report) -> Answer {
        let mut body = json!({
            "id": format!("line-{}", row.line), "person": person(&about.person), "certification": about.certification,
            "requirement": report.requirement, "outcome": report.outcome,
            "at": rfc3339(self.utc(report.at.unwrap_or(row.at))),
        });
        let mut put = |name: &str, value: Value| body[name] = value;
        if let Some(score) = report.score {
            put("score", json!(score));
        }
        if let Some(minutes) = report.minutes {
            put("minutes", json!(minutes));
        }
        if !report.rubric.is_empty() {
            put("rubric", report.rubric.iter().map(|(id, score)| json!({ "id": id, "score": score })).collect());
        }
        if report.evidence > 0 {
            let piece =
                |n| json!({ "name": format!("Piece {n}"), "url": format!("https://partner.example/{}/{n}", row.line) });
            put("evidence", (1..=report.evidence).map(piece).collect());
        }
        for (name, value) in &report.more {
            put(name, json!(value));
        }
        let reply = self.app.post("/api/v1/results", &body).await;
        let Some(said) = accepted(&reply) else { return refusal(&reply) };
        self.read_feed().await;
        let mine =
            |event: &&Value| event["type"] == "result.recorded" && event["certification"] == *about.certification;
        if let Some(id) = self.feed.iter().rev().find(mine).and_then(|event| event["person"].as_str()) {
            self.persons.entry(about.person.clone()).or_insert_with(|| id.to_owned());
        }
        let mut answer = self.dated(Answer::of(said["decision"].as_str().unwrap_or_default()), &said["award"]);
        answer.unmet = said["unmet"].as_array().into_iter().flatten().map(Reason::of).collect();
        answer
    }

    async fn act(&self, about: &About, verb: &str, reason: Option<&str>) -> Result<Answer, String> {
        let award = self.award(about).ok_or("there is no award yet")?;
        let body = reason.map_or(json!({}), |reason| json!({ "reason": reason }));
        let reply = self.app.act(&json!({ "id": award }), verb, &body).await;
        let Some(said) = accepted(&reply) else { return Ok(refusal(&reply)) };
        Ok(self.dated(Answer::of(said["state"].as_str().unwrap_or_default().replace('_', "-")), &said))
    }

    /// The answer is told by the feed: what the exception changed at once, or that it was granted.
    async fn grant(&mut self, about: &About, grant: &Grant, by: Option<&str>, before: usize) -> Answer {
        let secret = self.key_of(by).await;
        let reply = post_exception(&self.app, &secret, self.zone, about, grant).await;
        if accepted(&reply).is_none() {
            return refusal(&reply);
        }
        self.read_feed().await;
        let changes = ["issued", "renewed", "extended", "reinstated"];
        let told = self.events_of(about, before).find_map(|event| {
            let kind = event["type"].as_str()?.strip_prefix("award.")?;
            changes.contains(&kind).then(|| (kind.to_owned(), event.clone()))
        });
        let Some((kind, event)) = told else { return Answer::of("granted") };
        let word = if kind == "issued" { "awarded".to_owned() } else { kind };
        Answer::of(word).fact("until", Some(self.last_day(&event["valid_until"])))
    }

    async fn outlook(&self, about: &About) -> Result<Answer, String> {
        let whose = json!({ "email": email(&about.person), "certification": about.certification });
        let reply = self.app.post("/api/v1/standings/find", &whose).await;
        let said = accepted(&reply).ok_or_else(|| format!("no standing: {}", reply.text()))?;
        let outlook = &said["standings"][0]["outlook"];
        let mut answer = Answer::of(outlook["phase"].as_str().unwrap_or_default())
            .fact("until", outlook["valid_until"].as_str().map(|until| self.day(until)))
            .fact("awarded", outlook["awarded_at"].as_str().map(|at| self.day(at)));
        answer.unmet = outlook["unmet"].as_array().into_iter().flatten().map(Reason::of).collect();
        Ok(answer)
    }

    async fn state(&self, about: &About, at: Option<NaiveDateTime>) -> Result<Answer, String> {
        let Some(award) = self.award(about) else { return Ok(Answer::of("none")) };
        let query = at.map_or(String::new(), |at| format!("?at={}", rfc3339(self.utc(at))));
        let reply = self.app.get(&format!("/v/{award}.json{query}")).await;
        let report = accepted(&reply).ok_or_else(|| format!("no report: {}", reply.text()))?;
        if at.is_some() {
            return past(&report["then"]);
        }
        let checks = report["checks"].as_array().cloned().unwrap_or_default();
        let since = checks.iter().find_map(|check| check["facts"]["since"].as_str());
        let headline = report["headline"].as_str().unwrap_or_default();
        let grace = headline.split_once("may be renewed until ").map(|(_, rest)| day_in_words(rest));
        let verdict = report["verdict"].as_str().unwrap_or_default();
        let until = (verdict == "valid").then(|| {
            let dated = checks.iter().find_map(|check| check["facts"].get("validUntil"));
            self.last_day(dated.unwrap_or(&Value::Null))
        });
        let shown = Answer::of(verdict.replace('_', "-"))
            .fact("since", since.map(|since| self.day(since)))
            .fact("grace-until", grace.transpose()?)
            .fact("until", until);
        Ok(shown)
    }

    fn why(&self, about: &About) -> Result<Answer, String> {
        let last = self.events_of(about, 0).filter(|event| event["type"] == "result.recorded").last();
        let last = last.ok_or("no result was reported yet")?;
        let codes = last["unmet"].as_array().cloned().unwrap_or_default();
        let mut answer = Answer::of(if codes.is_empty() { "met" } else { "unmet" });
        let code = |code: &Value| Reason { code: code.as_str().unwrap_or_default().to_owned(), ..Reason::default() };
        answer.unmet = codes.iter().map(code).collect();
        Ok(answer)
    }

    async fn page(&self, about: &About) -> Result<Answer, String> {
        let (number, addresses) = self.first.get(about).ok_or("there is no award yet")?;
        let now = self.view(about).await.ok_or("there is no award any more")?;
        let page = self.app.local(&addresses["page"]);
        let shown = self.app.get_as(&page, "text/html").await;
        let credential = self.app.get(&self.app.local(&addresses["credential"])).await;
        let names_it = accepted(&credential)
            .and_then(|credential| credential["id"].as_str().map(|id| id.ends_with(&number.replace('-', ""))));
        let same = now["number"] == *number
            && now["addresses"] == *addresses
            && shown.status == 200
            && shown.text().contains(number.as_str())
            && names_it == Some(true);
        Ok(self.dated(Answer::of(if same { "same" } else { "other" }), &now))
    }

    fn notices(&mut self, about: &About) -> Result<Answer, String> {
        self.award(about).ok_or("there is no award yet")?;
        let from = self.asked.insert(about.clone(), self.feed.len()).unwrap_or(0);
        let mut answer = Answer::of("told");
        for event in self.events_of(about, from) {
            let kind = event["type"].as_str().unwrap_or_default();
            let days = &event["days"];
            match kind {
                "award.reminder" => answer.more.push(format!("{days}d")),
                // Upkeep is asked for when the award is signed, which is no notice of time.
                "award.demand_placed" if event["kind"] == "upkeep" => {}
                "award.demand_reminder" => answer.more.push(format!("asked-{days}d")),
                kind => {
                    let notice = NOTICES.iter().find(|(event, _)| *event == kind);
                    answer.more.extend(notice.map(|(_, notice)| (*notice).to_owned()));
                }
            }
        }
        Ok(answer)
    }

    /// Version and dates of an award as the API shows it.
    fn dated(&self, answer: Answer, award: &Value) -> Answer {
        if !award.is_object() {
            return answer;
        }
        answer
            .fact("until", Some(self.last_day(&award["valid_until"])))
            .fact("awarded", award["awarded_at"].as_str().map(|at| self.day(at)))
            .fact("version", award["version"].as_u64().map(|n| n.to_string()))
    }

    async fn read_feed(&mut self) {
        loop {
            let feed = self.app.app.store.engine().feed(self.position, 1_000, Duration::ZERO).await.unwrap();
            let Some(last) = feed.entries.last() else { return };
            self.position = last.position;
            self.feed.extend(feed.entries.iter().map(|entry| serde_json::from_slice::<Value>(&entry.doc).unwrap()));
        }
    }

    /// What the feed tells of this person in this certification, from its entry `from` on.
    fn events_of(&self, about: &About, from: usize) -> impl Iterator<Item = &Value> {
        let person = self.persons.get(&about.person).map_or(Value::Null, |id| json!(id));
        let certification = json!(about.certification);
        let of = move |event: &&Value| event["person"] == person && event["certification"] == certification;
        self.feed[from..].iter().filter(of)
    }

    /// The award's number.
    fn award(&self, about: &About) -> Option<String> {
        self.events_of(about, 0).filter_map(|event| event["award"].as_str()).last().map(str::to_owned)
    }

    async fn view(&self, about: &About) -> Option<Value> {
        let award = self.award(about)?;
        let request = Request::get(format!("/api/v1/awards/{award}"));
        let request = request.header("authorization", format!("Bearer {}", self.app.live)).body(Body::empty()).unwrap();
        accepted(&self.app.send(request).await)
    }

    fn persons_and_certifications(&self) -> Vec<About> {
        let certifications = self.feed.iter().filter(|event| event["type"] == "award.issued");
        let known = certifications.filter_map(|event| {
            let person = self.persons.iter().find(|(_, id)| event["person"] == **id)?.0.clone();
            Some(About { person, certification: event["certification"].as_str()?.to_owned() })
        });
        known.filter(|about| !self.first.contains_key(about)).collect()
    }

    async fn remember(&mut self, about: &About) {
        if let Some(view) = self.view(about).await {
            let number = view["number"].as_str().unwrap_or_default().to_owned();
            self.first.insert(about.clone(), (number, view["addresses"].clone()));
        }
    }

    async fn key_of(&mut self, who: Option<&str>) -> String {
        let Some(who) = who else { return self.app.live.clone() };
        if let Some(known) = self.keys.get(who) {
            return known.clone();
        }
        let secret = self.app.key(who, Realm::Live, &["admin"]).await;
        self.keys.insert(who.to_owned(), secret.clone());
        secret
    }

    fn utc(&self, local: NaiveDateTime) -> DateTime<Utc> {
        self.zone.from_local_datetime(&local).earliest().expect("the clocks of the story show it").to_utc()
    }

    /// The local day of a moment.
    fn day(&self, moment: &str) -> String {
        let at: DateTime<Utc> = moment.parse().unwrap_or_else(|_| panic!("{moment:?} is no moment"));
        at.with_timezone(&self.zone).date_naive().to_string()
    }

    /// The local day on which something ends, or that it never does.
    fn last_day(&self, until: &Value) -> String {
        until.as_str().map_or("ever".to_owned(), |until| self.day(until))
    }
}

/// What time brings is done by workers.
async fn time_passes(app: &std::sync::Arc<App>) -> Result<(), String> {
    assay::workers::tick(app).await.map(|_| ()).map_err(|breakdown| breakdown.to_string())
}

/// The one place that knows how an exception is granted over the API.
async fn post_exception(app: &TestApp, secret: &str, zone: Tz, about: &About, grant: &Grant) -> Reply {
    let (kind, more) = match grant {
        Grant::Attempt(requirement) => ("attempt", json!({ "requirement": requirement })),
        Grant::Waive(requirement) => ("waive", json!({ "requirement": requirement })),
        Grant::Extend(day) => ("extend", json!({ "until": rfc3339(end_of_day(*day, zone)) })),
        Grant::ByHand => ("award-by-hand", json!({})),
        Grant::Approve => ("approve", json!({})),
    };
    let mut body = json!({
        "person": { "email": email(&about.person) }, "certification": about.certification, "kind": kind,
        "reason": "as the story tells",
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    app.post_with(secret, "/api/v1/exceptions", body.to_string()).await
}

fn person(name: &str) -> Value {
    let mut letters = name.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    json!({ "name": capital, "email": email(name) })
}

fn email(name: &str) -> String {
    format!("{name}@partner.example")
}

fn accepted(reply: &Reply) -> Option<Value> {
    (reply.status < 300).then(|| reply.json())
}

fn refusal(reply: &Reply) -> Answer {
    let problem: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let kind = problem["type"].as_str().and_then(|kind| kind.rsplit(':').next());
    let code = kind.map_or_else(|| reply.status.to_string(), str::to_owned);
    Answer { more: vec![code], ..Answer::of("refused") }
}

/// What a report says of the past: its word, and since when that was.
fn past(then: &Value) -> Result<Answer, String> {
    let headline = then["headline"].as_str().ok_or_else(|| format!("nothing of the past: {then}"))?;
    let since = ["since ", "expired on ", "revoked on "].iter().find_map(|words| headline.split_once(words));
    let since = since.map(|(_, day)| day_in_words(day)).transpose()?;
    Ok(Answer::of(then["verdict"].as_str().unwrap_or_default().replace('_', "-")).fact("since", since))
}

/// `8 April 2027.` as a date.
fn day_in_words(text: &str) -> Result<String, String> {
    let words: Vec<&str> = text.split([' ', '.', ';', ',']).take(3).collect();
    let day = NaiveDate::parse_from_str(&words.join(" "), "%d %B %Y");
    day.map(|day| day.to_string()).map_err(|_| format!("{text:?} begins with no day"))
}
