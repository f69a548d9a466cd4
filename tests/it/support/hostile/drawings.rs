//! SVG that an XML parser has to end, and what is baked into it.

/// A name, and the bytes: at most `most` of them.
pub(super) fn all(most: usize) -> Vec<(&'static str, Vec<u8>)> {
    let room = most - 200;
    let svg = |inside: &str| around("", inside);
    let list = |bytes: usize, item: &dyn Fn(usize) -> String| {
        let mut text = String::new();
        for next in (0..).map(item) {
            if text.len() + next.len() > bytes {
                break;
            }
            text.push_str(&next);
        }
        text
    };
    let entities = "<!DOCTYPE svg [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\
                    <svg xmlns=\"http://www.w3.org/2000/svg\">&b;</svg>";
    let prefixes = list(room / 2, &|n| format!(" xmlns:r{n}='r{n}'"));
    let declared_again = list(room / 2, &|n| format!("<a xmlns:b='c{n}'/>"));
    let attributes = |count: usize| joined((0..count).map(|n| format!(" a{n:02}=''")));
    let raw = |text: String| svg(&format!("<![CDATA[{text}]]>"));
    let baked = |text: &str| {
        format!("<o:credential xmlns:o=\"https://purl.imsglobal.org/ob/v3p0\"><![CDATA[{text}]]></o:credential>")
    };
    let least = |bytes: usize, one: &str| bytes.min(room / one.len());
    vec![
        ("entities", entities.to_owned()),
        ("many elements", svg(&"<g/>".repeat(room / 4))),
        ("elements within elements", svg(&"<g>".repeat(room / 3))),
        ("elements within elements that declare", svg(&"<g xmlns='a'>".repeat(room / 13))),
        ("prefixes, and elements that declare", around(&prefixes, &declared_again)),
        ("elements that declare", svg(&declared_again)),
        ("attributes of one element", around(&list(room, &|n| format!(" a{n}=''")), "")),
        ("many comments", svg(&"<!---->".repeat(room / 7))),
        ("signs that open", raw("<".repeat(room))),
        ("signs that assign", raw("=".repeat(room))),
        // Beyond no bound, and as dear as can be.
        ("as many elements as are read", svg(&"<g> </g>".repeat(least(19_900, "<g> </g>")))),
        ("as many attributes as are read", {
            let one = format!("<g{}/>", attributes(63));
            svg(&one.repeat(least(1_580, &one)))
        }),
        ("as many prefixes as are read", {
            let declare = |from: usize| joined((from..from + 63).map(|n| format!(" xmlns:r{n:03}='r'")));
            let one = "<r000:g r000:a='' r000:b='' r000:c='' r000:d=''/>";
            let inside = one.repeat(least(19_000, one).saturating_sub(150));
            let nested =
                [63, 126, 189].iter().rev().fold(inside, |inside, from| format!("<g{}>{inside}</g>", declare(*from)));
            around(&declare(0), &nested)
        }),
        ("a text of references", svg(&"&amp;".repeat(room / 5))),
        ("an attribute of references", around(&format!(" a='{}'", "&#9;".repeat(room / 4 - 8)), "")),
        ("a text in pieces", {
            let piece = "<![CDATA[x\r]]>y";
            svg(&piece.repeat(least(19_900, piece)))
        }),
        ("credentials within credentials", {
            let open = "<o:credential xmlns:o='https://purl.imsglobal.org/ob/v3p0'>";
            svg(&format!("{}{}", open.repeat(250), "</o:credential>".repeat(250)))
        }),
        ("a long credential of brackets", svg(&baked(&"[".repeat(room.min(1 << 20) - 200)))),
    ]
    .into_iter()
    .map(|(name, text)| (name, text.into_bytes()))
    .collect()
}

fn around(attributes: &str, inside: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\"{attributes}>{inside}</svg>")
}

/// One text of all.
fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.fold(String::new(), |all, part| all + &part)
}
