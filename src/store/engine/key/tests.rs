//! Keys keep order, keep parts apart and keep quiet.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check_printed(parts: &[&str], starts: &str, secret: &str) {
    for printed in [Key::new(parts).to_string(), format!("{:?}", Key::new(parts))] {
        assert!(printed.contains(starts), "{printed}");
        assert!(secret.is_empty() || !printed.contains(secret), "{printed}");
    }
}

#[test]
fn a_printed_key_shows_its_kind_and_no_address() {
    check_printed(&["email", "ada@example.org"], "email/#", "ada");
    check_printed(&["test", "email", "ada@example.org"], "test/email/#", "ada");
    check_printed(&["p", "01j"], "p/#", "01j");
    check_printed(&["meta"], "meta/", "#");
    assert_ne!(Key::new(&["p", "1"]).to_string(), Key::new(&["p", "2"]).to_string());
}

#[test]
fn a_printed_range_shows_no_address() {
    let printed = format!("{:?}", KeyRange::under(&Key::new(&["email", "ada@example.org"])));
    assert!(!printed.contains("ada"), "{printed}");
}

#[test]
fn foreign_text_is_encoded_and_numbers_have_a_width() {
    let key = Key::new(&["ext", "hr/eu", "Zoë%"]).text("a b").number(7, 4).position(Position(255));
    assert_eq!(key.as_bytes(), b"ext/hr%2Feu/Zo%C3%AB%25/a%20b/0007/00000000000000ff");
    assert_eq!(key.parts(), ["ext", "hr/eu", "Zoë%", "a b", "0007", "00000000000000ff"]);
    assert_eq!(Key::in_realm(Realm::Test, &["p", "x"]).as_bytes(), b"test/p/x");
    assert_eq!(Key::in_realm(Realm::Live, &["p", "x"]).as_bytes(), b"p/x");
}

#[test]
fn a_range_holds_what_lies_under_its_parent_only() {
    let under = KeyRange::under(&Key::new(&["c", "ab"]));
    for (parts, inside) in
        [(&["c", "ab", "1"][..], true), (&["c", "ab"], false), (&["c", "abc", "1"], false), (&["c", "aa", "1"], false)]
    {
        assert_eq!(under.contains(&Key::new(parts)), inside, "{parts:?}");
    }
    assert!(KeyRange::starting(&Key::new(&["c", "a"])).contains(&Key::new(&["c", "ab", "1"])));
    assert!(!KeyRange::starting(&Key::new(&["c", "a"])).contains(&Key::new(&["c", "b"])));
    assert!(KeyRange::all().contains(&Key::new(&["~~~"])));
}

proptest! {
    #[test]
    fn parts_come_back_as_they_went_in(parts in prop::collection::vec(".{0,20}", 1..5)) {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        prop_assert_eq!(Key::new(&parts).parts(), parts);
    }

    #[test]
    fn numbers_of_one_width_sort_as_numbers(a in 0u64..1_000_000, b in 0u64..1_000_000) {
        let key = |n| Key::new(&["n"]).number(n, 6);
        prop_assert_eq!(key(a).cmp(&key(b)), a.cmp(&b));
    }
}
