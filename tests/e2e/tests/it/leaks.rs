//! After `destroy` nothing is left, however often the messenger came and went.

use crate::partner::{EMAIL, Partner};
use anyhow::ensure;
use e2e::{Browser, BrowserKind, Result, until, until_some};
use serde_json::{Value, json};

/// Cycles of initialize, open, destroy.
pub const CYCLES: usize = 500;
/// Every so often the panel is waited for, before it is taken away.
const WHOLE_EVERY: usize = 25;
/// Cycles in one call of a script: each call has a limit of time.
const BATCH: usize = 25;

/// Runs `count` cycles in the page `counted`.
pub async fn run_cycles(browser: &Browser, count: usize) -> Result {
    for _ in 0..count.div_ceil(BATCH) {
        let failed = run_batch(browser).await?;
        ensure!(failed.is_empty(), "{failed}");
    }
    Ok(())
}

/// Runs a batch; gives what went wrong, or nothing.
async fn run_batch(browser: &Browser) -> Result<String> {
    const RUN: &str = "(async () => {
            for (let i = 0; i < count; i++) await cycle(i % every === 0);
        })().then(() => done(''), (error) => done(String(error)));";
    let arguments = vec![json!(BATCH), json!(WHOLE_EVERY)];
    if browser.kind() == BrowserKind::Webkit {
        // Its driver waits for a script by a timer in the page, which the page would count.
        let script = format!(
            "const [count, every] = arguments; window.batch = null;
            const done = (failed) => {{ window.batch = failed; }}; {RUN}"
        );
        browser.run_with::<()>(&script, &arguments).await?;
        return until_some("the batch has run", async || browser.run("return window.batch").await).await;
    }
    let script = format!("const [count, every, done] = arguments; {RUN}");
    Ok(browser.execute_async(&script, arguments).await?.convert()?)
}

/// What lives in the page.
async fn counted(browser: &Browser) -> Result<Value> {
    browser.run::<()>("measure()").await?;
    until_some("it is counted", async || browser.run("return window.measured").await).await
}

/// What lives in the page, once nothing runs that ends by itself.
async fn at_rest(browser: &Browser, expected: &Value) -> Result<Value> {
    let mut live = Value::Null;
    // If it does not come, the difference says more than that.
    let _ = until("the page is at rest", async || {
        live = counted(browser).await?;
        Ok(live == *expected)
    })
    .await;
    Ok(live)
}

#[tokio::test]
async fn five_hundred_cycles_leave_nothing_that_a_page_can_count() -> Result {
    let partner = Partner::start().await?;
    partner.open_with_params("counted", &partner.params(EMAIL)?).await?;
    let browser = &partner.browser;
    // The engine starts, and makes once what it keeps.
    run_cycles(browser, BATCH).await?;
    let before = counted(browser).await?;
    run_cycles(browser, CYCLES).await?;
    assert_eq!(at_rest(browser, &before).await?, before);
    for (what, count) in [("timers", 0), ("sockets", 0), ("frames", 0), ("observers", 0), ("documents", 0)] {
        assert_eq!(before[what], count, "{what} of {before}");
    }

    // The counters can count.
    browser.run::<()>("void messenger.initialize(params).then(() => messenger.open())").await?;
    until("something lives", async || {
        let live = counted(browser).await?;
        Ok(live["listeners"].as_u64() > before["listeners"].as_u64() && live["documents"] == 1)
    })
    .await?;
    assert_eq!(browser.run::<Vec<String>>("return faults").await?, Vec::<String>::new());
    Ok(())
}
