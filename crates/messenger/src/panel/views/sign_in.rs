//! Signing in by email and PIN: one form, of one field at a time.

use crate::dom::{View, el, follow, keep, nothing, part, words};
use crate::panel::Panel;
use crate::signal::{Memo, Signal};
use crate::state::entry::{Note, Trouble, pin};
use crate::views::icon::Icon;
use crate::views::part::{block, button, heading, passage, span};
use crate::{browser, text, time};
use gloo_timers::callback::Interval;
use web_sys::{Event, HtmlInputElement};

const EMAIL_FIELD: [(&str, &str); 3] = [("type", "email"), ("inputmode", "email"), ("autocomplete", "email")];
const PIN_FIELD: [(&str, &str); 3] =
    [("type", "text"), ("inputmode", "numeric"), ("autocomplete", "one-time-code")];

/// What differs between the two steps.
struct Step {
    state: &'static str,
    title: &'static str,
    text: View,
    label: &'static str,
    attributes: &'static [(&'static str, &'static str)],
    submit: [&'static str; 2],
    more: View,
}

/// The form.
pub(super) fn sign_in(panel: Panel) -> View {
    let is_sent = Memo::new(move |_| panel.entry.with(|entry| entry.challenge_id.is_some()));
    part(move || form(panel, is_sent.get()))
}

fn step(panel: Panel, is_sent: bool) -> Step {
    if is_sent {
        let address = panel.entry.with_untracked(|entry| entry.address.clone());
        return Step {
            state: "pin",
            title: text::signin_code_title(),
            text: text::signin_code_sent(&address).into(),
            label: text::signin_code_label(),
            attributes: &PIN_FIELD,
            submit: [text::signin_submit(), text::signin_submitting()],
            more: more(panel),
        };
    }
    Step {
        state: "sign-in",
        title: text::signin_title(),
        text: text::signin_text().into(),
        label: text::signin_email_label(),
        attributes: &EMAIL_FIELD,
        submit: [text::signin_continue(), text::signin_sending_code()],
        more: nothing(),
    }
}

fn form(panel: Panel, is_sent: bool) -> View {
    let step = step(panel, is_sent);
    let input = el("input", "input").attrs(&[("dir", "ltr"), ("enterkeyhint", "go")]).attrs(step.attributes);
    let field: HtmlInputElement = input.node();
    let submit = {
        let field = field.clone();
        move || {
            if is_sent {
                panel.enter_pin(&field.value());
            } else {
                panel.send_pin(&field.value());
            }
        }
    };
    let input = input.on("input", {
        let (field, submit) = (field.clone(), submit.clone());
        move |_: Event| {
            if is_sent && pin(&field.value()).is_some() {
                submit();
            }
        }
    });
    let mut is_first = is_sent;
    follow(move || {
        let entry = panel.entry.get();
        field.set_read_only(entry.is_busy);
        let invalid = if entry.trouble.is_some() { "true" } else { "false" };
        // A plain name is always taken.
        let _ = field.set_attribute("aria-invalid", invalid);
        if is_sent && (entry.trouble == Some(Trouble::WrongPin) || entry.note == Some(Note::SentAgain)) {
            field.set_value("");
        } else if !is_sent && !entry.is_busy {
            field.set_value(&entry.address);
        }
        // The way goes on here, with a keyboard on a phone too.
        let goes_on_here = core::mem::take(&mut is_first);
        if goes_on_here || entry.trouble.is_some() || (is_sent && entry.note.is_some()) {
            let field = field.clone();
            // Once it is in the document.
            browser::next_frame(move || {
                let _ = field.focus();
            });
        }
    });
    let note = words(move || panel.entry.with(|entry| entry.note.map(told).unwrap_or_default().into()));
    let said = words(move || panel.entry.with(|entry| entry.trouble.map(said).unwrap_or_default().into()));
    let [idle, busy] = step.submit;
    let label = words(move || panel.entry.with(|entry| if entry.is_busy { busy } else { idle }.into()));
    let content = vec![
        span("greeting-icon", Icon::Mail.view()),
        heading("greeting-title", step.title),
        passage("greeting-text", step.text),
        block("note", Some("status"), None, vec![note]),
        el("label", "label").with(step.label).with(input).into(),
        block("trouble", Some("alert"), None, vec![said]),
        button("button wide", "submit", None, label, submit.clone()),
        step.more,
    ];
    // What is wrong is told in the page's own words, by the field and not in a bubble above the frame.
    el("form", "main")
        .attr("novalidate", "")
        .on("submit", move |event: Event| {
            event.prevent_default();
            submit();
        })
        .with(block("scroll sign-in", None, Some(step.state), content))
        .into()
}

/// Other ways from the second step.
fn more(panel: Panel) -> View {
    let now = Signal::new(time::now_ms());
    keep(Box::new(Interval::new(1_000, move || now.set(time::now_ms()))));
    let left = move || panel.entry.with(|entry| entry.seconds_left(now.get()));
    let is_waiting = Memo::new(move |_| left() > 0);
    let again = part(move || {
        if is_waiting.get() {
            passage("waiting", words(move || text::signin_send_again_in(left())))
        } else {
            link("send-again", text::signin_send_again(), move || panel.send_pin_again())
        }
    });
    let other = link("other-address", text::signin_other_address(), move || panel.other_address());
    block("more", None, None, vec![again, other])
}

fn link(action: &str, label: &str, press: impl Fn() + 'static) -> View {
    button("link", action, None, label, press)
}

fn told(note: Note) -> &'static str {
    match note {
        Note::SignedOut => text::signin_signed_out(),
        Note::Expired => text::signin_expired(),
        Note::SentAgain => text::signin_sent_again(),
    }
}

fn said(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::NoAddress => text::signin_email_invalid(),
        Trouble::NoPin => text::signin_code_malformed(),
        Trouble::WrongPin => text::signin_code_wrong(),
        Trouble::Failed(failure) => text::failure(failure),
    }
}
