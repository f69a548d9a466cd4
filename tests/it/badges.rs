//! Sample badges: one certification, one vendor, one seed key, and whatever a story wants to be different.

use assay::id::{AwardId, ListName, Realm};
use assay::issuance::{self, Claim, Credential, EvidenceItem, HashedEmail, Holder, ListClaim, Signer};
use assay::program::{Certification, Issuer, NameStyle, Renewal, Skill, Theme, duration::CalendarDuration};
use assay::proof::{PublicKey, did};
use assay::status_list::{Bitstring, MINIMUM_BITS};
use assay::urls::Urls;
use chrono::{DateTime, Utc};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::Value;

/// The number of the sample award.
pub(crate) const AWARD: &str = "7K3QX9M2TR4HB6WD";

/// A moment, as it is written.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("tests write sound dates")
}

/// A vendor with a key, and one certification.
pub(crate) struct Office {
    pub(crate) urls: Urls,
    pub(crate) issuer: Issuer,
    pub(crate) certification: Certification,
    pub(crate) did: String,
    key: SigningKey,
}

impl Office {
    /// An office under `did:key`: its badges can be checked without asking anybody.
    pub(crate) fn local() -> Office {
        Office::with_seed(7)
    }

    /// An office with another key.
    pub(crate) fn with_seed(seed: u8) -> Office {
        let key = SigningKey::from_bytes(&[seed; 32]);
        Office {
            urls: Urls::new("https://badges.example"),
            issuer: issuer(),
            certification: certification(),
            did: format!("did:key:{}", multibase(&key)),
            key,
        }
    }

    /// An office whose keys must be fetched.
    pub(crate) fn on_the_web() -> Office {
        Office { did: "did:web:badges.example".to_owned(), ..Office::local() }
    }

    /// An office that serves its keys and lists at an address of its own, without a name.
    pub(crate) fn at(base: &str) -> Office {
        Office { urls: Urls::new(base), did: format!("{base}/issuer"), ..Office::local() }
    }

    /// The document that lists its key.
    pub(crate) fn keys(&self) -> Value {
        let key = PublicKey::from_multibase(&self.kid()).expect("a sound key");
        did::document(&self.did, &[did::PublishedKey { key, revoked: None }])
    }

    /// The public key as text.
    pub(crate) fn kid(&self) -> String {
        multibase(&self.key)
    }

    /// Signs any 64 bytes.
    pub(crate) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.key.sign(bytes).to_bytes()
    }

    /// The sample claim, changed as a story wants it, prepared.
    pub(crate) fn prepare(&self, change: impl FnOnce(&mut Claim<'_>)) -> Result<issuance::Draft, issuance::Lints> {
        let kid = self.kid();
        let mut claim = Claim {
            urls: &self.urls,
            signer: Signer { did: &self.did, key: &kid, issuer: &self.issuer },
            certification: &self.certification,
            level: Some("Foundation"),
            award: AWARD.parse::<AwardId>().expect("a sound number"),
            valid_from: at("2026-05-04T09:30:00Z"),
            valid_until: Some(at("2028-05-03T21:59:59Z")),
            awarded_at: at("2026-05-04T09:30:00Z"),
            previous_valid_from: None,
            holder: Holder {
                subject: "urn:uuid:00000000-0000-4000-8000-000000000001",
                name: "Ana Lopes",
                style: NameStyle::Full,
                email: Some(HashedEmail { address: "ana@partner.example", salt: [9; 16] }),
            },
            score: None,
            evidence: &[],
            list: ListName { realm: Realm::Live, number: 1 },
            index: 42,
            test: false,
        };
        change(&mut claim);
        issuance::prepare(&claim)
    }

    /// The same, signed.
    pub(crate) fn issue(&self, change: impl FnOnce(&mut Claim<'_>)) -> Credential {
        let draft = self.prepare(change).expect("the sample claim is sound");
        let signature = self.sign(draft.bytes_to_sign());
        draft.attach(&signature)
    }

    /// The status list with these bits set, signed at `signed_at`.
    pub(crate) fn status_list(&self, set: &[usize], signed_at: &str) -> Value {
        self.status_list_of(MINIMUM_BITS, set, signed_at)
    }

    /// The same with a length of its own.
    pub(crate) fn status_list_of(&self, length: usize, set: &[usize], signed_at: &str) -> Value {
        let mut bits = Bitstring::new(length);
        for index in set {
            bits.set(*index).expect("within the list");
        }
        let kid = self.kid();
        let draft = issuance::prepare_status_list(&ListClaim {
            urls: &self.urls,
            signer: Signer { did: &self.did, key: &kid, issuer: &self.issuer },
            list: ListName { realm: Realm::Live, number: 1 },
            bits: &bits,
            signed_at: at(signed_at),
        })
        .expect("a list of ours is sound");
        let signature = self.sign(draft.bytes_to_sign());
        draft.attach(&signature).value().clone()
    }
}

/// Two pieces of evidence.
pub(crate) const EVIDENCE: [EvidenceItem<'static>; 2] = [
    EvidenceItem { name: "Demonstration", url: "https://partner.example/demo" },
    EvidenceItem { name: "R\u{e9}sum\u{e9} of the project", url: "https://partner.example/project?id=1" },
];

fn multibase(key: &SigningKey) -> String {
    let bytes = [&[0xed, 0x01], key.verifying_key().as_bytes().as_slice()].concat();
    format!("z{}", bs58::encode(bytes).into_string())
}

fn issuer() -> Issuer {
    Issuer {
        name: "Northwind".to_owned(),
        url: "https://northwind.example".to_owned(),
        email: "certification@northwind.example".to_owned(),
        logo: Some("northwind.svg".to_owned()),
        linkedin_organization_id: None,
        privacy_url: None,
        report_url: "mailto:certification@northwind.example".to_owned(),
    }
}

fn certification() -> Certification {
    Certification {
        id: "sales-associate".parse().expect("a sound id"),
        track: "sales".parse().expect("a sound id"),
        level: Some("foundation".parse().expect("a sound id")),
        areas: Vec::new(),
        name: "Certified Sales Associate".to_owned(),
        description: "Can position and sell the Northwind suite.".to_owned(),
        criteria: "Complete Sales 101 and pass the online exam with 70 % or more.".to_owned(),
        theme: Theme::Bronze,
        validity: Some(CalendarDuration::months(24)),
        expires_on: Vec::new(),
        image: None,
        skills: vec![Skill {
            name: "Value selling".to_owned(),
            url: "https://northwind.example/skills/value-selling".to_owned(),
        }],
        prerequisites: Vec::new(),
        renews: Vec::new(),
        any_of: Vec::new(),
        unlocks: Vec::new(),
        approval: 0,
        fee: None,
        content_review: None,
        opens: None,
        closes: None,
        blueprint: None,
        requirements: Vec::new(),
        renewal: Renewal {
            window: CalendarDuration::days(90),
            any_of: Vec::new(),
            late_any_of: Vec::new(),
            require: Vec::new(),
            grace: CalendarDuration::days(30),
            rights_in_grace: false,
            streamlined: CalendarDuration::days(90),
            remind: Vec::new(),
            notify: Vec::new(),
        },
        upkeep: Vec::new(),
    }
}
