//! Badges as others meet them: a scanner reads the symbol, sizes hold, text cannot break a picture, nobody's name is in it.

use std::sync::LazyLock;

use assay::program::Theme;
use assay::render::scan::read_qr;
use assay::render::{Face, FaceState, Logo, Painter, bake};
use chrono::NaiveDate;
use resvg::{tiny_skia, usvg};

static PAINTER: LazyLock<Painter> = LazyLock::new(Painter::new);

const THEMES: [Theme; 5] = [Theme::Bronze, Theme::Silver, Theme::Gold, Theme::Platinum, Theme::Slate];
const ADDRESS: &str = "HTTPS://BADGES.NORTHWIND.EXAMPLE/V/7K3QX9M2TR4HB6WD";

fn day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 11, 20).unwrap()
}

fn states() -> [FaceState; 5] {
    [
        FaceState::Plain,
        FaceState::Valid { until: Some(day(2027)) },
        FaceState::Expired { on: day(2027) },
        FaceState::Suspended { since: day(2027) },
        FaceState::Revoked { since: day(2027) },
    ]
}

fn face() -> Face<'static> {
    Face {
        certification: "Certified Integration Architect",
        level: Some("Gold"),
        theme: Theme::Gold,
        vendor: "Northwind Traders",
        logo: None,
        artwork: None,
        awarded: Some(day(2026)),
        until: Some(day(2027)),
        award: "7K3QX9M2TR4HB6WD".parse().ok(),
        qr: Some(ADDRESS),
        state: FaceState::Plain,
        test: false,
    }
}

fn pixels(png: &[u8]) -> image::RgbaImage {
    image::load_from_memory(png).unwrap().to_rgba8()
}

/// What a scanner reads from a picture that lies on this grey.
pub(crate) fn scan(png: &[u8], background: u8) -> Option<String> {
    let image = pixels(png);
    let grey = |x: usize, y: usize| {
        let [r, g, b, a] = image.get_pixel(u32::try_from(x).unwrap(), u32::try_from(y).unwrap()).0.map(u32::from);
        let over = |c: u32| (c * a + u32::from(background) * (255 - a)) / 255;
        u8::try_from((over(r) * 30 + over(g) * 59 + over(b) * 11) / 100).unwrap()
    };
    let (width, height) = (image.width() as usize, image.height() as usize);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    prepared.detect_grids().iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
}

#[track_caller]
fn scans(face: &Face) {
    let png = PAINTER.badge_png(face).unwrap();
    for background in [255, 0] {
        assert_eq!(scan(&png, background).as_deref(), face.qr, "{:?} {:?} on {background}", face.theme, face.state);
    }
}

#[test]
fn a_scanner_reads_the_address_from_the_drawn_badge() {
    for theme in THEMES {
        scans(&Face { theme, ..face() });
    }
    for state in states() {
        scans(&Face { state, ..face() });
    }
    for host in ["A.EU", "VERIFY.PARTNERS.A-RATHER-LONG-NAME-OF-A-HOLDING.EXAMPLE.COM/DEPARTMENT/BADGES/EU"] {
        let address = format!("HTTPS://{host}/V/7K3QX9M2TR4HB6WD");
        scans(&Face { qr: Some(&address), ..face() });
        scans(&Face { qr: Some(&address), test: true, theme: Theme::Slate, state: states()[1], ..face() });
    }
}

/// The picture lies on a desk, so much larger or smaller and a little out of proportion; stored as phones do.
fn photographed(png: &[u8], percent: u32) -> Vec<u8> {
    let badge = pixels(png);
    let mut desk = image::RgbaImage::from_pixel(1600, 1200, image::Rgba([148, 120, 96, 255]));
    let (wide, high) = (600 * percent / 100, 640 * percent / 100);
    let badge = image::imageops::resize(&badge, wide, high, image::imageops::FilterType::Triangle);
    image::imageops::overlay(&mut desk, &badge, 420, 180);
    let photo = image::imageops::blur(&image::DynamicImage::ImageRgba8(desk).to_rgb8(), 0.8);
    let mut bytes = Vec::new();
    photo.write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 70)).unwrap();
    bytes
}

#[test]
fn we_read_the_address_from_the_badge_and_from_a_photo_of_it() {
    for (theme, state) in THEMES.into_iter().zip(states()) {
        let png = PAINTER.badge_png(&Face { theme, state, ..face() }).unwrap();
        assert_eq!(read_qr(&png), Ok(vec![ADDRESS.to_owned()]), "{theme:?} {state:?}");
        for percent in [100, 150] {
            let photo = photographed(&png, percent);
            assert_eq!(read_qr(&photo), Ok(vec![ADDRESS.to_owned()]), "a photo of {theme:?} {state:?}");
        }
    }
    let card = PAINTER.card_png(&face(), "badges.northwind.example").unwrap();
    assert_eq!(read_qr(&card), Ok(vec![]), "the preview shows no symbol");
}

#[test]
fn pictures_have_their_size_and_stay_small() {
    for theme in THEMES {
        for state in states() {
            for award in [None, face().award] {
                let face = Face { theme, state, award, ..face() };
                let png = PAINTER.badge_png(&face).unwrap();
                assert_eq!(pixels(&png).dimensions(), (600, 600));
                assert!(png.len() < 100_000, "{theme:?} {state:?}: {} bytes of PNG", png.len());
                let svg = PAINTER.badge_svg(&face).unwrap();
                assert!(svg.len() < 120_000, "{theme:?} {state:?}: {} bytes of SVG", svg.len());
            }
        }
        let card = PAINTER.card_png(&Face { theme, ..face() }, "badges.northwind.example").unwrap();
        assert_eq!(pixels(&card).dimensions(), (1200, 630));
        assert!(card.len() < 150_000, "{theme:?}: {} bytes of card", card.len());
    }
    assert_eq!(pixels(&PAINTER.no_record_png().unwrap()).dimensions(), (600, 600));
}

#[test]
fn the_same_values_give_the_same_bytes_whatever_was_drawn_before() {
    let fresh = || {
        let painter = Painter::new();
        (
            painter.badge_png(&face()).unwrap(),
            painter.badge_svg(&face()).unwrap(),
            painter.card_png(&face(), "a.example").unwrap(),
        )
    };
    let first = fresh();
    let other =
        Face { award: "0000000000000001".parse().ok(), qr: Some("HTTPS://B.EXAMPLE/V/0000000000000001"), ..face() };
    let warm = Painter::new();
    assert_ne!(warm.badge_png(&other).unwrap(), first.0);
    assert_eq!(warm.badge_png(&face()).unwrap(), first.0);
    assert_eq!(fresh(), first);
}

#[test]
fn svg_and_png_show_the_same_picture() {
    for state in states() {
        let face = Face { state, ..face() };
        #[expect(clippy::disallowed_methods, reason = "a picture of ours")]
        let tree = usvg::Tree::from_str(&PAINTER.badge_svg(&face).unwrap(), &usvg::Options::default()).unwrap();
        let mut drawn = tiny_skia::Pixmap::new(600, 600).unwrap();
        resvg::render(&tree, tiny_skia::Transform::default(), &mut drawn.as_mut());
        let png = pixels(&PAINTER.badge_png(&face).unwrap());
        let off = |(a, b): (&u8, &u8)| u64::from(a.abs_diff(*b));
        let total: u64 = drawn.take_demultiplied().iter().zip(png.as_raw()).map(off).sum();
        let mean = total * 1000 / (600 * 600 * 4);
        assert!(mean < 3000, "{state:?}: pixels differ by {mean} thousandths");
    }
}

/// No text of others breaks a picture, and an SVG needs nothing from where it is shown.
#[track_caller]
fn check_text(text: &str) {
    let face = Face { certification: text, vendor: text, level: Some(text), ..face() };
    let svg = PAINTER.badge_svg(&face).unwrap();
    #[expect(clippy::disallowed_methods, reason = "a picture of ours")]
    let document = roxmltree::Document::parse(&svg).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let title = root.first_element_child().and_then(|t| t.text()).unwrap_or_default();
    assert!(title.starts_with("Badge: "), "{title}");
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(!matches!(node.tag_name().name(), "text" | "style" | "script" | "foreignObject"), "{text}");
        let href = node.attribute("href").unwrap_or("#");
        assert!(href.starts_with('#') || href.starts_with("data:image/"), "{href}");
    }
    assert!(svg.len() < 120_000, "{text}: {} bytes", svg.len());
    assert_eq!(scan(&PAINTER.badge_png(&face).unwrap(), 255).as_deref(), Some(ADDRESS), "{text}");
}

#[test]
fn no_text_breaks_a_badge() {
    for text in [
        "W".repeat(40),
        "i".repeat(40),
        "Donaudampfschifffahrtsgesellschaftskapitänsprüfung".into(),
        "認定クラウドインテグレーションアーキテクト".into(),
        "مهندس تكامل معتمد API 2026".into(),
        "สถาปนิกบูรณาการระบบที่ผ่านการรับรองขั้นสูง".into(),
        "Cloud Hero 🚀 👩‍👩‍👧‍👦".into(),
        "\"><script>alert('x')</script>&amp;]]>".into(),
        "\u{202E}desrever\u{0}\u{1B}[31m".into(),
        format!("z{}", "\u{0300}\u{0489}".repeat(3000)),
        String::new(),
    ] {
        check_text(&text);
    }
}

#[test]
fn those_who_hear_a_picture_get_everything_it_says() {
    let svg = PAINTER.badge_svg(&Face { state: states()[4], test: true, ..face() }).unwrap();
    for text in [
        "TEST badge: Certified Integration Architect, level Gold, issued by Northwind Traders",
        "Awarded 20 Nov 2026.",
        "Verification number 7K3Q-X9M2-TR4H-B6WD.",
        "Revoked since 20 Nov 2027.",
        "it attests nothing.",
    ] {
        assert!(svg.contains(text), "{text}");
    }
    assert!(PAINTER.no_record_svg().contains("<title id=\"t\">No public record</title>"));
}

#[test]
fn logos_and_artwork_are_drawn() {
    let red = br##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="#f00"/></svg>"##;
    let logo = Logo::parse(red).unwrap();
    let red_at = |face: &Face, y: u32| {
        let [r, g, b, _] = pixels(&PAINTER.badge_png(face).unwrap()).get_pixel(300, y).0;
        r > 220 && g < 40 && b < 40
    };
    assert!(!red_at(&face(), 124));
    assert!(red_at(&Face { logo: Some(&logo), ..face() }, 124));
    assert!(red_at(&Face { artwork: Some(&logo), ..face() }, 80));
    assert!(red_at(&Face { artwork: Some(&logo), award: None, ..face() }, 190));
    assert!(!red_at(&Face { logo: Some(&logo), state: states()[4], ..face() }, 110), "a revoked badge has no colours");
}

#[test]
fn a_drawn_badge_carries_a_credential_and_still_shows_itself() {
    let credential = r#"{"name":"Łódź ]]> 認定","proof":[]}"#;
    let png = PAINTER.badge_png(&face()).unwrap();
    let baked = bake::png(&png, credential).unwrap();
    assert_eq!(bake::unbake_png(&baked).unwrap().as_deref(), Some(credential));
    assert_eq!(pixels(&baked), pixels(&png));
    let svg = bake::svg(&PAINTER.badge_svg(&face()).unwrap(), credential).unwrap();
    assert_eq!(bake::unbake_svg(&svg).unwrap().as_deref(), Some(credential));
    #[expect(clippy::disallowed_methods, reason = "a picture of ours")]
    let read = usvg::Tree::from_str(&svg, &usvg::Options::default());
    assert!(read.is_ok());
}
