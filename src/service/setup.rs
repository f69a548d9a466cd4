//! Making an issuer out of a program file, once; and the check that a service may start.

use std::collections::BTreeMap;

use super::Breakdown;
use crate::clock::{Clock, whole_seconds};
use crate::id::{CertificationId, EventId, IdSource, Realm};
use crate::issuance::{Lints, rehearse};
use crate::keyring::Signer;
use crate::program::{Assets, Certification, Faults, Program};
use crate::proof::did;
use crate::render::Logo;
use crate::store::{
    Changes, Commit, Digest, Effective, Event, EventKind, IssuerRecord, ProgramRecord, ProgramTimeline, ReadSet,
    SigningKeyRecord, Store,
};
use crate::urls::Urls;
use crate::words::mails::{OwnTextFlaw, OwnTexts, is_own_text};

/// What `init` is given.
pub struct Setup<'a> {
    /// The program file as written.
    pub text: &'a str,
    /// The files it names.
    pub assets: &'a Assets,
    /// Public address, without a trailing slash.
    pub base: &'a str,
}

/// Nothing was set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// `init` ran here before.
    #[error("this store already belongs to {did}")]
    Already {
        /// Whose.
        did: String,
    },
    /// The program file has faults.
    #[error("the program file has faults")]
    Program(Faults),
    /// Badges of some certifications could not be issued.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Unsound(Vec<Unsound>),
    /// A file that the program names was not given.
    #[error("the program names the file {0:?}, which is not beside it")]
    Asset(String),
    /// The logo cannot be used.
    #[error("the logo {name:?} cannot be used: {reason}")]
    Logo {
        /// Which file.
        name: String,
        /// Why.
        reason: String,
    },
    /// An own text of mails cannot be used.
    #[error(transparent)]
    Text(#[from] OwnTextFlaw),
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(SetupError);

/// A certification whose badges would be refused when they are issued.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("certification \"{certification}\": {lints}")]
pub struct Unsound {
    /// Which.
    pub certification: CertificationId,
    /// What is wrong with them.
    pub lints: Lints,
}

/// Files that a program names and that travel with it.
pub fn named_files(program: &Program) -> Vec<String> {
    let images = program.certifications.iter().filter_map(|c| c.image.clone());
    let accreditations = program.accreditations.iter().filter_map(|a| a.image.clone());
    let mut names: Vec<String> = program.issuer.logo.clone().into_iter().chain(images).chain(accreditations).collect();
    names.sort();
    names.dedup();
    names
}

/// Makes the issuer: a key, a DID that never changes, version 1 of the program.
pub async fn init(
    store: &Store,
    signer: &dyn Signer,
    clock: &dyn Clock,
    ids: &dyn IdSource,
    setup: Setup<'_>,
) -> Result<IssuerRecord, SetupError> {
    let program = Program::parse(setup.text).map_err(SetupError::Program)?;
    check(&program, setup.assets, setup.base)?;
    let mut reads = ReadSet::new();
    if let Some(issuer) = store.issuer(&mut reads).await? {
        return Err(SetupError::Already { did: issuer.did });
    }
    store.program_timeline(&mut reads).await?;

    let now = whole_seconds(clock.now());
    let key = signer.generate(ids).map_err(Breakdown::from)?;
    let kid = key.multibase();
    let did = did::did_web(setup.base).unwrap_or_else(|| did::did_key(&key));
    let issuer = IssuerRecord { did, base: setup.base.to_owned(), active: kid.clone(), created_at: now };

    let mut changes = Changes::new(Realm::Live);
    let record = ProgramRecord {
        version: 1,
        text: changes.asset(setup.text.as_bytes()),
        assets: setup
            .assets
            .iter()
            .map(|(name, bytes)| (name.clone(), changes.asset(bytes)))
            .collect::<BTreeMap<_, _>>(),
        effective_at: now,
        recorded_at: now,
    };
    changes.issuer(&issuer);
    changes.signing_key(&SigningKeyRecord {
        kid: kid.clone(),
        created_at: now,
        active_from: Some(now),
        retired_at: None,
        revoked_at: None,
    });
    changes.program(&record);
    let mut timeline = ProgramTimeline::default();
    timeline.add(Effective { version: record.version, from: record.effective_at });
    changes.program_timeline(&timeline);
    let events = [
        EventKind::IssuerCreated { did: Digest::of(issuer.did.as_bytes()) },
        EventKind::SigningKeyGenerated { key: Digest::of(kid.as_bytes()) },
        EventKind::ProgramApplied { version: 1, text: Digest::of(setup.text.as_bytes()) },
    ];
    for what in events {
        changes.event(&Event { id: EventId::new(now, ids), recorded_at: now, realm: Realm::Live, what });
    }
    match store.commit(&reads, changes).await? {
        Commit::Done(_) => Ok(issuer),
        Commit::Conflict(_) => Err(Breakdown::Busy.into()),
    }
}

/// Whether a program can be taken in: its files can be used, and a badge of each certification can be issued.
pub fn check(program: &Program, assets: &Assets, base: &str) -> Result<(), SetupError> {
    check_files(program, assets)?;
    let urls = Urls::new(base);
    let unsound = |certification: &Certification| {
        let level = certification.level.as_ref().and_then(|id| program.level(id)).map(|level| level.name.as_str());
        let lints = rehearse(&urls, &program.issuer, certification, level).err()?;
        Some(Unsound { certification: certification.id.clone(), lints })
    };
    let unsound: Vec<Unsound> = program.certifications.iter().filter_map(unsound).collect();
    if unsound.is_empty() { Ok(()) } else { Err(SetupError::Unsound(unsound)) }
}

fn check_files(program: &Program, assets: &Assets) -> Result<(), SetupError> {
    for name in named_files(program) {
        let bytes = assets.get(&name).ok_or_else(|| SetupError::Asset(name.clone()))?;
        Logo::parse(bytes).map_err(|e| SetupError::Logo { name, reason: e.to_string() })?;
    }
    let mut texts = OwnTexts::default();
    for (name, bytes) in assets.iter().filter(|(name, _)| is_own_text(name)) {
        texts.add(name, bytes)?;
    }
    Ok(())
}

/// Why a service may not start.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// `init` never ran.
    #[error("this store has no issuer yet")]
    NoIssuer,
    /// The private part of the active key is not there.
    #[error("the private part of the active signing key {kid} is missing; it used to be the file {kid}.pem")]
    KeyMissing {
        /// Multibase public key.
        kid: String,
    },
    /// Another base is configured than the store was made for.
    #[error("this store was made for {stored}, and {configured} is configured")]
    OtherBase {
        /// From `init`.
        stored: String,
        /// From the settings.
        configured: String,
    },
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(NotReady);

/// The issuer, if this keyring can sign for it.
pub async fn ready(store: &Store, signer: &dyn Signer, configured: Option<&str>) -> Result<IssuerRecord, NotReady> {
    let issuer = store.issuer(&mut ReadSet::new()).await?.ok_or(NotReady::NoIssuer)?;
    if !signer.holds(&issuer.active) {
        return Err(NotReady::KeyMissing { kid: issuer.active });
    }
    match configured {
        Some(base) if base != issuer.base => {
            Err(NotReady::OtherBase { stored: issuer.base, configured: base.to_owned() })
        }
        _ => Ok(issuer),
    }
}
