//! Transactions that write, and how several share one commit.
//!
//! A commit waits for the disk, a thousand times longer than the statements before it. So writes that come while one
//! is on its way join a *batch*: each runs within a savepoint of its own, one after the other, and one `COMMIT` makes
//! all of them durable. What is released and begun at the same moment goes to the database as one text: each way there and
//! back costs more than such a statement. Whoever calls [`Tx::commit`] hears of success only when that `COMMIT` has succeeded. Nobody
//! waits for company: a write without followers is committed at once.
//!
//! A *lane* is a queue of such writes. SQLite has one writer, so it has one lane. On PostgreSQL each app has its lane
//! (by hash), and a lock of the app that all nodes respect: writes of an app are in order, those of different apps run
//! side by side.

use super::StoreError;
use super::engine::Engine;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool};
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash as _, Hasher as _};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};
use tokio::time::timeout;

/// Writes of one batch at the most: bounds how long the first of them waits.
const MAX_BATCH: usize = 64;
/// How often a write that lost against another one is tried again.
pub(super) const MAX_RETRIES: u32 = 5;

/// What is told to each write of a batch.
type Settled = Result<(), Arc<StoreError>>;

/// The queues of writes.
#[derive(Clone)]
pub(super) struct Lanes {
    lanes: Arc<[Arc<Lane>]>,
}

struct Lane {
    engine: Engine,
    pool: AnyPool,
    /// Writes that wait for their turn.
    queued: AtomicUsize,
    batch: Arc<Mutex<Option<Batch>>>,
}

/// An open transaction with what has joined it, and with the savepoint of the write that joined last: that one is released
/// when the next begins, or with the commit. Its statements are plain ones: sqlx's own transactions lose count where
/// SQLite ends one by itself, as it does when the disk is full.
struct Batch {
    connection: PoolConnection<Any>,
    /// Whose lock it holds.
    scope: String,
    /// Who waits for its commit.
    waiting: Vec<oneshot::Sender<Settled>>,
}

impl Lanes {
    /// `count` lanes that take their connections from `pool`.
    pub(super) fn new(engine: &Engine, pool: &AnyPool, count: usize) -> Self {
        let lane = |_| {
            Arc::new(Lane {
                engine: engine.clone(),
                pool: pool.clone(),
                queued: AtomicUsize::new(0),
                batch: Arc::default(),
            })
        };
        Self { lanes: (0..count).map(lane).collect() }
    }

    /// Begins a write. Those of one scope are in order, on all nodes; those of different scopes need not be.
    pub(super) async fn begin(&self, scope: &str) -> Result<Tx, StoreError> {
        let mut hasher = DefaultHasher::new();
        scope.hash(&mut hasher);
        let index = hasher.finish() % u64::try_from(self.lanes.len()).unwrap_or(1);
        let lane = &self.lanes[usize::try_from(index).unwrap_or(0)];
        let mut turn = lane.turn().await?;
        turn.open(scope).await?;
        Ok(Tx(turn))
    }
}

impl fmt::Debug for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lanes({})", self.lanes.len())
    }
}

impl Lane {
    /// Waits for the batch to be free.
    async fn turn(self: &Arc<Self>) -> Result<Turn, StoreError> {
        let queued = Queued::new(self);
        let locked = timeout(super::ACQUIRE_TIMEOUT, Arc::clone(&self.batch).lock_owned()).await;
        let batch = locked.map_err(|_| StoreError::Database(sqlx::Error::PoolTimedOut))?;
        Ok(queued.served(batch))
    }
}

/// A place in the queue.
struct Queued<'a> {
    lane: &'a Arc<Lane>,
    is_served: bool,
}

impl<'a> Queued<'a> {
    fn new(lane: &'a Arc<Lane>) -> Self {
        lane.queued.fetch_add(1, Ordering::SeqCst);
        Self { lane, is_served: false }
    }

    fn served(mut self, batch: OwnedMutexGuard<Option<Batch>>) -> Turn {
        self.is_served = true;
        Turn { lane: Arc::clone(self.lane), batch: Some(batch), is_dirty: false }
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.lane.queued.fetch_sub(1, Ordering::SeqCst);
        // It gave up, and the batch may have been left open for it.
        if !self.is_served
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let lane = Arc::clone(self.lane);
            runtime.spawn(async move {
                let batch = Arc::clone(&lane.batch).lock_owned().await;
                drop(Turn { lane, batch: Some(batch), is_dirty: false });
            });
        }
    }
}

/// The exclusive use of a lane. Dropping it gives the lane to the next write; without one, what is open is committed.
struct Turn {
    lane: Arc<Lane>,
    /// `None` once it was handed on.
    batch: Option<OwnedMutexGuard<Option<Batch>>>,
    /// Inside a savepoint that was not released: its statements are to be undone.
    is_dirty: bool,
}

impl Turn {
    fn slot(&mut self) -> &mut Option<Batch> {
        self.batch.as_mut().expect("a turn has its lane until its end")
    }

    /// Joins the open batch of this scope, or opens one.
    async fn open(&mut self, scope: &str) -> Result<(), StoreError> {
        let is_other = |batch: &Batch| self.lane.engine.has_locks() && batch.scope != scope;
        if self.batch.as_ref().and_then(|batch| batch.as_ref()).is_some_and(is_other) {
            self.flush().await;
        }
        let Some(batch) = self.slot() else { return self.begin(scope).await };
        match batch.run_all("RELEASE SAVEPOINT one_write; SAVEPOINT one_write").await {
            Ok(()) => {
                self.is_dirty = true;
                Ok(())
            }
            // What the others of the batch wrote cannot be told apart from this one's.
            Err(error) => {
                let error = Arc::new(error);
                self.fail(&error).await;
                Err(StoreError::Batch(error))
            }
        }
    }

    /// Opens a batch, with this write as its first.
    async fn begin(&mut self, scope: &str) -> Result<(), StoreError> {
        let connection = self.lane.pool.acquire().await?;
        *self.slot() = Some(Batch { connection, scope: scope.to_owned(), waiting: Vec::new() });
        // From here on the drop of the turn ends what is open, however far this comes.
        self.is_dirty = true;
        let engine = self.lane.engine.clone();
        engine.begin_write(&mut self.slot().as_mut().expect("a batch is open").connection, scope).await
    }

    /// Undoes the whole batch and tells everybody in it.
    async fn fail(&mut self, error: &Arc<StoreError>) {
        self.is_dirty = false;
        if let Some(mut batch) = self.slot().take() {
            batch.roll_back().await;
            settle(batch.waiting, &Err(Arc::clone(error)));
        }
    }

    /// Keeps what was written within the savepoint; who is told of the commit.
    fn keep(&mut self) -> oneshot::Receiver<Settled> {
        self.is_dirty = false;
        let (told, hears) = oneshot::channel();
        let batch = self.slot().as_mut().expect("a batch is open");
        batch.waiting.push(told);
        hears
    }

    /// Undoes what was written within the savepoint. If the database has undone more by itself, as SQLite does when
    /// the disk is full, the whole batch has failed.
    async fn undo(&mut self) {
        self.is_dirty = false;
        let batch = self.slot().as_mut().expect("a batch is open");
        if let Err(error) = batch.run_all("ROLLBACK TO SAVEPOINT one_write").await {
            self.fail(&Arc::new(error)).await;
        }
    }

    /// Commits the batch and tells everybody in it.
    async fn flush(&mut self) {
        let Some(mut batch) = self.slot().take() else { return };
        if batch.waiting.is_empty() {
            batch.roll_back().await;
            return;
        }
        // Where a failed statement was passed over, PostgreSQL's `COMMIT` alone would undo everything and say nothing of it.
        let committed = batch.run_all("RELEASE SAVEPOINT one_write; COMMIT").await;
        if committed.is_err() {
            batch.roll_back().await;
        }
        let Batch { connection, waiting, .. } = batch;
        // The next batch needs it sooner than these need to know.
        drop(connection);
        settle(waiting, &committed.map_err(Arc::new));
    }

    /// Whether the batch should not wait for more.
    fn is_last(&mut self) -> bool {
        let is_full = self.slot().as_ref().is_some_and(|batch| batch.waiting.len() >= MAX_BATCH);
        is_full || self.lane.queued.load(Ordering::SeqCst) == 0
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let is_open = self.batch.as_ref().is_some_and(|batch| batch.is_some());
        if !is_open || (!self.is_dirty && !self.is_last()) {
            return;
        }
        let mut end =
            End(Self { lane: Arc::clone(&self.lane), batch: self.batch.take(), is_dirty: self.is_dirty });
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            // A task of its own: whoever gives up waiting does not stop it halfway.
            runtime.spawn(async move { end.run().await });
        }
    }
}

/// What is left to do after a turn.
struct End(Turn);

impl End {
    async fn run(&mut self) {
        let turn = &mut self.0;
        if turn.is_dirty {
            turn.undo().await;
        }
        if turn.is_last() {
            turn.flush().await;
        }
        // Open for the next in the queue.
        turn.batch = None;
    }
}

/// The program ends before its time: nobody was told that anything is stored.
impl Drop for End {
    fn drop(&mut self) {
        if let Some(mut batch) = self.0.batch.take()
            && let Some(mut open) = batch.take()
        {
            open.connection.close_on_drop();
        }
    }
}

impl Batch {
    /// Statements without parameters, one after the other.
    async fn run_all(&mut self, sql: &'static str) -> Result<(), StoreError> {
        sqlx::raw_sql(sql).execute(&mut *self.connection).await?;
        Ok(())
    }

    async fn roll_back(&mut self) {
        if self.run_all("ROLLBACK").await.is_err() {
            // Whatever state it is in: the next batch gets another one.
            self.connection.close_on_drop();
        }
    }
}

fn settle(waiting: Vec<oneshot::Sender<Settled>>, outcome: &Settled) {
    for told in waiting {
        // Whoever has gone does not want to know.
        let _ = told.send(outcome.clone());
    }
}

/// A write. Used as a connection; undone when dropped without [`Tx::commit`].
pub(super) struct Tx(Turn);

impl Tx {
    /// Done when it is durable.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        let hears = self.0.keep();
        drop(self);
        match hears.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(StoreError::Batch(error)),
            Err(_) => Err(StoreError::Database(sqlx::Error::WorkerCrashed)),
        }
    }
}

impl Deref for Tx {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        let batch = self.0.batch.as_ref().expect("a turn has its lane until its end");
        &batch.as_ref().expect("a batch is open").connection
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.0.slot().as_mut().expect("a batch is open").connection
    }
}

/// Awaits a write, again if it lost against another one.
macro_rules! retried {
    ($write:expr) => {{
        let mut retries = 0;
        loop {
            match $write.await {
                Err(error) if error.is_conflict() && retries < super::transaction::MAX_RETRIES => {
                    retries += 1;
                    super::transaction::step_aside(retries).await;
                }
                settled => break settled,
            }
        }
    }};
}
pub(super) use retried;

/// A short wait, not the same for both of two that met.
pub(super) async fn step_aside(retries: u32) {
    tracing::debug!(retries, "a write lost against another one, and is tried again");
    let spread_ms = u64::from(crate::crypto::random_bytes::<1>()[0]) % 16;
    tokio::time::sleep(Duration::from_millis(5 * u64::from(retries) + spread_ms)).await;
}
