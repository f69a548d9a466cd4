//! A record that outgrows a document is written in pieces, so that nothing that is done to it ever fails for its size: an award
//! that was corrected hundreds of times is revoked like any other.
//!
//! The record's own key then holds how many pieces there are and the digest of the whole. They are written in one batch, and
//! whoever reads between two batches sees by the digest that the pieces are not of one, and reads again.

use std::io;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::engine::{EngineError, Key, MAX_DOCUMENT, Version, Versioned};
use super::read_set::{decode, encode};
use super::{Changes, ReadSet, Store, keys, sha256_hex};

/// Bytes of a piece.
const PIECE: usize = 48 * 1024;
/// How often pieces that are written anew meanwhile are read again.
const LOOKS: usize = 16;

/// What stands in place of a record that is in pieces.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct InPieces {
    pieces: u32,
    /// Of the whole, in hex.
    sha256: String,
}

impl InPieces {
    /// `None`: the document is the record itself.
    fn read(key: &Key, doc: &[u8]) -> Result<Option<Self>, EngineError> {
        if doc.starts_with(b"{\"pieces\":") { decode(key, doc).map(Some) } else { Ok(None) }
    }

    fn keys(&self, of: &Key) -> Vec<Key> {
        (0..self.pieces).map(|n| keys::piece(of, n)).collect()
    }
}

/// Pieces of a record of so many bytes; none: it is a document.
fn pieces(bytes: usize) -> u32 {
    if bytes <= MAX_DOCUMENT { 0 } else { u32::try_from(bytes.div_ceil(PIECE)).unwrap_or(u32::MAX) }
}

#[derive(Debug, thiserror::Error)]
#[error("its pieces do not make up the whole that was written")]
struct Torn;

impl Store {
    /// Reads a record that may be in pieces, and notes it in `reads`.
    pub(super) async fn read_whole<T: DeserializeOwned>(
        &self,
        key: Key,
        reads: &mut ReadSet,
    ) -> Result<Option<T>, EngineError> {
        Ok(self.read_all_whole(vec![key], reads).await?.pop().flatten())
    }

    /// The same for several of one kind.
    pub(super) async fn read_all_whole<T: DeserializeOwned>(
        &self,
        keys: Vec<Key>,
        reads: &mut ReadSet,
    ) -> Result<Vec<Option<T>>, EngineError> {
        let mut all = Vec::with_capacity(keys.len());
        for (key, found) in keys.iter().zip(self.engine.get(&keys).await?) {
            let whole = self.whole(key, found).await?;
            reads.note(key.clone(), whole.as_ref().map_or(Version::ABSENT, |whole| whole.version));
            all.push(whole.map(|whole| decode(key, &whole.doc)).transpose()?);
        }
        Ok(all)
    }

    /// The records of a page. One that was removed since is left out.
    pub(super) async fn whole_rows<T: DeserializeOwned>(
        &self,
        rows: Vec<(Key, Versioned)>,
    ) -> Result<Vec<T>, EngineError> {
        let mut all = Vec::with_capacity(rows.len());
        for (key, row) in rows {
            if let Some(whole) = self.whole(&key, Some(row)).await? {
                all.push(decode(&key, &whole.doc)?);
            }
        }
        Ok(all)
    }

    async fn whole(&self, key: &Key, mut found: Option<Versioned>) -> Result<Option<Versioned>, EngineError> {
        for _ in 0..LOOKS {
            let Some(row) = found else { return Ok(None) };
            let Some(cut) = InPieces::read(key, &row.doc)? else { return Ok(Some(row)) };
            let pieces = self.engine.get(&cut.keys(key)).await?;
            let whole: Vec<u8> = pieces.into_iter().flatten().flat_map(|piece| piece.doc).collect();
            if sha256_hex(&whole) == cut.sha256 {
                return Ok(Some(Versioned { version: row.version, doc: whole.into() }));
            }
            found = self.engine.get(std::slice::from_ref(key)).await?.pop().flatten();
        }
        Err(EngineError::corrupt(key.clone(), Torn))
    }
}

impl Changes {
    /// Writes a record whole, or in pieces if it is larger than a document. `before` is what it replaces, if anything.
    pub(super) fn put_whole<T: Serialize>(&mut self, key: &Key, record: &T, before: Option<&T>) {
        let whole = encode(record);
        let cut = InPieces { pieces: pieces(whole.len()), sha256: sha256_hex(&whole) };
        let places = cut.keys(key);
        if places.is_empty() {
            self.put_bytes(key.clone(), whole);
        } else {
            self.put(key.clone(), &cut);
            for (place, piece) in places.into_iter().zip(whole.chunks(PIECE)) {
                self.put_bytes(place, Bytes::copy_from_slice(piece));
            }
        }
        if let Some(before) = before {
            (cut.pieces..pieces(size(before))).for_each(|n| self.delete(keys::piece(key, n)));
        }
    }

    /// Removes a record and its pieces.
    pub(super) fn delete_whole<T: Serialize>(&mut self, key: &Key, before: &T) {
        (0..pieces(size(before))).for_each(|n| self.delete(keys::piece(key, n)));
        self.delete(key.clone());
    }
}

/// Bytes of a record, counted without writing them.
fn size<T: Serialize>(record: &T) -> usize {
    struct Counted(usize);
    impl io::Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counted = Counted(0);
    serde_json::to_writer(&mut counted, record).expect("the store's documents have string keys and finite numbers");
    counted.0
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::id::Realm;
    use crate::store::engine::memory::MemoryEngine;
    use crate::store::engine::{KeyRange, Page};

    async fn written(store: &Store, text: &str, before: Option<&String>) -> usize {
        let key = Key::new(&["s", "one"]);
        let mut changes = Changes::new(Realm::Live);
        changes.put_whole(&key, &text.to_owned(), before);
        store.commit(&ReadSet::new(), changes).await.unwrap();
        let found: Option<String> = store.read_whole(key.clone(), &mut ReadSet::new()).await.unwrap();
        assert_eq!(found.as_deref(), Some(text));
        let rows = store.engine.scan(&KeyRange::under(&Key::new(&["s"])), Page::first(10)).await.unwrap().rows;
        assert_eq!(store.whole_rows::<String>(rows).await.unwrap(), [text]);
        store.engine.scan(&KeyRange::under(&Key::new(&["piece"])), Page::first(1_000)).await.unwrap().rows.len()
    }

    #[tokio::test]
    async fn a_record_is_read_as_it_was_written_whatever_its_size() {
        let store = Store::new(Arc::new(MemoryEngine::new()));
        let mut before = None;
        // The quotes of JSON are two bytes more.
        for (length, pieces) in [
            (10, 0),
            (MAX_DOCUMENT - 2, 0),
            (MAX_DOCUMENT - 1, 2),
            (20 * PIECE - 2, 20),
            (3 * PIECE, 4),
            (MAX_DOCUMENT - 2, 0),
        ] {
            let text = "é".repeat(length / 2) + if length % 2 == 1 { "x" } else { "" };
            assert_eq!(written(&store, &text, before.as_ref()).await, pieces, "{length}");
            before = Some(text);
        }
        let mut changes = Changes::new(Realm::Live);
        changes.delete_whole(&Key::new(&["s", "one"]), &before.unwrap());
        store.commit(&ReadSet::new(), changes).await.unwrap();
        assert_eq!(store.read_whole::<String>(Key::new(&["s", "one"]), &mut ReadSet::new()).await.unwrap(), None);
    }

    #[tokio::test]
    async fn pieces_that_are_not_of_one_are_told() {
        let store = Store::new(Arc::new(MemoryEngine::new()));
        let key = Key::new(&["s", "one"]);
        let mut changes = Changes::new(Realm::Live);
        changes.put_whole(&key, &"x".repeat(MAX_DOCUMENT), None);
        changes.put_bytes(keys::piece(&key, 1), Bytes::from_static(b"another"));
        store.commit(&ReadSet::new(), changes).await.unwrap();
        let torn = store.read_whole::<String>(key, &mut ReadSet::new()).await;
        assert!(matches!(torn, Err(EngineError::Corrupt { .. })), "{torn:?}");
    }
}
