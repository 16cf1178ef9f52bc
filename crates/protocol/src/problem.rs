//! The problem document of RFC 9457 that every refused request answers with.

use crate::ErrorCode;
use serde::{Deserialize, Serialize};

/// `application/problem+json`: what went wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Address of the explanation, relative to Thread's origin.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code in a few words; the same for every occurrence.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: ErrorCode,
    /// What was wrong here and what to do, in a sentence.
    pub detail: String,
    /// The field that was wrong, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Problem {
    /// A problem with the code's own status, title and address.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            kind: code.docs_path(),
            title: code.as_str().replace('_', " "),
            status: if code.status() == 0 { 400 } else { code.status() },
            code,
            detail: detail.into(),
            field: None,
        }
    }

    /// The same problem, naming the field that was wrong.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_has_the_members_of_rfc_9457_and_the_code() {
        let problem = Problem::new(ErrorCode::InvalidParams, "connectionEmail is missing.")
            .with_field("connectionEmail");
        assert_eq!(
            serde_json::to_value(&problem).expect("serializable"),
            serde_json::json!({
                "type": "/docs/errors#invalid_params",
                "title": "invalid params",
                "status": 422,
                "code": "invalid_params",
                "detail": "connectionEmail is missing.",
                "field": "connectionEmail",
            })
        );
    }
}
