//! Read marks, typing, agents' names, and agents' sockets.

use crate::live::Socket;
use crate::support::{ANN, BOB, START_MS, TestThread, assert_problem, json_of, text};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

async fn read(thread: &TestThread, prefix: &str, token: &str, id: &str, seq: i64) -> Response {
    let path = format!("{prefix}/service-requests/{id}/read");
    thread.post(&path, &json!({"seq": seq})).bearer_auth(token).send().await.expect("answered")
}

async fn typing(thread: &TestThread, key: &str, id: &str) -> Response {
    let path = format!("/v1/agent/service-requests/{id}/typing");
    thread.request(reqwest::Method::POST, &path).bearer_auth(key).send().await.expect("answered")
}

async fn first(thread: &TestThread, prefix: &str, token: &str) -> Value {
    let listed = thread.get(&format!("{prefix}/service-requests")).bearer_auth(token).send().await;
    json_of(listed.expect("answered"), StatusCode::OK).await["serviceRequests"][0].clone()
}

fn marks(request: &Value) -> [i64; 3] {
    ["unread", "contactReadSeq", "agentReadSeq"].map(|name| request[name].as_i64().expect("a number"))
}

#[tokio::test]
async fn each_side_has_its_own_unread_count_and_mark() {
    let thread = TestThread::start().await;
    let (ann, key) = (thread.sign_in(ANN).await, thread.api_key(&thread.app).await);
    let id = text(&thread.raise(&ann, "c1", "Help").await["id"]);
    thread.write("/v1", &ann, &id, "c2", "Please").await;
    assert_eq!(marks(&first(&thread, "/v1", &ann).await), [0, 2, 0]);
    assert_eq!(marks(&first(&thread, "/v1/agent", &key).await), [2, 2, 0]);

    assert_eq!(read(&thread, "/v1/agent", &key, &id, 1).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(marks(&first(&thread, "/v1/agent", &key).await), [1, 2, 1]);
    for index in 0..3 {
        thread.write("/v1/agent", &key, &id, &format!("a{index}"), "Here").await;
    }
    assert_eq!(marks(&first(&thread, "/v1/agent", &key).await), [0, 2, 5], "whoever writes has read");
    assert_eq!(marks(&first(&thread, "/v1", &ann).await), [3, 2, 5]);

    // A smaller number changes nothing; a larger one than there are messages is the last one's.
    read(&thread, "/v1", &ann, &id, 4).await;
    read(&thread, "/v1", &ann, &id, 3).await;
    assert_eq!(marks(&first(&thread, "/v1", &ann).await), [1, 4, 5]);
    let key_of_ann = thread.app.key(ANN);
    let session = thread.sign_in_request(&thread.app, ANN, &key_of_ann).send().await.expect("answered");
    let session = json_of(session, StatusCode::CREATED).await;
    assert_eq!((&session["unread"], &session["openServiceRequests"]), (&json!(1), &json!(1)));
    read(&thread, "/v1", &ann, &id, 999).await;
    assert_eq!(marks(&first(&thread, "/v1", &ann).await), [0, 5, 5]);
    thread.write("/v1/agent", &key, &id, "a9", "Later").await;
    assert_eq!(marks(&first(&thread, "/v1", &ann).await), [1, 5, 6]);
    for seq in [0, -1] {
        let refused = read(&thread, "/v1", &ann, &id, seq).await;
        assert_eq!(assert_problem(refused, 422, "invalid_params").await["field"], "seq");
    }
}

#[tokio::test]
async fn a_session_says_how_many_of_the_contacts_own_requests_are_open() {
    let thread = TestThread::start().await;
    let (ann, bob, key) =
        (thread.sign_in(ANN).await, thread.sign_in(BOB).await, thread.api_key(&thread.app).await);
    let open = async |email| {
        let session = thread.sign_in_request(&thread.app, email, &thread.app.key(email)).send().await;
        json_of(session.expect("answered"), StatusCode::CREATED).await["openServiceRequests"].clone()
    };
    let id = text(&thread.raise(&ann, "c1", "Help").await["id"]);
    thread.raise(&ann, "c2", "Help again").await;
    thread.raise(&bob, "c1", "Help me too").await;
    assert_eq!((open(ANN).await, open(BOB).await), (json!(2), json!(1)));
    let path = format!("/v1/agent/service-requests/{id}");
    let closing = thread.request(reqwest::Method::PATCH, &path).bearer_auth(&key);
    let closed = closing.json(&json!({"status": "closed"})).send().await.expect("answered");
    assert_eq!(closed.status(), StatusCode::OK);
    assert_eq!((open(ANN).await, open(BOB).await), (json!(1), json!(1)));
}

#[tokio::test]
async fn a_read_mark_is_told_once_to_all_tabs_and_to_agents() {
    let thread = TestThread::start().await;
    let (ann, key) = (thread.sign_in(ANN).await, thread.api_key(&thread.app).await);
    let id = text(&thread.raise(&ann, "c1", "Help").await["id"]);
    thread.write("/v1/agent", &key, &id, "a1", "Hello").await;
    let (mut tab, _) = Socket::hello(&thread, &ann, None).await;
    let (mut agent, _) = Socket::hello_agent(&thread, &key, None).await;
    read(&thread, "/v1", &ann, &id, 2).await;
    read(&thread, "/v1", &ann, &id, 2).await;
    let frame = json!({"type": "read", "cursor": "3", "serviceRequestId": id, "author": "contact", "seq": 2});
    assert_eq!(tab.frame().await, frame);
    assert_eq!(agent.frame().await, frame);
    thread.write("/v1", &ann, &id, "c2", "Thanks").await;
    assert_eq!(tab.frame().await["type"], "message", "the second call told nothing");
    assert_eq!(agent.frame().await["cursor"], "4");
    read(&thread, "/v1/agent", &key, &id, 3).await;
    assert_eq!(tab.frame().await["author"], "agent");

    // It is among what a cursor brings.
    let (mut late, missed) = Socket::hello(&thread, &ann, Some("2")).await;
    assert_eq!(missed, frame);
    assert_eq!(late.frame().await["type"], "message");
    assert_eq!(late.frame().await["type"], "read");
    assert_eq!(late.frame().await, json!({"type": "ready", "cursor": "5"}));
}

#[tokio::test]
async fn nobody_marks_or_types_in_anothers_request() {
    let thread = TestThread::start().await;
    let other = thread.other_app().await;
    let (ann, bob) = (thread.sign_in(ANN).await, thread.sign_in(BOB).await);
    let (key, foreign) = (thread.api_key(&thread.app).await, thread.api_key(&other).await);
    let id = text(&thread.raise(&ann, "c1", "Private").await["id"]);
    let bobs_id = text(&thread.raise(&bob, "c1", "Mine").await["id"]);
    thread.write("/v1/agent", &key, &id, "a1", "Hello").await;
    for (prefix, token) in
        [("/v1", &bob), ("/v1", &thread.sign_in_to(&other, ANN).await), ("/v1/agent", &foreign)]
    {
        assert_problem(read(&thread, prefix, token, &id, 2).await, 404, "not_found").await;
    }
    assert_problem(typing(&thread, &foreign, &id).await, 404, "not_found").await;
    assert_problem(read(&thread, "/v1/agent", &ann, &id, 2).await, 401, "unauthorized").await;
    assert_problem(read(&thread, "/v1", &key, &id, 2).await, 401, "unauthorized").await;
    assert_eq!(marks(&first(&thread, "/v1", &ann).await), [1, 1, 2]);

    // By socket: Bob types in Ann's, then in his own; only the latter is told.
    let (mut agent, _) = Socket::hello_agent(&thread, &key, None).await;
    let (mut foreign_agent, _) = Socket::hello_agent(&thread, &foreign, None).await;
    let (mut bobs, _) = Socket::hello(&thread, &bob, None).await;
    for id in [&id, &bobs_id] {
        bobs.send(&json!({"type": "typing", "serviceRequestId": id}).to_string()).await;
    }
    assert_eq!(
        agent.frame().await,
        json!({"type": "typing", "serviceRequestId": bobs_id, "author": "contact"})
    );
    // The foreign agent's first frame is of its own app's doing.
    thread.write("/v1", &bob, &bobs_id, "c2", "More").await;
    let own = text(&thread.raise(&thread.sign_in_to(&other, BOB).await, "c1", "Elsewhere").await["id"]);
    assert_eq!(foreign_agent.frame().await["serviceRequest"]["id"], own);
}

#[tokio::test]
async fn typing_of_an_agent_reaches_the_contact_and_other_agents_with_its_name() {
    let thread = TestThread::start().await;
    let mia = thread.named_api_key(&thread.app, Some("Mia")).await;
    let leo = thread.api_key(&thread.app).await;
    let (ann, bob) = (thread.sign_in(ANN).await, thread.sign_in(BOB).await);
    let id = text(&thread.raise(&ann, "c1", "Help").await["id"]);
    let (mut anns, _) = Socket::hello(&thread, &ann, None).await;
    let (mut bobs, _) = Socket::hello(&thread, &bob, None).await;
    let (mut mias, _) = Socket::hello_agent(&thread, &mia, None).await;
    let (mut leos, _) = Socket::hello_agent(&thread, &leo, None).await;
    assert_eq!(typing(&thread, &mia, &id).await.status(), StatusCode::NO_CONTENT);
    let frame =
        json!({"type": "typing", "serviceRequestId": id, "author": "agent", "agent": {"name": "Mia"}});
    assert_eq!(anns.frame().await, frame);
    assert_eq!(leos.frame().await, frame);
    leos.send(&json!({"type": "typing", "serviceRequestId": id}).to_string()).await;
    assert_eq!(anns.frame().await["author"], "agent", "by the socket as well");
    assert_eq!(mias.frame().await["author"], "agent", "hers was not told to herself");

    let written = json_of(thread.write("/v1/agent", &mia, &id, "a1", "Hi").await, StatusCode::CREATED).await;
    assert_eq!(written["agent"], json!({"name": "Mia"}));
    assert_eq!(anns.frame().await["message"]["agent"]["name"], "Mia");
    let listed = first(&thread, "/v1", &ann).await;
    assert_eq!(listed["messages"][0]["agent"]["name"], "Mia");
    thread.write("/v1/agent", &leo, &id, "a2", "Me too").await;
    assert!(anns.frame().await["message"].get("agent").is_none(), "a key without a name");
    thread.raise(&bob, "c1", "Mine").await;
    assert_eq!(bobs.frame().await["serviceRequest"]["subject"], "Mine", "Bob heard nothing of it");
}

#[tokio::test]
async fn typing_is_limited_and_not_kept() {
    let thread = TestThread::start_with(&["--limit-typing=2"]).await;
    let (ann, key) = (thread.sign_in(ANN).await, thread.api_key(&thread.app).await);
    let id = text(&thread.raise(&ann, "c1", "Help").await["id"]);
    let (mut anns, _) = Socket::hello(&thread, &ann, None).await;
    let (mut agent, ready) = Socket::hello_agent(&thread, &key, None).await;
    for _ in 0..2 {
        assert_eq!(typing(&thread, &key, &id).await.status(), StatusCode::NO_CONTENT);
    }
    assert_problem(typing(&thread, &key, &id).await, 429, "rate_limited").await;
    for _ in 0..5 {
        anns.send(&json!({"type": "typing", "serviceRequestId": id}).to_string()).await;
    }
    assert_eq!(anns.frame().await["type"], "typing");
    assert_eq!(anns.frame().await["type"], "typing");
    for _ in 0..2 {
        assert_eq!(agent.frame().await["type"], "typing");
    }
    thread.write("/v1", &ann, &id, "c2", "Sent").await;
    assert_eq!(agent.frame().await["type"], "message", "three signs were too many, and the socket lives");
    let cursor = text(&ready["cursor"]);
    let (_, missed) = Socket::hello_agent(&thread, &key, Some(&cursor)).await;
    assert_eq!(missed["type"], "message", "no cursor brings typing back");
}

#[tokio::test]
async fn agents_hear_the_whole_app_and_catch_up_by_their_own_cursor() {
    let thread = TestThread::start().await;
    let other = thread.other_app().await;
    let key = thread.api_key(&thread.app).await;
    let (mut agent, ready) = Socket::hello_agent(&thread, &key, None).await;
    assert_eq!(ready, json!({"type": "ready", "cursor": "0"}));
    let (ann, bob) = (thread.sign_in(ANN).await, thread.sign_in(BOB).await);
    let id = text(&thread.raise(&ann, "c1", "Anns").await["id"]);
    thread.raise(&thread.sign_in_to(&other, ANN).await, "c1", "Elsewhere").await;
    thread.raise(&bob, "c1", "Bobs").await;
    thread.write("/v1", &ann, &id, "c2", "More").await;
    let raised = agent.frame().await;
    assert_eq!(
        (&raised["cursor"], &raised["serviceRequest"]["contact"]["email"]),
        (&json!("1"), &json!(ANN))
    );
    assert_eq!(raised["serviceRequest"]["unread"], 1);
    assert!(raised["serviceRequest"]["messages"][0].get("clientId").is_none());
    let raised = agent.frame().await;
    assert_eq!(
        (&raised["cursor"], &raised["serviceRequest"]["contact"]["email"]),
        (&json!("2"), &json!(BOB))
    );
    let message = agent.frame().await;
    assert_eq!((&message["cursor"], &message["message"]["body"]), (&json!("3"), &json!("More")));

    let (mut late, missed) = Socket::hello_agent(&thread, &key, Some("1")).await;
    assert_eq!((&missed["cursor"], &missed["serviceRequest"]["subject"]), (&json!("2"), &json!("Bobs")));
    assert_eq!(late.frame().await["message"]["body"], "More");
    assert_eq!(late.frame().await, json!({"type": "ready", "cursor": "3"}));
    for cursor in ["nonsense", "-5", "99"] {
        let (_, first) = Socket::hello_agent(&thread, &key, Some(cursor)).await;
        assert_eq!(first, json!({"type": "reload", "cursor": "3"}));
    }
}

#[tokio::test]
async fn sockets_take_their_own_kind_of_token_and_end_with_it() {
    let thread = TestThread::start().await;
    let (ann, key) = (thread.sign_in(ANN).await, thread.api_key(&thread.app).await);
    for token in [ann.as_str(), "", "cgk_none"] {
        let (mut socket, refused) = Socket::hello_agent(&thread, token, None).await;
        assert_eq!(refused, json!({"type": "error", "code": "unauthorized"}));
        assert_eq!(socket.closed().await, 1008);
    }
    assert_eq!(Socket::hello(&thread, &key, None).await.1["code"], "unauthorized");
    let (mut agent, _) = Socket::hello_agent(&thread, &key, None).await;
    let keys = thread.store.api_keys().await.expect("database");
    thread.store.revoke_api_key(&keys[0].id, START_MS).await.expect("database").expect("in force");
    assert_eq!(agent.frame().await, json!({"type": "error", "code": "unauthorized"}));
    assert_eq!(agent.closed().await, 1008);
}
