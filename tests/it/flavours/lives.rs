//! Every turn of an award's life, each copy that somebody may have kept included.

use std::sync::Arc;

use assay::store::engine::memory::MemoryEngine;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::gallery::{GOOD, Gallery, Outcome, TOO_EARLY, fetch, run_out, taken_back};
use crate::support::app::{PROGRAM, TestApp};

/// One service, whose clock goes on from life to life.
pub(super) async fn hang(gallery: &mut Gallery, base: &str) {
    let app = TestApp::with(Arc::new(MemoryEngine::new()), PROGRAM, base).await;
    let life = &mut Life { gallery, app: &app };
    life.issued().await;
    life.renewed().await;
    life.corrected().await;
    life.suspended_and_reinstated().await;
    life.revoked().await;
    life.through_everything().await;
    life.expired().await;
    life.changed_in_one_second().await;
    life.suspended_beyond_its_end().await;
}

struct Life<'a> {
    gallery: &'a mut Gallery,
    app: &'a TestApp,
}

impl Life<'_> {
    async fn begin(&self, name: &str) -> Value {
        let address = format!("{}@partner.example", name.to_lowercase().replace(' ', "."));
        self.app.certify(&json!({ "name": name, "email": address })).await
    }

    async fn act(&self, award: &Value, verb: &str, body: Value) {
        self.app.act(award, verb, &body).await.expect(200);
    }

    fn later(&self, days: i64) {
        self.app.clock.advance(TimeDelta::days(days));
    }

    /// The newest copy, which must be good.
    async fn good(&mut self, title: &str, award: &Value) -> Value {
        self.gallery.hang(self.app, title, award, GOOD).await
    }

    /// A copy that somebody kept.
    async fn kept(&mut self, title: &str, copy: &Value, outcome: Outcome) {
        self.gallery.hang_copy(self.app, title, copy, outcome).await;
    }

    async fn issued(&mut self) {
        let award = self.begin("Issued").await;
        self.good("as issued", &award).await;
        // Clocks may differ by five minutes for that judge.
        self.gallery.again_at(self.app.now() - TimeDelta::minutes(10), TOO_EARLY);
        let test = self.app.certify_with(&self.app.test, &person("Test Realm"), json!({})).await;
        let credential = self.good("of the test realm", &test).await;
        assert!(credential["credentialStatus"]["id"].as_str().is_some_and(|id| id.contains("/status/t1#")));
        let known_elsewhere = json!({ "name": "Ext Only", "external": [{ "system": "lms", "id": "\u{e9}/1" }] });
        let award = self.app.certify(&known_elsewhere).await;
        self.good("without an address", &award).await;
    }

    async fn renewed(&mut self) {
        let award = self.begin("Renewed").await;
        let first = self.good("before its renewal", &award).await;
        self.later(300);
        self.act(&award, "renew", json!({})).await;
        self.good("renewed", &award).await;
        self.kept("the copy before a renewal", &first, GOOD).await;
        self.later(90);
        self.good("renewed, in its second term", &award).await;
        // Our own record knows that the award goes on; the copy alone has run out.
        self.kept("the copy before a renewal, run out", &first, run_out("valid")).await;
        self.act(&award, "revoke", json!({ "reason": "other" })).await;
        let second = fetch(self.app, &award).await;
        self.kept("renewed, then revoked", &second, taken_back("revoked")).await;
    }

    async fn corrected(&mut self) {
        let award = self.begin("Corected").await;
        let wrong = self.good("before its correction", &award).await;
        self.later(1);
        self.act(&award, "reissue", json!({ "name": "Corrected \u{1f58b}" })).await;
        self.good("corrected", &award).await;
        self.kept("the copy before a correction", &wrong, taken_back("replaced")).await;
    }

    async fn suspended_and_reinstated(&mut self) {
        let award = self.begin("Suspended").await;
        let first = self.good("before its suspension", &award).await;
        self.act(&award, "suspend", json!({ "reason": "other" })).await;
        self.kept("suspended", &first, taken_back("suspended")).await;
        self.later(1);
        self.act(&award, "reinstate", json!({})).await;
        self.good("reinstated", &award).await;
        self.kept("the copy before a suspension", &first, taken_back("replaced")).await;
    }

    async fn revoked(&mut self) {
        for reason in ["issued-in-error", "requirements-not-met", "holder-request", "key-compromise", "other"] {
            let award = self.begin(&format!("Revoked {reason}")).await;
            self.good("before its revocation", &award).await;
            self.act(&award, "revoke", json!({ "reason": reason, "text": "private words" })).await;
            let credential = fetch(self.app, &award).await;
            self.kept(&format!("revoked, {reason}"), &credential, taken_back("revoked")).await;
        }
    }

    /// Renewed, suspended, reinstated, corrected, revoked: in between exactly one copy is good besides run-out ones.
    async fn through_everything(&mut self) {
        let award = self.begin("Everything").await;
        let mut copies = vec![self.good("everything, issued", &award).await];
        self.later(280);
        let turns = [
            ("renew", json!({})),
            ("suspend", json!({ "reason": "other" })),
            ("reinstate", json!({})),
            ("reissue", json!({ "name": "Every Thing" })),
        ];
        for (verb, body) in turns {
            self.act(&award, verb, body).await;
            if verb != "suspend" {
                copies.push(self.good(&format!("everything, after {verb}"), &award).await);
            }
            self.later(1);
        }
        let (newest, older) = copies.split_last().expect("four copies");
        for copy in older {
            self.kept("everything, an older copy", copy, taken_back("replaced")).await;
        }
        self.act(&award, "revoke", json!({ "reason": "holder-request" })).await;
        self.kept("everything, revoked", newest, taken_back("revoked")).await;
    }

    async fn expired(&mut self) {
        let award = self.begin("Expired").await;
        let until: DateTime<Utc> = award["valid_until"].as_str().and_then(|at| at.parse().ok()).expect("a date");
        self.app.clock.set(until);
        let credential = self.good("in its last second", &award).await;
        // Clocks may differ by five minutes for that judge, and by nothing for us.
        self.later(1);
        self.kept("in grace", &credential, run_out("expired")).await;
        self.later(60);
        self.kept("expired", &credential, run_out("expired")).await;
        // Nothing sound can be signed for a term that is over.
        let refused = self.app.act(&award, "reissue", &json!({ "name": "Ex Pired" })).await.expect(409).json();
        assert_eq!(refused["type"], "urn:assay:problem:invalid-state", "{refused}");
    }

    /// The moment of a version is strictly later than that of the one before: here, a second ahead of the clock.
    async fn changed_in_one_second(&mut self) {
        let award = self.begin("Hasty").await;
        let first = fetch(self.app, &award).await;
        for n in 1..=3 {
            self.act(&award, "reissue", json!({ "name": format!("Hasty {n}") })).await;
        }
        self.good("corrected within the second", &award).await;
        self.kept("the copy of a second ago", &first, taken_back("replaced")).await;
    }

    /// When the suspension ends, the term is over: the award is expired, and can be renewed like every other.
    async fn suspended_beyond_its_end(&mut self) {
        let award = self.begin("Long Away").await;
        let first = fetch(self.app, &award).await;
        self.act(&award, "suspend", json!({ "reason": "other" })).await;
        self.later(370);
        self.kept("suspended beyond its end", &first, run_out("suspended")).await;
        self.act(&award, "reinstate", json!({})).await;
        self.kept("reinstated after its end", &first, run_out("expired")).await;
        self.act(&award, "renew", json!({})).await;
        self.good("reinstated after its end, renewed", &award).await;
    }
}

fn person(name: &str) -> Value {
    json!({ "name": name, "email": format!("{}@partner.example", name.replace(' ', ".")) })
}
