//! Prints `docs/errors.md`: `./build.sh docs` writes it, `./build.sh check` compares it.
#![expect(clippy::print_stdout, reason = "it is what this program is for")]

use protocol::ErrorCode;

const INTRODUCTION: &str = "\
# Error codes

<!-- Made by `./build.sh docs` from crates/protocol/src/code.rs. -->

What `MessengerError.code` in the page and `code` in Thread's problem documents can be, why, and what to do. A running
Thread explains them at `/docs/errors`, where `MessengerError.docs` leads. Codes may be added; none changes its meaning.
[The widget](widget.md) says what becomes of launcher and promise, [On the wire](API.md) what a problem document is.
";

fn main() {
    println!("{INTRODUCTION}");
    println!("| code | HTTP status |\n|---|---|");
    for code in ErrorCode::ALL {
        let name = code.as_str();
        let status = match code.status() {
            0 => "raised in the page".to_owned(),
            status => status.to_string(),
        };
        println!("| [`{name}`](#{name}) | {status} |");
    }
    for code in ErrorCode::ALL {
        println!("\n## {}\n\n{}\n\n**What to do.** {}", code.as_str(), code.cause(), code.cure());
    }
}
