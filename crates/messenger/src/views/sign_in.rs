//! Signing in by email and PIN: one form, of one field at a time.

use super::icon::Icon;
use super::part::{block, button, follow, heading, nothing, part, passage, span, words};
use crate::panel::Panel;
use crate::state::entry::{Note, Trouble, pin};
use crate::{text, time};
use gloo_timers::callback::Interval;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

// As pairs: each attribute that is named in a view is a type of its own.
const EMAIL_FIELD: [(&str, &str); 5] = [
    ("type", "email"),
    ("inputmode", "email"),
    ("autocomplete", "email"),
    ("dir", "ltr"),
    ("enterkeyhint", "go"),
];
const PIN_FIELD: [(&str, &str); 5] = [
    ("type", "text"),
    ("inputmode", "numeric"),
    ("autocomplete", "one-time-code"),
    ("dir", "ltr"),
    ("enterkeyhint", "go"),
];

/// What differs between the two steps.
struct Step {
    state: &'static str,
    title: &'static str,
    text: AnyView,
    label: &'static str,
    attributes: &'static [(&'static str, &'static str)],
    submit: [&'static str; 2],
    more: AnyView,
}

/// The form.
pub(super) fn sign_in(panel: Panel) -> AnyView {
    let is_sent = Memo::new(move |_| panel.entry.get().challenge_id.is_some());
    part(move || form(panel, is_sent.get()))
}

fn step(panel: Panel, is_sent: bool) -> Step {
    if is_sent {
        let address = panel.entry.get_untracked().address;
        return Step {
            state: "pin",
            title: text::signin_code_title(),
            text: text::signin_code_sent(&address).into_any(),
            label: text::signin_code_label(),
            attributes: &PIN_FIELD,
            submit: [text::signin_submit(), text::signin_submitting()],
            more: more(panel),
        };
    }
    Step {
        state: "sign-in",
        title: text::signin_title(),
        text: text::signin_text().into_any(),
        label: text::signin_email_label(),
        attributes: &EMAIL_FIELD,
        submit: [text::signin_continue(), text::signin_sending_code()],
        more: nothing(),
    }
}

fn form(panel: Panel, is_sent: bool) -> AnyView {
    let step = step(panel, is_sent);
    let field = NodeRef::<Input>::new();

    follow(move || {
        let Some(field) = field.get() else { return };
        for (name, value) in step.attributes {
            // A plain name is always taken.
            let _ = field.set_attribute(name, value);
        }
        if let Some(form) = field.closest("form").ok().flatten() {
            // What is wrong is told in the page's own words, by the field and not in a bubble above the frame.
            let _ = form.set_attribute("novalidate", "");
        }
        if is_sent {
            // The element may be that of the first step.
            field.set_value("");
            // The way goes on here, with a keyboard on a phone too.
            let _ = field.focus();
        }
    });
    follow(move || {
        let Some(field) = field.get() else { return };
        let entry = panel.entry.get();
        field.set_read_only(entry.is_busy);
        let invalid = if entry.trouble.is_some() { "true" } else { "false" };
        let _ = field.set_attribute("aria-invalid", invalid);
        if is_sent && (entry.trouble == Some(Trouble::WrongPin) || entry.note == Some(Note::SentAgain)) {
            field.set_value("");
        } else if !is_sent && !entry.is_busy {
            field.set_value(&entry.address);
        }
        if entry.trouble.is_some() || (is_sent && entry.note.is_some()) {
            let _ = field.focus();
        }
    });
    let submit = move || {
        let Some(field) = field.get_untracked() else { return };
        if is_sent {
            panel.enter_pin(&field.value());
        } else {
            panel.send_pin(&field.value());
        }
    };
    let input = move |_| {
        if is_sent && field.get_untracked().is_some_and(|field| pin(&field.value()).is_some()) {
            submit();
        }
    };
    let [idle, busy] = step.submit;
    let note = block(
        "note",
        Some("status"),
        None,
        vec![words(move || panel.entry.get().note.map(told).unwrap_or_default().into())],
    );
    let said = block(
        "trouble",
        Some("alert"),
        None,
        vec![words(move || panel.entry.get().trouble.map(said).unwrap_or_default().into())],
    );
    let label = words(move || if panel.entry.get().is_busy { busy } else { idle }.into());
    let input = view! { <input class="input" node_ref=field on:input=input /> }.into_any();
    let content = vec![
        span("greeting-icon", Icon::Mail.view()),
        heading("greeting-title", step.title.into_any()),
        passage("greeting-text", step.text),
        note,
        view! { <label class="label">{step.label}{input}</label> }.into_any(),
        said,
        button("button wide", "submit", None, label, submit),
        step.more,
    ];
    let content = block("scroll sign-in", None, Some(step.state), content);
    view! {
        <form
            class="main"
            on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                submit();
            }
        >
            {content}
        </form>
    }
    .into_any()
}

/// Other ways from the second step.
fn more(panel: Panel) -> AnyView {
    let now = RwSignal::new(time::now_ms());
    // It stops with the view.
    StoredValue::new_local(Interval::new(1_000, move || now.set(time::now_ms())));
    let is_waiting = Memo::new(move |_| panel.entry.get().seconds_left(now.get()) > 0);
    let left = move || text::signin_send_again_in(panel.entry.get().seconds_left(now.get()));
    let again = part(move || {
        if is_waiting.get() {
            passage("waiting", words(left))
        } else {
            link("send-again", text::signin_send_again(), move || panel.send_pin_again())
        }
    });
    let other = link("other-address", text::signin_other_address(), move || panel.other_address());
    block("more", None, None, vec![again, other])
}

fn link(action: &'static str, label: &'static str, press: impl Fn() + 'static) -> AnyView {
    button("link", action, None, label.into_any(), press)
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
