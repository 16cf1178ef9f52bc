//! Every rule for the parameters, through the real boundary of JavaScript.

use crate::page::{APP, KEY, article, article_with, get, hosts, object, page, set};
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

const SECRET: &str = "cgs_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

async fn refused(params: impl Into<JsValue>, field: &str, part: &str) {
    let (code, found, message) = page().rejection(&params.into()).await;
    assert_eq!((code.as_str(), found.as_deref()), ("invalid_params", Some(field)), "{message}");
    assert!(message.contains(part), "{message} does not say {part}");
    assert!(hosts().is_empty(), "a refused initialize left a launcher");
}

#[wasm_bindgen_test]
async fn what_is_not_an_object_is_refused() {
    for (value, found) in [
        (JsValue::UNDEFINED, "undefined"),
        (JsValue::NULL, "null"),
        ("app".into(), "a string"),
        (7.into(), "a number"),
        (true.into(), "a boolean"),
        (Array::new().into(), "an array"),
        (Function::new_no_args("").into(), "a function"),
    ] {
        let (code, field, message) = page().rejection(&value).await;
        assert_eq!((code.as_str(), field), ("invalid_params", None));
        assert!(message.contains(&format!("found {found}")), "{message}");
    }
}

#[wasm_bindgen_test]
async fn the_app_id_is_checked() {
    refused(Object::new(), "appId", "is missing").await;
    refused(article_with("appId", JsValue::NULL), "appId", "is missing").await;
    refused(article_with("appId", ""), "appId", "an empty string").await;
    refused(article_with("appId", 5), "appId", "a number").await;
    refused(article_with("appId", "YOUR_APP_ID"), "appId", "placeholder").await;
}

#[wasm_bindgen_test]
async fn the_connection_type_is_checked() {
    refused(article_with("connectionType", "oauth"), "connectionType", "Supported: \"messenger_auth\"").await;
    refused(article_with("connectionType", 1), "connectionType", "a number").await;
}

#[wasm_bindgen_test]
async fn email_and_key_are_required_and_checked() {
    refused(article_with("connectionEmail", JsValue::UNDEFINED), "connectionEmail", "is missing").await;
    refused(article_with("connectionEmail", Object::new()), "connectionEmail", "an object").await;
    refused(article_with("connectionEmail", "foo"), "connectionEmail", "name@domain").await;
    refused(article_with("connectionKey", JsValue::NULL), "connectionKey", "is missing").await;
    refused(article_with("connectionKey", "XXXXXXXX"), "connectionKey", "placeholder").await;
    refused(article_with("connectionKey", &KEY[1..]), "connectionKey", "64 hexadecimal digits").await;
    refused(article_with("connectionKey", true), "connectionKey", "a boolean").await;
}

#[wasm_bindgen_test]
async fn the_optional_parameters_are_checked() {
    refused(article_with("locale", 1), "locale", "a number").await;
    refused(article_with("theme", "blue"), "theme", "\"light\", \"dark\" or \"auto\"").await;
    refused(article_with("target", 1), "target", "a number").await;
    refused(article_with("target", "#no-such-element"), "target", "no element matches").await;
    refused(article_with("target", ":::"), "target", "no element matches").await;
}

#[wasm_bindgen_test]
async fn a_getter_that_throws_is_an_error_and_no_exception() {
    let params = article();
    let descriptor = object(&[
        ("get", Function::new_no_args("throw new Error('boom')").into()),
        ("enumerable", true.into()),
    ]);
    Reflect::define_property(&params, &"connectionEmail".into(), &descriptor).expect("defined");
    refused(params, "connectionEmail", "getter threw").await;
}

#[wasm_bindgen_test]
async fn a_proxy_that_throws_is_an_error_and_no_exception() {
    let proxy = Function::new_no_args("return new Proxy({}, { ownKeys() { throw 1 }, get() { throw 2 } })");
    let proxy = proxy.call0(&JsValue::UNDEFINED).expect("a proxy");
    refused(proxy, "appId", "getter threw").await;
}

#[wasm_bindgen_test]
async fn a_secret_is_refused_and_never_repeated() {
    for (params, field) in [
        (article_with("connectionKey", SECRET), "connectionKey"),
        (article_with("appId", SECRET), "appId"),
        (article_with("note", SECRET), "note"),
        (article_with("portalSecret", "hunter2"), "portalSecret"),
    ] {
        let (code, found, message) = page().rejection(&params).await;
        assert_eq!((code.as_str(), found.as_deref()), ("secret_in_page", Some(field)));
        assert!(message.contains("rotate"), "{message}");
        assert!(!message.contains(SECRET) && !message.contains("hunter2"), "{message}");
        assert!(hosts().is_empty());
    }
}

#[wasm_bindgen_test]
fn the_articles_misspellings_are_accepted_with_one_warning_each() {
    for misspelt in ["conenctionEmail", "connectoinEmail"] {
        let page = page();
        let params = article();
        Reflect::delete_property(&params, &"connectionEmail".into()).expect("deleted");
        set(&params, misspelt, &"foo@bar.com".into());
        let _ = page.messenger.initialize(&params);
        assert_eq!(page.warnings().len(), 1, "{:?}", page.warnings());
        assert!(page.warnings()[0].contains(misspelt));
        assert_eq!(hosts().len(), 1, "the messenger is there");
        page.messenger.destroy();
    }
}

#[wasm_bindgen_test]
fn an_unknown_name_gets_a_suggestion() {
    let page = page();
    let _ = page.messenger.initialize(&article_with("conectionKey", "x"));
    assert_eq!(page.warnings().len(), 1);
    assert!(page.warnings()[0].contains("did you mean connectionKey?"));
    page.messenger.destroy();
}

#[wasm_bindgen_test]
fn getters_of_a_class_are_read() {
    let page = page();
    let source = format!("return new (class {{ get appId() {{ return '{APP}' }} }})()");
    let params = Function::new_no_args(&source).call0(&JsValue::UNDEFINED).expect("an instance");
    let _ = page.messenger.initialize(&params);
    assert_eq!(hosts().len(), 1);
    page.messenger.destroy();
}

#[wasm_bindgen_test]
async fn what_a_library_put_on_every_object_is_not_a_parameter() {
    let prototype = get(&get(&js_sys::global(), "Object"), "prototype");
    let prototype: &Object = prototype.unchecked_ref();
    set(prototype, "theme", &"blue".into());
    let page = page();
    let _ = page.messenger.initialize(&object(&[("appId", APP.into())]));
    Reflect::delete_property(prototype, &"theme".into()).expect("deleted");
    assert_eq!(hosts().len(), 1);
    page.messenger.destroy();
}
