//! Telling what somebody handed in, by its content.

/// Something to be verified, by the form it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submission {
    /// JSON text, or anything that is none of the others.
    Json(Vec<u8>),
    /// A compact JWS.
    Jwt(String),
    /// A PNG picture with a credential baked in.
    Png(Vec<u8>),
    /// An SVG picture with a credential baked in.
    Svg(String),
}

/// Recognises what `bytes` hold by their content; `content_type` only decides
/// what the content leaves open.
pub fn recognise(_bytes: &[u8], _content_type: Option<&str>) -> Submission {
    todo!()
}
