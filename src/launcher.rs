//! The button in the page's corner, and the shadow root that holds it and the iframe.

use crate::dom::{self, Listener};
use crate::text;
use js_sys::Array;
use protocol::Color;
use wasm_bindgen::prelude::*;
use web_sys::{CssStyleSheet, Document, Element, HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

/// Name of the host element, and of nothing else in the page.
pub const HOST_NAME: &str = "chatgenie-messenger";

/// The launcher in the page; dropping it removes it.
pub struct Launcher {
    host: HtmlElement,
    surface: HtmlElement,
    button: HtmlElement,
    badge: HtmlElement,
    _click: Listener,
}

impl Launcher {
    /// Makes the launcher and puts it at the end of `parent`: floating, or in the flow if `inline`.
    pub fn mount(
        document: &Document,
        parent: &Element,
        inline: bool,
        styles: &str,
        on_click: impl FnMut() + 'static,
    ) -> Self {
        let host = dom::create(document, HOST_NAME);
        let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).unwrap_throw();
        add_styles(document, &root, styles);

        let surface = dom::create(document, "div");
        surface.set_class_name("surface");
        let button = dom::create(document, "button");
        for (name, value) in [("type", "button"), ("part", "launcher"), ("aria-haspopup", "dialog")] {
            dom::set_attribute(&button, name, value);
        }
        let icon = dom::create_svg(document, "svg", &[("viewBox", "0 0 24 24"), ("aria-hidden", "true")]);
        for (class, path) in [
            ("chat", "M21 12a8.5 8.5 0 0 1-12.6 7.4L3 21l1.6-5.4A8.5 8.5 0 1 1 21 12Z"),
            ("down", "m5 9 7 7 7-7"),
        ] {
            dom::append(&icon, &dom::create_svg(document, "path", &[("class", class), ("d", path)]));
        }
        dom::append(&button, &icon);
        let badge = dom::create(document, "span");
        badge.set_class_name("badge");
        dom::set_attribute(&badge, "aria-hidden", "true");
        dom::append(&button, &badge);
        dom::append(&surface, &button);
        dom::append(&root, &surface);

        if inline {
            dom::set_attribute(&host, "inline", "");
            dom::set_class(&surface, "inline", true);
        } else {
            dom::set_attribute(&surface, "popover", "manual");
        }
        let mut on_click = on_click;
        let click = Listener::new(&button, "click", move |_| on_click());
        let launcher = Self { host, surface, button, badge, _click: click };
        launcher.show_state(false, 0);
        dom::append(parent, &launcher.host);
        if !inline {
            // The top layer is above every z-index and outside a clipped or transformed body.
            let _ = show_popover(&launcher.surface);
        }
        launcher
    }

    /// Whether the host element is still in the page.
    pub fn is_in_page(&self) -> bool {
        self.host.is_connected()
    }

    /// Where the iframe goes.
    pub fn surface(&self) -> &HtmlElement {
        &self.surface
    }

    /// Shows whether the panel is open, and how many messages were not seen.
    pub fn show_state(&self, open: bool, unread: u32) {
        dom::set_class(&self.surface, "open", open);
        dom::set_attribute(&self.button, "aria-expanded", if open { "true" } else { "false" });
        dom::set_attribute(&self.button, "aria-label", &text::launcher_label(open, unread));
        self.badge.set_text_content(Some(&text::badge(unread)));
    }

    /// Takes the app's colour.
    pub fn set_brand_color(&self, color: &str) {
        if let Some(parsed) = Color::parse(color) {
            dom::style(&self.surface, "--brand", color);
            dom::style(&self.surface, "--on-brand", parsed.readable_text());
        }
    }

    /// Takes the focus back from the panel. A focus elsewhere in the page stays where it is.
    pub fn take_focus_back(&self) {
        let active = self.host.owner_document().and_then(|document| document.active_element());
        if active.is_some_and(|active| active == *self.host) {
            let _ = self.button.focus();
        }
    }
}

impl Drop for Launcher {
    fn drop(&mut self) {
        self.host.remove();
    }
}

/// Adds the styles by a constructable style sheet, which no policy forbids; in browsers without, by an element.
fn add_styles(document: &Document, root: &ShadowRoot, styles: &str) {
    if let Ok(sheet) = CssStyleSheet::new()
        && sheet.replace_sync(styles).is_ok()
    {
        root.set_adopted_style_sheets(&Array::of1(&sheet));
        return;
    }
    let style = dom::create(document, "style");
    style.set_text_content(Some(styles));
    dom::append(root, &style);
}

#[wasm_bindgen]
extern "C" {
    /// An element's `showPopover`, which older browsers lack.
    type Popover;

    #[wasm_bindgen(method, catch, js_name = showPopover)]
    fn show(this: &Popover) -> Result<(), JsValue>;
}

fn show_popover(element: &HtmlElement) -> Result<(), JsValue> {
    element.unchecked_ref::<Popover>().show()
}
