//! The other end of the line.

use crate::Result;
use crate::wait::until_some;
use protocol::conversation::{ListMessagesResponse, ListServiceRequestsResponse, Message, ServiceRequest};
use serde_json::json;

/// An agent of the service provider, at Thread's interface for agents' tools.
pub struct Agent {
    origin: String,
    api_key: String,
    client: reqwest::Client,
}

impl Agent {
    pub(crate) fn new(origin: String, api_key: String) -> Self {
        Self { origin, api_key, client: reqwest::Client::new() }
    }

    /// All open service requests of the app.
    ///
    /// # Errors
    /// If Thread refuses.
    pub async fn open_requests(&self) -> Result<Vec<ServiceRequest>> {
        let url = format!("{}/v1/agent/service-requests?status=open", self.origin);
        let answer = self.client.get(url).bearer_auth(&self.api_key).send().await?.error_for_status()?;
        Ok(answer.json::<ListServiceRequestsResponse>().await?.service_requests)
    }

    /// Waits for the open service request whose last message is `body`.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn wait_for_request(&self, body: &str) -> Result<ServiceRequest> {
        until_some(&format!("an agent sees {body:?}"), async || {
            let requests = self.open_requests().await?;
            Ok(requests.into_iter().find(|request| request.messages.last().is_some_and(|m| m.body == body)))
        })
        .await
    }

    /// Answers a service request.
    ///
    /// # Errors
    /// If Thread refuses.
    pub async fn answer(&self, request: &ServiceRequest, client_id: &str, body: &str) -> Result<Message> {
        let url = format!("{}/v1/agent/service-requests/{}/messages", self.origin, request.id);
        let message = json!({ "clientId": client_id, "body": body });
        let answer = self.client.post(url).bearer_auth(&self.api_key).json(&message).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    /// Closes a service request or opens it again.
    ///
    /// # Errors
    /// If Thread refuses.
    pub async fn set_status(&self, request: &ServiceRequest, status: &str) -> Result {
        let url = format!("{}/v1/agent/service-requests/{}", self.origin, request.id);
        let call = self.client.patch(url).bearer_auth(&self.api_key).json(&json!({ "status": status }));
        call.send().await?.error_for_status()?;
        Ok(())
    }

    /// Tells that the agent is writing.
    ///
    /// # Errors
    /// If Thread refuses.
    pub async fn typing(&self, request: &ServiceRequest) -> Result {
        let url = format!("{}/v1/agent/service-requests/{}/typing", self.origin, request.id);
        self.client.post(url).bearer_auth(&self.api_key).send().await?.error_for_status()?;
        Ok(())
    }

    /// All messages of a service request, as they stand there.
    ///
    /// # Errors
    /// If Thread refuses.
    pub async fn messages(&self, request: &ServiceRequest) -> Result<Vec<String>> {
        let url = format!("{}/v1/agent/service-requests/{}/messages?after=0", self.origin, request.id);
        let answer = self.client.get(url).bearer_auth(&self.api_key).send().await?.error_for_status()?;
        let messages = answer.json::<ListMessagesResponse>().await?.messages;
        Ok(messages.into_iter().map(|message| message.body).collect())
    }
}
