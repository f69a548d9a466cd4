//! Settings: as read from file, environment and flags ([`Settings`]), and as validated ([`Config`]).

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;

mod http;

pub use http::{ClientHeader, HttpConfig, HttpSettings, Network};

/// What a source of settings says; silent on most. Later sources win: `assay.toml`, `ASSAY_*`, flags.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Public address of the service, such as `https://badges.example`.
    pub base: Option<String>,
    /// Address and port to listen on.
    pub bind: Option<String>,
    /// Folder of the store.
    pub data: Option<PathBuf>,
    /// Folder of the private keys.
    pub keys: Option<PathBuf>,
    /// Memory for the store's cache, in MB.
    pub cache_mb: Option<u64>,
    /// What may be asked of the outside.
    #[serde(default)]
    pub fetch: FetchSettings,
    /// What strangers may take.
    #[serde(default)]
    pub http: HttpSettings,
    /// How mail leaves.
    #[serde(default)]
    pub mail: MailSettings,
    /// Whether test suites may ask.
    #[serde(default)]
    pub vc_api: VcApiSettings,
}

/// The part `[fetch]` of the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchSettings {
    /// Places (`host:port`) that this service calls although they are not public: webhooks.
    pub allow: Option<Vec<String>>,
    /// Places (`host:port`) to which a badge that is handed in may lead although they are not public.
    pub strangers: Option<Vec<String>>,
}

/// `[mail]`. The password of the server comes from the environment only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// `smtp://user@host:587` (STARTTLS), `smtps://user@host:465` (TLS) or `smtp+plain://127.0.0.1:25` (this machine only).
    pub smtp: Option<String>,
    /// The address that letters come from; the issuer's unless told.
    pub from: Option<String>,
    /// Where letters are put as files when there is no server; `mail` in the folder of the store unless told.
    pub folder: Option<PathBuf>,
}

/// `[vc_api]`: the W3C VC API, at which public test suites are pointed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VcApiSettings {
    /// Whether it answers at all; off unless told. Everybody may have test credentials signed there.
    pub enabled: Option<bool>,
    /// Whether a credential that does not verify is answered with HTTP 400, as the suites of the W3C expect; on unless told.
    /// Off, the answer is 200 with `verified: false`, as VCALM has it.
    pub refuse_invalid: Option<bool>,
}

impl Settings {
    /// These settings, with `stronger` over them.
    #[must_use]
    pub fn under(self, stronger: Settings) -> Settings {
        Settings {
            base: stronger.base.or(self.base),
            bind: stronger.bind.or(self.bind),
            data: stronger.data.or(self.data),
            keys: stronger.keys.or(self.keys),
            cache_mb: stronger.cache_mb.or(self.cache_mb),
            fetch: FetchSettings {
                allow: stronger.fetch.allow.or(self.fetch.allow),
                strangers: stronger.fetch.strangers.or(self.fetch.strangers),
            },
            http: self.http.under(stronger.http),
            mail: MailSettings {
                smtp: stronger.mail.smtp.or(self.mail.smtp),
                from: stronger.mail.from.or(self.mail.from),
                folder: stronger.mail.folder.or(self.mail.folder),
            },
            vc_api: VcApiSettings {
                enabled: stronger.vc_api.enabled.or(self.vc_api.enabled),
                refuse_invalid: stronger.vc_api.refuse_invalid.or(self.vc_api.refuse_invalid),
            },
        }
    }
}

/// Settings that hold together. A value of this has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    base: Option<String>,
    /// Where to listen.
    pub bind: SocketAddr,
    /// Folder of the store.
    pub data: PathBuf,
    /// Folder of the private keys.
    pub keys: PathBuf,
    /// Bytes for the store's cache.
    pub cache: u64,
    /// Places that are asked and told although they are not public.
    pub fetch: Places,
    /// What strangers may take.
    pub http: HttpConfig,
    /// How mail leaves.
    pub mail: MailConfig,
    /// The W3C VC API, if it is on.
    pub vc_api: Option<VcApiConfig>,
}

/// The W3C VC API, switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VcApiConfig {
    /// HTTP 400 for what does not verify, instead of 200.
    pub refuse_invalid: bool,
}

/// Places to which no guard applies: neither https nor its port nor a public address is asked of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// Those that this service calls because somebody with a key, or its operator, told it to.
    pub allow: Vec<Authority>,
    /// Those to which anybody's badge may lead.
    pub strangers: Vec<Authority>,
}

impl Places {
    fn new(settings: FetchSettings) -> Result<Self, ConfigError> {
        let read = |setting: &'static str, places: Option<Vec<String>>| {
            let read = |text: String| text.parse().map_err(|NotAPlace| ConfigError::Place { setting, text });
            places.unwrap_or_default().into_iter().map(read).collect::<Result<_, _>>()
        };
        Ok(Places { allow: read("allow", settings.allow)?, strangers: read("strangers", settings.strangers)? })
    }
}

/// A host and a port, as the host stands in an address of the web.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// A name in lower case, or an IP address; one of version 6 in brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// A text that is no host and port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no host and port, such as 127.0.0.1:9999")]
pub struct NotAPlace;

impl FromStr for Authority {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let (host, port) = text.rsplit_once(':').ok_or(NotAPlace)?;
        let port = port.parse().ok().filter(|port| *port > 0).ok_or(NotAPlace)?;
        // Written as it will be compared: case, IDNA and all forms of numbers are the web's own.
        let url = reqwest::Url::parse(&format!("http://{host}/")).map_err(|_| NotAPlace)?;
        let sound = !host.contains(['/', '@', '?', '#', '\\']) && url.port().is_none();
        let host = url.host_str().filter(|_| sound).ok_or(NotAPlace)?.to_owned();
        Ok(Authority { host, port })
    }
}

/// How mail leaves, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailConfig {
    /// To a server or into a folder.
    pub way: MailWay,
    /// The address that letters come from; the issuer's if none.
    pub from: Option<String>,
}

/// Where letters go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailWay {
    /// To a server.
    Smtp(SmtpServer),
    /// Into files.
    Folder(PathBuf),
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpServer {
    /// Name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who signs in, if anybody.
    pub user: Option<String>,
    /// How the line is protected.
    pub security: SmtpSecurity,
}

/// How a line to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// Encrypted after STARTTLS, or not at all spoken to.
    StartTls,
    /// Encrypted from the first byte.
    Tls,
    /// Not encrypted: never leaves this machine.
    PlainLoopback,
}

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// The base.
    #[error(
        "base {0:?} is no address: it must be http:// or https:// with a host, and have no query, fragment or user"
    )]
    Base(String),
    /// The listening address.
    #[error("bind {0:?} is no address and port, such as 127.0.0.1:8080")]
    Bind(String),
    /// The cache size.
    #[error("cache_mb is {0}; it must be from 8 to 65536")]
    Cache(u64),
    /// A place that may be asked or told.
    #[error("fetch.{setting} has {text:?}, which is {NotAPlace}")]
    Place {
        /// In which list.
        setting: &'static str,
        /// As written.
        text: String,
    },
    /// A proxy.
    #[error("http.trusted_proxies has {0:?}, which is no address or network, such as 127.0.0.1 or 10.0.0.0/8")]
    Proxy(String),
    /// Where proxies say who asks.
    #[error("http.client_header is {0:?}; it can be x-forwarded-for or forwarded")]
    ClientHeader(String),
    /// A number of `[http]`.
    #[error("http.{name} is {number}; it must be from 1 to {most}")]
    HttpNumber {
        /// Which.
        name: &'static str,
        /// As given.
        number: u64,
        /// The largest.
        most: u64,
    },
    /// The mail server.
    #[error(
        "mail.smtp {0:?} is no mail server: write smtp://user@host:587, smtps://user@host:465, or smtp+plain://127.0.0.1:25 for one on this machine; the password goes into ASSAY_SMTP_PASSWORD"
    )]
    Smtp(String),
    /// The sender.
    #[error("mail.from {0:?} is no mail address")]
    From(String),
}

impl Config {
    /// Checks the settings and fills in the defaults.
    pub fn new(settings: Settings) -> Result<Self, ConfigError> {
        let base = settings.base.map(|base| check_base(&base).ok_or(ConfigError::Base(base))).transpose()?;
        let bind = settings.bind.unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let bind = bind.parse().map_err(|_| ConfigError::Bind(bind))?;
        let cache_mb = settings.cache_mb.unwrap_or(96);
        if !(8..=65_536).contains(&cache_mb) {
            return Err(ConfigError::Cache(cache_mb));
        }
        let data = settings.data.unwrap_or_else(|| "data".into());
        let mail = check_mail(settings.mail, &data)?;
        Ok(Config {
            base,
            bind,
            data,
            keys: settings.keys.unwrap_or_else(|| "keys".into()),
            cache: cache_mb << 20,
            fetch: Places::new(settings.fetch)?,
            http: HttpConfig::new(settings.http)?,
            mail,
            vc_api: settings
                .vc_api
                .enabled
                .unwrap_or(false)
                .then(|| VcApiConfig { refuse_invalid: settings.vc_api.refuse_invalid.unwrap_or(true) }),
        })
    }

    /// The public address that was configured, without a trailing slash; `None` leaves it to the store.
    pub fn base(&self) -> Option<&str> {
        self.base.as_deref()
    }

    /// The public address a new issuer gets when none is configured.
    pub fn default_base(&self) -> String {
        format!("http://localhost:{}", self.bind.port())
    }
}

fn check_mail(settings: MailSettings, data: &Path) -> Result<MailConfig, ConfigError> {
    let sound = |address: &String| {
        let plain = address.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | ',' | ';' | '"'));
        plain && address.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty())
    };
    if let Some(from) = settings.from.clone().filter(|from| !sound(from)) {
        return Err(ConfigError::From(from));
    }
    let way = match settings.smtp {
        Some(smtp) => MailWay::Smtp(smtp_server(&smtp).ok_or(ConfigError::Smtp(smtp))?),
        None => MailWay::Folder(settings.folder.unwrap_or_else(|| data.join("mail"))),
    };
    Ok(MailConfig { way, from: settings.from })
}

/// A password in the address is refused with everything else that does not belong there.
fn smtp_server(address: &str) -> Option<SmtpServer> {
    let (scheme, rest) = address.split_once("://")?;
    let (security, port) = match scheme {
        "smtp" => (SmtpSecurity::StartTls, 587),
        "smtps" => (SmtpSecurity::Tls, 465),
        "smtp+plain" => (SmtpSecurity::PlainLoopback, 25),
        _ => return None,
    };
    let (user, place) = rest.rsplit_once('@').map_or((None, rest), |(user, place)| (Some(user), place));
    let (host, port) = match place.rsplit_once(':').filter(|_| !place.ends_with(']')) {
        Some((host, port)) => (host, port.parse().ok().filter(|port| *port > 0)?),
        None => (place, port),
    };
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    let named = |user: &str| !user.is_empty() && user.chars().all(|c| c.is_ascii_graphic() && c != ':' && c != '/');
    let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let sound = !host.is_empty() && host.chars().all(plain) && user.is_none_or(named);
    let allowed = security != SmtpSecurity::PlainLoopback || here;
    (sound && allowed).then(|| SmtpServer { host: host.to_owned(), port, user: user.map(str::to_owned), security })
}

fn check_base(base: &str) -> Option<String> {
    let rest = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"))?;
    let host = rest.split('/').next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '~' | '/');
    let sound =
        !host.is_empty() && !host.starts_with(':') && host.chars().all(plain) && rest[host.len()..].chars().all(path);
    (sound && base.len() <= 200).then(|| base.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn base(given: &str, expected: Option<&str>) {
        let config = Config::new(Settings { base: Some(given.to_owned()), ..Settings::default() });
        assert_eq!(config.ok().and_then(|c| c.base().map(str::to_owned)).as_deref(), expected, "{given}");
    }

    #[test]
    fn a_base_is_an_address_and_nothing_more() {
        base("https://badges.example", Some("https://badges.example"));
        base("https://badges.example/", Some("https://badges.example"));
        base("https://example.com:8443/badges", Some("https://example.com:8443/badges"));
        base("http://localhost:8080", Some("http://localhost:8080"));
        base("badges.example", None);
        base("ftp://badges.example", None);
        base("https://", None);
        base("https://user@badges.example", None);
        base("https://badges.example?x=1", None);
        base("https://badges.example/#top", None);
        base("https://badges example", None);
    }

    #[test]
    fn later_sources_win_and_silence_does_not() {
        let file: Settings = toml::from_str("bind = '127.0.0.1:9000'\ncache_mb = 32").unwrap();
        let flags = Settings { bind: Some("0.0.0.0:80".to_owned()), ..Settings::default() };
        let config = Config::new(file.under(flags)).unwrap();
        assert_eq!((config.bind.to_string().as_str(), config.cache), ("0.0.0.0:80", 32 << 20));
        assert!(toml::from_str::<Settings>("colour = 'red'").is_err());
        assert_eq!(Config::new(Settings { cache_mb: Some(1), ..Settings::default() }), Err(ConfigError::Cache(1)));
        assert!(Config::new(Settings { bind: Some("here".to_owned()), ..Settings::default() }).is_err());
    }

    #[test]
    fn the_vc_api_is_off_unless_it_is_switched_on() {
        #[track_caller]
        fn check(file: &str, expected: Option<bool>) {
            let config = Config::new(toml::from_str(file).unwrap()).unwrap();
            assert_eq!(config.vc_api.map(|on| on.refuse_invalid), expected, "{file}");
        }
        check("", None);
        check("[vc_api]\nrefuse_invalid = false", None);
        check("[vc_api]\nenabled = false", None);
        check("[vc_api]\nenabled = true", Some(true));
        check("[vc_api]\nenabled = true\nrefuse_invalid = false", Some(false));
    }

    #[test]
    fn a_place_that_may_be_asked_is_a_host_and_a_port() {
        let place = |text: &str| text.parse::<Authority>().map(|place| (place.host, place.port));
        for (text, host, port) in [
            ("127.0.0.1:9999", "127.0.0.1", 9999),
            ("Intranet.Example:80", "intranet.example", 80),
            ("[::1]:8080", "[::1]", 8080),
        ] {
            assert_eq!(place(text), Ok((host.to_owned(), port)), "{text}");
        }
        for text in
            ["", "intranet.example", ":80", "a:0", "a:65536", "a/b:80", "u@a:80", "::1:80", "http://a:80", "a b:80"]
        {
            assert_eq!(place(text), Err(NotAPlace), "{text}");
        }
        let read = |file: &str| Config::new(toml::from_str(file).unwrap());
        let places = read("[fetch]\nallow = ['127.0.0.1:9999']").unwrap().fetch;
        assert_eq!((places.allow.len(), places.strangers.len()), (1, 0), "what is called is not open to strangers");
        let places = read("[fetch]\nstrangers = ['127.0.0.1:9999']").unwrap().fetch;
        assert_eq!((places.allow.len(), places.strangers.len()), (0, 1));
        let error = read("[fetch]\nstrangers = ['intranet']").unwrap_err().to_string();
        assert_eq!(error, "fetch.strangers has \"intranet\", which is no host and port, such as 127.0.0.1:9999");
        assert!(toml::from_str::<Settings>("[fetch]\ndeny = []").is_err());
    }

    #[track_caller]
    fn server(given: &str, expected: Option<(&str, u16, Option<&str>, SmtpSecurity)>) {
        let mail = MailSettings { smtp: Some(given.to_owned()), ..MailSettings::default() };
        let config = Config::new(Settings { mail, ..Settings::default() });
        let found = config.ok().map(|config| match config.mail.way {
            MailWay::Smtp(server) => (server.host, server.port, server.user, server.security),
            MailWay::Folder(folder) => panic!("{given} is no folder {}", folder.display()),
        });
        let found =
            found.as_ref().map(|(host, port, user, security)| (host.as_str(), *port, user.as_deref(), *security));
        assert_eq!(found, expected, "{given}");
    }

    #[test]
    fn a_mail_server_is_encrypted_unless_it_is_this_machine() {
        use SmtpSecurity::{PlainLoopback, StartTls, Tls};
        server("smtp://mail.example", Some(("mail.example", 587, None, StartTls)));
        server("smtp://me@mail.example:2525", Some(("mail.example", 2525, Some("me"), StartTls)));
        server("smtp://me@corp.example@mail.example", Some(("mail.example", 587, Some("me@corp.example"), StartTls)));
        server("smtps://me@mail.example", Some(("mail.example", 465, Some("me"), Tls)));
        server("smtp+plain://localhost:1025", Some(("localhost", 1025, None, PlainLoopback)));
        server("smtp+plain://127.0.0.1", Some(("127.0.0.1", 25, None, PlainLoopback)));
        server("smtp+plain://[::1]:25", Some(("::1", 25, None, PlainLoopback)));
        server("smtp+plain://mail.example", None);
        server("smtp+plain://127.0.0.1.evil.example", None);
        server("smtp://me:secret@mail.example", None);
        server("smtp://@mail.example", None);
        server("smtp://", None);
        server("smtp://mail.example:0", None);
        server("smtp://mail.example:99999", None);
        server("smtp://mail.example/path", None);
        server("mail.example:25", None);
        server("http://mail.example", None);
    }

    #[test]
    fn without_a_server_letters_go_into_a_folder() {
        let config = Config::new(Settings { data: Some("here".into()), ..Settings::default() }).unwrap();
        assert_eq!(config.mail, MailConfig { way: MailWay::Folder("here/mail".into()), from: None });
        let bad = MailSettings { from: Some("x@y\r\nBcc: z".to_owned()), ..MailSettings::default() };
        assert!(Config::new(Settings { mail: bad, ..Settings::default() }).is_err());
    }
}
