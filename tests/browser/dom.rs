//! What stands in the page after `initialize`, `open` and `destroy`.

use crate::page::{
    APP, article, article_with, document, get, hosts, hosts_in, in_shadow, launcher, object, page, settle,
};
use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn initialize_puts_one_launcher_into_the_body() {
    let page = page();
    let _ = page.messenger.initialize(&article());
    let hosts = hosts();
    assert_eq!(hosts.len(), 1);
    assert_eq!(hosts[0].parent_element(), document().body().map(Into::into));
    let button = launcher();
    assert_eq!(button.get_attribute("part").as_deref(), Some("launcher"));
    assert_eq!(button.get_attribute("aria-expanded").as_deref(), Some("false"));
    assert_eq!(button.get_attribute("aria-label").as_deref(), Some("Support"));
    assert!(in_shadow("iframe").is_none(), "nothing of the panel is loaded before it is opened");
    page.messenger.destroy();
}

#[wasm_bindgen_test]
fn the_launcher_is_above_the_page_and_56_px_wide() {
    let page = page();
    let _ = page.messenger.initialize(&article());
    let rect = launcher().get_bounding_client_rect();
    assert!((rect.width() - 56.0).abs() < 0.5 && (rect.height() - 56.0).abs() < 0.5);
    let (x, y) = (rect.x() + 28.0, rect.y() + 28.0);
    #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
    let top = document().element_from_point(x as f32, y as f32).expect("something is there");
    assert_eq!(top.tag_name().to_lowercase(), "chatgenie-messenger");
    page.messenger.destroy();
}

#[wasm_bindgen_test]
fn no_inline_style_is_needed() {
    let page = page();
    let _ = page.messenger.initialize(&article());
    assert!(in_shadow("style").is_none() && in_shadow("[style]").is_none());
    page.messenger.destroy();
}

#[wasm_bindgen_test]
async fn destroy_leaves_the_page_as_it_was() {
    let page = page();
    let before = document().document_element().expect("html").outer_html();
    let promise = page.messenger.initialize(&article());
    page.messenger.open();
    page.messenger.destroy();
    assert!(hosts().is_empty());
    let error = JsFuture::from(promise).await.expect_err("overtaken");
    assert_eq!(get(&error, "code"), "destroyed");
    settle().await;
    assert_eq!(document().document_element().expect("html").outer_html(), before);
}

#[wasm_bindgen_test]
fn destroy_may_be_called_at_any_time_and_often() {
    let page = page();
    page.messenger.destroy();
    page.messenger.destroy();
    let _ = page.messenger.initialize(&article());
    page.messenger.destroy();
    page.messenger.destroy();
    assert!(hosts().is_empty());
}

#[wasm_bindgen_test]
fn the_same_user_joins_and_another_replaces() {
    let page = page();
    let _ = page.messenger.initialize(&article());
    let first = hosts()[0].clone();
    let _ = page.messenger.initialize(&article());
    assert!(hosts().len() == 1 && hosts()[0] == first, "the same user joins");
    let _ = page.messenger.initialize(&article_with("connectionEmail", "other@bar.com"));
    assert!(hosts().len() == 1 && hosts()[0] != first, "another user replaces");
    page.messenger.destroy();
}

#[wasm_bindgen_test]
fn a_replaced_body_is_a_new_start() {
    let page = page();
    let _ = page.messenger.initialize(&article());
    hosts()[0].remove();
    let _ = page.messenger.initialize(&article());
    assert_eq!(hosts().len(), 1);
    page.messenger.destroy();
}

#[wasm_bindgen_test]
async fn a_refused_initialize_takes_the_former_messenger_away() {
    let page = page();
    let _ = page.messenger.initialize(&article());
    page.rejection(&article_with("connectionEmail", "foo")).await;
    assert!(hosts().is_empty(), "the page asked for somebody else");
}

#[wasm_bindgen_test]
async fn open_loads_the_panel_once_and_close_hides_it() {
    let page = page();
    settle().await; // Events are told a moment later: those of earlier tests are not meant.
    let told = Array::new();
    let keep = told.clone();
    let handler = Closure::<dyn FnMut()>::new(move || {
        keep.push(&JsValue::TRUE);
    });
    let off = page.messenger.on("open", handler.as_ref().unchecked_ref());
    let _ = page.messenger.initialize(&article());
    launcher().click();
    let iframe = in_shadow("iframe").expect("the panel's frame");
    assert!(iframe.get_attribute("title").is_some_and(|title| !title.is_empty()));
    let address = iframe.get_attribute("src").expect("an address");
    assert!(
        address.contains("/messenger/?host=widget&") && address.ends_with(&format!("&appId={APP}")),
        "{address}"
    );
    assert_eq!(launcher().get_attribute("aria-expanded").as_deref(), Some("true"));
    page.messenger.open();
    page.messenger.toggle();
    assert_eq!(launcher().get_attribute("aria-expanded").as_deref(), Some("false"));
    page.messenger.open();
    assert!(in_shadow("iframe").is_some_and(|again| again == iframe), "the frame stays loaded");
    settle().await;
    assert_eq!(told.length(), 2, "each opening is told once");
    off.call0(&JsValue::UNDEFINED).expect("unsubscribed");
    page.messenger.destroy();
}

#[wasm_bindgen_test]
fn a_target_takes_the_launcher_into_the_flow() {
    let page = page();
    let target = document().create_element("section").expect("an element");
    target.set_id("help");
    document().body().expect("a body").append_child(&target).expect("appended");
    for value in [JsValue::from("#help"), target.clone().into()] {
        let _ = page.messenger.initialize(&object(&[("appId", APP.into()), ("target", value)]));
        assert_eq!(hosts()[0].parent_element().as_ref(), Some(&target));
        assert!(launcher().get_bounding_client_rect().width() > 0.0);
        page.messenger.destroy();
    }
    target.remove();
}

#[wasm_bindgen_test]
async fn handlers_survive_destroy_and_may_throw() {
    let page = page();
    settle().await; // Events are told a moment later: those of earlier tests are not meant.
    let told = Array::new();
    let keep = told.clone();
    let count = Closure::<dyn FnMut()>::new(move || {
        keep.push(&JsValue::TRUE);
    });
    let throws = js_sys::Function::new_no_args("throw new Error('mine')");
    let offs =
        [page.messenger.on("ready", &throws), page.messenger.on("ready", count.as_ref().unchecked_ref())];
    let _ = page.messenger.initialize(&article());
    page.messenger.destroy();
    let _ = page.messenger.initialize(&article());
    page.messenger.destroy();
    settle().await;
    assert_eq!(told.length(), 2);
    for off in offs {
        off.call0(&JsValue::UNDEFINED).expect("unsubscribed");
    }
    let _ = page.messenger.initialize(&article());
    settle().await;
    assert_eq!(told.length(), 2, "an unsubscribed handler is not called");
    page.messenger.destroy();
}

#[wasm_bindgen_test]
fn the_launcher_speaks_the_visitors_language() {
    let page = page();
    let html = document().document_element().expect("html");
    for (params, lang, expected) in [
        (article_with("locale", "fr-CH"), "de", ("fr", "Assistance")),
        (article().into(), "ja", ("ja", "サポート")),
        (article_with("locale", "nl"), "de", ("en", "Support")),
    ] {
        html.set_attribute("lang", lang).expect("set");
        let _ = page.messenger.initialize(&params);
        let surface = in_shadow(".surface").expect("a surface");
        assert_eq!(surface.get_attribute("lang").as_deref(), Some(expected.0));
        assert_eq!(launcher().get_attribute("aria-label").as_deref(), Some(expected.1));
        page.messenger.destroy();
    }
    html.remove_attribute("lang").expect("removed");
}

/// Puts `broken` in the place of a native function while `work` runs.
async fn with_broken(path: &str, broken: &str, work: impl AsyncFnOnce()) {
    let (owner, name) = path.rsplit_once('.').expect("a path");
    let source = format!(
        "const native = {path}; {owner}.{name} = {broken}; return () => {{ {owner}.{name} = native; }}"
    );
    let mend = js_sys::Function::new_no_args(&source).call0(&JsValue::UNDEFINED).expect("replaced");
    work().await;
    mend.unchecked_into::<js_sys::Function>().call0(&JsValue::UNDEFINED).expect("mended");
}

#[wasm_bindgen_test]
async fn a_page_that_breaks_the_widget_gets_an_error_and_the_next_initialize_works() {
    let page = page();
    for (path, broken) in [
        ("Element.prototype.attachShadow", "() => { throw new Error('broken') }"),
        ("Node.prototype.appendChild", "() => { throw new Error('broken') }"),
        ("Document.prototype.createElementNS", "() => null"),
        ("EventTarget.prototype.addEventListener", "null"),
    ] {
        with_broken(path, broken, async || {
            let (code, _, message) = page.rejection(&article()).await;
            assert_eq!(code, "engine_unavailable", "{path}");
            assert!(message.contains("does not work in this page"), "{message}");
            assert!(hosts().is_empty(), "{path}");
        })
        .await;
        let _ = page.messenger.initialize(&article());
        assert_eq!(hosts().len(), 1, "after {path}");
        page.messenger.destroy();
        assert!(hosts().is_empty(), "after {path}");
    }
}

#[wasm_bindgen_test]
fn elements_named_like_members_of_the_document_are_not_in_the_way() {
    let page = page();
    let body = document().body().expect("a body");
    let names = ["body", "createElement", "createElementNS", "querySelector", "documentElement", "head"];
    let elements = names.map(|name| {
        let form = document().create_element("form").expect("an element");
        form.set_attribute("name", name).expect("set");
        form
    });
    for form in &elements {
        body.append_child(form).expect("appended");
    }
    let _ = page.messenger.initialize(&article());
    let parent = hosts_in(&body).first().and_then(|host| host.parent_element());
    page.messenger.destroy();
    for form in &elements {
        form.remove();
    }
    assert_eq!(parent, Some(body.into()));
}
