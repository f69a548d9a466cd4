//! Letters on their way: by SMTP, and as files.

use std::time::Duration;

use assay::config::{SmtpSecurity, SmtpServer};
use assay::mail::{FolderPost, Letter, Mailbox, Post, PostError, SmtpPost};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

fn letter() -> Letter {
    Letter {
        message_id: "award.X.1@badges.example".to_owned(),
        from: Mailbox { name: Some("Northwind".to_owned()), address: "office@northwind.example".to_owned() },
        to: Mailbox { name: Some("Ana".to_owned()), address: "ana@partner.example".to_owned() },
        reply_to: None,
        subject: "Hello".to_owned(),
        text: ".A line with a dot first".to_owned(),
        html: "<p>x</p>".to_owned(),
        calendar: None,
        unsubscribe: None,
        entity: "award.X.1".to_owned(),
        date: "2026-11-20T10:00:00Z".parse().unwrap(),
    }
}

/// A mail server of one conversation that answers `reply` to `at`; answers what it was told.
async fn server(at: &'static str, reply: &'static str) -> (u16, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let talk = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let mut heard = Vec::new();
        let mut in_data = false;
        write.write_all(b"220 here\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            let verb =
                if in_data { if line == "." { "." } else { "" } } else { line.split([' ', ':']).next().unwrap() };
            let answer = match verb {
                "" => "",
                verb if verb == at => reply,
                "EHLO" => "250 here",
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            in_data = verb.is_empty() || (verb == "DATA" && answer.starts_with('3'));
            heard.push(line.clone());
            if !answer.is_empty() {
                write.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
            }
            if verb == "QUIT" {
                break;
            }
        }
        heard
    });
    (port, talk)
}

fn post(port: u16, security: SmtpSecurity) -> SmtpPost {
    let server = SmtpServer { host: "127.0.0.1".to_owned(), port, user: None, security };
    SmtpPost::new(&server, None, None).unwrap()
}

#[tokio::test]
async fn a_letter_arrives_as_it_was_written() {
    let (port, talk) = server("never", "").await;
    let smtp = post(port, SmtpSecurity::PlainLoopback);
    smtp.send(&letter()).await.unwrap();
    drop(smtp);
    let heard = tokio::time::timeout(Duration::from_secs(20), talk).await.expect("the line is closed").unwrap();
    for said in ["MAIL FROM:<office@northwind.example>", "RCPT TO:<ana@partner.example>", "..A line with a dot first"] {
        assert!(heard.iter().any(|line| line.starts_with(said)), "{said}: {heard:#?}");
    }
}

#[tokio::test]
async fn what_passes_and_what_is_for_good_are_told_apart() {
    for (at, reply, permanent) in [
        ("RCPT", "550 5.1.1 no such user", true),
        ("RCPT", "450 4.2.1 try later", false),
        ("MAIL", "451 greylisted", false),
        ("MAIL", "530 5.7.0 sign in first", false),
        (".", "554 5.7.1 not wanted", true),
        (".", "452 4.3.1 disk full", false),
        ("EHLO", "421 closing", false),
    ] {
        let (port, talk) = server(at, reply).await;
        let error = post(port, SmtpSecurity::PlainLoopback).send(&letter()).await.unwrap_err();
        assert_eq!(matches!(error, PostError::Permanent(_)), permanent, "{at} {reply}: {error}");
        talk.abort();
    }
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let error = post(nobody, SmtpSecurity::PlainLoopback).send(&letter()).await.unwrap_err();
    assert!(matches!(error, PostError::Temporary(_)), "{error}");
}

#[tokio::test]
async fn a_server_without_encryption_gets_no_letter() {
    let (port, talk) = server("never", "").await;
    let error = post(port, SmtpSecurity::StartTls).send(&letter()).await.unwrap_err();
    assert!(matches!(error, PostError::Temporary(_)), "{error}");
    talk.abort();
}

#[tokio::test]
async fn without_a_server_a_letter_is_a_file_that_is_written_whole() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let mails = folder.path().join("mail");
    let post = FolderPost::new(mails.clone(), Some("from@northwind.example".to_owned()));
    for _ in 0..2 {
        post.send(&letter()).await.unwrap();
    }
    let names: Vec<_> = std::fs::read_dir(&mails).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["award.X.1@badges.example.eml"]);
    let file = mails.join(&names[0]);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::metadata(&mails).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(std::fs::read(&file).unwrap(), letter().message().unwrap().formatted());
    std::fs::write(folder.path().join("file"), "").unwrap();
    let error = FolderPost::new(folder.path().join("file"), None).send(&letter()).await.unwrap_err();
    assert!(matches!(error, PostError::Temporary(_)), "{error}");
}
