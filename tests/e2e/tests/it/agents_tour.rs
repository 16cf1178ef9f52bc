//! Through all states of the agents' page, as an agent comes by them in a day.

use crate::partner::Partner;
use crate::tour::{Look, Place};
use e2e::{AgentsPage, Contact, Result, until};

const QUESTION: &str = "Good morning! Our backup has been slow since Friday, and the NAS says that disk 2 is at 91 %. Is that serious?";
const ANSWER: &str = "Good morning, Ann. I am looking at it right now: a nightly copy has filled the disk.\n\nI will clear it and write here when it is done, in about 20 minutes.";
const THANKS: &str =
    "Wonderful, thank you. The numbers of this morning are at https://example.com/backups?disk=2";

/// What others ask meanwhile: who, and what.
const OTHERS: &[(&str, &str)] = &[
    ("chloé@contoso.example", "The projector in room 4 shows everything in green"),
    ("ben@northwind.example", "New laptop for Mara: can she have it by Monday?"),
    (
        "dr.konstantin.papadopoulos-weatherby@a-very-long-name-of-a-company.example",
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
    ),
    ("sara@contoso.example", "لا أستطيع تسجيل الدخول إلى البريد منذ الصباح"),
];

/// The states, from signing in to signing out.
pub async fn agent(partner: &Partner, locale: &str, looker: &mut impl Look) -> Result {
    let (browser, thread, app) = (&partner.browser, &partner.thread, &partner.app);
    // Of its own: what the other tours have written is there, too.
    let key = thread.api_key(app, Some("Mia")).await?;
    let page = AgentsPage::open_in(browser, thread, locale, "").await?;
    page.key_field().await?;
    looker.look(partner, Place::Thread, "agents sign in").await?;
    page.enter_key("cgk_not-a-key").await?;
    page.visible("[role=alert]:not(:empty)").await?;
    looker.look(partner, Place::Thread, "agents wrong key").await?;
    page.sign_in(&key.api_key).await?;
    page.press_button("closed").await?;
    page.wait_for_state("empty").await?;
    looker.look(partner, Place::Thread, "agents empty").await?;
    page.press_button("open").await?;

    for (email, body) in OTHERS {
        Contact::sign_in(thread, app, email).await?.raise(body, &[]).await?;
    }
    let ann = Contact::sign_in(thread, app, "ann@northwind.example").await?;
    let request = ann.raise(QUESTION, &[]).await?;
    let log = ann.upload("backup-2026-11.log", "text/plain", b"disk 2: 91 %").await?;
    let raised = format!("[data-request={:?}]", request.id.as_str());
    page.visible(&raised).await?;
    looker.look(partner, Place::Thread, "agents list").await?;

    page.choose(request.id.as_str()).await?;
    page.composer().await?.send_keys(ANSWER.replace('\n', "\u{e008}\n\u{e008}")).await?;
    looker.look(partner, Place::Thread, "agents writing").await?;
    page.press_button("send").await?;
    page.wait_for_text("20 minutes").await?;
    ann.write_with(&request, THANKS, &[log]).await?;
    page.wait_for_text("backup-2026-11.log").await?;
    looker.look(partner, Place::Thread, "agents conversation").await?;

    thread.tap().cut();
    page.wait_for_state("offline").await?;
    looker.look(partner, Place::Thread, "agents offline").await?;
    thread.tap().mend();
    // It may be back by itself before a driver can press.
    browser.run::<()>("document.querySelector('[data-action=reconnect]')?.click()").await?;
    until("the connection is there again", async || {
        browser.run("return !document.querySelector('[data-state=offline]')").await
    })
    .await?;

    page.press_button("status").await?;
    page.visible(".reopens").await?;
    looker.look(partner, Place::Thread, "agents closed").await?;
    page.press_button("sign-out").await?;
    page.key_field().await?;
    looker.look(partner, Place::Thread, "agents signed out").await
}
