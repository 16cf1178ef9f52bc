//! A customer without a browser.

use crate::{App, Result, Thread};
use anyhow::Context as _;
use protocol::conversation::{Attachment, ListMessagesResponse, Message, ServiceRequest};
use serde_json::{Value, json};

/// A signed-in contact, at Thread's interface for panels.
pub struct Contact {
    origin: String,
    token: String,
    client: reqwest::Client,
}

impl Contact {
    /// Signs in by a connection key.
    ///
    /// # Errors
    /// If Thread refuses.
    pub async fn sign_in(thread: &Thread, app: &App, email: &str) -> Result<Self> {
        let (origin, client) = (thread.origin(), reqwest::Client::new());
        let params = json!({
            "appId": app.app_id, "connectionType": "messenger_auth", "connectionEmail": email,
            "connectionKey": app.key(email)?,
        });
        let answer = client.post(format!("{origin}/v1/sessions")).json(&params).send().await?;
        let session: Value = answer.error_for_status()?.json().await?;
        let token = session["token"].as_str().context("a session has a token")?.to_owned();
        Ok(Self { origin, token, client })
    }

    /// Uploads a file for a message.
    ///
    /// # Errors
    /// If Thread refuses.
    pub async fn upload(&self, name: &str, content_type: &str, bytes: &[u8]) -> Result<Attachment> {
        let url = format!("{}/v1/attachments", self.origin);
        let url = reqwest::Url::parse_with_params(&url, [("name", name)])?;
        let request = self.client.post(url).bearer_auth(&self.token).header("content-type", content_type);
        Ok(request.body(bytes.to_vec()).send().await?.error_for_status()?.json().await?)
    }

    /// Raises a service request.
    ///
    /// # Errors
    /// If Thread refuses.
    pub async fn raise(&self, body: &str, files: &[Attachment]) -> Result<ServiceRequest> {
        self.post("", body, files).await
    }

    /// Writes to a service request.
    ///
    /// # Errors
    /// If Thread refuses.
    pub async fn write(&self, request: &ServiceRequest, body: &str) -> Result<Message> {
        self.write_with(request, body, &[]).await
    }

    /// The same, with files.
    ///
    /// # Errors
    /// If Thread refuses.
    pub async fn write_with(
        &self,
        request: &ServiceRequest,
        body: &str,
        files: &[Attachment],
    ) -> Result<Message> {
        self.post(&format!("/{}/messages", request.id), body, files).await
    }

    /// All messages of a service request.
    ///
    /// # Errors
    /// If Thread refuses.
    pub async fn messages(&self, request: &ServiceRequest) -> Result<Vec<Message>> {
        let url = format!("{}/v1/service-requests/{}/messages?after=0", self.origin, request.id);
        let answer = self.client.get(url).bearer_auth(&self.token).send().await?.error_for_status()?;
        Ok(answer.json::<ListMessagesResponse>().await?.messages)
    }

    async fn post<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        body: &str,
        files: &[Attachment],
    ) -> Result<T> {
        let url = format!("{}/v1/service-requests{path}", self.origin);
        let ids: Vec<_> = files.iter().map(|file| &file.id).collect();
        // Each text is written once.
        let client_id =
            format!("{:x}", body.bytes().fold(7_u64, |hash, b| hash.wrapping_mul(31) ^ u64::from(b)));
        let message = json!({ "clientId": client_id, "body": body, "attachmentIds": ids });
        let answer = self.client.post(url).bearer_auth(&self.token).json(&message).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }
}
