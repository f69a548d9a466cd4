//! Tokens open one thing, once, for a time.

use assay::id::Realm;
use assay::service::tokens::{self, TokenError};
use assay::store::{Changes, Commit, Purpose, ReadSet};
use chrono::TimeDelta;

use crate::support::app::TestApp;

fn purpose() -> Purpose {
    Purpose::Unsubscribe { recipient: "somebody".to_owned() }
}

async fn given_out(service: &TestApp, realm: Realm, lives: TimeDelta) -> String {
    let mut changes = Changes::new(realm);
    let secret = tokens::issue(&service.app, &mut changes, service.now(), purpose(), lives);
    service.app.store.commit(&ReadSet::new(), changes).await.unwrap();
    secret
}

async fn take(service: &TestApp, secret: &str) -> Result<tokens::Shown, TokenError> {
    tokens::take(&service.app, secret, service.now(), &mut ReadSet::new()).await
}

#[tokio::test]
async fn a_token_is_good_until_its_last_second() {
    let service = TestApp::new().await;
    for (realm, after, good) in [
        (Realm::Live, TimeDelta::zero(), true),
        (Realm::Test, TimeDelta::seconds(59), true),
        (Realm::Live, TimeDelta::seconds(60), false),
    ] {
        let secret = given_out(&service, realm, TimeDelta::minutes(1)).await;
        service.clock.advance(after);
        match take(&service, &secret).await {
            Ok(shown) => assert_eq!((good, shown.realm, shown.purpose()), (true, realm, &purpose())),
            Err(TokenError::Expired(shown)) => assert_eq!((good, shown.realm), (false, realm)),
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test]
async fn of_two_who_spend_a_token_one_conflicts_and_the_next_is_told() {
    let service = TestApp::new().await;
    let secret = given_out(&service, Realm::Live, TimeDelta::days(1)).await;
    let (mut one, mut other) = (ReadSet::new(), ReadSet::new());
    let first = tokens::take(&service.app, &secret, service.now(), &mut one).await.unwrap();
    let second = tokens::take(&service.app, &secret, service.now(), &mut other).await.unwrap();
    let mut changes = Changes::new(first.realm);
    first.spend(&mut changes, service.now());
    assert!(matches!(service.app.store.commit(&one, changes).await.unwrap(), Commit::Done(_)));
    let mut changes = Changes::new(second.realm);
    second.spend(&mut changes, service.now());
    assert!(matches!(service.app.store.commit(&other, changes).await.unwrap(), Commit::Conflict(_)));
    assert!(matches!(take(&service, &secret).await, Err(TokenError::Used(_))));
}

#[tokio::test]
async fn what_was_never_given_out_is_unknown_whatever_it_looks_like() {
    let service = TestApp::new().await;
    let long = "a".repeat(10_000);
    for secret in ["", "x", "../../../etc/passwd", "\u{202e}", "%00", long.as_str()] {
        assert!(matches!(take(&service, secret).await, Err(TokenError::Unknown)), "{}", secret.len());
    }
}

#[tokio::test]
async fn tokens_of_no_use_are_forgotten_after_a_while() {
    let service = TestApp::new().await;
    let secret = given_out(&service, Realm::Live, TimeDelta::minutes(1)).await;
    let store = &service.app.store;
    service.clock.advance(TimeDelta::days(89));
    assert!(!store.forget_tokens(Realm::Live, service.now(), 10).await.unwrap());
    assert!(matches!(take(&service, &secret).await, Err(TokenError::Expired(_))));
    service.clock.advance(TimeDelta::days(2));
    assert!(store.forget_tokens(Realm::Live, service.now(), 10).await.unwrap());
    assert!(!store.forget_tokens(Realm::Live, service.now(), 10).await.unwrap());
    assert!(matches!(take(&service, &secret).await, Err(TokenError::Unknown)));
}
