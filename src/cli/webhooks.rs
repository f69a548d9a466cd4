//! `webhook add|list|test|rotate|enable|disable|remove|log|replay`, and `events`.

use chrono::{DateTime, Utc};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::args::Place;
use super::failure::{Exit, Hinted, print, print_lines, say};
use super::service::Service;
use crate::urls::path;

/// Seconds for which the service is asked to wait for events.
const WAIT: &str = "25";

#[derive(Debug, Subcommand)]
pub(super) enum WebhookCommand {
    /// Tell an address what happens from now on; its secret is shown once.
    Add {
        /// An https address.
        to: String,
        /// Only events of this type, such as award.issued or 'award.*'; may be repeated.
        #[arg(long = "type", value_name = "TYPE")]
        types: Vec<String>,
        /// How messages are written.
        #[arg(long, value_enum, default_value_t = FormatArg::Standard)]
        format: FormatArg,
        /// It is told of what test keys do.
        #[arg(long)]
        test: bool,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// List the webhooks.
    List(Shown),
    /// Send a test message to a webhook, whatever its filter.
    Test(Which),
    /// Give it new keys; the old ones sign, too, for 24 hours.
    Rotate(Which),
    /// Tell it nothing more.
    Disable(Which),
    /// Tell a disabled one again what happens from now on.
    Enable(Which),
    /// Remove it with its log.
    Remove(Which),
    /// Show what it was told in the last 30 days, newest first.
    Log {
        #[command(flatten)]
        which: Which,
        /// Only attempts that failed.
        #[arg(long)]
        failed: bool,
    },
    /// Tell it again: one event, or those recorded in a time.
    Replay {
        #[command(flatten)]
        which: Which,
        /// The event's id.
        #[arg(long, required_unless_present = "from", conflicts_with_all = ["from", "until"])]
        event: Option<String>,
        /// From when, such as 2026-11-20T00:00:00Z.
        #[arg(long, value_name = "TIME")]
        from: Option<DateTime<Utc>>,
        /// Until when [default: now].
        #[arg(long, value_name = "TIME", requires = "from")]
        until: Option<DateTime<Utc>>,
    },
}

#[derive(Debug, ClapArgs)]
pub(super) struct Which {
    /// The webhook's id.
    id: String,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Shown {
    /// Among those that are told of what test keys do.
    #[arg(long)]
    test: bool,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum FormatArg {
    /// Standard Webhooks.
    Standard,
    /// CloudEvents 1.0.
    #[value(name = "cloudevents")]
    CloudEvents,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Events {
    /// The cursor that an earlier call ended with, or now.
    #[arg(long, value_name = "CURSOR")]
    after: Option<String>,
    /// Only events of this type, such as award.issued or 'award.*'; may be repeated.
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Wait for what comes, until it is stopped.
    #[arg(long)]
    follow: bool,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
    /// What test keys did.
    #[arg(long)]
    test: bool,
}

pub(super) async fn run(place: Place, command: WebhookCommand) -> anyhow::Result<Exit> {
    let mut service = Service::find(&place).await?;
    let (test, json) = command.shown();
    if test {
        service.as_test();
    }
    let done = act(&service, &command).await;
    service.close().await?;
    let body = done?;
    if json {
        print_lines(serde_json::to_string_pretty(&body)?);
        return Ok(Exit::Done);
    }
    command.show(&body);
    Ok(Exit::Done)
}

async fn act(service: &Service, command: &WebhookCommand) -> anyhow::Result<Value> {
    let verb = |which: &Which, verb: &str| (address(&which.id, &format!("/{verb}")), json!({}));
    let (path, body) = match command {
        WebhookCommand::List(_) => return Ok(service.call("GET", path::API_WEBHOOKS, None).await?.body),
        WebhookCommand::Log { which, failed } => {
            let query = if *failed { "/deliveries?status=failed" } else { "/deliveries" };
            return Ok(service.call("GET", &address(&which.id, query), None).await?.body);
        }
        WebhookCommand::Remove(which) => {
            let shown = service.call("GET", &address(&which.id, ""), None).await?;
            service.delete(&address(&which.id, "")).await?;
            return Ok(shown.body);
        }
        WebhookCommand::Add { to, types, format, .. } => {
            let format = format.to_possible_value().map(|value| value.get_name().to_owned());
            (path::API_WEBHOOKS.to_owned(), json!({ "url": to, "types": types, "format": format }))
        }
        WebhookCommand::Replay { which, event, from, until } => {
            let body = json!({ "event": event, "from": from, "until": until });
            (address(&which.id, "/replay"), body)
        }
        WebhookCommand::Test(which) => verb(which, "test"),
        WebhookCommand::Rotate(which) => verb(which, "rotate"),
        WebhookCommand::Disable(which) => verb(which, "disable"),
        WebhookCommand::Enable(which) => verb(which, "enable"),
    };
    Ok(service.call("POST", &path, Some(body.to_string().into_bytes())).await?.body)
}

/// An id as it was typed, fit for a path.
fn address(id: &str, rest: &str) -> String {
    let id = percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC).to_string();
    format!("{}{rest}", path::API_WEBHOOK.replace("{webhook}", &id))
}

impl WebhookCommand {
    /// Of the test realm, and as JSON.
    fn shown(&self) -> (bool, bool) {
        let of = |shown: &Shown| (shown.test, shown.json);
        match self {
            WebhookCommand::Add { test, json, .. } => (*test, *json),
            WebhookCommand::List(shown) => of(shown),
            WebhookCommand::Log { which, .. }
            | WebhookCommand::Replay { which, .. }
            | WebhookCommand::Test(which)
            | WebhookCommand::Rotate(which)
            | WebhookCommand::Disable(which)
            | WebhookCommand::Enable(which)
            | WebhookCommand::Remove(which) => of(&which.shown),
        }
    }

    fn show(&self, body: &Value) {
        let rows = || body["data"].as_array().into_iter().flatten();
        let event = || body["event"].as_str().unwrap_or_default();
        match self {
            WebhookCommand::List(_) => rows().for_each(show_webhook),
            WebhookCommand::Log { .. } => rows().for_each(show_delivery),
            WebhookCommand::Add { .. } => {
                show_webhook(body);
                show_secret(body);
            }
            WebhookCommand::Rotate(_) => {
                show_webhook(&body["webhook"]);
                show_secret(&body["webhook"]);
                say("The old keys sign, too, for 24 hours.");
            }
            WebhookCommand::Remove(_) => {
                show_webhook(body);
                say("It is removed, with its log.");
            }
            WebhookCommand::Test(which) => {
                print(event());
                say(format!("It will be told within seconds by the service: assay webhook log {}", which.id));
            }
            WebhookCommand::Replay { which, .. } => {
                say(format!("It will be told again by the service: assay webhook log {}", which.id));
            }
            WebhookCommand::Disable(_) | WebhookCommand::Enable(_) => show_webhook(&body["webhook"]),
        }
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn show_webhook(webhook: &Value) {
    let types: Vec<&str> = webhook["types"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let types = if types.is_empty() { "*".to_owned() } else { types.join(" ") };
    let disabled = &webhook["disabled"];
    let state = if disabled.is_object() {
        format!("  disabled since {} ({})", text(disabled, "at"), text(disabled, "reason"))
    } else {
        String::new()
    };
    print(format!("{}  {}  {types}{state}", text(webhook, "id"), text(webhook, "url")));
}

fn show_secret(webhook: &Value) {
    print(format!("secret      {}", text(webhook, "secret")));
    print(format!("public key  {}", text(webhook, "public_key")));
    say("This is the only time the secret is shown. Receivers need one of the two to verify what they are told.");
}

fn show_delivery(delivery: &Value) {
    let status = delivery["status"].as_u64().map_or_else(|| text(delivery, "error").to_owned(), |s| s.to_string());
    let next = delivery["next_attempt_at"].as_str().map(|at| format!("  next attempt {at}")).unwrap_or_default();
    let (at, kind, event, attempt) =
        (text(delivery, "at"), text(delivery, "type"), text(delivery, "event"), &delivery["attempt"]);
    print(format!("{at}  {kind:<28}{event}  attempt {attempt}  {status}{next}"));
}

/// `events`: what happened, and with `--follow` what happens.
pub(super) async fn events(place: Place, args: Events) -> anyhow::Result<Exit> {
    let mut service = Service::find(&place).await?;
    if args.test {
        service.as_test();
    }
    if args.follow && matches!(service, Service::Here { .. }) {
        service.close().await?;
        return Err(Hinted::error("nothing happens here while no service runs", "start one with `assay serve`"));
    }
    let done = follow(&service, &args).await;
    service.close().await?;
    done.map(|()| Exit::Done)
}

async fn follow(service: &Service, args: &Events) -> anyhow::Result<()> {
    let mut after = args.after.clone();
    loop {
        let body = service.call("GET", &query(args, after.as_deref()), None).await?.body;
        for event in body["data"].as_array().into_iter().flatten() {
            print(if args.json { event.to_string() } else { line(event) });
        }
        let next = text(&body, "next_cursor").to_owned();
        if body["more"] == false && !args.follow {
            say(format!("Go on from here with: assay events --after {next}"));
            return Ok(());
        }
        after = Some(next);
    }
}

fn query(args: &Events, after: Option<&str>) -> String {
    let encode =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let mut query = format!("{}?limit=500", path::API_EVENTS);
    if let Some(after) = after {
        query.extend(["&after=", &encode(after)]);
    }
    if !args.types.is_empty() {
        query.extend(["&type=", &encode(&args.types.join(","))]);
    }
    if args.follow {
        query.extend(["&wait=", WAIT]);
    }
    query
}

fn line(event: &Value) -> String {
    let data = event["data"].as_object().into_iter().flatten();
    let data: Vec<String> = data
        .map(|(name, value)| format!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    format!("{}  {}  {:<28}{}", text(event, "timestamp"), text(event, "id"), text(event, "type"), data.join(" "))
}
