//! Mails in English.

use super::{MailKind, MailText, MailWords};

pub(super) const ENGLISH: MailWords = MailWords {
    tag: "en",
    months: crate::words::ENGLISH.months,
    date: |day, month, year| format!("{day} {month} {year}"),
    text,
    manager,
    hello: |name| format!("Hello {name},"),
    regards: |vendor| format!("{vendor}, certification office"),
    when: |days| match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        n => format!("in {n} days"),
    },
    exam: |name| format!("pass “{name}”"),
    training: |name| format!("complete “{name}”"),
    review: |name| format!("pass the review “{name}”"),
    evidence: |name| format!("show “{name}”"),
    all_of: |one, other| format!("{one} and {other}"),
    one_of: |one, other| format!("{one}, or {other}"),
    picture: |name, vendor| format!("Badge: {name}, issued by {vendor}"),
    organization: "Issued by",
    issued: "Issued",
    expires: "Valid until",
    never: "Does not expire",
    number: "Number",
    address: "Public page",
    holder: "Holder",
    copy_link: "If the link does not open, copy this address:",
    why_person: |vendor| format!("You get this letter because {vendor} keeps a certification of yours."),
    why_address: |vendor| format!("You get this letter because this address was named to {vendor}."),
    why_manager: |vendor| {
        format!("You get this letter because {vendor} has your address on record for the people named in it.")
    },
    why_issuer: "You get this letter because yours is the address of the certification office.",
    unsubscribe: "Stop reminders",
    privacy: "Privacy",
    calendar_summary: |certification| format!("{certification} expires"),
    calendar_alarm: |certification| format!("{certification} expires in 30 days"),
    issued_in_error: "it was issued in error",
    requirements_not_met: "its requirements turned out not to be met",
    key_compromise: "the key it was signed with can no longer be trusted",
    under_review: "results it rests on were looked into",
};

fn text(kind: MailKind) -> MailText {
    match kind {
        MailKind::Award => MailText {
            subject: "You hold {certification}",
            heading: "Congratulations, {name}",
            paragraphs: &[
                "You have met every requirement, and {vendor} has awarded you {certification}.",
                "It is valid until {until}. A calendar entry for that day is attached, and we will remind you in time.",
                "The link below opens your own page, where you share the award, and where you can decline it or appeal a decision. It works once, for 30 days; the page can send you a new one. Keep it to yourself: to show the award to others, use its public page.",
            ],
            button: "Open my page",
        },
        MailKind::Renewed => MailText {
            subject: "{certification} is renewed",
            heading: "Renewed, {name}",
            paragraphs: &[
                "Your {certification} runs for another term.",
                "It is valid until {until}. Number, public page and QR code stay the same: what you have shared shows the new date by itself.",
                "The new day for your calendar: {calendar}",
            ],
            button: "See the award",
        },
        MailKind::Reminder => MailText {
            subject: "{certification} expires {when}",
            heading: "Your {certification} expires {when}",
            paragraphs: &[
                "{name}, your {certification} is valid until {until}.",
                "To renew it, {renewal}. Done by then, the new term follows on the old one: renewing early costs no day.",
                "What you do counts from {window_from} on.",
                "If you miss the day, you can still renew until {grace_until}; the award shows as expired in between.",
                "The day for your calendar: {calendar}",
            ],
            button: "See the award",
        },
        MailKind::Expired => MailText {
            subject: "{certification} has expired",
            heading: "Your {certification} has expired",
            paragraphs: &[
                "{name}, your {certification} was valid until {until}.",
                "You can still renew it until {grace_until}: {renewal}. Number, public page and QR code stay the same.",
                "{rights_stop}What the certification entitles you to rests until it is renewed.",
                "You can get it back by the shorter path until {streamlined_until}: {late}.",
                "{full}To hold it again, take the full path: {first}.",
            ],
            button: "See the award",
        },
        MailKind::GraceEnded => MailText {
            subject: "The renewal period of {certification} is over",
            heading: "The renewal period is over",
            paragraphs: &[
                "{name}, your {certification} was valid until {until} and has not been renewed.",
                "Until {streamlined_until} there is a shorter path to get it back: {late}.",
                "After that the full path is needed.",
            ],
            button: "See the award",
        },
        MailKind::Lapsed => MailText {
            subject: "{certification} has lapsed",
            heading: "Your {certification} has lapsed",
            paragraphs: &[
                "{name}, your {certification} was valid until {until}, and the time to renew it is over.",
                "You can earn it again at any time: {first}. It then returns under its old number and public page.",
            ],
            button: "See the award",
        },
        MailKind::Suspended => MailText {
            subject: "{certification} is not valid at present",
            heading: "Your {certification} rests",
            paragraphs: &[
                "{name}, {vendor} has suspended your {certification}. Until further notice its page says “Not valid at present”, and gives no reason.",
                "This says nothing against you. We write to you as soon as it changes.",
                "If you have a question, answer this letter. If you think that it is wrong, you can appeal on your own page; the link below works once, for 30 days.",
            ],
            button: "Open my page",
        },
        MailKind::Reinstated => MailText {
            subject: "{certification} is valid again",
            heading: "Your {certification} is back",
            paragraphs: &[
                "{name}, your {certification} is no longer suspended.",
                "{still_valid}It is valid again. Number, public page and QR code stay the same.",
                "It is valid until {until}.",
                "Its term ended meanwhile, on {expired}: its page says how it can be renewed.",
            ],
            button: "See the award",
        },
        MailKind::Revoked => MailText {
            subject: "{certification} is no longer valid",
            heading: "Your {certification} was revoked",
            paragraphs: &[
                "{asked}{name}, as you asked, your {certification} was taken back. Thank you for telling us.",
                "{name}, {vendor} has revoked your {certification} because {reason}.",
                "Its public page says “No longer valid”. Please take it out of profiles and signatures.",
                "If you think that this is wrong, you can appeal on your own page; the link below works once, for 30 days.",
            ],
            button: "Open my page",
        },
        MailKind::Corrected => MailText {
            subject: "The details of {certification} were corrected",
            heading: "Corrected, {name}",
            paragraphs: &[
                "Your {certification} was signed anew with corrected details, under the same number and public page.",
                "Files you downloaded before are no longer valid: please take new ones from its page. Pictures and links that you shared show the new details by themselves.",
            ],
            button: "See the award",
        },
        MailKind::Extended => MailText {
            subject: "{certification} is valid for longer",
            heading: "Extended, {name}",
            paragraphs: &[
                "{vendor} has extended your {certification}. It is valid until {until} now.",
                "The new day for your calendar: {calendar}",
            ],
            button: "See the award",
        },
        MailKind::DemandPlaced => MailText {
            subject: "{certification}: an update is needed by {due}",
            heading: "An update is needed",
            paragraphs: &[
                "{name}, {vendor} asks all who hold {certification} to bring it up to date: {what}, by {due}.",
                "{ends_later}At the latest it must be done on {cutoff}.",
                "{recertification}Otherwise your {certification} expires then, before its date.",
                "{upkeep}Otherwise your {certification} is suspended then.",
            ],
            button: "See what it takes",
        },
        MailKind::DemandReminder => MailText {
            subject: "{certification}: an update is due {when}",
            heading: "An update is due {when}",
            paragraphs: &[
                "{name}, to keep your {certification}, {what}. It was asked for by {due}.",
                "It must be done on {cutoff} at the latest.",
                "{recertification}Otherwise your {certification} expires then, before its date.",
                "{upkeep}Otherwise your {certification} is suspended then.",
            ],
            button: "See what it takes",
        },
        MailKind::DemandMissed => MailText {
            subject: "{certification}: an update was not completed",
            heading: "An update was not completed",
            paragraphs: &[
                "{name}, to keep your {certification} you were asked for this until {cutoff}: {what}. We have not heard of it.",
                "{recertification}Your {certification} has therefore expired.",
                "{upkeep}Your {certification} is therefore suspended.",
                "If you do it until {grace_until}, the award is valid again.",
                "To mend it, {remedy} until {remedy_until}.",
            ],
            button: "See the award",
        },
        MailKind::Digest => MailText {
            subject: "Your certifications: {count} things to know",
            heading: "Your certifications: {count} things to know",
            paragraphs: &[],
            button: "",
        },
        MailKind::Link => MailText {
            subject: "Your page at {vendor}",
            heading: "Here is your link, {name}",
            paragraphs: &[
                "The link below opens your own page with your certifications. It works once, for 30 days. Keep it to yourself.",
                "If you have not asked for it, you need do nothing.",
            ],
            button: "Open my page",
        },
        MailKind::ProveAddress => MailText {
            subject: "Confirm this address",
            heading: "Is this your address?",
            paragraphs: &[
                "{vendor} was told that {address} is the address of somebody whose certifications it keeps. If it is yours, confirm it: from then on you are found by it.",
                "The link is good for 24 hours.",
                "If you know nothing of this, you need do nothing: the address is not used.",
            ],
            button: "Confirm the address",
        },
        MailKind::ProvePerson => MailText {
            subject: "Your code",
            heading: "Your code, {name}",
            paragraphs: &[
                "{vendor} was asked to join two records of certifications into one, and one of them is yours. This code shows that you agree:",
                "{code}",
                "It is good for 30 minutes. Give it only where you asked for this at {vendor}, and tell nobody else: whoever has it can have your certifications joined with theirs.",
                "If you have not asked for it, keep it to yourself, and nothing happens.",
            ],
            button: "",
        },
        MailKind::WebhookDisabled => MailText {
            subject: "The webhook to {host} is disabled",
            heading: "A webhook is disabled",
            paragraphs: &[
                "The webhook to {host} is told nothing any more since {since}.",
                "{gone}Its receiver answered that it is gone for good (410).",
                "{failing}An event could not be delivered to it, and every retry failed.",
                "When the receiver is in order, enable the webhook again: assay webhook enable {webhook}",
            ],
            button: "",
        },
        MailKind::ContentReviewDue => MailText {
            subject: "The contents of {certification} are due for a review",
            heading: "A review of contents is due",
            paragraphs: &[
                "By your program, the contents of {certification} were to be looked over by {since}.",
                "When that is done, write it down: assay program reviewed {id}",
            ],
            button: "See the certification",
        },
        MailKind::AppealOpened => MailText {
            subject: "Appeal: {certification}, {number}",
            heading: "A holder appeals a decision",
            paragraphs: &[
                "{name} appeals a decision about {certification} (number {number}) in these words:",
                "{text}",
                "Close the appeal {appeal} with POST /api/v1/appeals/{appeal}/close. The holder is told by mail.",
            ],
            button: "See the award",
        },
        MailKind::AppealClosed => MailText {
            subject: "Your appeal about {certification}",
            heading: "Your appeal was decided",
            paragraphs: &[
                "{upheld}{name}, {vendor} has looked at your appeal about {certification} and agrees with you.",
                "{rejected}{name}, {vendor} has looked at your appeal about {certification} and stays with its decision.",
                "{text}",
            ],
            button: "See the award",
        },
    }
}

fn manager(kind: MailKind) -> Option<MailText> {
    Some(match kind {
        MailKind::Reminder => MailText {
            subject: "{name}: {certification} expires {when}",
            heading: "{name}: {certification} expires {when}",
            paragraphs: &[
                "It is valid until {until}. To renew it: {renewal}.",
                "It counts from {window_from} on.",
                "After that it can still be renewed until {grace_until}; it shows as expired in between.",
            ],
            button: "See the award",
        },
        MailKind::Expired => MailText {
            subject: "{name}: {certification} has expired",
            heading: "{name}: {certification} has expired",
            paragraphs: &[
                "It was valid until {until}.",
                "It can still be renewed until {grace_until}: {renewal}.",
                "{rights_stop}What it entitles to rests until then.",
                "It can be got back by the shorter path until {streamlined_until}: {late}.",
                "{full}To hold it again, the full path is needed: {first}.",
            ],
            button: "See the award",
        },
        MailKind::GraceEnded => MailText {
            subject: "{name}: the renewal period of {certification} is over",
            heading: "{name}: the renewal period of {certification} is over",
            paragraphs: &[
                "It was valid until {until}.",
                "Until {streamlined_until} there is a shorter path to get it back: {late}.",
            ],
            button: "See the award",
        },
        MailKind::Lapsed => MailText {
            subject: "{name}: {certification} has lapsed",
            heading: "{name}: {certification} has lapsed",
            paragraphs: &["It was valid until {until}. It can be earned again by the full path: {first}."],
            button: "See the award",
        },
        MailKind::DemandPlaced => MailText {
            subject: "{name}: {certification} needs an update by {due}",
            heading: "{name}: {certification} needs an update",
            paragraphs: &[
                "{vendor} asks for this by {due}: {what}.",
                "{ends_later}At the latest it must be done on {cutoff}.",
                "{recertification}Otherwise the award expires then.",
                "{upkeep}Otherwise the award is suspended then.",
            ],
            button: "See what it takes",
        },
        MailKind::DemandReminder => MailText {
            subject: "{name}: an update of {certification} is due {when}",
            heading: "{name}: an update of {certification} is due {when}",
            paragraphs: &[
                "What is needed, on {cutoff} at the latest: {what}.",
                "{recertification}Otherwise the award expires then.",
                "{upkeep}Otherwise the award is suspended then.",
            ],
            button: "See what it takes",
        },
        MailKind::DemandMissed => MailText {
            subject: "{name}: an update of {certification} was not completed",
            heading: "{name}: an update of {certification} was not completed",
            paragraphs: &[
                "This was asked for until {cutoff}: {what}.",
                "{recertification}The award has therefore expired.",
                "{upkeep}The award is therefore suspended.",
                "Done until {grace_until}, it is valid again.",
                "To mend it: {remedy} until {remedy_until}.",
            ],
            button: "See the award",
        },
        MailKind::Digest => MailText {
            subject: "Your people’s certifications: {count} things to know",
            heading: "Your people’s certifications: {count} things to know",
            paragraphs: &[],
            button: "",
        },
        _ => return None,
    })
}
