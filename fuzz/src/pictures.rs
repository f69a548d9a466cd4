//! Un-baking: out of any picture, and out of every picture that something was baked into.

use assay::render::bake;

/// PNG pictures. What is baked into a picture that can be read comes out again as it was.
pub fn unbake_png(data: &[u8]) {
    let (picture, credential) = split(data);
    let repaired = with_right_checksums(picture);
    for picture in [picture, &repaired] {
        let _ = bake::unbake_png(picture);
        if let Ok(baked) = bake::png(picture, &credential) {
            assert_eq!(bake::unbake_png(&baked), Ok(Some(credential.clone())));
        }
    }
}

/// SVG pictures, likewise. Blanks around a credential are no part of it.
pub fn unbake_svg(data: &[u8]) {
    let (picture, credential) = split(data);
    let Ok(picture) = std::str::from_utf8(picture) else { return };
    let _ = bake::unbake_svg(picture);
    if credential.trim().is_empty() {
        return;
    }
    if let Ok(baked) = bake::svg(picture, &credential) {
        assert_eq!(bake::unbake_svg(&baked), Ok(Some(credential.trim().to_owned())), "{baked}");
    }
}

/// A picture, and after the last separator what is baked into it.
fn split(data: &[u8]) -> (&[u8], String) {
    let separator = crate::SEPARATOR;
    match data.windows(separator.len()).rposition(|window| window == separator) {
        Some(at) => (&data[..at], String::from_utf8_lossy(&data[at + separator.len()..]).into_owned()),
        None => (data, "eyJhbGciOiJFZERTQSJ9.e30.AAAA".to_owned()),
    }
}

/// A mutation of a chunk never fits its checksum: that would be all that is ever tried.
pub(crate) fn with_right_checksums(picture: &[u8]) -> Vec<u8> {
    let mut repaired = picture.to_vec();
    let mut at = 8;
    while let Some(&[a, b, c, d]) = repaired.get(at..at + 4) {
        let end = at.saturating_add(8).saturating_add(u32::from_be_bytes([a, b, c, d]) as usize);
        let Some(body) = repaired.get(at + 4..end) else { break };
        let checksum = crc32fast::hash(body).to_be_bytes();
        let Some(place) = repaired.get_mut(end..end + 4) else { break };
        place.copy_from_slice(&checksum);
        at = end + 4;
    }
    repaired
}
