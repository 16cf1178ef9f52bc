//! What a page sees of the messenger: exactly this, and nothing more.

use crate::page::{APP, KEY, hosts, page};
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn the_exposed_methods_are_those_of_the_contract() {
    let messenger = page().messenger;
    let mut names: Vec<String> = Object::keys(messenger.unchecked_ref::<Object>())
        .iter()
        .filter_map(|name| name.as_string())
        .collect();
    names.sort();
    assert_eq!(names, ["close", "destroy", "initialize", "on", "open", "signOut", "toggle"]);
    for name in names {
        let method = Reflect::get(&messenger, &name.as_str().into()).expect("readable");
        assert!(method.is_function(), "{name}");
    }
}

#[wasm_bindgen_test]
fn a_wrong_handler_is_a_warning_and_no_exception() {
    let page = page();
    let off = page.messenger.on("nonsense", &Function::new_no_args(""));
    off.call0(&JsValue::UNDEFINED).expect("a function all the same");
    assert_eq!(page.warnings().len(), 1);
    assert!(page.warnings()[0].contains("sessionexpired"), "the events are listed");
}

/// The article's snippet, to the letter but for its values, in a page where `chatgenie` is there already.
#[wasm_bindgen_test]
fn the_articles_snippet_finds_a_messenger_that_is_there() {
    let page = page();
    let loader = r#"function run(ch){ch.default.messenger().initialize(chatgenieParams);}!function(){var e=window.chatgenie;if(e)run(e);else{function t(){var t=document.createElement("script");t.type="text/javascript",t.async=true,t.readyState?t.onreadystatechange=function(){"loaded"!==t.readyState&&"complete"!==t.readyState||(t.onreadystatechange=null,window.chatgenie&&(e=window.chatgenie,run(e)))}:t.onload=function(){window.chatgenie&&(e=window.chatgenie,run(e))},t.src="https://messenger.chatgenie.io/widget.js";var n=document.getElementsByTagName("script")[0];n.parentNode.insertBefore(t,n)}window.attachEvent?window.attachEvent("onload",t):window.addEventListener("load",t,!1)}}();"#;
    let snippet = format!(
        "window.chatgenie = {{ default: {{ messenger: () => messenger }} }};
         var chatgenieParams = {{
         appId: \"{APP}\",
         connectionType: \"messenger_auth\",
         conenctionEmail: \"foo@bar.com\",
         connectionKey: \"{KEY}\",
         }};
         {loader}
         delete window.chatgenie;"
    );
    Function::new_with_args("messenger", &snippet)
        .call1(&JsValue::UNDEFINED, &page.messenger)
        .expect("it runs");
    assert_eq!(hosts().len(), 1);
    page.messenger.destroy();
}
