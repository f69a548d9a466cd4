//! Every flavour of credential that the service issues, fetched from the router and judged by independent software:
//! `@digitalbazaar/vc`, jsonld.js and the published JSON schema.
//!
//! A [`gallery::Exhibit`] is a credential with what a stranger finds at its addresses at that moment, and what each judge
//! must say. All exhibits of one issuer are judged in one process.

mod badge;
mod earn;
mod foreign;
mod gallery;
mod keys;
mod lives;
mod people;

use crate::support::app::BASE;

use gallery::Gallery;

/// An http base with an address has no DNS name to hang a `did:web` on: the issuer is a `did:key`.
const LOCAL: &str = "http://127.0.0.1:8080";

/// Behind a proxy that takes the path away: the issuer is a `did:web` with port and path.
const OFFICE: &str = "https://shop.northwind.example:8443/office";

#[tokio::test]
async fn every_certification_and_setting_under_did_web_is_judged_as_it_should_be() {
    every_certification_and_setting(BASE, "did:web:badges.northwind.example").await;
}

#[tokio::test]
async fn every_certification_and_setting_under_did_key_is_judged_as_it_should_be() {
    every_certification_and_setting(LOCAL, "did:key:z6Mk").await;
}

#[tokio::test]
async fn every_turn_of_a_life_under_did_web_is_judged_as_it_should_be() {
    let mut gallery = Gallery::new("did:web:badges.northwind.example");
    lives::hang(&mut gallery, BASE).await;
    gallery.judge("lives under did:web");
}

#[tokio::test]
async fn every_turn_of_a_life_under_did_key_is_judged_as_it_should_be() {
    let mut gallery = Gallery::new("did:key:z6Mk");
    lives::hang(&mut gallery, LOCAL).await;
    gallery.judge("lives under did:key");
}

async fn every_certification_and_setting(base: &str, issuer: &'static str) {
    let mut gallery = Gallery::new(issuer);
    earn::hang(&mut gallery, base).await;
    people::hang(&mut gallery, base).await;
    gallery.judge(&format!("certifications, settings and names of {issuer}"));
}
