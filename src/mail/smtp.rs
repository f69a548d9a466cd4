//! Letters by SMTP.

use std::time::Duration;

use async_trait::async_trait;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use zeroize::Zeroizing;

use super::{Letter, Post, PostError};
use crate::config::{SmtpSecurity, SmtpServer};

/// How long one step of the conversation may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Replies about who we are, not about the letter: mended by the operator, so the letter waits.
const ABOUT_US: [u16; 4] = [530, 534, 535, 538];

/// One server, spoken to over a few lasting connections.
pub struct SmtpPost {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Option<String>,
}

impl SmtpPost {
    /// Speaks to nobody yet. The password belongs to the server's user.
    pub fn new(
        server: &SmtpServer,
        password: Option<Zeroizing<String>>,
        from: Option<String>,
    ) -> Result<Self, PostError> {
        let encrypted = || TlsParameters::new_rustls(server.host.clone()).map_err(PostError::permanent);
        let tls = match server.security {
            SmtpSecurity::StartTls => Tls::Required(encrypted()?),
            SmtpSecurity::Tls => Tls::Wrapper(encrypted()?),
            SmtpSecurity::PlainLoopback => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host.clone())
            .port(server.port)
            .timeout(Some(PATIENCE))
            .tls(tls);
        if let (Some(user), Some(password)) = (&server.user, password) {
            builder = builder.credentials(Credentials::new(user.clone(), password.to_string()));
        }
        Ok(SmtpPost { transport: builder.build(), from })
    }
}

/// The letter was not yet on its way. That there was no connection is told by the words alone.
fn never_began(error: &lettre::transport::smtp::Error) -> bool {
    error.is_client() || error.is_tls() || error.to_string().starts_with("Connection error")
}

#[async_trait]
impl Post for SmtpPost {
    fn from(&self) -> Option<&str> {
        self.from.as_deref()
    }

    async fn send(&self, letter: &Letter) -> Result<(), PostError> {
        let message = letter.message().map_err(PostError::permanent)?;
        let sent = self.transport.send(message).await;
        sent.map(drop).map_err(|error| match error.status() {
            Some(code) if error.is_permanent() && !ABOUT_US.contains(&u16::from(code)) => PostError::permanent(error),
            None if !never_began(&error) => PostError::uncertain(error),
            _ => PostError::temporary(error),
        })
    }
}
