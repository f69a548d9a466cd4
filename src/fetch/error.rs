//! Why something could not be fetched, with the facts and in words fit for a report.

use std::error::Error;

use super::resolver::Refused;

/// Nothing was fetched. What the host answers, be it 404 or 500, is not among these.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Not an address of the web.
    #[error("{0:?} is no address of the web, such as https://badges.example/key")]
    Address(String),
    /// In the clear.
    #[error("{host} must be asked over https")]
    Scheme {
        /// Who.
        host: String,
    },
    /// Another port than that of https.
    #[error("{host} must be asked at port 443, not {port}")]
    Port {
        /// Who.
        host: String,
        /// Where instead.
        port: u16,
    },
    /// Within this machine or its network.
    #[error("{host} is not at a public address")]
    NotPublic {
        /// Who.
        host: String,
    },
    /// The name leads nowhere.
    #[error("there is no host named {host}")]
    Unresolved {
        /// Who.
        host: String,
    },
    /// No connection.
    #[error("{host} cannot be reached")]
    Unreachable {
        /// Who.
        host: String,
    },
    /// Somebody else may have answered.
    #[error("{host} did not prove who it is: {reason}")]
    Certificate {
        /// Who.
        host: String,
        /// Why.
        reason: String,
    },
    /// Too slow.
    #[error("{host} did not answer within {seconds} s")]
    Timeout {
        /// Who.
        host: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// Not asked at all, for want of a turn.
    #[error("{host} could not be asked in time, since too many were being asked")]
    Crowded {
        /// Who.
        host: String,
    },
    /// Too long.
    #[error("{host} answered more than {bytes} bytes")]
    TooLarge {
        /// Who.
        host: String,
        /// How many are read.
        bytes: usize,
    },
    /// In a coding that is not read.
    #[error("{host} answered compressed otherwise than in gzip, unasked")]
    Compressed {
        /// Who.
        host: String,
    },
    /// Sent on too often.
    #[error("{host} sent the request on more than {most} times")]
    Redirects {
        /// Who was asked first.
        host: String,
        /// How often is followed.
        most: usize,
    },
    /// Sent on to nowhere.
    #[error("{host} sent the request on to no usable address")]
    Location {
        /// Who did.
        host: String,
    },
    /// Not HTTP, or broken off.
    #[error("{host} did not answer in HTTP, or broke off")]
    Broken {
        /// Who.
        host: String,
    },
    /// The fault is ours.
    #[error("this machine cannot speak https: {0}")]
    Unready(String),
}

impl FetchError {
    /// Whether this says nothing about the host.
    pub(super) fn is_ours(&self) -> bool {
        matches!(self, FetchError::Crowded { .. } | FetchError::Unready(_))
    }

    /// What the client met with, of this host.
    pub(super) fn of(error: &reqwest::Error, host: &str, seconds: u64) -> Self {
        let host = host.to_owned();
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(this) = cause {
            match this.downcast_ref::<Refused>() {
                Some(Refused::NotPublic) => return FetchError::NotPublic { host },
                Some(Refused::Unresolved) => return FetchError::Unresolved { host },
                None => {}
            }
            if let Some(fault) = this.downcast_ref::<rustls::Error>() {
                return FetchError::Certificate { host, reason: fault.to_string() };
            }
            // What is inside an I/O error is not the next cause but the same one.
            let inner = this.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
            cause = match inner {
                Some(inner) => Some(inner),
                None => this.source(),
            };
        }
        if error.is_timeout() {
            FetchError::Timeout { host, seconds }
        } else if error.is_connect() {
            FetchError::Unreachable { host }
        } else {
            FetchError::Broken { host }
        }
    }
}
