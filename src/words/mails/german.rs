//! Mails in German.

use super::{MailKind, MailText, MailWords};

pub(super) const GERMAN: MailWords = MailWords {
    tag: "de",
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    date: |day, month, year| format!("{day}. {month} {year}"),
    text,
    manager,
    hello: |name| format!("Guten Tag {name},"),
    regards: |vendor| format!("{vendor}, Zertifizierungsstelle"),
    when: |days| match days {
        0 => "heute".to_owned(),
        1 => "morgen".to_owned(),
        n => format!("in {n} Tagen"),
    },
    exam: |name| format!("„{name}“ bestehen"),
    training: |name| format!("„{name}“ abschließen"),
    review: |name| format!("die Prüfung „{name}“ bestehen"),
    evidence: |name| format!("„{name}“ nachweisen"),
    all_of: |one, other| format!("{one} und {other}"),
    one_of: |one, other| format!("{one}, oder {other}"),
    picture: |name, vendor| format!("Badge: {name}, ausgestellt von {vendor}"),
    organization: "Ausgestellt von",
    issued: "Ausgestellt am",
    expires: "Gültig bis",
    never: "Läuft nicht ab",
    number: "Nummer",
    address: "Öffentliche Seite",
    holder: "Inhaber",
    copy_link: "Falls sich der Link nicht öffnet, kopieren Sie diese Adresse:",
    why_person: |vendor| format!("Sie erhalten diesen Brief, weil {vendor} eine Zertifizierung von Ihnen führt."),
    why_address: |vendor| format!("Sie erhalten diesen Brief, weil {vendor} diese Adresse genannt wurde."),
    why_manager: |vendor| {
        format!("Sie erhalten diesen Brief, weil {vendor} Ihre Adresse für die genannten Personen hinterlegt hat.")
    },
    why_issuer: "Sie erhalten diesen Brief, weil dies die Adresse der Zertifizierungsstelle ist.",
    unsubscribe: "Keine Erinnerungen mehr",
    privacy: "Datenschutz",
    calendar_summary: |certification| format!("{certification} läuft ab"),
    calendar_alarm: |certification| format!("{certification} läuft in 30 Tagen ab"),
    issued_in_error: "sie irrtümlich ausgestellt wurde",
    requirements_not_met: "ihre Anforderungen doch nicht erfüllt waren",
    key_compromise: "dem Schlüssel, mit dem sie unterschrieben ist, nicht mehr zu trauen ist",
    under_review: "Ergebnisse, auf denen sie beruht, geprüft wurden",
};

fn text(kind: MailKind) -> MailText {
    match kind {
        MailKind::Award => MailText {
            subject: "Ihre Zertifizierung {certification}",
            heading: "Herzlichen Glückwunsch, {name}",
            paragraphs: &[
                "Sie haben alle Anforderungen erfüllt, und {vendor} hat Ihnen {certification} verliehen.",
                "Sie gilt bis zum {until}. Ein Kalendereintrag für diesen Tag liegt bei, und wir erinnern Sie rechtzeitig.",
                "Der Link unten öffnet Ihre eigene Seite. Dort teilen Sie die Auszeichnung, lehnen sie ab oder erheben Einspruch gegen eine Entscheidung. Er geht einmal, 30 Tage lang; die Seite schickt Ihnen bei Bedarf einen neuen. Behalten Sie ihn für sich: anderen zeigen Sie die öffentliche Seite.",
            ],
            button: "Meine Seite öffnen",
        },
        MailKind::Renewed => MailText {
            subject: "{certification} ist verlängert",
            heading: "Verlängert, {name}",
            paragraphs: &[
                "Ihre Zertifizierung {certification} läuft weiter.",
                "Sie gilt bis zum {until}. Nummer, öffentliche Seite und QR-Code bleiben gleich: was Sie geteilt haben, zeigt von selbst das neue Datum.",
                "Der neue Tag für Ihren Kalender: {calendar}",
            ],
            button: "Auszeichnung ansehen",
        },
        MailKind::Reminder => MailText {
            subject: "{certification} läuft {when} ab",
            heading: "Ihre Zertifizierung {certification} läuft {when} ab",
            paragraphs: &[
                "{name}, Ihre Zertifizierung {certification} gilt bis zum {until}.",
                "So verlängern Sie: {renewal}. Bis dahin erledigt, schließt die neue Laufzeit an die alte an: wer früh verlängert, verliert keinen Tag.",
                "Es zählt, was Sie ab dem {window_from} tun.",
                "Auch danach können Sie noch bis zum {grace_until} verlängern; dazwischen gilt die Auszeichnung als abgelaufen.",
                "Der Tag für Ihren Kalender: {calendar}",
            ],
            button: "Auszeichnung ansehen",
        },
        MailKind::Expired => MailText {
            subject: "{certification} ist abgelaufen",
            heading: "Ihre Zertifizierung {certification} ist abgelaufen",
            paragraphs: &[
                "{name}, Ihre Zertifizierung {certification} galt bis zum {until}.",
                "Sie können noch bis zum {grace_until} verlängern: {renewal}. Nummer, öffentliche Seite und QR-Code bleiben gleich.",
                "{rights_stop}Was sie Ihnen eröffnet, ruht bis zur Verlängerung.",
                "Bis zum {streamlined_until} bekommen Sie sie auf dem kürzeren Weg zurück: {late}.",
                "{full}Um sie wieder zu erlangen, gehen Sie den ganzen Weg: {first}.",
            ],
            button: "Auszeichnung ansehen",
        },
        MailKind::GraceEnded => MailText {
            subject: "Die Frist zur Verlängerung von {certification} ist vorbei",
            heading: "Die Frist zur Verlängerung ist vorbei",
            paragraphs: &[
                "{name}, Ihre Zertifizierung {certification} galt bis zum {until} und wurde nicht verlängert.",
                "Bis zum {streamlined_until} gibt es einen kürzeren Weg zurück: {late}.",
                "Danach ist der ganze Weg nötig.",
            ],
            button: "Auszeichnung ansehen",
        },
        MailKind::Lapsed => MailText {
            subject: "{certification} ist erloschen",
            heading: "Ihre Zertifizierung {certification} ist erloschen",
            paragraphs: &[
                "{name}, Ihre Zertifizierung {certification} galt bis zum {until}, und die Zeit zur Verlängerung ist vorbei.",
                "Sie können sie jederzeit neu erlangen: {first}. Sie kehrt dann unter ihrer alten Nummer und Seite zurück.",
            ],
            button: "Auszeichnung ansehen",
        },
        MailKind::Suspended => MailText {
            subject: "{certification} gilt derzeit nicht",
            heading: "Ihre Zertifizierung {certification} ruht",
            paragraphs: &[
                "{name}, {vendor} hat Ihre Zertifizierung {certification} ausgesetzt. Bis auf Weiteres steht auf ihrer Seite, dass sie derzeit nicht gilt; ein Grund steht dort nicht.",
                "Das spricht nicht gegen Sie. Wir schreiben Ihnen, sobald sich etwas ändert.",
                "Haben Sie eine Frage, so antworten Sie auf diesen Brief. Halten Sie es für falsch, so können Sie auf Ihrer eigenen Seite Einspruch erheben; der Link unten geht einmal, 30 Tage lang.",
            ],
            button: "Meine Seite öffnen",
        },
        MailKind::Reinstated => MailText {
            subject: "{certification} gilt wieder",
            heading: "Ihre Zertifizierung {certification} ist zurück",
            paragraphs: &[
                "{name}, Ihre Zertifizierung {certification} ist nicht mehr ausgesetzt.",
                "{still_valid}Sie gilt wieder. Nummer, öffentliche Seite und QR-Code bleiben gleich.",
                "Sie gilt bis zum {until}.",
                "Ihre Laufzeit endete inzwischen, am {expired}: ihre Seite sagt, wie sie verlängert werden kann.",
            ],
            button: "Auszeichnung ansehen",
        },
        MailKind::Revoked => MailText {
            subject: "{certification} gilt nicht mehr",
            heading: "Ihre Zertifizierung {certification} wurde widerrufen",
            paragraphs: &[
                "{asked}{name}, wie gewünscht wurde Ihre Zertifizierung {certification} zurückgenommen. Danke für Ihre Nachricht.",
                "{name}, {vendor} hat Ihre Zertifizierung {certification} widerrufen, weil {reason}.",
                "Auf ihrer öffentlichen Seite steht, dass sie nicht mehr gilt. Bitte nehmen Sie sie aus Profilen und Signaturen.",
                "Halten Sie das für falsch, so können Sie auf Ihrer eigenen Seite Einspruch erheben; der Link unten geht einmal, 30 Tage lang.",
            ],
            button: "Meine Seite öffnen",
        },
        MailKind::Corrected => MailText {
            subject: "Die Angaben zu {certification} wurden berichtigt",
            heading: "Berichtigt, {name}",
            paragraphs: &[
                "Ihre Zertifizierung {certification} wurde mit berichtigten Angaben neu unterschrieben, unter derselben Nummer und Seite.",
                "Früher geladene Dateien gelten nicht mehr: bitte laden Sie neue von ihrer Seite. Geteilte Bilder und Links zeigen die neuen Angaben von selbst.",
            ],
            button: "Auszeichnung ansehen",
        },
        MailKind::Extended => MailText {
            subject: "{certification} gilt länger",
            heading: "Länger gültig, {name}",
            paragraphs: &[
                "{vendor} hat die Laufzeit Ihrer Zertifizierung {certification} ausgedehnt. Sie gilt nun bis zum {until}.",
                "Der neue Tag für Ihren Kalender: {calendar}",
            ],
            button: "Auszeichnung ansehen",
        },
        MailKind::DemandPlaced => MailText {
            subject: "{certification}: Auffrischung nötig bis zum {due}",
            heading: "Eine Auffrischung ist nötig",
            paragraphs: &[
                "{name}, {vendor} bittet alle, die {certification} haben, sie auf den neuen Stand zu bringen: {what}, bis zum {due}.",
                "{ends_later}Spätestens am {cutoff} muss es geschehen sein.",
                "{recertification}Sonst läuft Ihre Zertifizierung {certification} dann vorzeitig ab.",
                "{upkeep}Sonst wird Ihre Zertifizierung {certification} dann ausgesetzt.",
            ],
            button: "Anforderungen ansehen",
        },
        MailKind::DemandReminder => MailText {
            subject: "{certification}: Auffrischung {when} fällig",
            heading: "Eine Auffrischung ist {when} fällig",
            paragraphs: &[
                "{name}, um Ihre Zertifizierung {certification} zu behalten: {what}. Erbeten war es bis zum {due}.",
                "Spätestens am {cutoff} muss es geschehen sein.",
                "{recertification}Sonst läuft Ihre Zertifizierung {certification} dann vorzeitig ab.",
                "{upkeep}Sonst wird Ihre Zertifizierung {certification} dann ausgesetzt.",
            ],
            button: "Anforderungen ansehen",
        },
        MailKind::DemandMissed => MailText {
            subject: "{certification}: Auffrischung versäumt",
            heading: "Eine Auffrischung wurde versäumt",
            paragraphs: &[
                "{name}, um Ihre Zertifizierung {certification} zu behalten, war bis zum {cutoff} dies nötig: {what}. Davon haben wir nichts gehört.",
                "{recertification}Ihre Zertifizierung {certification} ist deshalb abgelaufen.",
                "{upkeep}Ihre Zertifizierung {certification} ist deshalb ausgesetzt.",
                "Holen Sie es bis zum {grace_until} nach, so gilt sie wieder.",
                "So beheben Sie es: {remedy}, bis zum {remedy_until}.",
            ],
            button: "Auszeichnung ansehen",
        },
        MailKind::Digest => MailText {
            subject: "Ihre Zertifizierungen: {count} Hinweise",
            heading: "Ihre Zertifizierungen: {count} Hinweise",
            paragraphs: &[],
            button: "",
        },
        MailKind::Link => MailText {
            subject: "Ihre Seite bei {vendor}",
            heading: "Hier ist Ihr Link, {name}",
            paragraphs: &[
                "Der Link unten öffnet Ihre eigene Seite mit Ihren Zertifizierungen. Er geht einmal, 30 Tage lang. Behalten Sie ihn für sich.",
                "Haben Sie nicht darum gebeten, so brauchen Sie nichts zu tun.",
            ],
            button: "Meine Seite öffnen",
        },
        MailKind::ProveAddress => MailText {
            subject: "Bestätigen Sie diese Adresse",
            heading: "Ist das Ihre Adresse?",
            paragraphs: &[
                "{vendor} wurde {address} als Adresse einer Person genannt, deren Zertifizierungen dort geführt werden. Ist es Ihre, so bestätigen Sie sie: Von da an werden Sie unter ihr gefunden.",
                "Der Link gilt 24 Stunden lang.",
                "Wissen Sie nichts davon, so brauchen Sie nichts zu tun: Die Adresse wird nicht verwendet.",
            ],
            button: "Adresse bestätigen",
        },
        MailKind::ProvePerson => MailText {
            subject: "Ihr Code",
            heading: "Ihr Code, {name}",
            paragraphs: &[
                "{vendor} wurde gebeten, zwei Einträge mit Zertifizierungen zu einem zu verbinden; einer davon ist Ihrer. Dieser Code zeigt, dass Sie einverstanden sind:",
                "{code}",
                "Er gilt 30 Minuten lang. Geben Sie ihn nur dort an, wo Sie bei {vendor} darum gebeten haben, und nennen Sie ihn sonst niemandem: Wer ihn hat, kann Ihre Zertifizierungen mit seinen verbinden lassen.",
                "Haben Sie nicht darum gebeten, so behalten Sie ihn für sich; dann geschieht nichts.",
            ],
            button: "",
        },
        MailKind::WebhookDisabled => MailText {
            subject: "Der Webhook zu {host} ist abgeschaltet",
            heading: "Ein Webhook ist abgeschaltet",
            paragraphs: &[
                "Dem Webhook zu {host} wird seit dem {since} nichts mehr gemeldet.",
                "{gone}Sein Empfänger hat geantwortet, dass es ihn nicht mehr gibt (410).",
                "{failing}Ein Ereignis war nicht zuzustellen, auch bei keinem weiteren Versuch.",
                "Ist der Empfänger in Ordnung, so schalten Sie den Webhook wieder ein: assay webhook enable {webhook}",
            ],
            button: "",
        },
        MailKind::ContentReviewDue => MailText {
            subject: "Die Inhalte von {certification} sind zu prüfen",
            heading: "Eine Prüfung der Inhalte steht an",
            paragraphs: &[
                "Nach Ihrem Programm waren die Inhalte von {certification} bis zum {since} durchzusehen.",
                "Ist das getan, so halten Sie es fest: assay program reviewed {id}",
            ],
            button: "Zertifizierung ansehen",
        },
        MailKind::AppealOpened => MailText {
            subject: "Einspruch: {certification}, {number}",
            heading: "Ein Inhaber erhebt Einspruch",
            paragraphs: &[
                "{name} erhebt Einspruch gegen eine Entscheidung zu {certification} (Nummer {number}), mit diesen Worten:",
                "{text}",
                "Schließen Sie den Einspruch {appeal} mit POST /api/v1/appeals/{appeal}/close. Der Inhaber erfährt es per Mail.",
            ],
            button: "Auszeichnung ansehen",
        },
        MailKind::AppealClosed => MailText {
            subject: "Ihr Einspruch zu {certification}",
            heading: "Über Ihren Einspruch wurde entschieden",
            paragraphs: &[
                "{upheld}{name}, {vendor} hat Ihren Einspruch zu {certification} geprüft und gibt Ihnen recht.",
                "{rejected}{name}, {vendor} hat Ihren Einspruch zu {certification} geprüft und bleibt bei der Entscheidung.",
                "{text}",
            ],
            button: "Auszeichnung ansehen",
        },
    }
}

fn manager(kind: MailKind) -> Option<MailText> {
    Some(match kind {
        MailKind::Reminder => MailText {
            subject: "{name}: {certification} läuft {when} ab",
            heading: "{name}: {certification} läuft {when} ab",
            paragraphs: &[
                "Gültig bis zum {until}. Zur Verlängerung: {renewal}.",
                "Es zählt ab dem {window_from}.",
                "Auch danach geht es noch bis zum {grace_until}; dazwischen gilt sie als abgelaufen.",
            ],
            button: "Auszeichnung ansehen",
        },
        MailKind::Expired => MailText {
            subject: "{name}: {certification} ist abgelaufen",
            heading: "{name}: {certification} ist abgelaufen",
            paragraphs: &[
                "Gültig war sie bis zum {until}.",
                "Noch bis zum {grace_until} kann sie verlängert werden: {renewal}.",
                "{rights_stop}Was sie eröffnet, ruht bis dahin.",
                "Bis zum {streamlined_until} gibt es einen kürzeren Weg zurück: {late}.",
                "{full}Um sie wieder zu erlangen, ist der ganze Weg nötig: {first}.",
            ],
            button: "Auszeichnung ansehen",
        },
        MailKind::GraceEnded => MailText {
            subject: "{name}: Frist zur Verlängerung von {certification} vorbei",
            heading: "{name}: die Frist zur Verlängerung von {certification} ist vorbei",
            paragraphs: &[
                "Gültig war sie bis zum {until}.",
                "Bis zum {streamlined_until} gibt es einen kürzeren Weg zurück: {late}.",
            ],
            button: "Auszeichnung ansehen",
        },
        MailKind::Lapsed => MailText {
            subject: "{name}: {certification} ist erloschen",
            heading: "{name}: {certification} ist erloschen",
            paragraphs: &["Gültig war sie bis zum {until}. Auf dem ganzen Weg kann sie neu erlangt werden: {first}."],
            button: "Auszeichnung ansehen",
        },
        MailKind::DemandPlaced => MailText {
            subject: "{name}: {certification} braucht bis zum {due} eine Auffrischung",
            heading: "{name}: {certification} braucht eine Auffrischung",
            paragraphs: &[
                "{vendor} bittet bis zum {due} um dies: {what}.",
                "{ends_later}Spätestens am {cutoff} muss es geschehen sein.",
                "{recertification}Sonst läuft die Zertifizierung dann ab.",
                "{upkeep}Sonst wird die Zertifizierung dann ausgesetzt.",
            ],
            button: "Anforderungen ansehen",
        },
        MailKind::DemandReminder => MailText {
            subject: "{name}: Auffrischung von {certification} {when} fällig",
            heading: "{name}: die Auffrischung von {certification} ist {when} fällig",
            paragraphs: &[
                "Nötig ist, spätestens am {cutoff}: {what}.",
                "{recertification}Sonst läuft die Zertifizierung dann ab.",
                "{upkeep}Sonst wird die Zertifizierung dann ausgesetzt.",
            ],
            button: "Anforderungen ansehen",
        },
        MailKind::DemandMissed => MailText {
            subject: "{name}: Auffrischung von {certification} versäumt",
            heading: "{name}: die Auffrischung von {certification} wurde versäumt",
            paragraphs: &[
                "Erbeten war bis zum {cutoff}: {what}.",
                "{recertification}Die Zertifizierung ist deshalb abgelaufen.",
                "{upkeep}Die Zertifizierung ist deshalb ausgesetzt.",
                "Bis zum {grace_until} nachgeholt, gilt sie wieder.",
                "So wird es behoben: {remedy}, bis zum {remedy_until}.",
            ],
            button: "Auszeichnung ansehen",
        },
        MailKind::Digest => MailText {
            subject: "Zertifizierungen Ihrer Leute: {count} Hinweise",
            heading: "Zertifizierungen Ihrer Leute: {count} Hinweise",
            paragraphs: &[],
            button: "",
        },
        _ => return None,
    })
}
