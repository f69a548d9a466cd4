//! Names of all kinds, of people and of certifications, in every style in which a program lets them be seen.

use std::sync::Arc;

use assay::store::engine::memory::MemoryEngine;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use super::gallery::{GOOD, Gallery};
use crate::support::app::{PROGRAM, TestApp};

/// As an LMS may report them.
const NAMES: [&str; 20] = [
    "Zo\u{eb} \u{141}ukasiewicz",
    "\u{674e}\u{5c0f}\u{9f99}",
    "\u{645}\u{62d}\u{645}\u{62f} \u{628}\u{646} \u{639}\u{644}\u{64a}",
    "Ana \u{1f98a} Lopes \u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466} \u{1f1f5}\u{1f1f9}",
    "Jose\u{301} Nu\u{303}ez",
    "Z\u{335}\u{322}a\u{336}\u{489}l\u{327}g\u{301}o\u{302}\u{30c}",
    "Nguy\u{1ec5}n Th\u{1ecb} Ph\u{1b0}\u{1a1}ng",
    "\u{5d3}\u{5d5}\u{5d3} \u{5db}\u{5d4}\u{5df} (David)",
    "\u{939}\u{930}\u{93f} \u{915}\u{941}\u{92e}\u{93e}\u{930}",
    "Se\u{e1}n O'Neil \"the \\ backslash\" McD\\\\",
    "<b>&amp; \u{2018}Bobby\u{2019}</b> {{7*7}} ${x} %41",
    "No\u{a0}Break Zero\u{200b}Width \u{feff}Mark",
    "Line\u{2028}Separator \u{2029} Paragraph",
    "\u{200f}Mark\u{200e} of direction",
    "@type",
    "_:b0",
    "urn:uuid:00000000-0000-4000-8000-000000000001",
    "https://purl.imsglobal.org/spec/vc/ob/vocab.html#name",
    "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi",
    "\u{10ffff}\u{fffd}\u{e000} \u{1d573}\u{1d58a}",
];

/// Each name as a person's, in full and as initials; then as the vendor's own texts.
pub(super) async fn hang(gallery: &mut Gallery, base: &str) {
    for style in ["full", "initials"] {
        let program = PROGRAM.replacen("name = \"full\" ", &format!("name = \"{style}\" "), 1);
        let app = TestApp::with(Arc::new(MemoryEngine::new()), &program, base).await;
        for (n, name) in NAMES.iter().enumerate() {
            let person = json!({ "name": name, "email": format!("Person.{n}+{style}@partner.example") });
            let award = app.certify(&person).await;
            let title = format!("{style} {name:?}");
            let credential = gallery.hang(&app, &title, &award, GOOD).await;
            if style == "full" {
                let written: String = name.nfc().collect();
                assert_eq!(credential["credentialSubject"]["identifier"][0]["identityHash"], written, "{name:?}");
            }
        }
    }
    let app = TestApp::with(Arc::new(MemoryEngine::new()), &in_other_words(), base).await;
    let person = json!({ "name": "Zo\u{eb}", "email": "zo\u{eb}@b\u{fc}cher.example" });
    let award = app.certify(&person).await;
    gallery.hang(&app, "other words", &award, GOOD).await;
}

/// The starter program with texts that a parser could stumble over.
fn in_other_words() -> String {
    let set = |text: &str, from: &str, to: &Value| {
        let written = text.replacen(&format!("= \"{from}\""), &format!("= {to}"), 1);
        assert_ne!(written, text, "{from}");
        written
    };
    let other = [
        ("Northwind Traders", "N\u{f6}rdwind \u{201e}H\u{e4}ndler\u{201c} & S\u{f6}hne \\ \"GmbH\""),
        ("Certified Sales Associate", "\u{8a8d}\u{5b9a} Verk\u{e4}ufer \\ \"A\" \u{1f3c5} e\u{301}"),
        ("Can position and sell the Northwind Suite.", "One\n\nTwo \u{2028} three\n- \"four\" \\ five"),
        ("Complete Sales 101 and pass the online exam with 70 % or more.", "<script>alert('1')</script>\n\n> \u{645}"),
        ("Associate", "\u{41f}\u{43e}\u{43c}\u{43e}\u{449}\u{43d}\u{438}\u{43a}"),
    ];
    other.iter().fold(PROGRAM.to_owned(), |text, (from, to)| set(&text, from, &json!(to)))
}
