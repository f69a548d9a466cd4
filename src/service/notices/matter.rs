//! What an event is to its readers: a kind of letter, a name that is told once, and who reads it.

use chrono_tz::Tz;

use crate::id::{AwardId, CertificationId, EventId, PersonId};
use crate::program::duration::local_day;
use crate::program::{Certification, Notify};
use crate::rules::{DemandKind, Reason};
use crate::store::{EventKind, Person, Recipient};
use crate::words::mails::MailKind;

/// An event that makes a letter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matter<'e> {
    pub(super) kind: MailKind,
    pub(super) award: AwardId,
    pub(super) person: &'e PersonId,
    /// None of an appeal, whose event does not tell.
    pub(super) certification: Option<&'e CertificationId>,
}

/// The letter that an event makes, if any.
pub(super) fn matter(what: &EventKind) -> Option<Matter<'_>> {
    use EventKind as E;
    let (kind, award, person, certification) = match what {
        E::AwardIssued(e) => (MailKind::Award, e.award, &e.person, &e.certification),
        E::AwardRenewed(e) => (MailKind::Renewed, e.award, &e.person, &e.certification),
        E::AwardCorrected(e) => (MailKind::Corrected, e.award, &e.person, &e.certification),
        E::AwardReinstated(e) => (MailKind::Reinstated, e.award, &e.person, &e.certification),
        E::AwardExtended(e) => (MailKind::Extended, e.award, &e.person, &e.certification),
        // The missed demand is told instead.
        E::AwardSuspended { reason: Reason::UpkeepMissed, .. } => return None,
        E::AwardSuspended { award, person, certification, .. } => (MailKind::Suspended, *award, person, certification),
        E::AwardRevoked { award, person, certification, .. } => (MailKind::Revoked, *award, person, certification),
        E::AwardReminder { award, person, certification, .. } => (MailKind::Reminder, *award, person, certification),
        E::AwardExpired { award, person, certification, .. } => (MailKind::Expired, *award, person, certification),
        E::AwardGraceEnded { award, person, certification, .. } => {
            (MailKind::GraceEnded, *award, person, certification)
        }
        E::AwardLapsed { award, person, certification, .. } => (MailKind::Lapsed, *award, person, certification),
        // Upkeep is a part of the term from its first day on; its reminders tell of it.
        E::AwardDemandPlaced(demand) if demand.kind == DemandKind::Upkeep => return None,
        E::AwardDemandPlaced(demand) => (MailKind::DemandPlaced, demand.award, &demand.person, &demand.certification),
        E::AwardDemandReminder { demand, .. } => {
            (MailKind::DemandReminder, demand.award, &demand.person, &demand.certification)
        }
        E::AwardDemandMissed(demand) => (MailKind::DemandMissed, demand.award, &demand.person, &demand.certification),
        E::AppealOpened { award, person, .. } => {
            return Some(Matter { kind: MailKind::AppealOpened, award: *award, person, certification: None });
        }
        E::AppealClosed { award, person, .. } => {
            return Some(Matter { kind: MailKind::AppealClosed, award: *award, person, certification: None });
        }
        _ => return None,
    };
    Some(Matter { kind, award, person, certification: Some(certification) })
}

/// What an event tells the vendor that is about no award.
pub(super) fn office(what: &EventKind) -> Option<MailKind> {
    match what {
        EventKind::WebhookDisabled { .. } => Some(MailKind::WebhookDisabled),
        EventKind::ContentReviewDue { .. } => Some(MailKind::ContentReviewDue),
        _ => None,
    }
}

/// Whether time brought it: such matters of one reader and day share a letter.
pub(super) fn of_time(kind: MailKind) -> bool {
    matches!(
        kind,
        MailKind::Reminder
            | MailKind::Expired
            | MailKind::GraceEnded
            | MailKind::Lapsed
            | MailKind::DemandPlaced
            | MailKind::DemandReminder
            | MailKind::DemandMissed
    )
}

/// Whether a reader can do without it: who wants no reminders gets none of these.
pub(super) fn optional(kind: MailKind, recipient: &Recipient) -> bool {
    match recipient {
        Recipient::Person { .. } => matches!(kind, MailKind::Reminder | MailKind::DemandReminder),
        Recipient::Manager { .. } => true,
        Recipient::Issuer => false,
    }
}

/// The name of a matter: the same for the same, and in Message-IDs.
pub(super) fn name(what: &EventKind, event: &EventId, zone: Tz) -> String {
    use EventKind as E;
    let day = |at| local_day(at, zone).format("%Y%m%d").to_string();
    let kind = matter(what).map(|matter| matter.kind).or_else(|| office(what));
    let kind = kind.map_or("other", MailKind::as_str);
    match what {
        E::AwardIssued(e) | E::AwardRenewed(e) | E::AwardCorrected(e) | E::AwardExtended(e) => {
            format!("{kind}.{}.{}", e.award, e.version)
        }
        E::AwardReminder { award, days, valid_until, .. } => format!("{kind}.{days}d.{award}.{}", day(*valid_until)),
        E::AwardExpired { award, since, .. }
        | E::AwardGraceEnded { award, since, .. }
        | E::AwardLapsed { award, since, .. } => format!("{kind}.{award}.{}", day(*since)),
        E::AwardDemandPlaced(e) | E::AwardDemandMissed(e) => {
            format!("{kind}.{}.{}.{}", e.award, short(e.demand.as_str()), day(e.cutoff))
        }
        E::AwardDemandReminder { days, demand: e } => {
            format!("{kind}.{days}d.{}.{}.{}", e.award, short(e.demand.as_str()), day(e.cutoff))
        }
        _ => format!("{kind}.{event}"),
    }
}

fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

/// Who reads it. Managers are told of what time brings only.
pub(super) fn readers(
    kind: MailKind,
    person: &Person,
    certification: Option<&Certification>,
    issuer_email: &str,
) -> Vec<Recipient> {
    let holder = Recipient::Person { person: person.id.clone() };
    if kind == MailKind::AppealOpened {
        return vec![Recipient::Issuer];
    }
    if !of_time(kind) {
        return vec![holder];
    }
    let default = [Notify::Person];
    let notify = certification.map_or(default.as_slice(), |certification| &certification.renewal.notify);
    let manager = |address: &str| Recipient::Manager { address: address.trim().to_lowercase() };
    let mut readers: Vec<Recipient> = Vec::new();
    for whom in notify {
        let reader = match whom {
            Notify::Person => Some(holder.clone()),
            Notify::FirmManager => person.managers.firm.as_deref().map(manager),
            Notify::PartnerManager => Some(manager(person.managers.partner.as_deref().unwrap_or(issuer_email))),
        };
        readers.extend(reader.filter(|reader| !readers.contains(reader)));
    }
    readers
}
