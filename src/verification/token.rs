//! [`Secured`]: a credential together with what secures it: proofs within, or a signature around it (VC-JWT).

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::presented::Malformed;
use crate::clock;
use crate::linked_data::json;
use crate::openbadges::CONTEXT_VC1;
use crate::openbadges::reading::{self, many};
use crate::proof::jose::{self, Jws};

/// A credential as it can be read, and what secures it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Secured {
    /// The credential or presentation; of a token, without the claims about the token.
    pub(super) document: Value,
    /// The token it came in; none: its proofs are members of it.
    pub(super) token: Option<Token>,
}

/// A compact JWS around a credential, in either profile: 1EdTech's (claims repeat the credential) or that of VC-JOSE-COSE.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) jws: Jws,
    /// The claims about the token: `iss`, `sub`, `jti`, `nbf`, `exp`, `iat`, `aud`.
    pub(super) claims: Map<String, Value>,
}

/// Claims that speak of the token, not of the credential in it.
const CLAIMS: [&str; 9] = ["iss", "sub", "jti", "nbf", "exp", "iat", "aud", "cnf", "nonce"];

impl Secured {
    /// A credential with its proofs within.
    pub(super) fn embedded(document: Value) -> Self {
        Secured { document, token: None }
    }

    /// Takes a signed text apart. Nothing is verified yet.
    pub(super) fn token(text: &str) -> Result<Self, Malformed> {
        let jws = jose::parse(text).map_err(|e| Malformed::BrokenToken(e.to_string()))?;
        if let Some(other) = jws.typ().filter(|typ| !is_credential(typ)) {
            let other: String = other.chars().take(40).collect();
            return Err(Malformed::BrokenToken(format!("it is of the type {other}, which is none of a credential")));
        }
        let payload = json::parse(jws.payload()).map_err(|e| Malformed::BrokenJson(e.to_string()))?;
        let Value::Object(payload) = payload else { return Err(Malformed::NotAnObject) };
        let (claims, mut rest): (Map<_, _>, Map<_, _>) =
            payload.into_iter().partition(|(name, _)| CLAIMS.contains(&name.as_str()));
        let document = match (rest.shift_remove("vc"), rest.shift_remove("vp")) {
            (None, None) => Value::Object(rest),
            (Some(mut vc @ Value::Object(_)), None) if !rest.contains_key("@context") => {
                fill_in(&mut vc, &claims);
                vc
            }
            (None, Some(mut vp @ Value::Object(_))) if !rest.contains_key("@context") => {
                fill_in_of_presentation(&mut vp, &claims);
                vp
            }
            _ => return Err(Malformed::BrokenToken("its claim vc or vp does not stand alone".to_owned())),
        };
        Ok(Secured { document, token: Some(Token { jws, claims }) })
    }
}

/// Whether a `typ` is one that credentials, presentations and assertions come with: what was signed to be something else
/// must not pass for one (RFC 8725 §3.11).
fn is_credential(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    let short = typ.strip_prefix("application/").unwrap_or(&typ);
    // It was named anew with nearly every draft of VC-JOSE-COSE.
    let of_drafts = ["vc+ld+jwt", "vp+ld+jwt", "vc-ld+jwt", "vc+ld+json+jwt", "vp+ld+json+jwt"];
    ["jwt", "jws", "jose", "vc+jwt", "vp+jwt"].contains(&short) || of_drafts.contains(&short)
}

/// In the profile of VC 1.1 (§6.3.1), what a claim says need not be said in the presentation again.
fn fill_in_of_presentation(presentation: &mut Value, claims: &Map<String, Value>) {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    fill(presentation, [("id", text("jti")), ("holder", text("iss"))]);
}

/// The same of a credential.
fn fill_in(credential: &mut Value, claims: &Map<String, Value>) {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let date = |name: &str| claims.get(name).and_then(numeric_date).map(clock::rfc3339);
    let is_first = many(credential, "@context").first().and_then(Value::as_str) == Some(CONTEXT_VC1);
    let (from, until) = if is_first { ("issuanceDate", "expirationDate") } else { ("validFrom", "validUntil") };
    let given = [
        ("id", text("jti").map(str::to_owned)),
        ("issuer", text("iss").map(str::to_owned)),
        (from, date("nbf")),
        (until, date("exp")),
    ];
    fill(credential, given);
    if let (Some(sub), Some(Value::Object(subject))) = (text("sub"), credential.get_mut("credentialSubject"))
        && !subject.contains_key("id")
    {
        subject.insert("id".to_owned(), Value::String(sub.to_owned()));
    }
}

/// Members that are not there, if there is a value for them.
fn fill<const N: usize>(document: &mut Value, given: [(&str, Option<String>); N]) {
    for (member, value) in given {
        if let Some(value) = value
            && document.get(member).is_none()
        {
            document[member] = Value::String(value);
        }
    }
}

impl Token {
    /// The claims that say something else than the credential: the signature covers a contradiction.
    pub(super) fn contradictions(&self, document: &Value) -> Vec<&'static str> {
        let claim = |name: &str| self.claims.get(name);
        let text = |name: &str| claim(name).map(|value| value.as_str().unwrap_or_default());
        let differs = |claimed: Option<&str>, written: Option<&str>| match (claimed, written) {
            (Some(claimed), Some(written)) => claimed != written,
            _ => false,
        };
        let nothing = Value::Null;
        let subject = reading::first(document, "credentialSubject").unwrap_or(&nothing);
        let id = |object| reading::first(object, "id").and_then(Value::as_str);
        let date = |name: &str, members: &[&str]| {
            let written = reading::moment(document, members).and_then(reading::Moment::at);
            match (claim(name), written) {
                (Some(claimed), Some(written)) => {
                    numeric_date(claimed).map(|at| at.timestamp()) != Some(written.timestamp())
                }
                (Some(claimed), None) => numeric_date(claimed).is_none(),
                (None, _) => false,
            }
        };
        let found = [
            (differs(text("iss"), reading::id_of(document, "issuer")), "iss"),
            (differs(text("jti"), id(document)), "jti"),
            (differs(text("sub"), id(subject)), "sub"),
            (date("nbf", &["validFrom", "issuanceDate"]), "nbf"),
        ];
        found.into_iter().filter(|(found, _)| *found).map(|(_, name)| name).collect()
    }

    /// From when the signature is meant to be relied on; `Err` when that cannot be read.
    pub(super) fn begins(&self) -> Result<Option<DateTime<Utc>>, ()> {
        self.date("nbf")
    }

    /// Until when the signature is meant to be relied on; `Err` when that cannot be read.
    pub(super) fn expires(&self) -> Result<Option<DateTime<Utc>>, ()> {
        self.date("exp")
    }

    fn date(&self, claim: &str) -> Result<Option<DateTime<Utc>>, ()> {
        self.claims.get(claim).map(|value| numeric_date(value).ok_or(())).transpose()
    }
}

/// Whether a token that runs out then does so before the credential in it.
pub(super) fn ends_before(expires: DateTime<Utc>, document: &Value) -> bool {
    let until = reading::moment(document, &["validUntil", "expirationDate"]).and_then(reading::Moment::at);
    until.is_some_and(|until| expires.timestamp() < until.timestamp())
}

/// A NumericDate (RFC 7519 §2): seconds since 1970, possibly with a fraction.
fn numeric_date(value: &Value) -> Option<DateTime<Utc>> {
    let seconds = value.as_i64().or_else(|| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "cut to whole seconds; what is out of range becomes no date"
        )]
        let whole = value.as_f64()?.floor() as i64;
        Some(whole)
    })?;
    DateTime::from_timestamp(seconds, 0)
}
