//! What persons are asked to prove, into the outbox: from there on it is a letter like any other.

use super::follow::queued;
use crate::app::App;
use crate::id::Realm;
use crate::service::caller::random_part;
use crate::service::{Breakdown, moment};
use crate::store::{Changes, Commit, MailItem, ReadSet, Recipient, ToProve};
use crate::words::mails::MailKind;

/// Mails of one step.
const TOGETHER: usize = 20;

/// Puts the next mails that wait into the outbox; whether there were any.
pub async fn queue_proofs(app: &App) -> Result<bool, Breakdown> {
    let waiting = app.store.proof_mails(Realm::Live, TOGETHER).await?;
    let mut moved = false;
    for mail in &waiting {
        let mut reads = ReadSet::new();
        if app.store.proof_mail(Realm::Live, mail, &mut reads).await?.as_ref() != Some(mail) {
            continue;
        }
        let kind = match mail.what {
            ToProve::Address { .. } => MailKind::ProveAddress,
            ToProve::Person => MailKind::ProvePerson,
        };
        let id = format!("{}.{}", kind.as_str(), random_part(app.ids.as_ref()));
        let recipient = Recipient::Person { person: mail.person.clone() };
        let item = MailItem::Proof { mail: mail.clone() };
        let mut changes = Changes::new(Realm::Live);
        changes.proof_mail_done(mail);
        changes.letter(None, &queued(&id, kind, recipient, vec![item], moment(app)));
        // A conflict is another node that was faster, or the same asked again: the next step sees it.
        moved |= matches!(app.store.commit(&reads, changes).await?, Commit::Done(_));
    }
    Ok(moved)
}
