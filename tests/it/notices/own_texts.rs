//! A vendor's own texts: said instead of ours, and refused by name when they cannot be.

use std::sync::Arc;

use assay::clock::FixedClock;
use assay::id::CountedIds;
use assay::keyring::SeedKey;
use assay::program::Assets;
use assay::service::setup::{self, Setup};
use assay::store::Store;
use assay::store::engine::memory::MemoryEngine;

use super::desk::{letters, only};
use crate::support::app::{BASE, NOW, PROGRAM, TestApp, ana};

fn assets(texts: &[(&str, &str)]) -> Assets {
    let logo = include_bytes!("../../../templates/programs/northwind.svg").to_vec();
    let texts = texts.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
    texts.chain([("northwind.svg".to_owned(), logo)]).collect()
}

#[tokio::test]
async fn own_words_are_said_in_our_frame_and_own_html_as_it_is() {
    let text = "Subject: Bravo {name}\n\n# Well done\n\nYou hold {certification} until {until}.\n\n{grace_until} is not said.\n";
    let own = [
        ("texts/mails/en/award.txt", text),
        ("texts/mails/en/suspended.html", "<html><body>{name} & <a href=\"{link}\">{certification}</a></body></html>"),
    ];
    let service = TestApp::with_assets(PROGRAM, &assets(&own)).await;
    let award = service.certify(&serde_json::json!({ "name": "Ana <Lopes>", "email": "ana@partner.example" })).await;
    let letter = only(letters(&service).await);
    assert_eq!(letter.subject, "Bravo Ana <Lopes>");
    assert!(letter.text.contains("You hold Certified Sales Associate until 20 November 2027."), "{}", letter.text);
    assert!(letter.html.contains("Well done") && letter.html.contains("/h/"), "{}", letter.html);
    service.act(&award, "suspend", &serde_json::json!({ "reason": "other" })).await.expect(200);
    let letter = only(letters(&service).await);
    assert!(letter.html.starts_with("<html><body>Ana &lt;Lopes&gt; & <a href=\"https://"), "{}", letter.html);
    assert!(letter.text.contains("has suspended your"), "{}", letter.text);
    let _ = ana;
}

#[tokio::test]
async fn a_text_with_a_fault_is_refused_when_the_program_is_taken_in() {
    let (clock, ids) = (FixedClock::at(NOW.parse().unwrap()), CountedIds::default());
    let store = Store::new(Arc::new(MemoryEngine::new()));
    let assets = assets(&[("texts/mails/en/award.txt", "Subject: {nmae}\n\nHello")]);
    let setup = Setup { text: PROGRAM, assets: &assets, base: BASE };
    let error = setup::init(&store, &SeedKey::new(&[7; 32]), &clock, &ids, setup).await.unwrap_err().to_string();
    assert!(error.starts_with("the text \"texts/mails/en/award.txt\" has the unknown placeholder {nmae}"), "{error}");
}
