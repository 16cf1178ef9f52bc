use crate::support::{ANN, BOB, TestThread, assert_problem, json_of, text};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

async fn set_status(thread: &TestThread, key: &str, id: &str, status: &str) -> Response {
    let request = thread.request(Method::PATCH, &format!("/v1/agent/service-requests/{id}"));
    request.json(&json!({"status": status})).bearer_auth(key).send().await.expect("answered")
}

async fn list(thread: &TestThread, key: &str, query: &str) -> Value {
    let response = thread.get(&format!("/v1/agent/service-requests{query}")).bearer_auth(key).send().await;
    json_of(response.expect("answered"), StatusCode::OK).await["serviceRequests"].clone()
}

async fn unread(thread: &TestThread) -> Value {
    let response =
        thread.sign_in_request(&thread.app, ANN, &thread.app.key(ANN)).send().await.expect("answered");
    json_of(response, StatusCode::CREATED).await["unread"].clone()
}

#[tokio::test]
async fn an_agent_reads_answers_closes_and_a_reply_opens_again() {
    let thread = TestThread::start().await;
    let (token, key) = (thread.sign_in(ANN).await, thread.api_key(&thread.app).await);
    let id = text(&thread.raise(&token, "c1", "Help").await["id"]);
    let listed = list(&thread, &key, "?status=open").await;
    assert_eq!((&listed[0]["id"], &listed[0]["contact"]["email"]), (&json!(id), &json!(ANN)));
    assert!(
        listed[0]["messages"][0].get("clientId").is_none(),
        "the contact's client id is not the agent's business"
    );

    assert_eq!(unread(&thread).await, 0);
    let answer = json_of(thread.write("/v1/agent", &key, &id, "c1", "Soon").await, StatusCode::CREATED).await;
    assert_eq!((&answer["author"], &answer["seq"]), (&json!("agent"), &json!(2)));
    assert_eq!(
        json_of(thread.write("/v1/agent", &key, &id, "c1", "Soon").await, StatusCode::CREATED).await,
        answer
    );
    assert_problem(thread.write("/v1/agent", &key, &id, "c1", "Else").await, 409, "conflict").await;
    assert_eq!(unread(&thread).await, 1);

    let path = format!("/v1/agent/service-requests/{id}/messages?after=1");
    let messages =
        json_of(thread.get(&path).bearer_auth(&key).send().await.expect("answered"), StatusCode::OK).await;
    assert_eq!(messages["messages"], json!([answer]));

    let closed = json_of(set_status(&thread, &key, &id, "closed").await, StatusCode::OK).await;
    assert_eq!(closed["status"], "closed");
    assert_eq!(list(&thread, &key, "?status=open").await, json!([]));
    assert_eq!(list(&thread, &key, "?status=closed").await[0]["id"], id);
    assert_eq!(list(&thread, &key, "").await[0]["id"], id);

    json_of(thread.write("/v1", &token, &id, "c2", "Thanks, but").await, StatusCode::CREATED).await;
    assert_eq!(list(&thread, &key, "?status=open").await[0]["id"], id);
    assert_eq!(unread(&thread).await, 0, "whoever writes has seen what is there");
}

#[tokio::test]
async fn an_api_key_tells_its_app_and_the_name_that_customers_see() {
    let thread = TestThread::start().await;
    let about = async |key: &str| {
        let response = thread.get("/v1/agent").bearer_auth(key).send().await.expect("answered");
        let answer = json_of(response, StatusCode::OK).await;
        serde_json::from_value::<protocol::wire::AgentResponse>(answer.clone())
            .expect("as the protocol has it");
        answer
    };
    let nameless = about(&thread.api_key(&thread.app).await).await;
    assert_eq!(nameless["app"]["appId"], thread.app.id);
    assert!(nameless["app"]["attachments"]["maxBytes"].is_u64() && nameless.get("agent").is_none());
    let named = about(&thread.named_api_key(&thread.app, Some("Mia")).await).await;
    assert_eq!(named["agent"], json!({"name": "Mia"}));
}

#[tokio::test]
async fn an_agent_looks_at_one_service_request() {
    let thread = TestThread::start().await;
    let (token, key) = (thread.sign_in(ANN).await, thread.api_key(&thread.app).await);
    let id = text(&thread.raise(&token, "c1", "Help").await["id"]);
    let path = format!("/v1/agent/service-requests/{id}");
    let one =
        json_of(thread.get(&path).bearer_auth(&key).send().await.expect("answered"), StatusCode::OK).await;
    assert_eq!(one, list(&thread, &key, "").await[0], "as the list has it");
    let none = thread.get("/v1/agent/service-requests/none").bearer_auth(&key);
    assert_problem(none.send().await.expect("answered"), 404, "not_found").await;
}

#[tokio::test]
async fn an_api_key_opens_its_own_app_only() {
    let thread = TestThread::start().await;
    let other = thread.other_app().await;
    let (token, foreign) = (thread.sign_in(ANN).await, thread.api_key(&other).await);
    let id = text(&thread.raise(&token, "c1", "Private").await["id"]);
    assert_eq!(list(&thread, &foreign, "").await, json!([]));
    assert_problem(thread.write("/v1/agent", &foreign, &id, "a1", "x").await, 404, "not_found").await;
    assert_problem(set_status(&thread, &foreign, &id, "closed").await, 404, "not_found").await;
    let path = format!("/v1/agent/service-requests/{id}/messages");
    assert_problem(thread.get(&path).bearer_auth(&foreign).send().await.expect("answered"), 404, "not_found")
        .await;
}

#[tokio::test]
async fn sessions_and_api_keys_do_not_open_each_others_doors() {
    let thread = TestThread::start().await;
    let (token, key) = (thread.sign_in(BOB).await, thread.api_key(&thread.app).await);
    for (path, bearer) in [
        ("/v1/agent/service-requests", Some(token.as_str())),
        ("/v1/agent/service-requests", None),
        ("/v1/service-requests", Some(key.as_str())),
    ] {
        let request = thread.get(path);
        let request = bearer.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth);
        assert_problem(request.send().await.expect("answered"), 401, "unauthorized").await;
    }
    let from_a_page =
        thread.get("/v1/agent/service-requests").bearer_auth(&key).header("origin", "https://evil.example");
    assert_problem(from_a_page.send().await.expect("answered"), 403, "origin_not_allowed").await;
}

#[tokio::test]
async fn what_is_not_a_status_is_refused() {
    let thread = TestThread::start().await;
    let key = thread.api_key(&thread.app).await;
    assert_problem(set_status(&thread, &key, "none", "deleted").await, 422, "invalid_params").await;
    let response =
        thread.get("/v1/agent/service-requests?status=x").bearer_auth(&key).send().await.expect("answered");
    assert_problem(response, 422, "invalid_params").await;
    assert_problem(set_status(&thread, &key, "none", "closed").await, 404, "not_found").await;
}
