//! Texts that are hard to fit.

use super::*;

const STEPS: &[Step] = &[
    Step { lines: 1, size: 40.0 },
    Step { lines: 2, size: 34.0 },
    Step { lines: 3, size: 28.0 },
    Step { lines: 3, size: 22.0 },
];
const WIDTH: f32 = 380.0;

/// The lines as text, without shaping.
fn lines(text: &str) -> Vec<String> {
    let fonts = Fonts::new();
    let setting = Setting::new(&fonts, text, Weight::Bold);
    [&setting.words, &setting.letters]
        .into_iter()
        .flat_map(|p| STEPS.iter().map(move |s| (p, s)))
        .find_map(|(p, s)| wrap(p, WIDTH / s.size, s.lines))
        .unwrap_or_default()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(lines(text), expected, "{text}");
}

#[test]
fn lines_end_between_words_and_are_even() {
    check("Sales Associate", &["Sales Associate"]);
    check("Certified Integration Architect", &["Certified Integration", "Architect"]);
    check(
        "Senior Solution Consultant for Payments and Subscriptions",
        &["Senior Solution", "Consultant for Payments", "and Subscriptions"],
    );
}

#[test]
fn ideographs_break_anywhere_but_before_closing_marks() {
    check(
        "認定クラウドインテグレーションアーキテクト、上級。",
        &["認定クラウドインテグレー", "ションアーキテクト、上級。"],
    );
}

#[test]
fn a_word_too_long_is_hyphenated() {
    check("Donaudampfschifffahrtsgesellschaftskapitän", &["Donaudampfschifffahr-", "tsgesellschaftskapitän"]);
}

#[test]
fn nothing_is_ever_wider_than_its_place() {
    let fonts = Fonts::new();
    let words = ["W", "i", "م", "พ", "漢", "क्ष", "👩‍👩‍👧‍👦", "Äh ", "-", " "];
    for word in words {
        for count in [1, 2, 7, 40, 240, 4000] {
            let text = clean(&word.repeat(count));
            let block = fit(&fonts, &text, Weight::Bold, WIDTH, STEPS);
            assert!(block.lines.len() <= 3, "{word} x {count}");
            for line in &block.lines {
                assert!(line.width * block.size <= WIDTH + 0.01, "{word} x {count}: {}", line.width * block.size);
            }
        }
    }
}

#[test]
fn what_does_not_fit_ends_in_an_ellipsis() {
    let fonts = Fonts::new();
    for text in ["wort ".repeat(40), "W".repeat(200), "漢".repeat(200)] {
        let setting = Setting::new(&fonts, &text, Weight::Bold);
        assert!(STEPS.iter().all(|s| wrap(&setting.letters, WIDTH / s.size, s.lines).is_none()));
        let block = setting.cut(&text, WIDTH, STEPS[3]);
        assert_eq!(block.lines.len(), 3);
        let widest = block.lines.iter().map(|l| l.width * block.size).fold(0.0, f32::max);
        assert!((WIDTH * 0.75..=WIDTH + 0.01).contains(&widest), "{widest}");
    }
}

#[test]
fn harmful_characters_are_dropped() {
    for (dirty, expected) in [
        ("  a \t\n b\u{0}\u{7}c  ", "a bc"),
        ("evil\u{202E}gnp.exe", "evilgnp.exe"),
        ("\u{2066}x\u{2069}", "x"),
        ("e\u{301}", "é"),
        ("\u{FEFF}a\u{FFFF}", "a"),
        ("", ""),
    ] {
        assert_eq!(clean(dirty), expected, "{dirty:?}");
    }
    assert!(clean(&format!("a{}", "\u{300}".repeat(5000))).chars().count() <= 12);
    assert!(clean(&"x".repeat(1_000_000)).len() <= 240);
}
