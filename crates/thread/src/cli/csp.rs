//! `thread csp`.

use super::{CliError, Context, no_app};
use crate::assets::Assets;
use crate::config::parse_origin;
use crate::csp::{Level, Loading, Page, Report, Way, check, parse, ways};
use crate::origin::Origin;
use crate::versions::Versions;
use clap::{Args, ValueEnum};
use protocol::AppId;
use serde_json::json;
use std::fmt::Write as _;
use std::io::{self, Read as _};

#[derive(Args, Debug)]
#[expect(clippy::doc_markdown, reason = "clap shows it as it stands")]
pub(super) struct CspArgs {
    /// Identifier of the app whose pages it is for
    #[arg(long = "app", value_name = "APP_ID")]
    app_id: String,
    /// Origin under which browsers reach this service
    #[arg(long, env = "THREAD_PUBLIC_URL", value_name = "URL", default_value = "http://127.0.0.1:8080", value_parser = parse_origin)]
    public_url: Origin,
    /// Read a policy on standard input instead, and say what it lacks: thread csp --app APP_ID --check < header.txt
    #[arg(long)]
    check: bool,
    /// With --check: how the page gets the messenger
    #[arg(long, value_enum, default_value_t = By::Snippet, requires = "check")]
    by: By,
}

/// How a page gets the messenger.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// The snippet, an inline script.
    Snippet,
    /// A tag in the page's HTML.
    Tag,
    /// The npm package.
    Package,
}

pub(super) async fn run(context: &Context, args: CspArgs) -> Result<(), CliError> {
    let id = AppId(args.app_id);
    let app = context.store().await?.find_app(&id).await?.ok_or_else(|| no_app(&id))?;
    if args.check {
        let loading = match args.by {
            By::Snippet => Loading::Snippet,
            By::Tag => Loading::Tag,
            By::Package => Loading::Package,
        };
        return check_standard_input(context, &args.public_url, &app.origins, loading);
    }
    let versions = Versions::of(&Assets::embedded());
    let ways = ways(&args.public_url, id.as_str(), versions.current());
    let json = json!({
        "appId": id,
        "origin": args.public_url.as_str(),
        "pages": app.origins,
        "ways": ways,
    });
    context.output.print(&json, &text(&args.public_url, &app.origins, &ways))
}

fn text(origin: &Origin, pages: &[String], ways: &[Way]) -> String {
    let mut text = format!(
        "Pages of {} take the messenger from {origin}.\nA page with a Content-Security-Policy has to allow one of these \
         ways. Add the values to the\ndirectives that it has; a new directive begins with what default-src says.\n",
        pages.join(", ")
    );
    for way in ways {
        let _ = write!(text, "\n{} ({})\n  {}\n", way.title, way.name, way.about);
        for added in &way.directives {
            let _ = writeln!(text, "    {} {}", added.directive, added.values.join(" "));
        }
        let _ = writeln!(text, "  As a whole policy:\n    {}\n  The tag:\n    {}", way.policy, way.tag);
    }
    text
}

fn check_standard_input(
    context: &Context,
    thread: &Origin,
    pages: &[String],
    loading: Loading,
) -> Result<(), CliError> {
    let mut policy = String::new();
    io::stdin()
        .lock()
        .read_to_string(&mut policy)
        .map_err(|error| CliError::Io("cannot read the policy from standard input".to_owned(), error))?;
    // `'self'` is whatever origin the page has; with several, the first stands for them.
    let own = pages.first().and_then(|page| Origin::parse(page).ok());
    let policies = parse(&policy).map_err(|error| CliError::Usage(error.to_string()))?;
    let report = check(&policies, &Page { thread, own: own.as_ref(), loading });
    context.output.print(&json!({"works": report.works(), "report": report}), &report_text(&report))?;
    if report.works() {
        Ok(())
    } else {
        Err(CliError::Negative("the messenger does not work with this policy"))
    }
}

fn report_text(report: &Report) -> String {
    report.findings.iter().fold(String::new(), |mut text, finding| {
        let word = match finding.level {
            Level::Missing => "MISSING",
            Level::Note => "note",
            Level::Good => "good",
        };
        let _ = writeln!(text, "{word:8} {}: {}", finding.directive, finding.message);
        if let Some(add) = &finding.add {
            let _ = writeln!(text, "         {add}");
        }
        text
    })
}
