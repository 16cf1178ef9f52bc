//! Calls before the engine is up, and an engine that does not start.

use crate::page::{Messenger, article, create_messenger, get, settle};
use js_sys::{Array, Function, Object, Promise};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

/// An engine that only writes down what it is asked.
fn recorder(calls: &Array) -> Object {
    let source = "const engine = {}; \
        for (const name of ['start', 'initialize', 'destroy', 'open', 'close', 'toggle', 'signOut']) \
          engine[name] = () => calls.push(name); \
        return engine;";
    Function::new_with_args("calls", source)
        .call1(&JsValue::UNDEFINED, calls)
        .expect("an engine")
        .unchecked_into()
}

fn names(calls: &Array) -> Vec<String> {
    calls.iter().filter_map(|name| name.as_string()).collect()
}

fn silent() -> JsValue {
    Object::new().into()
}

/// A messenger whose engine comes when the test says so.
fn waiting(calls: &Array) -> (Messenger, Function) {
    let arrive = Rc::new(RefCell::new(None));
    let keep = Rc::clone(&arrive);
    let promise = Promise::new(&mut |resolve, _| *keep.borrow_mut() = Some(resolve));
    let start = Closure::<dyn FnMut() -> JsValue>::new(move || promise.clone().into()).into_js_value();
    let messenger =
        create_messenger("http://127.0.0.1:9", start.unchecked_ref(), &silent(), &Function::default());
    let resolve: Function = arrive.borrow_mut().take().expect("the executor ran");
    let engine = recorder(calls);
    let arrived = Function::new_with_args("resolve, engine", "return () => resolve(engine)");
    (messenger, arrived.call2(&JsValue::UNDEFINED, &resolve, &engine).expect("a function").unchecked_into())
}

#[wasm_bindgen_test]
async fn calls_before_the_engine_is_up_are_replayed_in_order() {
    let calls = Array::new();
    let (messenger, arrive) = waiting(&calls);
    let _ = messenger.initialize(&article());
    messenger.open();
    messenger.destroy();
    let _ = messenger.initialize(&article());
    messenger.toggle();
    assert!(names(&calls).is_empty());
    arrive.call0(&JsValue::UNDEFINED).expect("arrived");
    settle().await;
    assert_eq!(names(&calls), ["start", "initialize", "open", "destroy", "initialize", "toggle"]);
}

#[wasm_bindgen_test]
async fn calls_before_initialize_do_nothing() {
    let calls = Array::new();
    let (messenger, arrive) = waiting(&calls);
    messenger.open();
    messenger.close();
    messenger.sign_out();
    messenger.destroy();
    arrive.call0(&JsValue::UNDEFINED).expect("arrived");
    settle().await;
    assert_eq!(names(&calls), ["start"]);
}

#[wasm_bindgen_test]
async fn an_engine_that_fails_is_tried_again_by_the_next_initialize() {
    let calls = Array::new();
    let engine = recorder(&calls);
    let starts = Rc::new(Cell::new(0));
    let count = Rc::clone(&starts);
    let start = Closure::<dyn FnMut() -> Result<JsValue, JsValue>>::new(move || {
        count.set(count.get() + 1);
        match count.get() {
            1 => Err(js_sys::Error::new("not allowed").into()),
            2 => Ok(Promise::reject(&js_sys::Error::new("nor later")).into()),
            _ => Ok(engine.clone().into()),
        }
    });
    let messenger = create_messenger(
        "http://127.0.0.1:9",
        start.as_ref().unchecked_ref(),
        &silent(),
        &Function::default(),
    );
    let error = JsFuture::from(messenger.initialize(&article())).await.expect_err("no engine");
    assert_eq!(get(&error, "code"), "engine_unavailable");
    assert!(get(&error, "message").as_string().is_some_and(|message| message.contains("nor later")));
    let _ = messenger.initialize(&article());
    assert_eq!(names(&calls), ["start", "initialize"]);
    assert_eq!(starts.get(), 3);
}

#[wasm_bindgen_test]
async fn a_rejection_that_nobody_awaits_is_not_unhandled() {
    let unhandled = Rc::new(Cell::new(0));
    let count = Rc::clone(&unhandled);
    let listener = Closure::<dyn FnMut(JsValue)>::new(move |_| count.set(count.get() + 1));
    let window = web_sys::window().expect("a window");
    let function = listener.as_ref().unchecked_ref();
    window.add_event_listener_with_callback("unhandledrejection", function).expect("listening");
    let start = Function::new_no_args("throw new Error('no')");
    let messenger = create_messenger("http://127.0.0.1:9", &start, &silent(), &Function::default());
    let _ = messenger.initialize(&article());
    settle().await;
    settle().await;
    window.remove_event_listener_with_callback("unhandledrejection", function).expect("removed");
    assert_eq!(unhandled.get(), 0);
}
