//! `person`: made, found, shown, changed, merged.

use clap::{Args as ClapArgs, Subcommand};
use serde_json::{Value, json};

use super::args::Place;
use super::failure::{Exit, Hinted, print, print_lines, say};
use super::service::Service;
use crate::id::{AwardId, PersonId};
use crate::urls::path;

#[derive(Debug, Subcommand)]
pub(super) enum PersonCommand {
    /// Find a person and show what is known of them.
    #[command(visible_alias = "find")]
    Show(Who),
    /// Make a person before the first result comes in.
    Create {
        /// The name, as it shall stand on credentials.
        name: String,
        /// Mail address.
        #[arg(long)]
        email: Option<String>,
        /// An id in another system, such as lms:4711; may be repeated.
        #[arg(long = "external", value_name = "SYSTEM:ID")]
        external: Vec<String>,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Name an address; a link to confirm it is mailed there. Repeated, it is mailed again.
    AddAddress(WithAddress),
    /// Remove an address.
    RemoveAddress(WithAddress),
    /// Choose the address of the badge.
    Primary(WithAddress),
    /// Add an id in another system.
    AddId(WithExternal),
    /// Remove an id in another system.
    RemoveId(WithExternal),
    /// Say what may become public: score, evidence, or nothing.
    Consent {
        #[command(flatten)]
        who: Who,
        /// What; all that is left out is withdrawn.
        #[arg(long = "to", value_name = "WHAT")]
        consent: Vec<String>,
    },
    /// Say in which language to write to the person.
    Language {
        #[command(flatten)]
        who: Who,
        /// Such as en or pt-BR; left out: the program's.
        #[arg(long = "to", value_name = "TAG")]
        language: Option<String>,
    },
    /// Say who else is told what time brings to the person's awards; whoever is left out is told no more.
    Managers {
        #[command(flatten)]
        who: Who,
        /// Address at the person's firm.
        #[arg(long, value_name = "ADDR")]
        firm: Option<String>,
        /// Address at the vendor; left out: the issuer's.
        #[arg(long, value_name = "ADDR")]
        partner: Option<String>,
    },
    /// Correct the name, on every credential.
    Name {
        #[command(flatten)]
        who: Who,
        /// As it shall stand from now on.
        #[arg(long = "to", value_name = "NAME")]
        name: String,
    },
    /// Mail a code to the person; whoever tells it is that person.
    Proof(Who),
    /// Join two persons who turned out to be one; without codes only say what would happen.
    Merge {
        /// The person who is kept: an id, an address, SYSTEM:ID, or an award's number.
        keep: String,
        /// The person who becomes part of them.
        other: String,
        /// The code that was mailed to each (`person proof`); give it twice.
        #[arg(long = "code", value_name = "CODE")]
        codes: Vec<String>,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Which person.
#[derive(Debug, ClapArgs)]
pub(super) struct Who {
    /// An id, an address, SYSTEM:ID, or an award's number.
    person: String,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct WithAddress {
    #[command(flatten)]
    who: Who,
    /// The address.
    email: String,
}

#[derive(Debug, ClapArgs)]
pub(super) struct WithExternal {
    #[command(flatten)]
    who: Who,
    /// The id, such as lms:4711.
    #[arg(value_name = "SYSTEM:ID")]
    external: String,
}

pub(super) async fn run(place: Place, command: PersonCommand) -> anyhow::Result<Exit> {
    let mailed = match &command {
        PersonCommand::Proof(_) => {
            Some("A code is mailed to the person; give it with: assay person merge KEEP OTHER --code CODE")
        }
        PersonCommand::AddAddress(_) => Some("A link is mailed there; the address counts once it was opened."),
        _ => None,
    };
    let service = Service::find(&place).await?;
    let done = perform(&service, command).await;
    service.close().await?;
    let (answer, as_json) = done?;
    mailed.into_iter().for_each(say);
    if as_json {
        print_lines(serde_json::to_string_pretty(&answer)?);
    } else {
        show(&answer);
    }
    Ok(Exit::Done)
}

async fn perform(service: &Service, command: PersonCommand) -> anyhow::Result<(Value, bool)> {
    let (who, path, body) = match command {
        PersonCommand::Show(who) => return Ok((find(service, &who.person).await?, who.json)),
        PersonCommand::Create { name, email, external, json } => {
            let external = external.iter().map(|text| system_and_id(text)).collect::<anyhow::Result<Vec<_>>>()?;
            let body = json!({ "name": name, "email": email, "external": external });
            return Ok((post(service, path::API_PEOPLE, &body).await?, json));
        }
        PersonCommand::Merge { keep, other, codes, json } => {
            let (keep, other) = (id(service, &keep).await?, id(service, &other).await?);
            let preview = codes.is_empty();
            let body = json!({ "keep": keep, "other": other, "proofs": codes, "preview": preview });
            let merged = post(service, path::API_PEOPLE_MERGE, &body).await?;
            if preview {
                say("Nothing was changed. Have a code mailed to each (assay person proof), and give both with --code.");
            }
            return Ok((merged, json));
        }
        PersonCommand::AddAddress(with) => (with.who, path::API_PERSON_ADDRESSES, json!({ "email": with.email })),
        PersonCommand::RemoveAddress(with) => {
            (with.who, path::API_PERSON_ADDRESSES_REMOVE, json!({ "email": with.email }))
        }
        PersonCommand::Primary(with) => (with.who, path::API_PERSON_ADDRESSES_PRIMARY, json!({ "email": with.email })),
        PersonCommand::AddId(with) => (with.who, path::API_PERSON_EXTERNAL, system_and_id(&with.external)?),
        PersonCommand::RemoveId(with) => (with.who, path::API_PERSON_EXTERNAL_REMOVE, system_and_id(&with.external)?),
        PersonCommand::Consent { who, consent } => (who, path::API_PERSON_CONSENT, json!({ "consent": consent })),
        PersonCommand::Language { who, language } => (who, path::API_PERSON_LANGUAGE, json!({ "language": language })),
        PersonCommand::Managers { who, firm, partner } => {
            (who, path::API_PERSON_MANAGERS, json!({ "firm": firm, "partner": partner }))
        }
        PersonCommand::Name { who, name } => (who, path::API_PERSON_NAME, json!({ "name": name })),
        PersonCommand::Proof(who) => (who, path::API_PERSON_PROOF, json!({})),
    };
    let id = id(service, &who.person).await?;
    Ok((post(service, &path.replace("{person}", &id), &body).await?, who.json))
}

async fn post(service: &Service, path: &str, body: &Value) -> anyhow::Result<Value> {
    Ok(service.call("POST", path, Some(serde_json::to_vec(body)?)).await?.body)
}

async fn id(service: &Service, who: &str) -> anyhow::Result<String> {
    if who.parse::<PersonId>().is_ok() {
        return Ok(who.to_owned());
    }
    let found = find(service, who).await?;
    Ok(found["id"].as_str().unwrap_or_default().to_owned())
}

/// By whatever was typed: an address has an @, an id in another system a colon.
async fn find(service: &Service, who: &str) -> anyhow::Result<Value> {
    if who.parse::<PersonId>().is_ok() {
        let path = path::API_PERSON.replace("{person}", who);
        return Ok(service.call("GET", &path, None).await?.body);
    }
    let by = if who.contains('@') {
        json!({ "email": who })
    } else if who.contains(':') {
        json!({ "external": system_and_id(who)? })
    } else if who.parse::<AwardId>().is_ok() {
        json!({ "award": who })
    } else {
        return Err(Hinted::error(
            format!("{who:?} names nobody"),
            "give an id, an address, SYSTEM:ID, or the number of an award",
        ));
    };
    post(service, path::API_PEOPLE_FIND, &by).await
}

fn system_and_id(text: &str) -> anyhow::Result<Value> {
    let (system, id) = text
        .split_once(':')
        .ok_or_else(|| Hinted::error(format!("{text:?} is no id in another system"), "write it as SYSTEM:ID"))?;
    Ok(json!({ "system": system, "id": id }))
}

/// A person, or what a merge came to.
fn show(answer: &Value) {
    let line = |name: &str, text: &str| print(format!("{name:<12}{text}"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let person = if answer["person"].is_object() { &answer["person"] } else { answer };
    line("person", &text(&person["id"]));
    line("name", &text(&person["name"]));
    for address in person["addresses"].as_array().into_iter().flatten() {
        let note = match (address["primary"] == true, address["verified"] == true) {
            (true, _) => " (badge)",
            (_, false) => " (not confirmed yet)",
            _ => "",
        };
        line("address", &format!("{}{note}", text(&address["email"])));
    }
    for external in person["external"].as_array().into_iter().flatten() {
        line("id", &format!("{}:{}", text(&external["system"]), text(&external["id"])));
    }
    for consent in person["consent"].as_array().into_iter().flatten() {
        line("consent", &text(consent));
    }
    if let Some(language) = person["language"].as_str() {
        line("language", language);
    }
    for member in ["firm", "partner"] {
        if let Some(address) = person["managers"][member].as_str() {
            line("manager", &format!("{address} ({member})"));
        }
    }
    for award in person["awards"].as_array().into_iter().flatten() {
        line(
            "award",
            &format!("{}  {} ({})", text(&award["number"]), text(&award["certification"]), text(&award["state"])),
        );
    }
    for fate in answer["certifications"].as_array().into_iter().flatten() {
        line("joined", &fate_in_words(fate));
    }
}

fn fate_in_words(fate: &Value) -> String {
    let number = |value: &Value| value.as_str().and_then(|n| n.parse::<AwardId>().ok()).map(|award| award.grouped());
    let award = match (number(&fate["award"]), number(&fate["alias"])) {
        (Some(award), Some(alias)) => format!("; {award} stays, and {alias} leads to it"),
        (Some(award), None) if fate["moved"] == true => format!("; {award} moves"),
        (Some(award), None) => format!("; {award} stays"),
        (None, _) if fate["decision"] == "award" => "; together they earn it".to_owned(),
        (None, _) => String::new(),
    };
    format!("{}, {} result(s){award}", fate["certification"].as_str().unwrap_or_default(), fate["results"])
}
