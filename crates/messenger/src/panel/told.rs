//! What the widget says, and a visit without it.

use super::{Panel, Phase};
use crate::failure::Failure;
use crate::time::Clock;
use crate::{api, browser, intl};
use leptos::prelude::*;
use protocol::port::{FromPanelKind, ToPanel, ToPanelKind};
use protocol::{AppId, ErrorCode};
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
                if let Some(session) = message.session {
                    self.signed_in(session);
                }
            }
            ToPanelKind::Visitor => self.visit(),
            ToPanelKind::Opened => {
                self.is_open.set(true);
                self.desk.update(|desk| desk.unread.opened());
                self.see();
                self.focus_soon();
            }
            ToPanelKind::Closed => self.is_open.set(false),
            ToPanelKind::SignOut => self.sign_out(),
        }
    }

    /// Nobody is signed in.
    pub(super) fn visit(self) {
        self.forget();
        self.phase.set(Phase::Visitor);
        self.load_app();
        self.focus_soon();
    }

    /// Asks who this panel belongs to, for those who are not signed in.
    pub(crate) fn load_app(self) {
        if self.app.with_untracked(Option::is_some) {
            return;
        }
        self.app_failure.set(None);
        let Some(id) = browser::parameter("appId").filter(|id| !id.is_empty()) else {
            self.app_failure.set(Some(Failure::Refused(ErrorCode::UnknownApp)));
            return;
        };
        spawn_local(async move {
            match api::app(&AppId(id)).await {
                Ok(app) => self.app.set(Some(app)),
                Err(failure) => self.app_failure.set(Some(failure)),
            }
        });
    }

    fn appear(self, locale: Option<&str>, theme: Option<&str>) {
        let spoken = intl::choose_for(locale);
        if self.locale.with_untracked(|now| now != spoken.locale) {
            intl::set(spoken);
            self.clock.set(Clock::new(Some(spoken.locale)));
            // Draws everything anew; what was typed is kept, and the focus goes back to it.
            self.locale.set(spoken.locale.into());
            self.focus_soon();
        }
        if let Some(root) = browser::root() {
            let theme = theme.filter(|theme| matches!(*theme, "light" | "dark")).unwrap_or("auto");
            // Setting an attribute with a plain name cannot fail.
            let _ = root.set_attribute("data-theme", theme);
        }
    }

    fn sign_out(self) {
        let token = self.io().session.take().map(|held| held.token);
        self.forget();
        self.phase.set(Phase::SignedOut);
        spawn_local(async move {
            if let Some(token) = token {
                // Without an answer the token still lapses; here it is forgotten in any case.
                let _ = api::sign_out(&token).await;
            }
            self.tell(FromPanelKind::SignedOut);
        });
    }
}
