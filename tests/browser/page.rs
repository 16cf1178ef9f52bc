//! A page with a messenger in it, as the tests see it.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element};

/// Nobody listens there: what is sent to it fails at once.
pub const NOWHERE: &str = "http://127.0.0.1:9";

pub const STYLES: &str = include_str!("../../www/widget/launcher.css");

pub const APP: &str = "6b1f7c1e-2f0a-4c55-9b0e-3d3f4c0a9d11";
pub const EMAIL: &str = "foo@bar.com";
pub const KEY: &str = "a984b8a6a95175da1e4b06800d4af74547abea6912d3193a3d39f8b18428b88c";

#[wasm_bindgen(module = "/www/widget/messenger.js")]
extern "C" {
    #[derive(Clone)]
    pub type Messenger;

    #[wasm_bindgen(js_name = createMessenger)]
    pub fn create_messenger(
        origin: &str,
        start_engine: &Function,
        console: &JsValue,
        add_styles: &Function,
    ) -> Messenger;

    #[wasm_bindgen(method)]
    pub fn initialize(this: &Messenger, params: &JsValue) -> Promise;
    #[wasm_bindgen(method)]
    pub fn destroy(this: &Messenger);
    #[wasm_bindgen(method)]
    pub fn open(this: &Messenger);
    #[wasm_bindgen(method)]
    pub fn close(this: &Messenger);
    #[wasm_bindgen(method)]
    pub fn toggle(this: &Messenger);
    #[wasm_bindgen(method, js_name = signOut)]
    pub fn sign_out(this: &Messenger);
    #[wasm_bindgen(method)]
    pub fn on(this: &Messenger, event: &str, handler: &Function) -> Function;
}

/// The messenger of this page, and what it said to the console.
#[derive(Clone)]
pub struct Page {
    pub messenger: Messenger,
    warnings: Array,
}

thread_local! {
    static PAGE: Page = start();
}

/// The page's one messenger, destroyed, with a silent console.
pub fn page() -> Page {
    let page = PAGE.with(Clone::clone);
    page.messenger.destroy();
    page.warnings.set_length(0);
    page
}

fn start() -> Page {
    let warnings = Array::new();
    let console = Object::new();
    let keep = warnings.clone();
    let warn = Closure::<dyn FnMut(JsValue)>::new(move |text| {
        keep.push(&text);
    });
    set(&console, "warn", &warn.into_js_value());
    set(&console, "error", &Closure::<dyn FnMut(JsValue)>::new(|_| {}).into_js_value());
    let messenger =
        create_messenger(NOWHERE, &Function::from(engine_starter()), &console, &add_styles(STYLES));
    Page { messenger, warnings }
}

/// Stands for `www/widget/styles.js`, which only the build can put together.
fn add_styles(styles: &str) -> Function {
    let source = "return (root) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(styles);
        root.adoptedStyleSheets = [sheet];
    }";
    let add = Function::new_with_args("styles", source).call1(&JsValue::UNDEFINED, &styles.into());
    add.expect("a function").unchecked_into()
}

/// A function that answers with this test's own engine.
pub fn engine_starter() -> JsValue {
    Closure::<dyn FnMut() -> JsValue>::new(|| engine().into()).into_js_value()
}

/// The engine as `www/widget/engine.js` would give it.
pub fn engine() -> Object {
    use chatgenie::api;
    let engine = Object::new();
    set(&engine, "start", &Closure::<dyn FnMut(String, api::Page)>::new(api::start).into_js_value());
    set(
        &engine,
        "initialize",
        &Closure::<dyn FnMut(u32, JsValue)>::new(|ticket, params| api::initialize(ticket, &params))
            .into_js_value(),
    );
    let methods: [(&str, fn()); 7] = [
        ("run", api::run),
        ("recover", api::recover),
        ("destroy", api::destroy),
        ("open", api::open),
        ("close", api::close),
        ("toggle", api::toggle),
        ("signOut", api::sign_out),
    ];
    for (name, method) in methods {
        set(&engine, name, &Closure::<dyn FnMut()>::new(method).into_js_value());
    }
    engine
}

impl Page {
    /// What was warned of since the page was taken.
    pub fn warnings(&self) -> Vec<String> {
        self.warnings.iter().filter_map(|text| text.as_string()).collect()
    }

    /// Waits for the rejection of `initialize`, and gives `code`, `field` and `message`.
    pub async fn rejection(&self, params: &JsValue) -> (String, Option<String>, String) {
        let error =
            JsFuture::from(self.messenger.initialize(params)).await.expect_err("the promise is rejected");
        assert!(error.is_instance_of::<js_sys::Error>(), "a rejection is an Error");
        let text = |name: &str| get(&error, name).as_string();
        assert_eq!(text("name").as_deref(), Some("MessengerError"));
        let code = text("code").expect("a code");
        assert_eq!(text("docs"), Some(format!("{NOWHERE}/docs/errors#{code}")));
        (code, text("field"), text("message").expect("a message"))
    }
}

/// The article's parameters.
pub fn article() -> Object {
    object(&[
        ("appId", APP.into()),
        ("connectionType", "messenger_auth".into()),
        ("connectionEmail", EMAIL.into()),
        ("connectionKey", KEY.into()),
    ])
}

/// The article's parameters, with one of them replaced, or left out if `undefined`.
pub fn article_with(name: &str, value: impl Into<JsValue>) -> JsValue {
    let params = article();
    set(&params, name, &value.into());
    params.into()
}

pub fn object(members: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        set(&object, name, value);
    }
    object
}

pub fn set(object: &Object, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).expect("a plain object");
}

pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).expect("a readable member")
}

pub fn document() -> Document {
    web_sys::window().and_then(|window| window.document()).expect("a document")
}

/// The messenger's host elements in the page.
pub fn hosts() -> Vec<Element> {
    hosts_in(&document().document_element().expect("html"))
}

/// The messenger's host elements in an element.
pub fn hosts_in(element: &Element) -> Vec<Element> {
    let found = element.query_selector_all("chatgenie-messenger").expect("a valid selector");
    (0..found.length()).filter_map(|i| found.get(i)).map(JsCast::unchecked_into).collect()
}

/// The launcher's button.
pub fn launcher() -> web_sys::HtmlElement {
    in_shadow("button").expect("a launcher").unchecked_into()
}

/// An element of the shadow root.
pub fn in_shadow(selector: &str) -> Option<Element> {
    hosts().first()?.shadow_root()?.query_selector(selector).expect("a valid selector")
}

/// Lets what is under way in microtasks and short timers happen.
pub async fn settle() {
    let wait = Promise::new(&mut |resolve, _| {
        web_sys::window()
            .expect("a window")
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 0)
            .expect("a timer");
    });
    JsFuture::from(wait).await.expect("a timer resolves");
}
