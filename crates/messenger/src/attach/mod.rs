//! Files on their way into a message: chosen, pasted or dropped, uploaded at once, and sent with the text.
//!
//! Knows no page: its [`Uploads`] say where to, and as whom.

mod blob;
mod pictures;
mod rules;
mod upload;

pub(crate) use blob::BlobUrl;
pub(crate) use pictures::Pictures;
pub(crate) use rules::{Refusal, is_picture, size};

use crate::failure::Failure;
use crate::signal::Signal;
use crate::state::place::Place;
use crate::state::shelf::Shelf;
use protocol::conversation::{Attachment, MAX_ATTACHMENTS};
use protocol::wire::AttachmentLimits;
use reactive_graph::graph::untrack;
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::traits::GetValue;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use upload::Upload;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

/// Where files are uploaded to, and by whom.
pub(crate) trait Uploads {
    /// Where to.
    fn path(&self) -> String;
    /// What may be attached; `None` where nothing may.
    fn limits(&self) -> Option<AttachmentLimits>;
    /// A token to upload with; another one than `refused`.
    fn token(&self, refused: Option<String>) -> Pin<Box<dyn Future<Output = Result<String, Failure>>>>;
}

/// How far a file has come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stage {
    /// On its way: so much of 100 is there.
    Sending(u32),
    /// Thread has it.
    Done(Attachment),
    /// It did not get there.
    Failed(Failure),
    /// It may not be attached.
    Refused(Refusal),
}

/// A file that somebody attaches.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Attached {
    /// Tells it from others.
    pub(crate) key: u32,
    /// The message that it goes with is written here.
    pub(crate) place: Place,
    /// Its name: plain text.
    pub(crate) name: String,
    /// Its size in bytes.
    pub(crate) bytes: f64,
    /// Address of the picture, if it is one.
    pub(crate) picture: Option<String>,
    /// How far it has come.
    pub(crate) stage: Stage,
}

/// The file itself, with what lives as long as it is attached.
struct Held {
    file: File,
    picture: Option<BlobUrl>,
    upload: Option<Upload>,
}

/// The files that are being attached.
#[derive(Clone, Copy)]
pub(crate) struct Basket {
    files: Signal<Vec<Attached>>,
    /// Whether somebody wanted to attach more than a message may have.
    pub(crate) is_full: Signal<bool>,
    io: StoredValue<Rc<Io>, LocalStorage>,
}

struct Io {
    uploads: Box<dyn Uploads>,
    next_key: Cell<u32>,
    held: RefCell<Shelf<u32, Option<Held>>>,
}

impl Basket {
    /// An empty one.
    pub(crate) fn new(uploads: Box<dyn Uploads>) -> Self {
        let io = Io { uploads, next_key: Cell::new(0), held: RefCell::default() };
        Self {
            files: Signal::new(Vec::new()),
            is_full: Signal::new(false),
            io: StoredValue::new_local(Rc::new(io)),
        }
    }

    fn io(self) -> Rc<Io> {
        self.io.get_value()
    }

    /// What may be attached; `None` where nothing may.
    pub(crate) fn limits(self) -> Option<AttachmentLimits> {
        self.io().uploads.limits()
    }

    /// The files of a message.
    pub(crate) fn at(self, place: &Place) -> Vec<Attached> {
        self.files.with(|files| files.iter().filter(|file| file.place == *place).cloned().collect())
    }

    /// Whether the files of a message are all there; with none, they are.
    pub(crate) fn is_ready(self, place: &Place) -> bool {
        self.at(place).iter().all(|file| matches!(file.stage, Stage::Done(_)))
    }

    /// How far a file has come, 0 to 100.
    pub(crate) fn progress(self, key: u32) -> u32 {
        self.files.with(|files| {
            let stage = files.iter().find(|file| file.key == key).map(|file| &file.stage);
            if let Some(Stage::Sending(percent)) = stage { *percent } else { 0 }
        })
    }

    /// Attaches files to the message that is written at a place, and uploads them.
    pub(crate) fn add(self, place: &Place, files: Vec<File>) {
        let Some(limits) = self.limits() else { return };
        let there = untrack(|| self.at(place)).len();
        self.is_full.set(there + files.len() > MAX_ATTACHMENTS);
        for file in files.into_iter().take(MAX_ATTACHMENTS.saturating_sub(there)) {
            let io = self.io();
            let key = io.next_key.replace(io.next_key.get().wrapping_add(1));
            let refusal = rules::check(&limits, file.size(), &file.type_()).err();
            let picture = if is_picture(&file.type_()) { BlobUrl::new(&file) } else { None };
            let attached = Attached {
                key,
                place: place.clone(),
                name: file.name(),
                bytes: file.size(),
                picture: picture.as_ref().map(|url| url.as_str().to_owned()),
                stage: refusal.clone().map_or(Stage::Sending(0), Stage::Refused),
            };
            *io.held.borrow_mut().entry(key) = Some(Held { file, picture, upload: None });
            self.files.update(|files| files.push(attached));
            if refusal.is_none() {
                self.upload(key, None);
            }
        }
    }

    /// Uploads a file again.
    pub(crate) fn retry(self, key: u32) {
        self.stage(key, Stage::Sending(0));
        self.upload(key, None);
    }

    /// Takes a file away; what is on its way is broken off.
    pub(crate) fn remove(self, key: u32) {
        self.io().held.borrow_mut().remove(&key);
        self.is_full.set(false);
        self.files.update(|files| files.retain(|file| file.key != key));
    }

    /// Takes the files of a message that is sent now; pictures go with their bytes' address.
    pub(crate) fn take(self, place: &Place) -> Vec<(Attachment, Option<BlobUrl>)> {
        let mut taken = Vec::new();
        for file in self.files.with_untracked(Clone::clone) {
            if file.place == *place
                && let Stage::Done(attachment) = file.stage
            {
                let held = self.io().held.borrow_mut().remove(&file.key).flatten();
                taken.push((attachment, held.and_then(|held| held.picture)));
                self.files.update(|files| files.retain(|other| other.key != file.key));
            }
        }
        taken
    }

    /// What was attached to a new request goes with the one that was raised.
    pub(crate) fn moved(self, raised: &Place) {
        self.files.update(|files| {
            for file in files.iter_mut().filter(|file| file.place == Place::New) {
                file.place = raised.clone();
            }
        });
    }

    /// Takes all away.
    pub(crate) fn clear(self) {
        self.io().held.take();
        self.files.set(Vec::new());
        self.is_full.set(false);
    }

    fn stage(self, key: u32, stage: Stage) {
        self.files.update(|files| {
            if let Some(file) = files.iter_mut().find(|file| file.key == key) {
                file.stage = stage;
            }
        });
    }

    /// `refused` is the token that an earlier try was refused with.
    fn upload(self, key: u32, refused: Option<String>) {
        let may_renew = refused.is_none();
        spawn_local(async move {
            let io = self.io();
            let token = match io.uploads.token(refused).await {
                Ok(token) => token,
                Err(failure) => return self.stage(key, Stage::Failed(failure)),
            };
            let mut held = io.held.borrow_mut();
            // It may have been taken away meanwhile.
            let Some(Some(held)) = held.get_mut(&key) else { return };
            let done = {
                let token = token.clone();
                move |answer: Result<Attachment, Failure>| match answer {
                    Ok(attachment) => self.stage(key, Stage::Done(attachment)),
                    Err(failure) if failure.is_session_end() && may_renew => {
                        self.upload(key, Some(token.clone()));
                    }
                    Err(failure) => self.stage(key, Stage::Failed(failure)),
                }
            };
            let progress = move |part: f64| {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
                self.stage(key, Stage::Sending((part * 100.0) as u32));
            };
            held.upload = Upload::start(&io.uploads.path(), &token, &held.file, progress, done);
            if held.upload.is_none() {
                self.stage(key, Stage::Failed(Failure::Network));
            }
        });
    }
}
