//! What the widget says, and a visit without it.

use super::session::Kept;
use super::vouched::is_vouched_for;
use super::{Panel, Phase};
use crate::failure::Failure;
use crate::{api, browser};
use protocol::ErrorCode;
use protocol::port::{ToPanel, ToPanelKind};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

impl Panel {
    /// The widget said something.
    pub(super) fn told(self, message: ToPanel) {
        match message.kind {
            ToPanelKind::Appearance => self.appear(message.locale.as_deref(), message.theme.as_deref()),
            ToPanelKind::Connecting => {
                // After the session's end everything stays on the screen meanwhile.
                if self.phase.get_untracked() != Phase::Expired {
                    self.phase.set(Phase::Connecting);
                }
            }
            ToPanelKind::Session => {
                if let Some(session) = message.session.filter(is_vouched_for) {
                    super::entry::drop_stored();
                    // What comes from the page is not kept, whatever it calls itself.
                    self.signed_in(session, Kept::Never);
                }
            }
            ToPanelKind::Visitor => self.visit(message.email),
            ToPanelKind::Opened => {
                self.talk.is_open.set(true);
                self.talk.see();
                self.talk.may_focus(message.focus == Some(true));
                self.talk.focus_soon();
            }
            ToPanelKind::Closed => self.talk.is_open.set(false),
            ToPanelKind::SignOut => self.sign_out(),
        }
    }

    /// Nobody is signed in by key: `address` is one to fill in.
    pub(super) fn visit(self, address: Option<String>) {
        // The widget says so too after somebody has signed out here, who then reads that.
        let is_news = !matches!(self.phase.get_untracked(), Phase::Visitor | Phase::SignedOut);
        if is_news {
            self.forget();
        }
        if self.restore(address.as_deref()) {
            return;
        }
        self.change_entry(|entry| {
            if is_news || entry.address.is_empty() {
                entry.restart(address.unwrap_or_default(), entry.note.filter(|_| !is_news));
            }
        });
        if is_news {
            self.phase.set(Phase::Visitor);
        }
        self.load_app();
        self.talk.focus_soon();
    }

    /// Tries again to find out who this panel and its visitor are.
    pub(crate) fn visit_again(self) {
        self.app_failure.note(None);
        if !self.restore(None) {
            self.load_app();
        }
    }

    /// Asks who this panel belongs to, for those who are not signed in.
    pub(super) fn load_app(self) {
        if self.app.with_untracked(Option::is_some) {
            return;
        }
        self.app_failure.note(None);
        let Some(id) = browser::app_id() else {
            self.app_failure.note(Some(Failure::Refused(ErrorCode::UnknownApp)));
            return;
        };
        spawn_local(async move {
            match api::app(&id).await {
                Ok(app) => {
                    self.app.set(Some(app));
                    self.talk.focus_soon();
                }
                Err(failure) => self.app_failure.note(Some(failure)),
            }
        });
    }

    fn appear(self, locale: Option<&str>, theme: Option<&str>) {
        // The page's script knows which language that is, and calls back if it is another than now.
        let _ = self.io().wish.call1(&JsValue::UNDEFINED, &locale.map(JsValue::from).unwrap_or_default());
        if let Some(root) = browser::root() {
            let theme = theme.filter(|theme| matches!(*theme, "light" | "dark")).unwrap_or("auto");
            // Setting an attribute with a plain name cannot fail.
            let _ = root.set_attribute("data-theme", theme);
        }
    }
}
