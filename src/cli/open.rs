//! Settings, store and keys put together for a command.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use zeroize::Zeroizing;

use super::args::Place;
use super::failure::Hinted;
use crate::app::{App, Caches, Judges};
use crate::clock::SystemClock;
use crate::config::{Config, MailConfig, MailWay, Settings, VcApiConfig};
use crate::fetch::{Door, Limits};
use crate::id::OsRandom;
use crate::keyring::Keyring;
use crate::mail::{FolderPost, Post, SmtpPost};
use crate::render::Painter;
use crate::service::caller;
use crate::service::setup::{self, NotReady};
use crate::service::vc_api;
use crate::store::engine::sled::{Damaged, InUse, NoSpace, SledEngine, SledOptions};
use crate::store::{EngineError, Store};
use crate::urls::Urls;

/// The settings of `place`: its file, then what was typed (flags and environment), then `flags`.
pub(super) fn config(place: &Place, flags: Settings) -> anyhow::Result<Config> {
    let file = match std::fs::read_to_string(&place.config) {
        Ok(text) => {
            toml::from_str(&text).with_context(|| format!("cannot use the settings in {}", place.config.display()))?
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Settings::default(),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", place.config.display())),
    };
    let typed = Settings { data: place.data.clone(), keys: place.keys.clone(), ..Settings::default() };
    Ok(Config::new(file.under(typed).under(flags))?)
}

/// Store and keys, open; nothing is known yet of the issuer.
pub(super) struct Parts {
    pub(super) engine: Arc<SledEngine>,
    pub(super) store: Store,
    pub(super) keyring: Keyring,
    door: Door,
    post: Arc<dyn Post>,
}

/// Opens the store of `config` (made if `make`), and its keys.
fn parts(place: &Place, config: &Config, make: bool) -> anyhow::Result<Parts> {
    if !make && !config.data.exists() {
        let hint = format!(
            "make an issuer with `assay init --program FILE`, or see `assay demo`; --data names another folder than {}",
            config.data.display()
        );
        return Err(Hinted::error(format!("there is no store in {}", config.data.display()), hint));
    }
    let mut folder = std::fs::DirBuilder::new();
    let made = folder.recursive(true).mode(0o700).create(&config.data);
    made.with_context(|| format!("cannot make {}", config.data.display()))?;
    let passphrase = place.key_passphrase.clone().map(Zeroizing::new);
    let keyring = Keyring::open(&config.keys, passphrase)?;
    let post = post(place, &config.mail)?;
    let options = SledOptions { cache_bytes: config.cache, ..SledOptions::default() };
    let engine = SledEngine::open(store_path(&config.data), options).map_err(|error| unopened(error, &config.data))?;
    let engine = Arc::new(engine);
    Ok(Parts { store: Store::new(engine.clone()), engine, keyring, door: door(config), post })
}

/// The way to the outside.
pub(super) fn door(config: &Config) -> Door {
    Door::new(config.fetch.clone(), Limits::default(), Arc::new(SystemClock))
}

/// What takes mail out of the house.
fn post(place: &Place, mail: &MailConfig) -> anyhow::Result<Arc<dyn Post>> {
    let from = mail.from.clone();
    Ok(match &mail.way {
        MailWay::Folder(folder) => Arc::new(FolderPost::new(folder.clone(), from)),
        MailWay::Smtp(server) => {
            let password = place.smtp_password.clone().map(Zeroizing::new);
            if server.user.is_some() && password.is_none() {
                let hint = "put it into ASSAY_SMTP_PASSWORD, or take the user out of mail.smtp";
                return Err(Hinted::error("the mail server has a user but no password", hint));
            }
            Arc::new(SmtpPost::new(server, password, from)?)
        }
    })
}

fn unopened(error: EngineError, data: &Path) -> anyhow::Error {
    let message = format!("cannot open the store in {}", data.display());
    let hint = match &error {
        EngineError::Unavailable(source) if source.is::<InUse>() => {
            Some("one process has a store at a time; commands find a service that runs by themselves".to_owned())
        }
        EngineError::Unavailable(source) if source.is::<NoSpace>() => {
            Some("free some space on that disk, then start again: nothing was changed and nothing is lost".to_owned())
        }
        EngineError::Unavailable(source) if source.is::<Damaged>() => {
            let store = store_path(data);
            Some(format!("keep {} for who may mend it, and put it back whole from a copy", store.display()))
        }
        _ => None,
    };
    let error = anyhow::Error::new(error);
    match hint {
        Some(hint) => error.context(Hinted { message, hint }),
        None => error.context(message),
    }
}

fn store_path(data: &Path) -> std::path::PathBuf {
    data.join("store")
}

/// Opens the store of an issuer that exists.
pub(super) fn open(place: &Place, config: &Config) -> anyhow::Result<Parts> {
    parts(place, config, false)
}

/// Opens the store for `init`.
pub(super) fn make(place: &Place, config: &Config) -> anyhow::Result<Parts> {
    parts(place, config, true)
}

/// Everything, open.
pub(super) struct Opened {
    pub(super) app: Arc<App>,
    pub(super) engine: Arc<SledEngine>,
    /// The operator's secret, without prefix.
    pub(super) secret: String,
}

impl Parts {
    /// Puts the parts together, if the keys fit the issuer.
    pub(super) async fn into_app(self, configured_base: Option<&str>) -> anyhow::Result<Opened> {
        let issuer = match setup::ready(&self.store, &self.keyring, configured_base).await {
            Ok(issuer) => issuer,
            Err(error) => {
                self.engine.close().await;
                let hint = hint(&error, self.keyring.folder());
                return Err(
                    anyhow::Error::new(error).context(Hinted { message: "the service cannot start".to_owned(), hint })
                );
            }
        };
        let secret = caller::random_part(&OsRandom);
        let app = App {
            clock: Arc::new(SystemClock),
            ids: Arc::new(OsRandom),
            store: self.store,
            signer: Arc::new(self.keyring),
            door: self.door,
            judges: Judges::default(),
            post: self.post,
            urls: Urls::new(&issuer.base),
            painter: Painter::new(),
            operator: Some(caller::hash(&secret)),
            vc_api: None,
            caches: Caches::default(),
        };
        Ok(Opened { app: Arc::new(app), engine: self.engine, secret })
    }
}

impl Opened {
    /// Lets the W3C VC API answer; answers as whom it issues.
    pub(super) async fn switch_on(&mut self, vc_api: VcApiConfig) -> anyhow::Result<String> {
        let on = vc_api::switch_on(&self.app, vc_api).await?;
        let did = on.did.clone();
        Arc::get_mut(&mut self.app).context("the service runs already")?.vc_api = Some(on);
        Ok(did)
    }

    /// Closes the store; what was acknowledged is on disk already.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        drop(self.app);
        self.engine.close().await;
        Ok(())
    }
}

fn hint(error: &NotReady, keys: &Path) -> String {
    match error {
        NotReady::NoIssuer => "make an issuer with `assay init --program FILE`".to_owned(),
        NotReady::KeyMissing { kid } => {
            format!("put {kid}.pem back into {}; --keys names another folder", keys.display())
        }
        NotReady::OtherBase { stored, .. } => {
            format!("an issuer keeps its address: take `base` out of the settings, or set it to {stored}")
        }
        NotReady::Breakdown(_) => "the store could not be read; nothing was changed".to_owned(),
    }
}

/// Reads a file that a person named; `-` is standard input. At most `most` bytes.
pub(super) fn read_input(what: &Path, most: u64) -> anyhow::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    if what == Path::new("-") {
        std::io::stdin().lock().take(most + 1).read_to_end(&mut bytes).context("cannot read standard input")?;
    } else {
        let file = std::fs::File::open(what).with_context(|| format!("cannot read {}", what.display()))?;
        file.take(most + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read {}", what.display()))?;
    }
    if bytes.len() as u64 > most {
        bail!("{} is larger than {most} bytes", what.display());
    }
    Ok(bytes)
}
