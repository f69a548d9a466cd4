//! What can be typed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use super::program::ProgramCommand;
use super::webhooks::{Events, WebhookCommand};
use crate::service::point_in_time::DayOrMoment;

/// Issues, draws and verifies Open Badges for the people of partner firms.
#[derive(Debug, Parser)]
#[command(name = "assay", version, propagate_version = true)]
#[command(
    after_help = "Exit codes: 0 done (verify: valid), 1 failed, 2 usage, 3 not valid, 4 inconclusive or untrusted issuer.\n\
    Try it: assay demo"
)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) place: Place,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Where the service and its store are.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Where")]
pub(super) struct Place {
    /// Settings file; read if it is there.
    #[arg(long, global = true, env = "ASSAY_CONFIG", default_value = "assay.toml", value_name = "FILE")]
    pub(super) config: PathBuf,
    /// Folder of the store [default: data].
    #[arg(long, global = true, env = "ASSAY_DATA", value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// Folder of the private keys [default: keys].
    #[arg(long, global = true, env = "ASSAY_KEYS", value_name = "DIR")]
    pub(super) keys: Option<PathBuf>,
    /// Speak to the service at this address, with the API key in ASSAY_API_KEY.
    #[arg(long, global = true, env = "ASSAY_URL", value_name = "URL")]
    pub(super) url: Option<String>,
    /// The API key for --url.
    #[arg(long, hide = true, env = "ASSAY_API_KEY", hide_env_values = true)]
    pub(super) api_key: Option<String>,
    /// Protects the key files.
    #[arg(long, hide = true, env = "ASSAY_KEY_PASSPHRASE", hide_env_values = true)]
    pub(super) key_passphrase: Option<String>,
    /// Signs in to the mail server.
    #[arg(long, hide = true, env = "ASSAY_SMTP_PASSWORD", hide_env_values = true)]
    pub(super) smtp_password: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show everything in a fresh folder: a badge issued, verified, tampered with, served.
    Demo(Demo),
    /// Make an issuer out of a program file: a key, an identity, an empty store.
    Init(Init),
    /// Serve pages, badges and the API.
    Serve(Serve),
    /// Work on the program: check a file, apply it as a version, show versions.
    Program {
        #[command(subcommand)]
        command: ProgramCommand,
    },
    /// Report results.
    Result {
        #[command(subcommand)]
        command: ResultCommand,
    },
    /// Show and change awards.
    Award {
        #[command(subcommand)]
        command: AwardCommand,
    },
    /// Find, show and change persons.
    Person {
        #[command(subcommand)]
        command: super::person::PersonCommand,
    },
    /// Do what is due, or say what will happen until a day.
    Clock(super::clock::Clock),
    /// Grant what the rules do not give: a waiver, an attempt, an extension, an award, an approval.
    Exception {
        #[command(subcommand)]
        command: super::exception::ExceptionCommand,
    },
    /// Keep results back while somebody looks into them.
    Hold {
        #[command(subcommand)]
        command: super::hold::HoldCommand,
    },
    /// Look at results that wait, and let them count.
    Review {
        #[command(subcommand)]
        command: super::review::ReviewCommand,
    },
    /// Undo a batch of results that was a mistake.
    Undo(super::undo::Undo),
    /// Let holders complete something by a date, or lose what they hold.
    Recertification {
        #[command(subcommand)]
        command: super::recertification::RecertificationCommand,
    },
    /// What persons may do.
    Right {
        #[command(subcommand)]
        command: super::right::RightCommand,
    },
    /// Show where a person stands, and why.
    Standing(super::standing::StandingArgs),
    /// Verify a badge of anyone: a file, a folder, an address, a number, or - for standard input.
    Verify(super::verify::Verify),
    /// Put a credential into a picture.
    Bake(Bake),
    /// Take the credential out of a picture.
    Unbake(Unbake),
    /// The issuer's signing keys.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Keys for callers of the API.
    ApiKey {
        #[command(subcommand)]
        command: ApiKeyCommand,
    },
    /// Issuers of other houses whose badges are relied on.
    Trust {
        #[command(subcommand)]
        command: super::trust::TrustCommand,
    },
    /// Addresses that are told of events.
    Webhook {
        #[command(subcommand)]
        command: WebhookCommand,
    },
    /// Show what happened, in order; the cursor to go on from is said at the end.
    Events(Events),
    /// Import a CSV file of results.
    Import(super::import::Import),
    /// Sources that sign the results they send.
    InboundWebhook {
        #[command(subcommand)]
        command: super::inbound_webhooks::InboundWebhookCommand,
    },
}

#[derive(Debug, ClapArgs)]
pub(super) struct Demo {
    /// Folder to make; must not exist or be a demo's.
    #[arg(long, default_value = "assay-demo", value_name = "DIR")]
    pub(super) dir: PathBuf,
    /// Port to serve on; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    pub(super) port: u16,
    /// Stop at once instead of serving.
    #[arg(long)]
    pub(super) once: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Init {
    /// The program file.
    #[arg(long, value_name = "FILE")]
    pub(super) program: PathBuf,
    /// Public address of the service, such as https://badges.example; it cannot be changed by itself later.
    #[arg(long, env = "ASSAY_BASE", value_name = "URL")]
    pub(super) base: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Serve {
    /// Address and port to listen on [default: 127.0.0.1:8080].
    #[arg(long, env = "ASSAY_BIND", value_name = "ADDR")]
    pub(super) bind: Option<String>,
    /// Public address; must be the one given at init.
    #[arg(long, env = "ASSAY_BASE", value_name = "URL")]
    pub(super) base: Option<String>,
    /// Memory for the store's cache, in MB [default: 96].
    #[arg(long, env = "ASSAY_CACHE_MB", value_name = "MB")]
    pub(super) cache_mb: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ResultCommand {
    /// Report one result, as JSON from a file or standard input (-).
    Submit {
        /// The file, or -.
        file: PathBuf,
        /// As a test: the award carries the TEST mark.
        #[arg(long)]
        test: bool,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, ClapArgs)]
pub(super) struct Which {
    /// The award's number.
    pub(super) award: String,
    /// Print the answer as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum ReasonArg {
    IssuedInError,
    RequirementsNotMet,
    HolderRequest,
    KeyCompromise,
    Other,
}

#[derive(Debug, Subcommand)]
pub(super) enum AwardCommand {
    /// Show an award and its history.
    Show {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        when: When,
    },
    /// Take in awards of history from a file of JSON lines; original dates, and nobody is told.
    Import {
        /// The file, or -.
        file: PathBuf,
        /// As a test: the awards carry the TEST mark.
        #[arg(long)]
        test: bool,
    },
    /// Give it a new term.
    Renew {
        #[command(flatten)]
        which: Which,
        /// For your own records; never public.
        #[arg(long)]
        text: Option<String>,
    },
    /// Correct its details; the address stays.
    Reissue {
        #[command(flatten)]
        which: Which,
        /// The holder's name as it shall stand from now on.
        #[arg(long)]
        name: Option<String>,
        /// For your own records; never public.
        #[arg(long)]
        text: Option<String>,
    },
    /// Make it invalid until it is reinstated.
    Suspend {
        #[command(flatten)]
        which: Which,
        /// Closed code.
        #[arg(long)]
        reason: ReasonArg,
        /// For your own records; never public.
        #[arg(long)]
        text: Option<String>,
    },
    /// Make a suspended award valid again.
    Reinstate {
        #[command(flatten)]
        which: Which,
        /// For your own records; never public.
        #[arg(long)]
        text: Option<String>,
    },
    /// Make it invalid for good.
    Revoke {
        #[command(flatten)]
        which: Which,
        /// Closed code.
        #[arg(long)]
        reason: ReasonArg,
        /// For your own records; never public.
        #[arg(long)]
        text: Option<String>,
    },
}

/// The moment an answer shall be about.
#[derive(Debug, Default, ClapArgs)]
pub(super) struct When {
    /// What was true then: a day, such as 2026-03-01 (its last second in the program's time zone), or a moment, such as
    /// 2026-03-01T10:00:00Z [default: now].
    #[arg(long, value_name = "DATE|TIME", value_parser = day_or_moment)]
    pub(super) at: Option<String>,
    /// By what had been recorded then [default: now].
    #[arg(long, value_name = "DATE|TIME", value_parser = day_or_moment)]
    pub(super) known: Option<String>,
}

/// As typed, if it can be read: the service knows the time zone.
pub(super) fn day_or_moment(text: &str) -> Result<String, &'static str> {
    DayOrMoment::read(text).map(|_| text.to_owned()).ok_or("give a day, 2026-03-01, or a moment, 2026-03-01T10:00:00Z")
}

#[derive(Debug, ClapArgs)]
pub(super) struct Bake {
    /// PNG or SVG picture.
    pub(super) picture: PathBuf,
    /// The signed credential, as JSON.
    pub(super) credential: PathBuf,
    /// Where to write the baked picture.
    #[arg(long, short)]
    pub(super) output: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Unbake {
    /// PNG or SVG picture.
    pub(super) picture: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// List the issuer's keys and when they signed.
    List,
    /// Make a key and publish it; it signs after `rotate`.
    Generate,
    /// Let the newest generated key sign from now on.
    Rotate,
    /// End a key that does not sign.
    Retire {
        /// The key, as `keys list` shows it.
        kid: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum ApiKeyCommand {
    /// Make a key; its secret is shown once.
    Create {
        /// Its name; the source of the results it reports.
        name: String,
        /// What it may do; may be repeated.
        #[arg(long = "scope", required = true, value_name = "SCOPE")]
        scopes: Vec<String>,
        /// What it makes carries the TEST mark and counts nowhere.
        #[arg(long)]
        test: bool,
    },
    /// List the keys.
    List,
    /// End a key.
    Revoke {
        /// Its name.
        name: String,
    },
}
