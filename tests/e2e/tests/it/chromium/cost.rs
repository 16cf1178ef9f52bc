//! Chromium's own counters: what the messenger leaves in a page.

use crate::leaks::{CYCLES, run_cycles};
use crate::partner::{EMAIL, Partner};
use anyhow::Context as _;
use e2e::{Browser, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Cycles until caches are full and code is warm.
const WARM_UP: usize = 100;
/// What the heap may grow by, in bytes a cycle: code that is compiled anew, and what Chromium keeps of requests for its
/// own tools. What is forgotten is found by counting objects.
const HEAP_A_CYCLE: f64 = 600.0;
/// Objects that may be more at the end: the driver keeps some for each script that it runs, one for every 25 cycles.
/// One that is forgotten in each cycle would be five hundred.
const SOME: f64 = 100.0;

/// Nodes, listeners, documents and frames that live, and the heap, after everything was collected that can be.
async fn metrics(browser: &Browser) -> Result<BTreeMap<String, f64>> {
    let cdp = browser.cdp();
    cdp.send_raw("Performance.enable", json!({})).await?;
    for _ in 0..4 {
        cdp.send_raw("HeapProfiler.collectGarbage", json!({})).await?;
    }
    let answer: Value = cdp.send_raw("Performance.getMetrics", json!({})).await?;
    let listed = answer["metrics"].as_array().context("a list of metrics")?;
    let pair = |metric: &Value| Some((metric["name"].as_str()?.to_owned(), metric["value"].as_f64()?));
    Ok(listed.iter().filter_map(pair).collect())
}

/// How many objects of scripts live: functions, promises, maps and all others.
async fn objects(browser: &Browser) -> Result<f64> {
    let cdp = browser.cdp();
    let id = |answer: &Value, path: &str| answer.pointer(path).cloned().context("an object's id");
    let ask = json!({ "expression": "Object.prototype", "objectGroup": "count" });
    let prototype = id(&cdp.send_raw("Runtime.evaluate", ask).await?, "/result/objectId")?;
    let ask = json!({ "prototypeObjectId": prototype, "objectGroup": "count" });
    let all = id(&cdp.send_raw("Runtime.queryObjects", ask).await?, "/objects/objectId")?;
    let length = "function () { return this.length; }";
    let ask = json!({ "objectId": all, "functionDeclaration": length, "returnByValue": true });
    let counted: Value = cdp.send_raw("Runtime.callFunctionOn", ask).await?;
    // The list holds them all.
    cdp.send_raw("Runtime.releaseObjectGroup", json!({ "objectGroup": "count" })).await?;
    counted["result"]["value"].as_f64().context("a number of objects")
}

#[tokio::test]
async fn five_hundred_cycles_leave_nothing_that_chromium_can_count() -> Result {
    let browser = Browser::start_chromium(&[]).await?;
    let partner = Partner::start_with(browser).await?;
    partner.open_with_params("counted", &partner.params(EMAIL)?).await?;
    run_cycles(&partner.browser, WARM_UP).await?;
    let (before, objects_before) = (metrics(&partner.browser).await?, objects(&partner.browser).await?);
    let memory: f64 = partner.browser.run("return live().memory").await?;
    run_cycles(&partner.browser, CYCLES).await?;
    let (after, objects_after) = (metrics(&partner.browser).await?, objects(&partner.browser).await?);

    assert!(objects_before > 500.0, "objects are counted: {objects_before}");
    let forgotten = objects_after - objects_before;
    assert!(forgotten <= SOME, "{objects_before} objects, after {CYCLES} cycles {objects_after}");
    for what in ["Nodes", "JSEventListeners", "Documents", "Frames", "AudioHandlers", "WorkerGlobalScopes"] {
        let (before, after) = (before.get(what).copied(), after.get(what).copied());
        // What waits for the next cycle of the browser's own is not the messenger's.
        let grown = after.unwrap_or(0.0) - before.unwrap_or(0.0);
        assert!(grown <= 5.0, "{what}: {before:?}, after {CYCLES} cycles {after:?}");
    }
    let heap = |of: &BTreeMap<String, f64>| of.get("JSHeapUsedSize").copied().context("the heap's size");
    let a_cycle = (heap(&after)? - heap(&before)?) / 500.0;
    assert!(a_cycle < HEAP_A_CYCLE, "the heap grows by {a_cycle} bytes a cycle");
    assert!(
        memory > 0.0 || e2e::EngineKind::chosen()? == e2e::EngineKind::Plain,
        "the engine's memory is counted"
    );
    let memory_after: f64 = partner.browser.run("return live().memory").await?;
    assert!(
        (memory_after - memory).abs() < 1.0,
        "the engine's memory grew from {memory} to {memory_after} bytes"
    );
    Ok(())
}
