//! Every page from its samples: what it must have, what it must never have, what it weighs.

pub(crate) mod samples;

use std::fmt::Write as _;
use std::io::Write as _;

use super::*;
use crate::http::problem::{Code, Problem};
use crate::verification::Verdict;

/// Every page, by name.
fn pages() -> Vec<(String, String)> {
    let (site, program, award, qr) = (samples::site(), samples::program(), samples::award(), samples::qr());
    let mut all = all_of(&site, &program, &samples::report(Verdict::Valid, "Valid. Ana Lopes holds it."));
    for (name, report) in samples::reports() {
        let facts = samples::facts(&program, &award, &report, &qr);
        all.push((format!("award-{name}"), AwardPage::new(&site, &facts).render().unwrap()));
        let asked = crate::verification::Report { then: Some(samples::past()), ..report.clone() };
        let facts = samples::facts(&program, &award, &asked, &qr);
        all.push((format!("award-{name}-then"), AwardPage::new(&site, &facts).render().unwrap()));
        all.push((format!("report-{name}"), ReportPage::new(&site, &report).render().unwrap()));
    }
    all
}

/// One of each template.
fn all_of(
    site: &Site,
    program: &crate::program::Program,
    report: &crate::verification::Report,
) -> Vec<(String, String)> {
    let (award, keys, qr) = (samples::award(), samples::keys(), samples::qr());
    let today = "2026-11-20".parse().unwrap();
    let problem = Problem::new(Code::InvalidValue, &*program.name).hint(&*program.name).at("/score", &*program.name);
    let did = "did:web:badges.northwind.example";
    let facts = samples::facts(program, &award, report, &qr);
    [
        ("home", HomePage::new(site, program, today).render()),
        ("achievement", AchievementPage::new(site, program, &program.certifications[0], today).render()),
        ("achievement-expert", AchievementPage::new(site, program, &program.certifications[1], today).render()),
        ("issuer", IssuerPage::new(site, program, did, &keys).render()),
        ("verify", VerifyPage::new(site).render()),
        ("verify-nothing", VerifyPage::nothing_sent(site).render()),
        ("verify-number", VerifyPage::no_number(site, &program.name, "That is no number.").render()),
        ("error", ErrorPage::new(site, &problem.body()).render()),
        ("no-record", NoRecordPage::new(site).render()),
        ("award", AwardPage::new(site, &facts).render()),
        ("holder", holder_page(site, program, &award).render()),
        ("holder-none", HolderPage::new(site, &program.name, "mark").render()),
        ("holder-decline", DeclinePage::new(site, award.id, &program.name, "mark", true).render()),
        ("holder-appeal", appeal_page(site, program, &award).render()),
        ("holder-sign-in", SignInPage::new(site).no_address(&program.name).render()),
        ("holder-open", HolderSays::new(site, Said::Open("secret")).render()),
        ("holder-asked", HolderSays::new(site, Said::Asked).render()),
        ("holder-used", HolderSays::new(site, Said::Used("secret")).render()),
        ("holder-declined", HolderSays::new(site, Said::Declined(&program.name)).render()),
        ("unsubscribe", UnsubscribePage::asking(site, "secret").render()),
        ("unsubscribe-stopped", UnsubscribePage::stopped(site, "secret").render()),
        ("unsubscribe-unknown", UnsubscribePage::unknown(site).render()),
        ("report", ReportPage::new(site, report).render()),
        ("report-receipt", ReportPage::new(site, report).receipt(&program.name).render()),
    ]
    .map(|(name, html)| (name.to_owned(), html.unwrap()))
    .into()
}

fn holder_page<'a>(
    site: &'a Site,
    program: &'a crate::program::Program,
    award: &crate::rules::Award,
) -> HolderPage<'a> {
    let now = "2026-11-20T10:00:00Z".parse().unwrap();
    HolderPage::new(site, &program.name, "mark").award(award, program.certifications.first(), "gone", now)
}

fn appeal_page<'a>(
    site: &'a Site,
    program: &'a crate::program::Program,
    award: &crate::rules::Award,
) -> AppealPage<'a> {
    let page = AppealPage::new(site, award.id, &program.name, "mark");
    page.refused(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &program.name, &program.name)
}

#[test]
fn every_page_has_its_landmarks_and_one_heading_of_the_first_rank() {
    for (name, html) in pages() {
        for (part, times) in [
            ("<h1>", 1),
            ("<main id=\"main\"", 1),
            ("<header", 1),
            ("<footer", 1),
            ("<nav aria-label=", 1),
            ("<title>", 1),
            ("<html lang=\"en\">", 1),
            ("class=\"skip\" href=\"#main\"", 1),
            ("name=\"viewport\"", 1),
        ] {
            assert_eq!(html.matches(part).count(), times, "{name}: {part}");
        }
        let title = html.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        assert!(title.len() > 5 && !title.contains('\n'), "{name}: {title:?}");
    }
}

#[test]
fn ids_are_unique_and_what_is_named_by_id_exists() {
    for (name, html) in pages() {
        let ids = values_of(&html, " id=");
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), ids.len(), "{name}: {ids:?}");
        for attribute in [" for=", " aria-labelledby=", " aria-describedby="] {
            for id in values_of(&html, attribute) {
                assert!(ids.contains(&id), "{name}:{attribute}{id}");
            }
        }
        for anchor in values_of(&html, " href=").into_iter().filter_map(|h| h.strip_prefix('#')) {
            assert!(ids.contains(&anchor), "{name}: #{anchor}");
        }
    }
}

#[test]
fn nothing_is_loaded_from_elsewhere_and_one_page_runs_our_script() {
    for (name, html) in pages() {
        for source in values_of(&html, " src=") {
            assert!(source.starts_with('/') && !source.starts_with("//"), "{name} loads {source}");
        }
        for action in values_of(&html, " action=") {
            assert!(action.starts_with('/') && !action.starts_with("//"), "{name} sends to {action}");
        }
        for forbidden in [
            "url(",
            "@import",
            "<iframe",
            "<object",
            "<base",
            "srcset",
            " style=",
            "http-equiv",
            " onload=",
            " onclick=",
        ] {
            assert!(!html.contains(forbidden), "{name}: {forbidden}");
        }
        for script in html.split("<script").skip(1) {
            let own = name.starts_with("verify") && script.starts_with(" src=\"/verify.js\" defer></script>");
            assert!(own || script.starts_with(" type=\"application/ld+json\">"), "{name} runs {script:.40}");
        }
        for link in html.split("<link ").skip(1) {
            let loads_nothing = ["rel=\"canonical\"", "rel=\"alternate\""].iter().any(|rel| link.starts_with(rel));
            assert!(loads_nothing, "{name}: {link:.40}");
        }
    }
}

#[test]
fn hostile_texts_stay_texts() {
    let (site, program, report) = samples::hostile();
    for (name, html) in all_of(&site, &program, &report) {
        assert!(!html.contains("<script>"), "{name}");
        assert!(!html.contains("<img src=x"), "{name}");
        assert!(!html.contains("javascript:"), "{name}");
        assert!(!html.contains(['\u{202e}', '\u{0}']), "{name}");
        assert_eq!(html.matches("<h1>").count(), 1, "{name}");
        for data in html.split("<script type=\"application/ld+json\">").skip(1) {
            let json = data.split("</script>").next().unwrap();
            assert!(serde_json::from_str::<serde_json::Value>(json).is_ok(), "{name}: {json}");
        }
    }
}

#[test]
fn no_page_has_two_style_sheets_or_another_one_than_the_policy_allows() {
    for (name, html) in pages() {
        let style = html.split("<style>").nth(1).and_then(|s| s.split("</style>").next());
        assert_eq!((html.matches("<style").count(), style), (1, Some(STYLE)), "{name}");
    }
    assert!(!STYLE.contains('<'));
}

#[test]
fn pages_travel_in_one_round() {
    let mut report = String::new();
    for (name, html) in pages() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
        gzip.write_all(html.as_bytes()).unwrap();
        let length = gzip.finish().unwrap().len();
        writeln!(report, "{name}: {} bytes, {length} compressed", html.len()).unwrap();
        assert!(length < 14_000, "{report}");
    }
}

#[test]
fn an_award_says_its_state_before_anything_else_and_history_names_no_reason_unless_allowed() {
    let (site, mut program, mut award, qr) = (samples::site(), samples::program(), samples::award(), samples::qr());
    let (_, report) = samples::reports().swap_remove(4);
    award.history.push(crate::rules::HistoryEntry {
        what: crate::rules::Happening::Revoked { reason: crate::rules::Reason::HolderRequest },
        valid_at: "2026-11-19T23:30:00Z".parse().unwrap(),
        recorded_at: "2026-11-19T23:30:00Z".parse().unwrap(),
        program: 1,
        cause: crate::rules::Cause::Verb,
    });
    let html = AwardPage::new(&site, &samples::facts(&program, &award, &report, &qr)).render().unwrap();
    let main = html.split("<main").nth(1).unwrap();
    assert!(main.find("No longer valid since").unwrap() < main.find("Certified Sales Associate").unwrap());
    // 23:30 UTC is the next day in Berlin.
    assert!(
        main.contains("<b>Revoked</b> <time datetime=\"2026-11-20\">20 November 2026</time>, at the holder’s request")
    );
    assert!(!main.contains("linkedin.com"), "what is not valid is not shared");
    program.privacy.reasons = false;
    let html = AwardPage::new(&site, &samples::facts(&program, &award, &report, &qr)).render().unwrap();
    assert!(!html.contains("holder’s request") && html.contains("<b>Revoked</b>"));
}

#[test]
fn what_was_true_stands_below_what_is_and_changes_nothing_else() {
    let (site, program, award, qr) = (samples::site(), samples::program(), samples::award(), samples::qr());
    let page = |report: &crate::verification::Report| {
        AwardPage::new(&site, &samples::facts(&program, &award, report, &qr)).render().unwrap()
    };
    for (name, mut report) in samples::reports() {
        let today = page(&report);
        report.then = Some(samples::past());
        let asked = page(&report);
        let (before, rest) = asked.split_once("<section class=\"past\"").unwrap();
        let (past, after) = rest.split_once("</section>").unwrap();
        assert!(past.contains("On 1 March 2026 it was valid, as recorded by then."), "{name}");
        assert!(!past.contains("band") && !past.contains("#i-good"), "{name}: the past is neutral");
        assert_eq!(format!("{before}{after}"), today, "{name}");
    }
}

#[test]
fn structured_data_says_nothing_of_the_holder() {
    for (name, html) in pages().into_iter().filter(|(name, _)| name.starts_with("award")) {
        let data = html.split("ld+json\">").nth(1).unwrap().split("</script>").next().unwrap();
        assert!(!data.contains("Ana"), "{name}");
        let head = html.split("</head>").next().unwrap();
        assert!(!head.contains("Ana Lopes"), "{name}");
        assert!(head.contains("<meta name=\"robots\" content=\"noindex\">"), "{name}");
        let active = html.contains("CertificationActive");
        assert_eq!(active, ["award", "award-valid", "award-test"].contains(&name.trim_end_matches("-then")), "{name}");
    }
}

#[test]
fn a_stranger_is_shown_as_proven_only_when_it_is() {
    let site = samples::site();
    let shown = |name: &str| {
        let (_, report) = samples::reports().into_iter().find(|(n, _)| *n == name).unwrap();
        ReportPage::new(&site, &report).render().unwrap()
    };
    let valid = shown("valid");
    let at = |part: &str| valid.find(part).unwrap_or_else(|| panic!("{part}"));
    assert!(at("Proven identity: Domain") < at("class=\"who\">badges.northwind.example</p>"));
    assert!(at("badges.northwind.example</p>") < at("Calls itself"), "what is proven stands before what is claimed");
    let broken = shown("invalid");
    assert!(broken.contains("Identity, not proven") && !broken.contains("This service issues for"));
    assert!(broken.contains("Who is said to have signed it") && !broken.contains("class=\"signer\""));
}

#[test]
fn a_receipt_is_downloaded_from_the_page_itself() {
    let (site, report) = (samples::site(), samples::report(Verdict::Valid, "Valid."));
    let without = ReportPage::new(&site, &report).render().unwrap();
    assert!(!without.contains(" download="));
    let with = ReportPage::new(&site, &report).receipt("eyJh.eyJi.c2ln").render().unwrap();
    // RFC 4648 of these letters, by `base64`.
    let link = "<a download=\"receipt.jws\" href=\"data:application/jose;base64,ZXlKaC5leUppLmMybG4=\">";
    assert!(with.contains(link), "{with}");
}

#[test]
fn the_script_says_nothing_of_its_own_and_writes_no_markup() {
    // What people read is in the page, in its language; what a stranger wrote goes into fields and texts only.
    for forbidden in
        ["innerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "http://", "https://", "fetch("]
    {
        assert!(!VERIFY_SCRIPT.contains(forbidden), "{forbidden}");
    }
    let page = VerifyPage::new(&samples::site()).render().unwrap();
    for data in VERIFY_SCRIPT.split("form.dataset.").skip(1) {
        let name: String = data.chars().take_while(char::is_ascii_alphabetic).collect();
        let attribute: String = name
            .chars()
            .map(|c| if c.is_ascii_uppercase() { format!("-{}", c.to_ascii_lowercase()) } else { c.to_string() })
            .collect();
        assert!(page.contains(&format!(" data-{attribute}=\"")), "the page has no words for {name}");
    }
}

#[track_caller]
fn check(page: impl IntoResponse, status: u16, cache: &str, indexed: bool) {
    check_for(Audience::Page, page, status, cache, indexed);
}

#[track_caller]
fn check_for(audience: Audience, page: impl IntoResponse, status: u16, cache: &str, indexed: bool) {
    let response = page.into_response();
    let header = |name: &str| response.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
    assert_eq!(response.status().as_u16(), status);
    assert_eq!(header("cache-control").as_deref(), Some(cache));
    assert_eq!(header("content-type").as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(header("x-robots-tag").is_none(), indexed);
    assert_eq!(header("etag").is_some(), cache != "no-store");
    assert_eq!(header("content-security-policy").as_deref(), Some(audience.policy()));
    assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"));
    assert_eq!(header("referrer-policy").as_deref(), Some("no-referrer"));
}

#[test]
fn each_page_has_its_status_and_policy() {
    let (site, program, award, qr) = (samples::site(), samples::program(), samples::award(), samples::qr());
    let report = samples::report(Verdict::Revoked, "No longer valid since 1 March 2026.");
    let facts = samples::facts(&program, &award, &report, &qr);
    check(AwardPage::new(&site, &facts), 200, "no-cache", false);
    check(ReportPage::new(&site, &report), 200, "no-store", false);
    check(NoRecordPage::new(&site), 404, "no-store", false);
    check(HomePage::new(&site, &program, "2026-11-20".parse().unwrap()), 200, "no-cache", true);
    check(
        AchievementPage::new(&site, &program, &program.certifications[0], "2026-11-20".parse().unwrap()),
        200,
        "no-cache",
        true,
    );
    check(IssuerPage::new(&site, &program, "did:key:z6Mk", &samples::keys()), 200, "no-cache", true);
    check_for(Audience::Form, VerifyPage::new(&site), 200, "no-cache", true);
    check_for(Audience::Form, VerifyPage::nothing_sent(&site), 422, "no-store", false);
    let problem = Problem::new(Code::NotFound, "").body();
    check(ErrorPage::new(&site, &problem), 404, "no-store", false);
}

#[test]
fn the_catalogue_is_ordered_by_level_and_marks_what_is_closed() {
    let (site, mut program) = (samples::site(), samples::program());
    let today = "2026-11-20".parse().unwrap();
    program.certifications[3].closes = Some("2026-11-19".parse().unwrap());
    let html = HomePage::new(&site, &program, today).render().unwrap();
    let at = |name: &str| html.find(&format!(">{name}</a>"));
    assert!(at("Certified Sales Associate") < at("Certified Sales Professional"));
    assert!(at("Certified Sales Professional") < at("Certified Sales Expert"));
    let marked = html.find("No longer offered since 20 November 2026");
    assert!(marked > at("Certified Technical Associate") && marked.is_some());
    let page = AchievementPage::new(&site, &program, &program.certifications[3], today).render().unwrap();
    assert!(page.contains("No longer offered since 20 November 2026; what is held runs out."));
    program.certifications[3].closes = Some(today);
    assert!(!HomePage::new(&site, &program, today).render().unwrap().contains("No longer offered"));
    let page = AchievementPage::new(&site, &program, &program.certifications[3], today).render().unwrap();
    assert!(page.contains("Closes on 20 November 2026."));
}

/// Writes every page as a file, to be looked at, when `ASSAY_PAGES` names a folder.
#[test]
#[expect(clippy::disallowed_methods, reason = "asked for by a person who wants to look")]
fn pages_can_be_written_out() {
    let Some(folder) = std::env::var_os("ASSAY_PAGES").map(std::path::PathBuf::from) else { return };
    std::fs::create_dir_all(&folder).unwrap();
    for (name, html) in pages() {
        std::fs::write(folder.join(name).with_extension("html"), html).unwrap();
    }
}

/// Values of an attribute in double quotes; texts are escaped, so a quote ends the value.
fn values_of<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!("{attribute}\"");
    html.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}
