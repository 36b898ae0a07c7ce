//! Is it a credential in a form that can be read?

use model::report::Check;

use super::codes;
use crate::FetchError;
use crate::credential::shown;
use crate::opened::{Opened, Secured};

/// Why no credential could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    NotJson(String),
    WebPage,
    Ambiguous(String),
    TooLarge(String),
    Jws(String),
    Picture(String),
    EmptyPicture,
    NotCredential(String),
}

pub(crate) fn check(opened: &Opened, form: &str) -> Check {
    if let Some(fault) = &opened.claims {
        return codes::FORMAT_JWT_CLAIMS.found(format!("{}.", sentence(fault)));
    }
    let secured = match &opened.secured {
        Secured::Embedded(proofs) if proofs.is_empty() => "a credential without a proof".to_owned(),
        Secured::Embedded(proofs) if proofs.len() > 1 => {
            format!("a credential with {} embedded proofs", proofs.len())
        }
        Secured::Embedded(_) => "a credential with an embedded proof".to_owned(),
        Secured::SdJwt(read) => {
            let shown_of = read.disclosures().count();
            format!(
                "a credential as SD-JWT signed with {}, with {shown_of} disclosures",
                shown(&read.header().alg)
            )
        }
        Secured::Jws(token) => format!("a credential in a JWT signed with {}", shown(&token.header.alg)),
    };
    let read_from = match form {
        "png" => "The PNG picture holds",
        "svg" => "The SVG picture holds",
        _ => "This is",
    };
    codes::FORMAT_READ.found(format!("{read_from} {secured}."))
}

pub(crate) fn unreadable(fault: &Fault) -> Check {
    match fault {
        Fault::NotJson(why) => codes::FORMAT_NOT_JSON.found(format!("It cannot be read: {why}.")),
        Fault::WebPage => codes::FORMAT_WEB_PAGE.found("This is a web page, not a credential."),
        Fault::Ambiguous(why) => codes::FORMAT_AMBIGUOUS_JSON.found(format!("The JSON is ambiguous: {why}.")),
        Fault::TooLarge(why) => codes::FORMAT_TOO_LARGE.found(format!("It is too large: {why}.")),
        Fault::Jws(why) => codes::FORMAT_BAD_JWS.found(format!("The JWT is refused: {why}.")),
        Fault::Picture(why) => codes::FORMAT_BAD_PICTURE.found(format!("{}.", sentence(why))),
        Fault::EmptyPicture => {
            codes::FORMAT_NO_CREDENTIAL_IN_PICTURE.found("The picture holds no credential.")
        }
        Fault::NotCredential(what) => codes::FORMAT_NOT_CREDENTIAL.found(format!("This is {what}.")),
    }
}

/// The address gave nothing.
pub(crate) fn not_fetched(error: &FetchError) -> Check {
    let code = if error.is_refusal() { codes::FORMAT_ADDRESS_REFUSED } else { codes::FORMAT_NOT_FETCHED };
    code.found(format!("{}.", sentence(&error.to_string())))
}

/// The address gave an answer without a credential.
pub(crate) fn not_there(url: &str, status: u16) -> Check {
    codes::FORMAT_NOT_FETCHED.found(format!("`{}` answers with the HTTP status {status}.", shown(url)))
}

/// With a capital letter at the beginning.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
