//! A new link to the holder's page, on request.

use super::follow::queued;
use crate::app::App;
use crate::id::{PersonId, Realm};
use crate::service::{Breakdown, moment};
use crate::store::{Changes, MailItem, ReadSet, Recipient};
use crate::words::mails::MailKind;

/// Puts a letter with a new link into the outbox. Of those who ask within the same hour, one is heard.
pub(in crate::service) async fn queue_link(app: &App, person: &PersonId) -> Result<(), Breakdown> {
    let now = moment(app);
    let id = format!("link.{person}.{}", now.format("%Y%m%d%H"));
    let mut reads = ReadSet::new();
    if app.store.letter(&id, &mut reads).await?.is_some() {
        return Ok(());
    }
    let recipient = Recipient::Person { person: person.clone() };
    let items = vec![MailItem::Link { person: person.clone() }];
    let mut changes = Changes::new(Realm::Live);
    changes.letter(None, &queued(&id, MailKind::Link, recipient, items, now));
    // A conflict is somebody who asked at the same moment, and was heard.
    app.store.commit(&reads, changes).await?;
    Ok(())
}
