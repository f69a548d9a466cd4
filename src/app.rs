//! The parts, put together once.

mod aside;
mod judges;
mod troubles;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, RwLock};

use chrono::{DateTime, Utc};

pub use self::aside::{Aside, SetAside};
pub use self::troubles::Troubles;

use crate::clock::Clock;
use crate::fetch::Door;
use crate::id::{IdSource, Realm, WebhookId};
use crate::keyring::Signer;
use crate::mail::{MemoryPost, Post};
use crate::program::{Certification, Program};
use crate::render::{Logo, Painter};
use crate::store::{Place, ProgramRecord, Store, Version};
use crate::urls::Urls;
use crate::verification::TrustList;
use crate::words::mails::OwnTexts;

pub use self::judges::{Judges, Unjudged};

/// What every use case is given. Cheap to share; holds nothing of a single request.
pub struct App {
    /// The only reader of time.
    pub clock: Arc<dyn Clock>,
    /// The only source of randomness.
    pub ids: Arc<dyn IdSource>,
    /// What is remembered.
    pub store: Store,
    /// What signs.
    pub signer: Arc<dyn Signer>,
    /// The way to the outside.
    pub door: Door,
    /// Where what strangers send is judged.
    pub judges: Judges,
    /// What takes mail out of the house.
    pub post: Arc<dyn Post>,
    /// Every address.
    pub urls: Urls,
    /// Fonts and designs, read once.
    pub painter: Painter,
    /// SHA-256 of the operator's secret: opens everything, written to `serve.json`, gone with the process.
    pub operator: Option<String>,
    /// The W3C VC API, if it is on.
    pub vc_api: Option<VcApi>,
    /// What can be lost without harm.
    pub caches: Caches,
}

/// The W3C VC API, switched on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VcApi {
    /// As whom it issues test credentials: a `did:key` that has nothing to do with the issuer.
    pub did: String,
    /// The multibase public key of that DID.
    pub key: String,
    /// HTTP 400 for what does not verify, instead of 200.
    pub refuse_invalid: bool,
}

impl App {
    /// The same parts over another store, at another time. What was parsed is taken along; what is given away is not, and
    /// no mail leaves.
    #[must_use]
    pub fn over(&self, store: Store, clock: Arc<dyn Clock>, signer: Arc<dyn Signer>) -> App {
        let programs = self.caches.programs.read().expect("no panic while the programs are held").clone();
        App {
            clock,
            ids: self.ids.clone(),
            store,
            signer,
            urls: self.urls.clone(),
            painter: Painter::new(),
            operator: None,
            door: self.door.clone(),
            judges: self.judges.clone(),
            post: Arc::new(MemoryPost::default()),
            vc_api: None,
            caches: Caches { programs: RwLock::new(programs), ..Caches::default() },
        }
    }
}

/// Derived from the store and checked against it, never truth. Its locks are held for a moment and never while anything is
/// awaited: a request that is not polled for a while keeps nobody waiting.
#[derive(Default)]
pub struct Caches {
    /// Versions of the program, parsed: few, and never changed.
    pub programs: RwLock<HashMap<u32, Arc<InForce>>>,
    /// Blocks of status list indices, by realm.
    pub leases: Mutex<HashMap<Realm, Vec<Lease>>>,
    /// Signed status lists, by name.
    pub lists: Mutex<HashMap<String, SignedList>>,
    /// Drawn pictures, by what they show.
    pub pictures: RwLock<Pictures>,
    /// Whom the operator relies on, and the list's mark when it was read.
    pub trust: RwLock<Option<(Version, Arc<TrustList>)>>,
    /// How many callers wait for events.
    pub waiting: AtomicUsize,
    /// What this process knows of its work for webhooks.
    pub webhooks: Mutex<WebhookWork>,
    /// What this process said of being there.
    pub presence: Mutex<Presence>,
    /// What workers could not do.
    pub aside: Aside,
    /// The service was asked to stop.
    pub stopping: AtomicBool,
    /// What went wrong and was told.
    pub troubles: Troubles,
}

/// This process among those that work on the store.
#[derive(Debug, Clone, Default)]
pub struct Presence {
    /// Its random name, once it has one.
    pub name: String,
    /// Until when others know that it is there.
    pub until: Option<DateTime<Utc>>,
    /// What it works on at this moment.
    pub hands: HashSet<String>,
}

/// What need not be looked up again.
#[derive(Default)]
pub struct WebhookWork {
    /// How far the feed holds nothing for a webhook, by what it is beyond.
    pub nothing: HashMap<WebhookId, (Place, Place)>,
    /// When old attempts were last forgotten.
    pub swept_at: Option<DateTime<Utc>>,
}

/// One version of the program, parsed, with its logo.
pub struct InForce {
    /// As stored.
    pub record: ProgramRecord,
    /// As parsed.
    pub program: Program,
    /// The pictures it names.
    pub files: BTreeMap<String, Logo>,
    /// The vendor's own texts of mails.
    pub texts: OwnTexts,
}

impl InForce {
    /// The issuer's logo.
    pub fn logo(&self) -> Option<&Logo> {
        self.program.issuer.logo.as_ref().and_then(|name| self.files.get(name))
    }

    /// Own artwork of a certification.
    pub fn artwork(&self, certification: &Certification) -> Option<&Logo> {
        certification.image.as_ref().and_then(|name| self.files.get(name))
    }
}

/// A block of status list indices that this process may give away.
#[derive(Debug, Clone)]
pub struct Lease {
    /// Number of the list.
    pub list: u32,
    /// Key of its permutation.
    pub permutation: [u8; 16],
    /// Next counter value.
    pub next: u32,
    /// First counter value that is not ours.
    pub end: u32,
}

/// A status list credential as last signed.
#[derive(Debug, Clone)]
pub struct SignedList {
    /// The signed bytes.
    pub text: Arc<str>,
    /// The list's mark when it was signed.
    pub mark: u64,
    /// When it was signed.
    pub signed_at: chrono::DateTime<chrono::Utc>,
    /// Who signed it.
    pub key: String,
}

/// Drawn pictures, bounded by number: emptied when full, since every one can be drawn again.
#[derive(Default)]
pub struct Pictures(HashMap<String, Arc<[u8]>>);

impl Pictures {
    const MOST: usize = 2_000;

    /// The picture drawn before, if any.
    pub fn get(&self, what: &str) -> Option<Arc<[u8]>> {
        self.0.get(what).cloned()
    }

    /// Keeps a picture.
    pub fn put(&mut self, what: String, picture: Arc<[u8]>) {
        if self.0.len() >= Self::MOST {
            self.0.clear();
        }
        self.0.insert(what, picture);
    }
}
