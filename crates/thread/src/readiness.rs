//! Whether the service can answer. Anybody may ask, as often as they like; the database is asked once a second at the
//! most, since its answer is a write.

use crate::store::{Store, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// An answer is good for so long.
const FRESH: Duration = Duration::from_secs(1);
/// The database has so long to answer.
const WITHIN: Duration = Duration::from_secs(2);

/// Why the service cannot answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unready {
    /// The database refuses, or cannot be reached.
    Refused,
    /// The database takes too long.
    Late,
}

/// The last answer of the database. Whoever asks while one is on its way waits for that one.
#[derive(Clone, Debug)]
pub struct Readiness {
    fresh: Duration,
    last: Arc<Mutex<Option<Answer>>>,
}

/// What the database said, and when.
#[derive(Clone, Copy, Debug)]
struct Answer {
    at: Instant,
    ready: Result<(), Unready>,
}

impl Default for Readiness {
    fn default() -> Self {
        Self { fresh: FRESH, last: Arc::default() }
    }
}

impl Readiness {
    /// Whether the database answers and takes writes, now or a second ago.
    ///
    /// # Errors
    /// If it does not.
    pub async fn check(&self, store: &Store) -> Result<(), Unready> {
        let store = store.clone();
        self.of(async move { store.ping().await }).await
    }

    async fn of(
        &self,
        ping: impl Future<Output = Result<(), StoreError>> + Send + 'static,
    ) -> Result<(), Unready> {
        let mut last = Arc::clone(&self.last).lock_owned().await;
        if let Some(answer) = *last
            && answer.at.elapsed() < self.fresh
        {
            return answer.ready;
        }
        // A task of its own: whoever hangs up does not make the next one ask anew.
        let asking = tokio::spawn(async move {
            let ready = match timeout(WITHIN, ping).await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => {
                    tracing::error!(%error, "not ready");
                    Err(Unready::Refused)
                }
                Err(_) => Err(Unready::Late),
            };
            *last = Some(Answer { at: Instant::now(), ready });
            ready
        });
        asking.await.unwrap_or(Err(Unready::Refused))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn counted(count: &Arc<AtomicUsize>) -> impl Future<Output = Result<(), StoreError>> + use<> {
        let count = Arc::clone(count);
        async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            count.fetch_add(1, Ordering::SeqCst);
            Err(StoreError::Corrupt("thing"))
        }
    }

    #[tokio::test]
    async fn many_askers_share_one_answer_while_it_is_fresh() {
        let (readiness, count) =
            (Readiness { fresh: Duration::from_hours(1), ..Readiness::default() }, Arc::default());
        let answers = join_all((0..50).map(|_| readiness.of(counted(&count)))).await;
        assert!(answers.iter().all(|answer| *answer == Err(Unready::Refused)));
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn an_old_answer_is_asked_for_again() {
        let (readiness, count) =
            (Readiness { fresh: Duration::ZERO, ..Readiness::default() }, Arc::default());
        for _ in 0..3 {
            assert_eq!(readiness.of(counted(&count)).await, Err(Unready::Refused));
        }
        assert_eq!(count.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn whoever_hangs_up_does_not_make_the_next_one_ask_anew() {
        let (readiness, count) =
            (Readiness { fresh: Duration::from_hours(1), ..Readiness::default() }, Arc::default());
        for _ in 0..5 {
            let _ = timeout(Duration::from_millis(5), readiness.of(counted(&count))).await;
        }
        assert_eq!(readiness.of(counted(&count)).await, Err(Unready::Refused));
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }
}
