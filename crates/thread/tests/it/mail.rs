use crate::mail_server::MailServer;
use crate::pins::{Mails, answer, challenge, pin_of};
use crate::support::{ANN, TestThread, within};
use reqwest::StatusCode;
use std::time::Duration;

fn smtp(server: &MailServer, user: &str, query: &str) -> String {
    format!("--mail=smtp://{user}{}{query}", server.address)
}

#[tokio::test]
async fn a_mail_server_gets_the_mail() {
    let server = MailServer::start(&[]).await;
    let flags = [&smtp(&server, "", ""), "--mail-from=Help <help@shop.example>"];
    let thread = TestThread::start_with(&flags).await;
    let id = challenge(&thread, "josé@exämple.de").await;
    let mail = server.mail(1).await;
    assert!(mail.from.starts_with("MAIL FROM:<help@shop.example>"), "{}", mail.from);
    assert_eq!(mail.to, ["RCPT TO:<josé@xn--exmple-cua.de>"]);
    assert!(mail.data.contains("From: Help <help@shop.example>\r\n"), "{}", mail.data);
    assert!(mail.data.contains("Auto-Submitted: auto-generated\r\n"));
    assert!(mail.data.contains("Message-ID: ") && mail.data.contains("Date: "));
    assert_eq!(mail.auth, None);
    let pin = pin_of(&mail.data);
    assert_eq!(answer(&thread, &thread.app.id, &id, &pin).await.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn credentials_are_used_and_never_sent_without_tls_unless_told() {
    let server = MailServer::start(&[]).await;
    // The server offers no STARTTLS: with credentials, nothing is sent.
    let strict = TestThread::start_with(&[&smtp(&server, "user:p%40ss@", "")]).await;
    challenge(&strict, ANN).await;
    within(Duration::from_secs(10), || async { server.sessions() >= 1 }).await;
    let told = TestThread::start_with(&[&smtp(&server, "user:p%40ss@", "?tls=offered")]).await;
    challenge(&told, ANN).await;
    let mail = server.mail(1).await;
    assert_eq!(mail.auth.as_deref(), Some("AHVzZXIAcEBzcw=="), "base64 of \\0user\\0p@ss");
    assert_eq!(server.attempted(), 1, "the strict one has got no further than EHLO");
    let required = TestThread::start_with(&[&smtp(&server, "", "?tls=required")]).await;
    challenge(&required, ANN).await;
    within(Duration::from_secs(10), || async { server.sessions() >= 3 }).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(server.attempted(), 1);
}

#[tokio::test]
async fn a_server_that_is_gone_or_busy_loses_nothing() {
    let server = MailServer::start(&[]).await;
    let address = server.address;
    let thread = TestThread::start_with(&[&smtp(&server, "", "")]).await;
    drop(server);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let id = challenge(&thread, ANN).await;
    tokio::time::sleep(Duration::from_millis(500)).await;

    // It comes back busy, then takes the mail.
    let server = MailServer::start_on(address, &["451 4.7.1 later", "421 4.3.0 later"]).await;
    for _ in 0..3 {
        thread.clock.advance_ms(61_000);
        let attempts = server.attempted();
        within(Duration::from_secs(10), || async { server.attempted() > attempts }).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let pin = pin_of(&server.mail(1).await.data);
    assert_eq!(answer(&thread, &thread.app.id, &id, &pin).await.status(), StatusCode::CREATED);
    thread.clock.advance_ms(61_000);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!((server.taken().len(), server.attempted()), (1, 3), "sent once");
}

#[tokio::test]
async fn a_refused_recipient_is_given_up_and_holds_nobody_up() {
    let server = MailServer::start(&["550 5.1.1 nobody here"]).await;
    let thread = TestThread::start_with(&[&smtp(&server, "", "")]).await;
    challenge(&thread, "nobody@shop.example").await;
    within(Duration::from_secs(10), || async { server.attempted() == 1 }).await;
    challenge(&thread, ANN).await;
    assert!(server.mail(1).await.to[0].contains(ANN));
    thread.clock.advance_ms(61_000);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(server.attempted(), 2);
}

#[tokio::test]
async fn a_mail_file_is_whole_and_its_owners_alone() {
    let mut mails = Mails::new();
    let thread = TestThread::start_with(&[&mails.flag()]).await;
    challenge(&thread, ANN).await;
    assert!(mails.next().await.trim_end().ends_with("--"), "up to its last boundary");
    for entry in std::fs::read_dir(mails.dir.path()).expect("readable") {
        let entry = entry.expect("readable");
        assert!(entry.file_name().to_string_lossy().ends_with(".eml"), "no draft stays");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(entry.metadata().expect("there").permissions().mode() & 0o777, 0o600);
        }
    }
}
