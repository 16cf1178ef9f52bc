//! Tables of what was measured, and their place in the documentation.

use crate::Flags;
use crate::figures::whole;
use crate::growth::Growth;
use crate::messages::Messages;
use crate::plot;
use crate::sessions::{CONNECTIONS, Sessions};
use crate::sockets::Sockets;
use anyhow::Context as _;
use std::fmt::Write as _;
use std::path::Path;

const START: &str = "<!-- begin: ./build.sh bench service -->";
const END: &str = "<!-- end: ./build.sh bench service -->";
const PLOT: &str = "performance-service.svg";

/// What was measured so far.
#[derive(Default)]
pub struct Report {
    pub sessions: Vec<Sessions>,
    pub messages: Vec<Messages>,
    pub sockets: Option<Sockets>,
    pub growth: Vec<Growth>,
}

impl Report {
    pub fn sessions_table(&self) -> String {
        let head = [
            &*format!("sign-in by key, {CONNECTIONS} connections"),
            "requests a second",
            "of the empty route",
            "99 % within",
            "processor time of each",
        ];
        let rows = self.sessions.iter().map(|one| {
            vec![
                one.name.to_owned(),
                whole(one.per_second),
                format!("{:.2}", one.ratio),
                format!("{:.1} ms", one.p99_ms),
                format!("{:.0} µs", one.cpu_us),
            ]
        });
        table(&head, rows)
    }

    pub fn messages_table(&self) -> String {
        let head = [
            "durable messages",
            "acknowledged a second",
            "of the disk’s syncs",
            "syncs a second",
            "half within",
            "99 % within",
            "processor time of each",
        ];
        let rows = self.messages.iter().map(|one| {
            vec![
                format!("{}, {} at a time", one.database, one.writers),
                whole(one.per_second),
                format!("{:.2}", one.ratio),
                whole(one.syncs_per_second),
                format!("{:.1} ms", one.half_ms),
                format!("{:.1} ms", one.p99_ms),
                format!("{:.0} µs", one.cpu_us),
            ]
        });
        table(&head, rows)
    }

    pub fn sockets_table(&self) -> String {
        let head = [
            "idle sockets on one node",
            "memory of each",
            "after messages to all",
            "a message to all within",
            "opened a second",
        ];
        let rows = self.sockets.iter().map(|one| {
            vec![
                whole(one.count as f64),
                format!("{:.1} KiB", one.kib),
                format!("{:.1} KiB", one.kib_after_messages),
                format!("{:.0} ms", one.to_all_ms),
                whole(one.opened_per_second),
            ]
        });
        table(&head, rows)
    }

    pub fn growth_table(&self) -> String {
        let head = [
            "contacts, service requests, messages",
            "size",
            "sign-in",
            "a contact’s list",
            "agents’ list",
            "a message, durable",
            "start",
            "memory",
        ];
        let rows = self.growth.iter().map(|one| {
            let ms = |value: f64| format!("{value:.2} ms");
            vec![
                format!("{}, {} of each", one.database, whole(one.contacts as f64)),
                one.bytes.map_or("–".to_owned(), |bytes| format!("{} MB", whole(bytes as f64 / 1e6))),
                ms(one.sign_in_ms),
                ms(one.list_ms),
                ms(one.agents_list_ms),
                ms(one.message_ms),
                format!("{:.0} ms", one.start_ms),
                format!("{:.0} MB", one.memory_kib as f64 / 1_024.0),
            ]
        });
        table(&head, rows)
    }

    /// Puts all of it between its marks in `PERFORMANCE.md`, and the plot beside it.
    pub fn write(&self, docs: &Path, flags: &Flags) -> anyhow::Result<()> {
        let file = docs.join("PERFORMANCE.md");
        let before = std::fs::read_to_string(&file)?;
        let place = before.find(START).zip(before.find(END)).filter(|(start, end)| start < end);
        let (start, end) = place.with_context(|| format!("{} has lost its marks", file.display()))?;
        let after = [&before[..start], &self.text(flags), &before[end..]].concat();
        std::fs::write(file, after)?;
        std::fs::write(docs.join(PLOT), plot::draw(self))?;
        Ok(())
    }

    fn text(&self, flags: &Flags) -> String {
        let mut text = format!(
            "{START}\nAll in one run of `./build.sh bench service` on a machine with {} cores, which the clients share; in turns of \
             {} s, the median of {}.\n\n![Ratios and growth]({PLOT})\n",
            std::thread::available_parallelism().map_or(0, usize::from),
            flags.seconds,
            flags.turns,
        );
        for table in [self.sessions_table(), self.messages_table(), self.sockets_table(), self.growth_table()]
        {
            let _ = write!(text, "\n{table}\n");
        }
        text.push('\n');
        text
    }
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        let _ = write!(text, "\n| {} |", row.join(" | "));
    }
    text
}
