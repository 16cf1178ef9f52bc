//! A plot of the ratios, in the look of the other plots of the documentation.

use crate::figures::whole;
use crate::messages::WRITERS;
use crate::report::Report;
use std::fmt::Write as _;

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1f2430}.small{font-size:11px;fill:#5b6270}\
     .title{font-weight:600;font-size:14px}.tick{stroke:#dfe2e8}.one{stroke:#2f5bea;stroke-width:2}.a{fill:#2f9e6b}\
     .b{fill:#9aa3b5}.c{fill:#c98a2b}.d{fill:#7a5bd0}.line{fill:none;stroke-width:2}.a.line{stroke:#2f9e6b}\
     .b.line{stroke:#9aa3b5}.c.line{stroke:#c98a2b}.d.line{stroke:#7a5bd0}.line{fill:none!important}rect.page{fill:#fff}";
const WIDTH: f64 = 520.0;
const LABELS: f64 = 190.0;
const ROW: f64 = 22.0;
const TOP: f64 = 40.0;

/// The whole picture.
pub fn draw(report: &Report) -> String {
    let (first, first_height) = sessions(report);
    let (second, second_height) = messages(report);
    let (third, third_height) = growth(report);
    let height = first_height + second_height + third_height + 16.0;
    let width = LABELS + WIDTH + 90.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-label=\"What the service does, as ratios\">\n<style>{STYLE}</style>\n\
         <rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n{first}\n\
         <g transform=\"translate(0 {first_height})\">{second}</g>\n\
         <g transform=\"translate(0 {})\">{third}</g>\n</svg>\n",
        first_height + second_height
    )
}

/// One bar with its label and value.
fn bar(row: usize, label: &str, class: &str, length: f64, value: &str) -> String {
    let y = ROW.mul_add(row as f64, TOP);
    format!(
        "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{label}</text>\
         <rect class=\"{class}\" x=\"{LABELS}\" y=\"{}\" width=\"{:.1}\" height=\"{}\" rx=\"2\"/>\
         <text class=\"small\" x=\"{:.1}\" y=\"{}\">{value}</text>",
        LABELS - 8.0,
        y + 13.0,
        y + 2.0,
        length.max(1.0),
        ROW - 7.0,
        LABELS + length + 5.0,
        y + 13.0
    )
}

fn title(text: &str) -> String {
    format!("<text class=\"title\" x=\"{LABELS}\" y=\"22\">{text}</text>")
}

fn sessions(report: &Report) -> (String, f64) {
    let mut svg = title("sign-ins by key, of an empty route’s requests a second");
    let bottom = ROW.mul_add(report.sessions.len() as f64, TOP);
    for (share, class) in [(0.5, "one"), (1.0, "tick")] {
        let x = WIDTH.mul_add(share, LABELS);
        let _ = write!(
            svg,
            "<line class=\"{class}\" x1=\"{x}\" x2=\"{x}\" y1=\"{}\" y2=\"{bottom}\"/>\
             <text class=\"small\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{share}</text>",
            TOP - 6.0,
            bottom + 12.0
        );
    }
    for (row, one) in report.sessions.iter().enumerate() {
        let label = one.name.replace('`', "").replace("POST /v1/sessions, ", "sign-in, ");
        let class = if row == 0 { "b" } else { "a" };
        svg.push_str(&bar(row, &label, class, WIDTH * one.ratio.min(1.1), &format!("{:.2}", one.ratio)));
    }
    (svg, bottom + 28.0)
}

fn messages(report: &Report) -> (String, f64) {
    let mut svg = title("durable messages, times the disk’s own syncs a second");
    let most = report.messages.iter().map(|one| one.ratio).fold(1.0, f64::max);
    let bottom = ROW.mul_add(report.messages.len() as f64, TOP);
    let scale = WIDTH * 0.75 / most;
    let x = LABELS + scale;
    let _ = write!(
        svg,
        "<line class=\"one\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{}\" y2=\"{bottom}\"/>\
         <text class=\"small\" x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">1 ×</text>",
        TOP - 6.0,
        bottom + 12.0
    );
    for (row, one) in report.messages.iter().enumerate() {
        let label = format!("{}, {} at a time", one.database, one.writers);
        let class = if row < WRITERS.len() { "a" } else { "c" };
        let value = format!("{:.1} × ({} a second)", one.ratio, whole(one.per_second));
        svg.push_str(&bar(row, &label, class, scale * one.ratio, &value));
    }
    (svg, bottom + 28.0)
}

/// Lines over sizes, each from 1 × at the smallest.
fn growth(report: &Report) -> (String, f64) {
    const HEIGHT: f64 = 190.0;
    const MOST: f64 = 4.0;
    let rows: Vec<_> = report.growth.iter().filter(|one| one.database == "SQLite").collect();
    let mut svg = title("SQLite: times of calls as contacts and messages grow, beside 1,000 of each");
    let (Some(first), count) = (rows.first(), rows.len()) else { return (svg, TOP) };
    let x = |index: usize| LABELS + WIDTH * index as f64 / (count.max(2) - 1) as f64;
    let y = |ratio: f64| TOP + HEIGHT * (1.0 - ratio.clamp(0.0, MOST) / MOST);
    for level in [0.0, 1.0, 2.0, 3.0, 4.0] {
        let _ = write!(
            svg,
            "<line class=\"{}\" x1=\"{LABELS}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
             <text class=\"small\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{level} ×</text>",
            if (level - 1.0_f64).abs() < 0.1 { "one" } else { "tick" },
            LABELS + WIDTH,
            LABELS - 6.0,
            y(level) + 4.0,
            at = y(level)
        );
    }
    for (index, row) in rows.iter().enumerate() {
        let _ = write!(
            svg,
            "<text class=\"small\" x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            x(index),
            TOP + HEIGHT + 16.0,
            whole(row.contacts as f64)
        );
    }
    for (number, (name, class, of)) in [
        ("sign-in", "a", (|one| one.sign_in_ms) as fn(&crate::growth::Growth) -> f64),
        ("a contact’s list", "b", |one| one.list_ms),
        ("agents’ list", "c", |one| one.agents_list_ms),
        ("a message, durable", "d", |one| one.message_ms),
    ]
    .into_iter()
    .enumerate()
    {
        let points: Vec<String> = rows
            .iter()
            .enumerate()
            .map(|(index, row)| format!("{:.1},{:.1}", x(index), y(of(row) / of(first))))
            .collect();
        let legend = ROW.mul_add(number as f64, TOP);
        let _ = write!(
            svg,
            "<polyline class=\"{class} line\" points=\"{}\"/><rect class=\"{class}\" x=\"16\" y=\"{}\" width=\"12\" \
             height=\"12\" rx=\"2\"/><text x=\"34\" y=\"{}\">{name}</text>",
            points.join(" "),
            legend + 2.0,
            legend + 13.0
        );
    }
    (svg, TOP + HEIGHT + 28.0)
}
