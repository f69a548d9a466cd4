//! Drawing: a badge of a certification drawn before, of a new one, its SVG, the card, baking.
//! `cargo bench --bench pictures`

use std::hint::black_box;

use assay::program::Theme;
use assay::render::{Face, FaceState, Painter, bake};
use chrono::NaiveDate;
use criterion::{Criterion, criterion_group, criterion_main};

fn pictures(criterion: &mut Criterion) {
    let day = NaiveDate::from_ymd_opt(2026, 11, 20);
    let face = Face {
        certification: "Certified Integration Architect",
        level: Some("Gold"),
        theme: Theme::Gold,
        vendor: "Northwind Traders",
        logo: None,
        artwork: None,
        awarded: day,
        until: day,
        award: "7K3QX9M2TR4HB6WD".parse().ok(),
        qr: Some("HTTPS://BADGES.NORTHWIND.EXAMPLE/V/7K3QX9M2TR4HB6WD"),
        state: FaceState::Plain,
        test: false,
    };
    let painter = Painter::new();
    let picture = painter.badge_png(&face).expect("a badge can be drawn");
    let credential = "x".repeat(4000);
    criterion
        .bench_function("badge_png, certification seen before", |b| b.iter(|| painter.badge_png(black_box(&face))));
    let mut n = 0u32;
    criterion.bench_function("badge_png, first of its certification", |b| {
        b.iter(|| {
            n += 1;
            let name = format!("Certified Integration Architect {n}");
            painter.badge_png(&Face { certification: &name, ..face })
        });
    });
    criterion.bench_function("badge_svg", |b| b.iter(|| painter.badge_svg(black_box(&face))));
    criterion.bench_function("card_png", |b| b.iter(|| painter.card_png(black_box(&face), "badges.northwind.example")));
    criterion.bench_function("bake::png", |b| b.iter(|| bake::png(black_box(&picture), &credential)));
    criterion.bench_function("bake::unbake_png", |b| b.iter(|| bake::unbake_png(black_box(&picture))));
}

criterion_group!(benches, pictures);
criterion_main!(benches);
