//! Waiting for a condition, never for a time.

use crate::Result;
use anyhow::bail;
use std::time::{Duration, Instant};

/// How long a condition may take before the test fails. Long, since two browsers share two cores; a test that
/// passes never waits for it.
pub const DEADLINE: Duration = Duration::from_secs(30);

const POLL_INTERVAL: Duration = Duration::from_millis(25);

/// Asks again and again until `condition` gives a value.
///
/// # Errors
/// The condition's own error, or that `what` did not come about within [`DEADLINE`].
pub async fn until_some<T>(what: &str, mut condition: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let start = Instant::now();
    loop {
        if let Some(value) = condition().await? {
            return Ok(value);
        }
        if start.elapsed() > DEADLINE {
            bail!("waited {} s in vain: {what}", DEADLINE.as_secs());
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

/// Asks again and again until `condition` is true.
///
/// # Errors
/// As [`until_some`].
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> Result<bool>) -> Result {
    until_some(what, async || Ok(condition().await?.then_some(()))).await
}
