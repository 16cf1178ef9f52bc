//! After `destroy` nothing is left, however often the messenger came and went.

use crate::partner::{EMAIL, Partner};
use anyhow::ensure;
use e2e::{Browser, Result, until};
use serde_json::{Value, json};

/// Cycles of initialize, open, destroy.
pub const CYCLES: usize = 500;
/// Every so often the panel is waited for, before it is taken away.
const WHOLE_EVERY: usize = 25;
/// Cycles in one call of a script: each call has a limit of time.
const BATCH: usize = 25;

/// Runs `count` cycles in the page `counted`.
pub async fn run_cycles(browser: &Browser, count: usize) -> Result {
    let script = "const [count, every, done] = arguments;
        (async () => {
            for (let i = 0; i < count; i++) await cycle(i % every === 0);
        })().then(() => done(''), (error) => done(String(error)));";
    for _ in 0..count.div_ceil(BATCH) {
        let failed = browser.execute_async(script, vec![json!(BATCH), json!(WHOLE_EVERY)]).await?;
        let failed: String = failed.convert()?;
        ensure!(failed.is_empty(), "{failed}");
    }
    Ok(())
}

/// What lives in the page, once nothing runs that ends by itself.
async fn at_rest(browser: &Browser, expected: &Value) -> Result<Value> {
    let mut live = Value::Null;
    // If it does not come, the difference says more than that.
    let _ = until("the page is at rest", async || {
        live = browser.run("return live()").await?;
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
    let before: Value = browser.run("return live()").await?;
    run_cycles(browser, CYCLES).await?;
    assert_eq!(at_rest(browser, &before).await?, before);
    for (what, count) in [("timers", 0), ("sockets", 0), ("frames", 0), ("observers", 0), ("documents", 0)] {
        assert_eq!(before[what], count, "{what} of {before}");
    }

    // The counters can count.
    browser.run::<()>("void messenger.initialize(params).then(() => messenger.open())").await?;
    until("something lives", async || {
        let live: Value = browser.run("return live()").await?;
        Ok(live["listeners"].as_u64() > before["listeners"].as_u64() && live["documents"] == 1)
    })
    .await?;
    assert_eq!(browser.run::<Vec<String>>("return faults").await?, Vec::<String>::new());
    Ok(())
}
