//! Signing in by API key.

use crate::agent::Agents;
use crate::browser;
use crate::dom::{View, el, follow, words};
use crate::state::key_form::{Note, Trouble};
use crate::text;
use crate::views::icon::Icon;
use crate::views::part::{block, button, passage, span};
use web_sys::{Event, HtmlInputElement};

/// The command that makes a key, as `docs/agents.md` has it.
const COMMAND: &str = "thread apikey create APP_ID --name NAME";

/// The form.
pub(super) fn sign_in(agents: Agents) -> View {
    let input = el("input", "input").attrs(&[
        ("type", "password"),
        ("name", "api-key"),
        ("autocomplete", "off"),
        ("autocapitalize", "none"),
        ("spellcheck", "false"),
        ("dir", "ltr"),
        ("enterkeyhint", "go"),
        ("aria-describedby", "key-trouble"),
    ]);
    let field: HtmlInputElement = input.node();
    let submit = {
        let field = field.clone();
        move || agents.enter(&field.value())
    };
    follow(move || {
        let (is_busy, is_wrong) = agents.form.with(|form| (form.is_busy, form.trouble.is_some()));
        field.set_read_only(is_busy);
        // A plain name is always taken.
        let _ = field.set_attribute("aria-invalid", if is_wrong { "true" } else { "false" });
        let field = field.clone();
        // Once it is in the document: the way goes on here, at first and after a refusal.
        browser::next_frame(move || {
            let _ = field.focus();
        });
    });
    let note = words(move || agents.form.with(|form| form.note.map(told).unwrap_or_default().into()));
    let said = words(move || agents.form.with(|form| form.trouble.map(said).unwrap_or_default().into()));
    let label = words(move || {
        let is_busy = agents.form.with(|form| form.is_busy);
        if is_busy { text::signin_submitting() } else { text::signin_submit() }.into()
    });
    let command = el("code", "command").attr("dir", "ltr").with(COMMAND);
    let trouble = el("div", "trouble").attrs(&[("role", "alert"), ("id", "key-trouble")]).with(said);
    let content = vec![
        span("greeting-icon", Icon::Lock.view()),
        el("h1", "greeting-title").with(text::agent::key_title()).into(),
        passage("greeting-text", text::agent::key_text()),
        block("note", Some("status"), None, vec![note]),
        el("label", "label").with(text::agent::key_label()).with(input).into(),
        trouble.into(),
        button("button wide", "submit", None, label, submit.clone()),
        passage("greeting-text how", text::agent::key_how()),
        command.into(),
    ];
    el("form", "main")
        .attr("novalidate", "")
        .on("submit", move |event: Event| {
            event.prevent_default();
            submit();
        })
        .with(block("scroll sign-in", None, Some("key"), content))
        .into()
}

fn told(note: Note) -> &'static str {
    match note {
        Note::SignedOut => text::signin_signed_out(),
        Note::Revoked => text::agent::key_revoked(),
    }
}

fn said(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Missing => text::agent::key_missing(),
        Trouble::Wrong => text::agent::key_wrong(),
        Trouble::Failed(failure) => text::failure(failure),
    }
}
