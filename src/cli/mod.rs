//! The same services on a terminal. Data goes to stdout, everything else to stderr.

mod api_keys;
mod args;
mod award;
mod award_import;
mod bake;
mod clock;
mod demo;
mod exception;
mod failure;
mod hold;
mod import;
mod inbound_webhooks;
mod init;
mod open;
mod person;
mod program;
mod recertification;
mod result;
mod review;
mod right;
mod serve;
mod service;
mod signing_keys;
mod standing;
mod table;
mod trust;
mod undo;
mod upload;
mod verify;
mod webhooks;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use args::{Args, Command};
use failure::Exit;

/// So long the end of a command waits for its threads.
const GRACE: Duration = Duration::from_secs(2);

/// Parses the command line, does what it says, and answers the exit code: 0 done, 1 failed, 2 usage, 3 not valid,
/// 4 inconclusive or untrusted issuer.
pub fn run() -> ExitCode {
    let args = Args::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure::report(&error.into()),
    };
    let ended = runtime.block_on(dispatch(args));
    // A thread that waits for a disk which does not answer keeps nobody here.
    runtime.shutdown_timeout(GRACE);
    match ended {
        Ok(exit) => exit.into(),
        Err(error) => failure::report(&error),
    }
}

async fn dispatch(args: Args) -> anyhow::Result<Exit> {
    let place = args.place;
    match args.command {
        Command::Demo(demo) => demo::run(demo).await,
        Command::Init(init) => init::run(place, init).await,
        Command::Serve(serve) => serve::run(place, serve).await,
        Command::Program { command } => program::run(place, command).await,
        Command::Result { command } => result::run(place, command).await,
        Command::Award { command } => award::run(place, command).await,
        Command::Person { command } => person::run(place, command).await,
        Command::Clock(clock) => clock::run(place, clock).await,
        Command::Exception { command } => exception::run(place, command).await,
        Command::Hold { command } => hold::run(place, command).await,
        Command::Review { command } => review::run(place, command).await,
        Command::Undo(undo) => undo::run(place, undo).await,
        Command::Recertification { command } => recertification::run(place, command).await,
        Command::Right { command } => right::run(place, command).await,
        Command::Standing(standing) => standing::run(place, standing).await,
        Command::Verify(verify) => verify::run(place, verify).await,
        Command::Bake(bake) => bake::bake(bake),
        Command::Unbake(unbake) => bake::unbake(unbake),
        Command::Keys { command } => signing_keys::run(place, command).await,
        Command::ApiKey { command } => api_keys::run(place, command).await,
        Command::Trust { command } => trust::run(place, command).await,
        Command::Webhook { command } => webhooks::run(place, command).await,
        Command::Events(events) => webhooks::events(place, events).await,
        Command::Import(import) => import::run(place, import).await,
        Command::InboundWebhook { command } => inbound_webhooks::run(place, command).await,
    }
}
