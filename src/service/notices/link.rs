//! A new link to the holder's page, on request.

use super::follow::queued;
use crate::app::App;
use crate::id::{PersonId, Realm};
use crate::service::{Breakdown, moment};
use crate::store::{Changes, Commit, Found, LinkAsk, MailItem, ReadSet, Recipient};
use crate::words::mails::MailKind;

/// Wishes that wait at most; those beyond are not heard.
const MOST: usize = 1_000;
/// Wishes of one step.
const TOGETHER: usize = 20;

/// Puts a letter with a new link into the outbox. Of those who ask within the same hour, one is heard.
pub(in crate::service) async fn queue_link(app: &App, person: &PersonId) -> Result<(), Breakdown> {
    let (mut changes, mut reads) = (Changes::new(Realm::Live), ReadSet::new());
    letter(app, person, &mut changes, &mut reads).await?;
    // A conflict is somebody who asked at the same moment, and was heard.
    app.store.commit(&reads, changes).await?;
    Ok(())
}

async fn letter(app: &App, person: &PersonId, changes: &mut Changes, reads: &mut ReadSet) -> Result<(), Breakdown> {
    let now = moment(app);
    let id = format!("link.{person}.{}", now.format("%Y%m%d%H"));
    if app.store.letter(&id, reads).await?.is_none() {
        let recipient = Recipient::Person { person: person.clone() };
        let items = vec![MailItem::Link { person: person.clone() }];
        changes.letter(None, &queued(&id, MailKind::Link, recipient, items, now));
    }
    Ok(())
}

/// Somebody wants a link for an address. Nothing is looked up: whether it is on record changes neither the answer nor how
/// long it takes.
pub async fn ask_for_link(app: &App, address: &str) -> Result<(), Breakdown> {
    if app.store.link_asks(MOST).await?.len() < MOST {
        let mut changes = Changes::new(Realm::Live);
        changes.link_ask(&LinkAsk { address: address.trim().to_owned(), asked_at: moment(app) });
        app.store.commit(&ReadSet::new(), changes).await?;
    }
    Ok(())
}

/// Answers the next of those who want a link, with a letter to whose address is on record; whether there were any.
pub async fn queue_links(app: &App) -> Result<bool, Breakdown> {
    let waiting = app.store.link_asks(TOGETHER).await?;
    let mut moved = false;
    for ask in &waiting {
        let (mut changes, mut reads) = (Changes::new(Realm::Live), ReadSet::new());
        if app.store.link_ask(ask, &mut reads).await?.as_ref() != Some(ask) {
            continue;
        }
        changes.link_ask_done(ask);
        if let Found::Person(person) = app.store.find_person(Realm::Live, Some(&ask.address), &[], &mut reads).await? {
            letter(app, &person, &mut changes, &mut reads).await?;
        }
        // A conflict is another node that was faster, or the same asked again: the next step sees it.
        moved |= matches!(app.store.commit(&reads, changes).await?, Commit::Done(_));
    }
    Ok(moved)
}
