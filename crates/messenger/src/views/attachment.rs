//! Files: those that somebody attaches, and those of a message.

use super::chat::Chat;
use super::icon::Icon;
use super::part::{button, passage, span};
use crate::attach::{Attached, Basket, Refusal, Stage, is_picture};
use crate::dom::{Item, View, el, items, keep, nothing, part};
use crate::signal::Memo;
use crate::state::place::Place;
use crate::{language, text, time};
use protocol::conversation::{Attachment, MAX_ATTACHMENTS};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlAnchorElement};

/// The files that go with the message that is written at a place.
pub(super) fn basket(basket: Basket, place: Memo<Place>) -> View {
    let lines = items(move || {
        let line = |file: Attached| Item {
            key: [&file.key.to_string(), stage_name(&file.stage)].concat(),
            draw: Box::new(move || attached(basket, &file)),
        };
        place.with(|place| basket.at(place)).into_iter().map(line).collect()
    });
    let too_many = part(move || {
        if basket.is_full.get() {
            passage("hint wrong", text::files_too_many(u32::try_from(MAX_ATTACHMENTS).unwrap_or_default()))
        } else {
            nothing()
        }
    });
    let status = el("div", "").attr("role", "status").with(too_many);
    [el("ul", "basket").attr("aria-label", text::attached_files()).with(lines).into(), status.into()].into()
}

fn stage_name(stage: &Stage) -> &'static str {
    match stage {
        Stage::Sending(_) => "sending",
        Stage::Done(_) => "done",
        Stage::Failed(_) => "failed",
        Stage::Refused(_) => "refused",
    }
}

fn attached(basket: Basket, file: &Attached) -> View {
    let key = file.key;
    let (note, is_wrong) = match &file.stage {
        Stage::Sending(_) | Stage::Done(_) => (size(file.bytes), false),
        Stage::Failed(reason) => ([text::upload_failed(), " ", text::failure(*reason)].concat(), true),
        Stage::Refused(reason) => (refusal(reason), true),
    };
    let thumb = match &file.picture {
        Some(picture) => el("img", "thumb").attrs(&[("src", picture), ("alt", "")]).into(),
        None => span("thumb", Icon::File.view()),
    };
    let note = el("span", if is_wrong { "attached-note wrong" } else { "attached-note" }).with(note);
    let note = if is_wrong { note.attr("role", "alert") } else { note };
    let mut lines = vec![el("bdi", "attached-name").with(file.name.as_str()).into(), note.into()];
    if matches!(file.stage, Stage::Sending(_)) {
        let bar = el("progress", "")
            .attrs(&[("max", "100"), ("aria-label", &text::uploading(&file.name))])
            .live("value", move || Some(basket.progress(key).to_string()));
        lines.push(bar.into());
    }
    let retry = match file.stage {
        Stage::Failed(_) => {
            button("link", "retry-upload", None, text::try_again(), move || basket.retry(key))
        }
        _ => nothing(),
    };
    let name = text::remove_file(&file.name);
    let remove = button("icon-button", "remove-file", Some(&name), Icon::Close.view(), move || {
        basket.remove(key);
    });
    el("li", "attached")
        .attr("data-state", stage_name(&file.stage))
        .with([thumb, span("attached-text", lines), retry, remove])
        .into()
}

fn refusal(reason: &Refusal) -> String {
    match reason {
        #[expect(clippy::cast_precision_loss, reason = "a limit is small")]
        Refusal::TooLarge(most) => text::file_too_large(&size(*most as f64)),
        Refusal::Type => text::file_type().into(),
        Refusal::Empty => text::file_empty().into(),
    }
}

fn size(bytes: f64) -> String {
    time::file_size(language::locale(), bytes)
}

/// The files of a message.
pub(super) fn files(chat: Chat, attachments: Vec<Attachment>) -> View {
    if attachments.is_empty() {
        return nothing();
    }
    let draw = |file: Attachment| {
        let file = if is_picture(&file.content_type) { picture(chat, file) } else { download(chat, file) };
        el("li", "").with(file).into()
    };
    el("ul", "files").with(attachments.into_iter().map(draw).collect::<Vec<View>>()).into()
}

/// A picture, which leads to itself in its full size.
fn picture(chat: Chat, file: Attachment) -> View {
    let image = el("img", "").attrs(&[("alt", &file.name), ("decoding", "async")]);
    // Its place is kept free before it is here: nothing moves.
    let image = match (file.width, file.height) {
        (Some(width), Some(height)) => {
            image.attrs(&[("width", &width.to_string()), ("height", &height.to_string())])
        }
        _ => image,
    };
    let link = el("a", "picture").attrs(&[("target", "_blank"), ("rel", "noopener")]);
    let (img, anchor) = (image.clone(), link.clone());
    let show = move |url: &str| {
        // Plain names are always taken.
        let _ = img.set_attribute("src", url);
        let _ = anchor.set_attribute("href", url);
    };
    // The address is good for as long as the picture is shown.
    let shown = Rc::new(RefCell::new(chat.known_picture(&file.id)));
    if let Some(url) = &*shown.borrow() {
        show(url.as_str());
    } else {
        let (fetch, slot, anchor) = (chat.picture(file.id), Rc::downgrade(&shown), link.clone());
        spawn_local(async move {
            match (fetch.await, slot.upgrade()) {
                (Ok(url), Some(slot)) => {
                    show(url.as_str());
                    slot.replace(Some(url));
                }
                (Err(_), Some(_)) => {
                    // Its name stands in its place.
                    let _ = anchor.set_attribute("data-state", "failed");
                }
                (_, None) => {}
            }
        });
    }
    keep(Box::new(shown));
    link.with(image).into()
}

/// A file that is not shown: pressed, it is saved.
fn download(chat: Chat, file: Attachment) -> View {
    #[expect(clippy::cast_precision_loss, reason = "nobody attaches that much")]
    let note = size(file.size_bytes as f64);
    let lines = [el("bdi", "attached-name").with(file.name.as_str()).into(), span("attached-note", note)];
    let label = text::download(&file.name);
    let button = el("button", "file").attrs(&[
        ("type", "button"),
        ("data-action", "download"),
        // What it says is its name; this is what it does.
        ("title", &label),
    ]);
    let element = button.clone();
    button
        .with([span("thumb", Icon::File.view()), span("attached-text", lines)])
        .on("click", move |_: Event| save(chat, &file, &element))
        .into()
}

fn save(chat: Chat, file: &Attachment, button: &web_sys::Element) {
    // Plain names are always taken.
    let tell = |button: &web_sys::Element, state: &str| drop(button.set_attribute("data-state", state));
    tell(button, "busy");
    let (fetch, name, button) = (chat.file(file.id.clone()), file.name.clone(), button.clone());
    spawn_local(async move {
        let Ok(url) = fetch.await else { return tell(&button, "failed") };
        tell(&button, "");
        let link = el("a", "").attrs(&[("href", url.as_str()), ("download", &name)]);
        link.node::<HtmlAnchorElement>().click();
        // The browser has taken the bytes by then.
        gloo_timers::callback::Timeout::new(60_000, move || drop(url)).forget();
    });
}
