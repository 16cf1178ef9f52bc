//! What the disk does by itself.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

const PAGE: u64 = 4_096;
const PAGES: u64 = 256;

/// Writes of 4 KiB that are made durable one by one, in a second: in turn over a file that is there already, as a
/// database does in its log. (To the end of a file that grows, a disk does fewer.)
pub fn syncs_per_second(folder: &Path, time: Duration) -> anyhow::Result<f64> {
    let path = folder.join("syncs");
    let file = File::create(&path)?;
    let page = vec![7; usize::try_from(PAGE)?];
    for number in 0..PAGES {
        file.write_all_at(&page, number * PAGE)?;
    }
    file.sync_all()?;
    let (started, mut count) = (Instant::now(), 0_u32);
    while started.elapsed() < time {
        file.write_all_at(&page, u64::from(count) % PAGES * PAGE)?;
        file.sync_data()?;
        count += 1;
    }
    let elapsed = started.elapsed();
    std::fs::remove_file(path)?;
    Ok(f64::from(count) / elapsed.as_secs_f64())
}
