//! A file as the body of a request, and an answer that is read while it comes.

use std::fs::File;
use std::io::Read as _;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::BodyDataStream;
use bytes::Bytes;
use futures_util::StreamExt as _;
use http_body::{Body, Frame, SizeHint};

/// What is read and sent at a time.
const PIECE: usize = 64 * 1024;

/// A file on its way out.
pub(super) struct FileBody {
    file: File,
    left: u64,
}

impl FileBody {
    pub(super) fn new(file: File) -> std::io::Result<Self> {
        let left = file.metadata()?.len();
        Ok(FileBody { file, left })
    }
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = std::io::Error;

    // A local file answers at once; nothing else runs in this process that could wait for it.
    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let mut piece = vec![0; PIECE.min(usize::try_from(self.left).unwrap_or(PIECE))];
        Poll::Ready(match self.file.read(&mut piece) {
            Ok(0) => Some(Err(std::io::ErrorKind::UnexpectedEof.into())),
            Ok(read) => {
                piece.truncate(read);
                self.left -= read as u64;
                Some(Ok(Frame::data(piece.into())))
            }
            Err(error) => Some(Err(error)),
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// An answer on its way in.
pub(super) enum Incoming {
    Far(reqwest::Response),
    Here(u16, BodyDataStream),
}

impl Incoming {
    /// The HTTP status.
    pub(super) fn status(&self) -> u16 {
        match self {
            Incoming::Far(response) => response.status().as_u16(),
            Incoming::Here(status, _) => *status,
        }
    }

    /// The next piece; `None` at the end.
    pub(super) async fn next(&mut self) -> anyhow::Result<Option<Bytes>> {
        match self {
            Incoming::Far(response) => Ok(response.chunk().await?),
            Incoming::Here(_, body) => Ok(body.next().await.transpose()?),
        }
    }
}
