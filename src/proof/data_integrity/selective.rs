//! ecdsa-sd-2023: a derived proof, in which a holder shows some statements of what an issuer signed (vc-di-ecdsa).
//!
//! The issuer signed, with its own key, the hash of the mandatory statements and a public key made for this one proof;
//! with that key, each other statement. Blank nodes bear labels that no reader can guess from what is left out.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::Outcome;
use super::cbor::Reader;
use crate::linked_data::Limits;
use crate::proof::{KeyKind, PublicKey};

/// The suite of which a proof says nothing about what was left out.
pub const SELECTIVE: &str = "ecdsa-sd-2023";

/// The most signatures over single statements that are checked on one document, all its proofs together.
pub const MAX_STATEMENT_SIGNATURES: usize = 1_024;
pub(super) const TOO_MANY_SIGNATURES: &str = "more than 1024 statements are signed";

/// The most blank nodes that are named.
const MAX_LABELS: usize = 1_024;
/// The longest text worth decoding: as many signatures, labels and mandatory statements as there may be.
const MAX_TEXT: usize = 256 << 10;

const DERIVED: [u8; 3] = [0xd9, 0x5d, 0x01];
const BASE: [u8; 3] = [0xd9, 0x5d, 0x00];

/// The value of a derived proof.
#[derive(Debug)]
pub(super) struct Derived {
    base_signature: [u8; 64],
    /// Of this one proof: as a Multikey, which is how it was signed, and read.
    multikey: [u8; 35],
    key: PublicKey,
    signatures: Vec<[u8; 64]>,
    /// By the number of the canonical label (7 for `c14n7`).
    labels: BTreeMap<u32, String>,
    mandatory: BTreeSet<usize>,
}

impl Derived {
    /// Reads a `proofValue`; the text says what is wrong with it.
    pub(super) fn read(value: &str) -> Result<Derived, String> {
        let text = value.strip_prefix('u').ok_or("proofValue does not begin with u")?;
        if text.len() > MAX_TEXT {
            return Err(format!("proofValue has more than {MAX_TEXT} characters"));
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| "proofValue is not base64url without padding")?;
        if bytes.starts_with(&BASE) {
            return Err("it is a base proof, meant for the holder alone; a derived one must be shown".to_owned());
        }
        let components = bytes.strip_prefix(&DERIVED).ok_or("proofValue is not that of a derived proof")?;
        components_of(components)
    }

    /// How many statements are signed one by one.
    pub(super) fn signatures(&self) -> usize {
        self.signatures.len()
    }

    /// The label of a blank node, by the number of its canonical one.
    pub(super) fn label(&self, number: u32) -> Option<&str> {
        self.labels.get(&number).map(String::as_str)
    }

    /// Checks all signatures over the disclosed statements, which bear the labels of this proof and are sorted by them.
    pub(super) fn check(&self, statements: &str, options_hash: &[u8], issuer: &PublicKey) -> Outcome {
        let lines: Vec<&str> = statements.split_inclusive('\n').collect();
        if let Some(beyond) = self.mandatory.iter().find(|&&index| index >= lines.len()) {
            return Outcome::Malformed(format!("statement {beyond} is mandatory, and there are {}", lines.len()));
        }
        let single = lines.len() - self.mandatory.len();
        if single != self.signatures.len() {
            let found = self.signatures.len();
            return Outcome::Malformed(format!("{single} statements are to be signed one by one, {found} are"));
        }
        let mut mandatory = Sha256::new();
        let mut signatures = self.signatures.iter();
        let mut signed = [options_hash, &self.multikey].concat();
        let mut singles = Vec::with_capacity(single);
        for (index, line) in lines.iter().enumerate() {
            if self.mandatory.contains(&index) {
                mandatory.update(line);
            } else {
                singles.extend(signatures.next().map(|signature| (line, signature)));
            }
        }
        signed.extend_from_slice(&mandatory.finalize());
        let fits = issuer.verify(&signed, &self.base_signature)
            && singles.into_iter().all(|(line, signature)| self.key.verify(line.as_bytes(), signature));
        if fits { Outcome::Fits } else { Outcome::DoesNotFit }
    }
}

/// The five components: base signature, public key, signatures, labels, indexes of mandatory statements.
fn components_of(bytes: &[u8]) -> Result<Derived, String> {
    let mut reader = Reader::new(bytes);
    let count = list(&mut reader, "proofValue", 5)?;
    if count != 5 {
        return Err(format!("proofValue has {count} components, not 5"));
    }
    let base_signature = exactly(&mut reader, "base signature")?;
    let multikey: [u8; 35] = exactly(&mut reader, "public key")?;
    let key = PublicKey::from_multikey(&multikey).map_err(|error| error.to_string())?;
    if key.kind() != KeyKind::P256 {
        return Err("the public key inside of proofValue is not of P-256".to_owned());
    }
    let count = list(&mut reader, "the list of signatures", MAX_STATEMENT_SIGNATURES + 1)?;
    if count > MAX_STATEMENT_SIGNATURES {
        return Err(TOO_MANY_SIGNATURES.to_owned());
    }
    let signatures = (0..count).map(|_| exactly(&mut reader, "signature")).collect::<Result<_, _>>()?;
    let labels = labels(&mut reader)?;
    let mut mandatory = BTreeSet::new();
    for _ in 0..list(&mut reader, "the list of mandatory statements", Limits::DEFAULT.quads)? {
        let index = reader
            .number()
            .and_then(|index| usize::try_from(index).ok())
            .ok_or("a mandatory statement is not a number")?;
        if !mandatory.insert(index) {
            return Err(format!("statement {index} is mandatory twice"));
        }
    }
    if !reader.is_at_end() {
        return Err("proofValue goes on after its end".to_owned());
    }
    Ok(Derived { base_signature, multikey, key, signatures, labels, mandatory })
}

/// Two blank nodes with one label would say of one thing what was said of another.
fn labels(reader: &mut Reader<'_>) -> Result<BTreeMap<u32, String>, String> {
    let count = reader.map().ok_or("the map of labels is not one of a known length")?;
    if count > MAX_LABELS as u64 {
        return Err(format!("more than {MAX_LABELS} blank nodes are named"));
    }
    let mut labels = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for _ in 0..count {
        let number = reader
            .number()
            .and_then(|number| u32::try_from(number).ok())
            .ok_or("a blank node is not named by a number")?;
        let label: [u8; 32] = exactly(reader, "label")?;
        let text = format!("u{}", URL_SAFE_NO_PAD.encode(label));
        if !seen.insert(label) || labels.insert(number, text).is_some() {
            return Err("two blank nodes have one label, or one has two".to_owned());
        }
    }
    Ok(labels)
}

/// The length of an array, within a bound.
fn list(reader: &mut Reader<'_>, what: &str, most: usize) -> Result<usize, String> {
    let count = reader.array().ok_or_else(|| format!("{what} is not an array of a known length"))?;
    usize::try_from(count)
        .ok()
        .filter(|&count| count <= most)
        .ok_or_else(|| format!("{what} has more than {most} items"))
}

fn exactly<const N: usize>(reader: &mut Reader<'_>, what: &str) -> Result<[u8; N], String> {
    let bytes = reader.bytes().ok_or_else(|| format!("the {what} is not a whole string of bytes"))?;
    bytes.try_into().map_err(|_| format!("the {what} has {} bytes, not {N}", bytes.len()))
}
