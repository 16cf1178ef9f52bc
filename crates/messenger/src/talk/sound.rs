//! The sound of a new message, for those who have switched it on.

use super::Talk;
use crate::{sound, storage};
use web_sys::AudioContext;

/// Name of what is kept; `on`, or nothing.
const SOUND: &str = "sound";

/// Whether it is switched on in this browser.
pub(super) fn is_on() -> bool {
    storage::read(SOUND).is_some()
}

impl Talk {
    /// Switches the sound on or off. Switched on, it is heard at once.
    pub(crate) fn toggle_sound(self) {
        let is_on = !self.has_sound.get_untracked();
        self.has_sound.set(is_on);
        storage::write(SOUND, is_on.then_some("on"));
        self.sound();
    }

    /// Tells of a message by a sound, if that is wished.
    pub(crate) fn sound(self) {
        if !self.has_sound.get_untracked() {
            return;
        }
        let io = self.io();
        let mut context = io.audio.borrow_mut();
        if context.is_none() {
            *context = AudioContext::new().ok();
        }
        if let Some(context) = &*context {
            // A browser without sound is silent.
            let _ = sound::play(context);
        }
    }
}
