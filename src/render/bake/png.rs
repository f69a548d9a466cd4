//! PNG: one uncompressed `iTXt` chunk with the keyword `openbadgecredential`; read also as Open Badges 2.0 and 1.x wrote it.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use super::{BakeError, MAX_CREDENTIAL, MAX_PICTURE};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const KEYWORD: &[u8] = b"openbadgecredential";
const EARLIER: &[u8] = b"openbadges";
const MAX_CHUNKS: usize = 20_000;

/// Puts a credential into a PNG, directly after its header; one that is there already gives way.
pub fn png(picture: &[u8], credential: &str) -> Result<Vec<u8>, BakeError> {
    if credential.len() > MAX_CREDENTIAL {
        return Err(BakeError::CredentialTooLong);
    }
    let mut out = Vec::with_capacity(picture.len() + credential.len() + 64);
    out.extend_from_slice(SIGNATURE);
    for (index, chunk) in chunks(picture)?.into_iter().enumerate() {
        if !(is_text(&chunk) && keyword(chunk.data) == KEYWORD) {
            out.extend_from_slice(chunk.whole);
        }
        if index == 0 {
            push_text(&mut out, credential);
        }
    }
    Ok(out)
}

/// The credential in a PNG, or the assertion of an earlier generation (JSON, a JWS, or only its address); `None` when it
/// carries neither.
pub fn unbake_png(picture: &[u8]) -> Result<Option<String>, BakeError> {
    let chunks = chunks(picture)?;
    let with =
        |wanted: &[u8]| -> Vec<&Chunk> { chunks.iter().filter(|c| is_text(c) && keyword(c.data) == wanted).collect() };
    match (with(KEYWORD).as_slice(), with(EARLIER).as_slice()) {
        ([], []) => Ok(None),
        ([one], _) if one.kind != b"iTXt" => {
            Err(BakeError::MalformedText { at: one.at, why: "a credential belongs into an iTXt chunk" })
        }
        ([one], _) | ([], [one]) => text(one).map(Some),
        ([], several) | (several, _) => Err(BakeError::SeveralCredentials { count: several.len() }),
    }
}

struct Chunk<'p> {
    at: usize,
    kind: &'p [u8],
    data: &'p [u8],
    /// Length, kind, data and checksum.
    whole: &'p [u8],
}

/// All chunks up to `IEND`, each with the right checksum; what follows `IEND` is not part of the picture.
fn chunks(picture: &[u8]) -> Result<Vec<Chunk<'_>>, BakeError> {
    if picture.len() > MAX_PICTURE {
        return Err(BakeError::PictureTooLarge { bytes: picture.len(), most: MAX_PICTURE });
    }
    if !picture.starts_with(SIGNATURE) {
        return Err(BakeError::NotPng);
    }
    let mut found = Vec::new();
    let mut at = SIGNATURE.len();
    loop {
        if found.len() == MAX_CHUNKS {
            return Err(BakeError::TooManyChunks { most: MAX_CHUNKS });
        }
        let chunk = chunk(picture, at)?;
        if found.is_empty() && chunk.kind != b"IHDR" {
            return Err(BakeError::NoHeader);
        }
        at += chunk.whole.len();
        let last = chunk.kind == b"IEND";
        found.push(chunk);
        if last {
            return Ok(found);
        }
    }
}

fn chunk(picture: &[u8], at: usize) -> Result<Chunk<'_>, BakeError> {
    let truncated = BakeError::Truncated { at };
    let rest = picture.get(at..).unwrap_or_default();
    let Some((length, _)) = rest.split_first_chunk::<4>() else { return Err(truncated) };
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    let Some(whole) = length.checked_add(12).and_then(|n| rest.get(..n)) else { return Err(truncated) };
    let Some((body, checksum)) = whole[4..].split_last_chunk::<4>() else { return Err(truncated) };
    let (kind, data) = body.split_at(4);
    if crc32fast::hash(body) != u32::from_be_bytes(*checksum) {
        return Err(BakeError::WrongChecksum { chunk: kind.escape_ascii().to_string(), at });
    }
    Ok(Chunk { at, kind, data, whole })
}

fn is_text(chunk: &Chunk) -> bool {
    matches!(chunk.kind, b"iTXt" | b"tEXt" | b"zTXt")
}

fn keyword(data: &[u8]) -> &[u8] {
    data.split(|&b| b == 0).next().unwrap_or_default()
}

/// The text of a text chunk. Writers of `iTXt` must not compress it; some did, so it is read within bounds.
fn text(chunk: &Chunk) -> Result<String, BakeError> {
    let malformed = |why| BakeError::MalformedText { at: chunk.at, why };
    let rest = chunk.data.get(keyword(chunk.data).len() + 1..).ok_or(malformed("it ends after the keyword"))?;
    let (flag, method, content) = match chunk.kind {
        b"tEXt" => (0, 0, rest),
        b"zTXt" => {
            let (method, content) = rest.split_first().ok_or(malformed("it ends before its compression method"))?;
            (1, *method, content)
        }
        _ => {
            let &[flag, method, ref rest @ ..] = rest else {
                return Err(malformed("it ends before its compression method"));
            };
            let mut fields = rest.splitn(3, |&b| b == 0);
            let (_language, _translated) = (fields.next(), fields.next());
            (flag, method, fields.next().ok_or(malformed("it ends before its text"))?)
        }
    };
    let bytes = match (flag, method) {
        (0, _) if content.len() > MAX_CREDENTIAL => return Err(BakeError::CredentialTooLong),
        (0, _) => content.to_vec(),
        (1, 0) => inflate(content).ok_or(malformed("its compressed text is broken"))?,
        _ => return Err(malformed("its compression is unknown")),
    };
    if bytes.len() > MAX_CREDENTIAL {
        return Err(BakeError::CredentialTooLong);
    }
    String::from_utf8(bytes).map_err(|_| malformed("its text is not UTF-8"))
}

/// Reads one byte more than is allowed, so that the caller sees that it was too long.
fn inflate(content: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    ZlibDecoder::new(content).take(MAX_CREDENTIAL as u64 + 1).read_to_end(&mut out).ok()?;
    Some(out)
}

fn push_text(out: &mut Vec<u8>, credential: &str) {
    let mut body = Vec::with_capacity(4 + KEYWORD.len() + 5 + credential.len());
    body.extend_from_slice(b"iTXt");
    body.extend_from_slice(KEYWORD);
    // End of keyword, compression flag, compression method, empty language tag, empty translated keyword.
    body.extend_from_slice(&[0, 0, 0, 0, 0]);
    body.extend_from_slice(credential.as_bytes());
    let length = u32::try_from(body.len() - 4).expect("a credential has at most a mebibyte");
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&body);
    out.extend_from_slice(&crc32fast::hash(&body).to_be_bytes());
}
