//! The button in the page's corner, and the shadow root that holds it and the iframe.

use crate::answer::Look;
use crate::dom::{self, Listener, value};
use crate::page::Page;
use crate::text::{self, Words};
use js_sys::Object;
use protocol::Color;
use protocol::wire::Position;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlElement, ShadowRoot};

/// Name of the host element, and of nothing else in the page.
pub const HOST_NAME: &str = "chatgenie-messenger";

/// The launcher in the page; dropping it removes it.
pub struct Launcher {
    host: HtmlElement,
    root: ShadowRoot,
    surface: HtmlElement,
    button: HtmlElement,
    badge: HtmlElement,
    words: Words,
    _click: Listener,
    _focus: Listener,
}

impl Launcher {
    /// Makes the launcher and puts it at the end of `parent`: floating, or in the flow if `inline`. What the page
    /// makes of that may throw; then nothing is in the page.
    pub fn mount(
        page: &Page,
        parent: &Element,
        inline: bool,
        words: Words,
        mut on_click: impl FnMut() + 'static,
    ) -> Self {
        let host = dom::create(HOST_NAME, &[]);
        let mode = Object::new();
        value::set(&mode, "mode", &"open".into());
        let root = host.unchecked_ref::<Newer>().attach_shadow(&mode);
        page.add_styles(&root);

        let surface = dom::create("div", &[("class", "surface"), ("lang", words.language)]);
        let button =
            dom::create("button", &[("type", "button"), ("part", "launcher"), ("aria-haspopup", "dialog")]);
        let icon = dom::create_svg("svg", &[("viewBox", "0 0 24 24"), ("aria-hidden", "true")]);
        for (class, path) in [
            ("chat", "M21 12a8.5 8.5 0 0 1-12.6 7.4L3 21l1.6-5.4A8.5 8.5 0 1 1 21 12Z"),
            ("down", "m5 9 7 7 7-7"),
        ] {
            dom::append(&icon, &dom::create_svg("path", &[("class", class), ("d", path)]));
        }
        let badge = dom::create("span", &[("class", "badge"), ("aria-hidden", "true")]);
        dom::append(&button, &icon);
        dom::append(&button, &badge);
        dom::append(&surface, &button);
        dom::append(&root, &surface);

        if inline {
            dom::set_attribute(&host, "inline", "");
            dom::set_class(&surface, "inline", true);
        } else {
            dom::set_attribute(&surface, "popover", "manual");
        }
        let click = Listener::new(&button, "click", move |_| on_click());
        // A dialogue of the page's that keeps the focus within itself would take it from the panel again.
        let focus =
            Listener::new(&root, "focusin", |event| event.unchecked_ref::<Event>().stop_propagation());
        let launcher = Self { host, root, surface, button, badge, words, _click: click, _focus: focus };
        launcher.show_state(false, 0);
        dom::append(parent, &launcher.host);
        if !inline {
            // The top layer is above every z-index and outside a clipped or transformed body.
            let _ = launcher.surface.unchecked_ref::<Newer>().show_popover();
        }
        launcher
    }

    /// Whether the host element is still in the page.
    pub fn is_in_page(&self) -> bool {
        self.host.is_connected()
    }

    /// What launcher and panel are called.
    pub fn name(&self) -> &'static str {
        self.words.support
    }

    /// Whether the focus is in launcher or panel.
    pub fn has_focus(&self) -> bool {
        self.root.active_element().is_some()
    }

    /// Where the iframe goes.
    pub fn surface(&self) -> &HtmlElement {
        &self.surface
    }

    /// Shows whether the panel is open, and how many messages were not seen.
    pub fn show_state(&self, open: bool, unread: u32) {
        dom::set_class(&self.surface, "open", open);
        dom::set_attribute(&self.button, "aria-expanded", if open { "true" } else { "false" });
        dom::set_attribute(&self.button, "aria-label", &self.words.launcher_label(unread));
        self.badge.set_text_content(Some(&text::badge(unread)));
    }

    /// Takes the look that the app wants.
    pub fn set_look(&self, look: &Look) {
        if let Some(color) = Color::parse(&look.brand_color) {
            dom::style(&self.surface, "--brand", &look.brand_color);
            dom::style(&self.surface, "--on-brand", color.readable_text());
        }
        // Launcher and panel stand at the end of a line, so its direction says where.
        if let Some(position) = look.position {
            let direction = if position == Position::Left { "rtl" } else { "ltr" };
            dom::set_attribute(&self.surface, "dir", direction);
        }
    }

    /// Takes the focus back from the panel. A focus elsewhere in the page stays where it is.
    pub fn take_focus_back(&self) {
        if self.has_focus() {
            let _ = self.button.focus();
        }
    }
}

impl Drop for Launcher {
    fn drop(&mut self) {
        self.host.remove();
    }
}

#[wasm_bindgen]
extern "C" {
    /// Methods of an element that web-sys has in another form.
    type Newer;

    /// Not caught: what the page makes of it ends the visit.
    #[wasm_bindgen(method, js_name = attachShadow)]
    fn attach_shadow(this: &Newer, init: &Object) -> ShadowRoot;

    /// Older browsers have none.
    #[wasm_bindgen(method, catch, js_name = showPopover)]
    fn show_popover(this: &Newer) -> Result<(), JsValue>;
}
