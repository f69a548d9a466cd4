//! Letters kept in memory: for tests.

use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;

use super::{Letter, Post, PostError};

/// What becomes of the next letter.
#[derive(Debug, Clone)]
pub enum Posted {
    /// It is taken, and yet the answer is an error: the line broke after the last byte.
    TakenButFailed(PostError),
    /// It is not taken.
    Refused(PostError),
    /// It is taken, and no answer ever comes.
    TakenInSilence,
}

/// Keeps every letter; fails as told beforehand.
#[derive(Debug, Default)]
pub struct MemoryPost {
    letters: Mutex<Vec<Letter>>,
    next: Mutex<VecDeque<Posted>>,
}

impl MemoryPost {
    /// Takes away what was posted so far.
    pub fn taken(&self) -> Vec<Letter> {
        std::mem::take(&mut *self.letters.lock().expect("no panic while letters are held"))
    }

    /// The next letter fares like this; those after it are taken, or fare as told next.
    pub fn then(&self, posted: Posted) {
        self.next.lock().expect("no panic while the plan is held").push_back(posted);
    }

    fn keep(&self, letter: &Letter) {
        self.letters.lock().expect("no panic while letters are held").push(letter.clone());
    }
}

#[async_trait]
impl Post for MemoryPost {
    async fn send(&self, letter: &Letter) -> Result<(), PostError> {
        letter.message().map_err(PostError::permanent)?;
        let planned = self.next.lock().expect("no panic while the plan is held").pop_front();
        match planned {
            None => {
                self.keep(letter);
                Ok(())
            }
            Some(Posted::TakenButFailed(error)) => {
                self.keep(letter);
                Err(error)
            }
            Some(Posted::Refused(error)) => Err(error),
            Some(Posted::TakenInSilence) => {
                self.keep(letter);
                std::future::pending().await
            }
        }
    }
}
