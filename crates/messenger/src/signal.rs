//! Values that tell whoever has read them when they change.
//!
//! `reactive_graph` knows who reads what, and what has to run again. Its own signals and memos are compiled anew for
//! each type that they hold: 31 KB of code here before compression. So one trigger and one memo without a type do
//! the work, and [`Signal`] and [`Memo`] are thin faces on them.

use reactive_graph::computed;
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::signal::ArcTrigger;
use reactive_graph::traits::{Get, GetUntracked, GetValue, Notify, Track};
use std::any::Any;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;
use wasm_bindgen::UnwrapThrowExt;

/// A value of some type, for as long as the owner lives under which it was made.
struct Slot<T> {
    value: StoredValue<Rc<dyn Any>, LocalStorage>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Slot<T> {}

impl<T: 'static> Slot<T> {
    fn new(value: T) -> Self {
        Self { value: StoredValue::new_local(Rc::new(RefCell::new(value))), of: PhantomData }
    }

    fn with<R>(self, look: impl FnOnce(&RefCell<T>) -> R) -> R {
        let value = self.value.get_value();
        look(value.downcast_ref().expect_throw("a slot holds what it was made with"))
    }
}

/// A value that can be set.
pub(crate) struct Signal<T> {
    value: Slot<T>,
    trigger: StoredValue<ArcTrigger, LocalStorage>,
}

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Signal<T> {}

impl<T: 'static> Signal<T> {
    /// A signal with its first value.
    pub(crate) fn new(value: T) -> Self {
        Self { value: Slot::new(value), trigger: StoredValue::new_local(ArcTrigger::new()) }
    }

    /// Has the caller run again when the value changes.
    pub(crate) fn track(self) {
        self.trigger.get_value().track();
    }

    /// Looks at the value, and has the caller run again when it changes.
    pub(crate) fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.track();
        self.with_untracked(look)
    }

    /// Looks at the value.
    pub(crate) fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.value.with(|value| look(&value.borrow()))
    }

    /// Changes the value, and tells whoever has read it.
    pub(crate) fn update(self, change: impl FnOnce(&mut T)) {
        self.value.with(|value| change(&mut value.borrow_mut()));
        self.trigger.get_value().notify();
    }

    /// Sets the value, and tells whoever has read it.
    pub(crate) fn set(self, value: T) {
        self.update(|before| *before = value);
    }
}

impl<T: Clone + 'static> Signal<T> {
    /// The value; the caller runs again when it changes.
    pub(crate) fn get(self) -> T {
        self.with(Clone::clone)
    }

    /// The value.
    pub(crate) fn get_untracked(self) -> T {
        self.with_untracked(Clone::clone)
    }
}

impl<T: PartialEq + 'static> Signal<T> {
    /// Sets the value, if it is another one: what is as it was draws nothing anew and is not read out again.
    pub(crate) fn note(self, value: T) {
        if self.with_untracked(|before| *before != value) {
            self.set(value);
        }
    }
}

/// A value that follows from others, made when it is asked for; whoever has read it runs again only if it has become
/// another one.
pub(crate) struct Memo<T> {
    value: Slot<Option<T>>,
    /// Counts the values.
    version: computed::Memo<u32>,
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

impl<T: PartialEq + 'static> Memo<T> {
    /// A memo; `make` is given the value before.
    pub(crate) fn new(make: impl Fn(Option<&T>) -> T + 'static) -> Self {
        let value = Slot::new(None);
        let renew = move || {
            // Nobody reads it meanwhile.
            let before = value.with(RefCell::take);
            let now = Some(make(before.as_ref()));
            let has_changed = before != now;
            value.with(|value| value.replace(now));
            has_changed
        };
        Self { value, version: versions(Box::new(renew)) }
    }

    /// Looks at the value, and has the caller run again when it changes.
    pub(crate) fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.version.get();
        self.look(look)
    }

    /// Looks at the value.
    pub(crate) fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.version.get_untracked();
        self.look(look)
    }

    fn look<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.value.with(|value| look(value.borrow().as_ref().expect_throw("its version was asked for")))
    }
}

impl<T: Clone + PartialEq + 'static> Memo<T> {
    /// The value; the caller runs again when it changes.
    pub(crate) fn get(self) -> T {
        self.with(Clone::clone)
    }

    /// The value.
    pub(crate) fn get_untracked(self) -> T {
        self.with_untracked(Clone::clone)
    }
}

/// Counts how often `renew` has said that something has changed.
fn versions(renew: Box<dyn Fn() -> bool>) -> computed::Memo<u32> {
    let renew = StoredValue::<_, LocalStorage>::new_local(Rc::<dyn Fn() -> bool>::from(renew));
    computed::Memo::new(move |before: Option<&u32>| {
        before.copied().unwrap_or_default().wrapping_add(u32::from(renew.get_value()()))
    })
}
