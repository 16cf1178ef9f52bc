//! Any order of what a page and its visitor may do: at most one messenger at any time, and the last call wins.

use crate::partner::Partner;
use anyhow::{Context as _, ensure};
use e2e::{BrowserKind, MessengerPage, Result, until};
use serde_json::json;
use std::hash::{BuildHasher as _, RandomState};

const EMAILS: [&str; 2] = ["foo@bar.com", "other@bar.com"];
/// Orders in one test, and steps in each.
const ORDERS: usize = 4;
const STEPS: usize = 14;

/// What can happen to a page.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The script is included again.
    Include,
    /// `initialize` of one of two users, without waiting for what becomes of it.
    Initialize(usize),
    Open,
    Close,
    Toggle,
    Destroy,
    /// The page replaces its body, as Turbo does, and initializes anew.
    ReplaceBody(usize),
    /// The network goes, for a moment.
    Offline,
    /// Thread is restarted.
    Restart,
    /// To another page and back, as by the browser's buttons.
    AwayAndBack,
    /// The browser puts the tab to sleep, and wakes it.
    Sleep,
    /// Whatever is on its way arrives.
    Settle,
}

/// Numbers that look random and that can be had again: `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let number = (z ^ (z >> 31)) >> 32;
        usize::try_from(number).expect("32 bits") % bound
    }

    fn step(&mut self) -> Step {
        let user = self.below(EMAILS.len());
        match self.below(16) {
            0 => Step::Include,
            1..=3 => Step::Initialize(user),
            4 | 5 => Step::Open,
            6 => Step::Close,
            7 => Step::Toggle,
            8 | 9 => Step::Destroy,
            10 => Step::ReplaceBody(user),
            11 => Step::Offline,
            12 => Step::AwayAndBack,
            13 => Step::Restart,
            14 => Step::Sleep,
            _ => Step::Settle,
        }
    }
}

/// Who is to be signed in at the end, if anybody.
type Last = Option<usize>;

struct Visit<'a> {
    partner: &'a Partner,
    page: MessengerPage<'a>,
    last: Last,
}

impl Visit<'_> {
    async fn take(&mut self, step: Step) -> Result {
        let browser = &self.partner.browser;
        match step {
            Step::Include => {
                let script = "const script = document.createElement('script');
                    script.src = document.querySelector('script[src]').src;
                    document.head.append(script);";
                browser.run::<()>(script).await?;
            }
            Step::Initialize(user) => self.initialize("", user).await?,
            Step::Open => browser.run::<()>("messenger.open()").await?,
            Step::Close => browser.run::<()>("messenger.close()").await?,
            Step::Toggle => browser.run::<()>("messenger.toggle()").await?,
            Step::Destroy => {
                browser.run::<()>("messenger.destroy()").await?;
                self.last = None;
                ensure!(self.page.count().await? == 0, "destroy takes it away at once");
            }
            Step::ReplaceBody(user) => {
                let replace = "const body = document.createElement('body'); body.append('Another body');
                    body.append(document.querySelector('script[src]').cloneNode()); document.body.replaceWith(body);";
                self.initialize(replace, user).await?;
            }
            Step::Offline => {
                self.partner.thread.tap().cut();
                browser.run::<()>("dispatchEvent(new Event('offline'))").await?;
                self.partner.thread.tap().mend();
                browser.run::<()>("dispatchEvent(new Event('online'))").await?;
            }
            Step::Restart => self.partner.thread.restart().await?,
            // No other browser's driver can.
            Step::Sleep if browser.kind() == BrowserKind::Chromium => {
                for state in ["frozen", "active"] {
                    let state = json!({ "state": state });
                    browser.cdp().send_raw("Page.setWebLifecycleState", state).await?;
                }
            }
            Step::Sleep => {}
            Step::AwayAndBack => {
                browser.run::<()>("window.wasHere = true").await?;
                let empty = self.partner.open_with_params("empty", &json!(null)).await?;
                ensure!(empty.count().await? == 0, "another page");
                browser.back().await?;
                until("the page is there again", async || {
                    browser.run("return 'messenger' in window && document.readyState === 'complete'").await
                })
                .await?;
                // From the back/forward cache all is as it was; else the page is a new one.
                if !browser.run::<bool>("return !!window.wasHere").await? {
                    self.last = None;
                }
            }
            Step::Settle => self.settle().await?,
        }
        ensure!(self.page.count().await? <= 1, "more than one messenger");
        Ok(())
    }

    async fn initialize(&mut self, before: &str, user: usize) -> Result {
        let script = format!("{before}; void start(arguments[0])");
        let params = self.partner.params(EMAILS[user])?;
        self.partner.browser.run_with::<()>(&script, &[params]).await?;
        self.last = Some(user);
        Ok(())
    }

    /// The last call has won.
    async fn settle(&self) -> Result {
        let Some(user) = self.last else {
            return self.page.wait_until_gone().await;
        };
        ensure!(self.page.outcome().await? == "resolved", "the last initialize signs in");
        ensure!(self.page.count().await? == 1, "there is a messenger");
        self.partner.browser.run::<()>("messenger.open()").await?;
        let panel = self.page.enter_panel().await?;
        panel.wait_for_text(EMAILS[user]).await?;
        let text = panel.text().await?;
        ensure!(!text.contains(EMAILS[1 - user]), "the panel is another user's: {text}");
        panel.leave().await
    }
}

#[tokio::test]
async fn in_any_order_there_is_at_most_one_messenger_and_the_last_call_wins() -> Result {
    // A new one each time: it finds more in the long run. What it found can be had again.
    let seed = match std::env::var("E2E_SEED") {
        Ok(seed) => seed.parse()?,
        Err(_) => RandomState::new().hash_one("seed"),
    };
    eprintln!("E2E_SEED={seed}");
    let mut dice = Dice(seed);
    let partner = Partner::start().await?;
    for _ in 0..ORDERS {
        let page = partner.open_with_params("programmatic", &partner.params(EMAILS[0])?).await?;
        let mut visit = Visit { partner: &partner, page, last: None };
        let mut taken = Vec::new();
        let mut steps: Vec<_> = (0..STEPS).map(|_| dice.step()).collect();
        steps.push(Step::Settle);
        for step in steps {
            taken.push(step);
            visit.take(step).await.with_context(|| format!("after {taken:?}; again by E2E_SEED={seed}"))?;
        }
        let uncaught = partner.browser.console_errors().await?;
        let uncaught: Vec<_> = uncaught.iter().filter(|text| text.contains("Uncaught")).collect();
        ensure!(uncaught.is_empty(), "after {taken:?}; again by E2E_SEED={seed}: {uncaught:?}");
    }
    Ok(())
}
