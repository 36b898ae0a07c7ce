//! Errors as 1EdTech's services have them (`Imsx_StatusInfo`).

use actix_web::{
    HttpResponse,
    http::{StatusCode, header::WWW_AUTHENTICATE},
};
use serde_json::json;

use crate::problem::Problem;

/// Why a request is not served.
pub enum Fault {
    /// Of that status and code minor, and why.
    Status(StatusCode, &'static str, String),
    /// It is none of the specification's.
    Problem(Problem),
}

impl Fault {
    /// The body or a parameter cannot be taken.
    pub fn invalid(why: impl Into<String>) -> Self {
        Self::Status(StatusCode::BAD_REQUEST, "invalid_data", why.into())
    }

    /// The answer.
    pub fn answer(self) -> Result<HttpResponse, Problem> {
        let (status, minor, why) = match self {
            Self::Problem(problem) => return Err(problem),
            Self::Status(status, minor, why) => (status, minor, why),
        };
        let mut response = HttpResponse::build(status);
        response.insert_header(("cache-control", "no-store"));
        if status == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"lanyard\", error=\"invalid_token\""));
        }
        Ok(response.json(json!({
            "imsx_codeMajor": "failure",
            "imsx_severity": "error",
            "imsx_description": why,
            "imsx_codeMinor": {"imsx_codeMinorField": [{
                "imsx_codeMinorFieldName": "TargetEndSystem",
                "imsx_codeMinorFieldValue": minor,
            }]},
        })))
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}
