//! The browser's console, of a page and of all its frames.

use crate::Result;
use anyhow::{Context as _, ensure};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

/// What `recorder.js` keeps in a page for a browser without `BiDi`, which is WebKit: not that of frames of other
/// sites, nor what is lost when a page goes.
pub(crate) const TAKE_RECORDED: &str = "return (window.consoleLines ?? []).splice(0)";

/// A line that `recorder.js` kept.
#[derive(serde::Deserialize)]
pub(crate) struct Recorded {
    level: String,
    text: String,
}

impl From<Recorded> for ConsoleEntry {
    fn from(Recorded { level, text }: Recorded) -> Self {
        Self { is_error: level == "error", is_warning: level == "warn", text }
    }
}

/// A line of the browser's console.
#[derive(Clone, Debug)]
pub struct ConsoleEntry {
    /// An error, or an exception that nobody caught.
    pub is_error: bool,
    /// A warning.
    pub is_warning: bool,
    /// What was written.
    pub text: String,
}

/// Lines that nobody has looked at yet.
#[derive(Clone, Default)]
pub(crate) struct Console(Arc<Mutex<Vec<ConsoleEntry>>>);

impl Console {
    /// Listens by WebDriver `BiDi`: the older log of the driver leaves out frames of other sites, and exists in
    /// Chromium alone.
    pub(crate) async fn listen(&self, address: Option<&str>) -> Result {
        let (mut socket, _) = connect_async(address.context("the driver speaks no WebDriver BiDi")?).await?;
        let subscribe =
            json!({ "id": 1, "method": "session.subscribe", "params": { "events": ["log.entryAdded"] } });
        socket.send(Message::text(subscribe.to_string())).await?;
        let answer = socket.next().await.context("the driver hung up")??;
        let answer: Value = serde_json::from_str(answer.to_text()?)?;
        ensure!(answer["id"] == 1 && answer["type"] == "success", "subscribing to the console: {answer}");

        let entries = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            while let (Some(Ok(message)), Some(entries)) = (socket.next().await, entries.upgrade()) {
                if let Some(entry) = message.to_text().ok().and_then(parse) {
                    entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
                }
            }
        });
        Ok(())
    }

    /// What came since the last call.
    pub(crate) fn take(&self) -> Vec<ConsoleEntry> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A `log.entryAdded` event.
fn parse(text: &str) -> Option<ConsoleEntry> {
    let event: Value = serde_json::from_str(text).ok()?;
    let (level, text) = (event["params"]["level"].as_str()?, event["params"]["text"].as_str()?);
    Some(ConsoleEntry { is_error: level == "error", is_warning: level == "warn", text: text.to_owned() })
}
