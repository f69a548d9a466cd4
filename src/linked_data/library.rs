//! The contexts that are known, and what has been made of them so far.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use serde_json::Value;

use super::context::{Context, Local};

/// How many ready-made contexts are kept; beyond, they are made anew.
const KEPT: usize = 1_024;

/// Active context, local context, propagates, overrides protected terms.
pub(super) type Key = (u64, u64, bool, bool);
pub(super) type Memo = HashMap<Key, Arc<Context>>;

/// A context document that is compiled in.
#[derive(Debug, Clone, Copy)]
pub struct Document {
    /// The address it answers.
    pub url: &'static str,
    /// SHA-256 of `text`, in hex.
    pub sha256: &'static str,
    /// The document as it is.
    pub text: &'static str,
}

/// A set of context documents, each processed once; nothing is ever fetched.
#[derive(Debug)]
pub struct Library {
    documents: HashMap<Box<str>, Arc<Local>>,
    initial: Arc<Context>,
    memo: RwLock<Arc<Memo>>,
}

impl Library {
    /// The compiled-in contexts.
    pub fn built_in() -> &'static Library {
        static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::with([]));
        &LIBRARY
    }

    /// The compiled-in contexts and others: documents by address; those without a `@context` are passed over.
    pub fn with(extra: impl IntoIterator<Item = (String, Value)>) -> Library {
        let own = DOCUMENTS.iter().map(|document| {
            (document.url.to_owned(), serde_json::from_str(document.text).expect("compiled-in contexts are JSON"))
        });
        let documents = own
            .chain(extra)
            .filter_map(|(url, mut document): (String, Value)| {
                let context = document.get_mut("@context")?.take();
                let address = Some(url.as_str().into());
                Some((url.into(), Arc::new(Local::new(context, true, address))))
            })
            .collect();
        Library { documents, initial: Arc::new(Context::initial(None)), memo: RwLock::default() }
    }

    /// The same contexts, for documents with a base IRI against which relative ones are resolved.
    #[must_use]
    pub fn at_base(&self, base: &str) -> Library {
        let initial = Arc::new(Context::initial(Some(base.into())));
        Library { documents: self.documents.clone(), initial, memo: RwLock::default() }
    }

    /// Whether a context address is answered.
    pub fn knows(&self, url: &str) -> bool {
        self.documents.contains_key(url)
    }

    /// The compiled-in documents.
    pub fn documents() -> &'static [Document] {
        DOCUMENTS
    }

    pub(super) fn initial(&self) -> Arc<Context> {
        self.initial.clone()
    }

    pub(super) fn document(&self, url: &str) -> Option<Arc<Local>> {
        self.documents.get(url).cloned()
    }

    pub(super) fn memo(&self) -> Arc<Memo> {
        self.memo.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps what consists of compiled-in documents only; starts afresh when that would become too much.
    pub(super) fn learn(&self, fresh: Memo) {
        let fresh = fresh.into_iter().filter(|(_, context)| context.shared);
        let mut memo = self.memo.write().unwrap_or_else(PoisonError::into_inner);
        let known = Arc::make_mut(&mut memo);
        for (key, context) in fresh {
            if known.len() >= KEPT {
                known.clear();
            }
            known.insert(key, context);
        }
    }

    /// How many ready-made contexts are kept at present.
    pub fn kept(&self) -> usize {
        self.memo().len()
    }
}

macro_rules! own {
    ($name:literal) => {
        include_str!(concat!("contexts/", $name, ".json"))
    };
}

const DOCUMENTS: &[Document] = &[
    Document {
        url: "https://www.w3.org/ns/credentials/v2",
        sha256: "8a9f494a89ecc51db093e90e84713e07e84d6d9204364a9b3c7868b21751236f",
        text: ssi_contexts::CREDENTIALS_V2,
    },
    Document {
        url: "https://www.w3.org/2018/credentials/v1",
        sha256: "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc",
        text: ssi_contexts::CREDENTIALS_V1,
    },
    Document {
        url: "https://www.w3.org/ns/credentials/examples/v2",
        sha256: "e6600df812cdc1872f20b42ab0c1cecac39755b7ed381e7f6a88dac7baab54d6",
        text: ssi_contexts::CREDENTIALS_EXAMPLES_V2,
    },
    Document {
        url: "https://www.w3.org/ns/credentials/undefined-terms/v2",
        sha256: "82dab514ba44eb18f5d1b0f638c5e140c6a556fbfb5089601bdc0fa5eb8b2581",
        text: own!("credentials-undefined-terms-v2"),
    },
    Document {
        url: "https://www.w3.org/ns/credentials/status/v1",
        sha256: "fd08cbf28ddd829ab2f1978c48f43ab07a112c1c90245a0cfac7ba721c65170c",
        text: own!("credentials-status-v1"),
    },
    Document {
        url: "https://w3id.org/vc/status-list/2021/v1",
        sha256: "6dd06a52bedb771e059c1083ba8ba7848dce22f6b4a8cfa0b98ba3fc188870e4",
        text: ssi_contexts::STATUS_LIST_2021_V1,
    },
    Document {
        url: "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
        sha256: "9f1c8f9f361ba2994b9b50701f41149919542c50c7b7455b2846d87959295d72",
        text: own!("ob-3.0.0"),
    },
    Document {
        url: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        sha256: "af095468326d3449160509b26ca71576e6321d13c85b0369cfe3b654c9a48fba",
        text: own!("ob-3.0.1"),
    },
    Document {
        url: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        sha256: "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53",
        text: own!("ob-3.0.2"),
    },
    Document {
        url: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        sha256: "602a94035961f6737a242826ff1eb8f5a961a13aeba6a48125db58ee325533ef",
        text: own!("ob-3.0.3"),
    },
    Document {
        url: "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        sha256: "2d013f981d1f4516081a6a04e55468ba2b071d4153b794f19a79715c45a89a5e",
        text: own!("ob-extensions"),
    },
    Document {
        url: "https://w3id.org/security/data-integrity/v1",
        sha256: "b5d829bd09aa7c42abc6efa0c8ed7635313b5487f37ccfce3ecd149ca9418554",
        text: ssi_contexts::W3ID_DATA_INTEGRITY_V1,
    },
    Document {
        url: "https://w3id.org/security/data-integrity/v2",
        sha256: "0f77743daf5b4e8fc067fc5ba5b21044283053aa717fc6b0219843bed3b00363",
        text: ssi_contexts::W3ID_DATA_INTEGRITY_V2,
    },
    Document {
        url: "https://w3id.org/security/multikey/v1",
        sha256: "c5f3806f8286920573221938917988a18a4cc5a09e968d29649613c7a1c2b1f6",
        text: own!("multikey-v1"),
    },
    Document {
        url: "https://w3id.org/security/suites/ed25519-2020/v1",
        sha256: "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588",
        text: ssi_contexts::W3ID_ED2020_V1,
    },
    Document {
        url: "https://w3id.org/security/suites/jws-2020/v1",
        sha256: "d648e05ddc6577827ca2bfd5e931f53e9ebc6e52a57a8da81df4ec8c46ffcd1e",
        text: ssi_contexts::W3ID_JWS2020_V1,
    },
    Document {
        url: "https://w3id.org/security/v1",
        sha256: "abaf97e107d1925503c433dcaf3ffd2831697cacc1ed2a293e1bc8030d5bcb47",
        text: ssi_contexts::SECURITY_V1,
    },
    Document {
        url: "https://w3id.org/security/v2",
        sha256: "611bd81151d5efe53ec9aed78f5a813e577287bc9451ee26d6879b1b8b46bc3b",
        text: ssi_contexts::SECURITY_V2,
    },
    Document {
        url: "https://www.w3.org/ns/did/v1",
        sha256: "4f3eae5568c9c5f036a082088f9e192019ee06faa78973c87ff91d5421b88dad",
        text: ssi_contexts::DID_V1,
    },
];
