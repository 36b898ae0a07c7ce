//! Is it a credential in a form that can be read?

use model::report::Check;
use model::sentence::Sentence;

use super::{codes, say};
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
    SeveralCodes,
    EmptyPdf,
    SeveralInPdf,
    NotCredential(Sentence),
}

pub(crate) fn check(opened: &Opened, form: &str) -> Check {
    if let Some(fault) = &opened.claims {
        return codes::FORMAT_JWT_CLAIMS.found(say::jwt_claims(fault.as_str()));
    }
    let secured = match &opened.secured {
        Secured::Embedded(proofs) if proofs.is_empty() => say::unsigned_credential(),
        Secured::Embedded(proofs) if proofs.len() > 1 => say::embedded_proofs(say::embedded(proofs.len())),
        Secured::Embedded(_) => say::embedded_proof(),
        Secured::SdJwt(read) => say::an_sd_jwt(shown(&read.header().alg), read.disclosures().count()),
        Secured::Jws(token) => say::a_jwt(shown(&token.header.alg)),
    };
    codes::FORMAT_READ.found(match form {
        "png" => say::png_holds(secured),
        "svg" => say::svg_holds(secured),
        "pdf" => say::pdf_holds(secured),
        "qr" => say::code_holds(secured),
        _ => say::this_is(secured),
    })
}

pub(crate) fn unreadable(fault: &Fault) -> Check {
    match fault {
        Fault::NotJson(why) => codes::FORMAT_NOT_JSON.found(say::cannot_be_read(why.as_str())),
        Fault::WebPage => codes::FORMAT_WEB_PAGE.found(say::web_page()),
        Fault::Ambiguous(why) => codes::FORMAT_AMBIGUOUS_JSON.found(say::ambiguous_json(why.as_str())),
        Fault::TooLarge(why) => codes::FORMAT_TOO_LARGE.found(say::too_large(why.as_str())),
        Fault::Jws(why) => codes::FORMAT_BAD_JWS.found(say::jwt_refused(why.as_str())),
        Fault::Picture(why) => codes::FORMAT_BAD_PICTURE.found(say::bad_picture(why.as_str())),
        Fault::EmptyPicture => codes::FORMAT_NO_CREDENTIAL_IN_PICTURE.found(say::empty_picture()),
        Fault::SeveralCodes => codes::FORMAT_SEVERAL_CODES.found(say::several_codes()),
        Fault::EmptyPdf => codes::FORMAT_NO_CREDENTIAL_IN_PDF.found(say::empty_pdf()),
        Fault::SeveralInPdf => codes::FORMAT_SEVERAL_IN_PDF.found(say::several_in_pdf()),
        Fault::NotCredential(what) => codes::FORMAT_NOT_CREDENTIAL.found(say::this_is(what.clone())),
    }
}

/// The address gave nothing.
pub(crate) fn not_fetched(error: &FetchError) -> Check {
    let code = if error.is_refusal() { codes::FORMAT_ADDRESS_REFUSED } else { codes::FORMAT_NOT_FETCHED };
    code.found(say::not_fetched(say::failure(error)))
}

/// The address gave an answer without a credential.
pub(crate) fn not_there(url: &str, status: u16) -> Check {
    codes::FORMAT_NOT_FETCHED.found(say::address_answers(shown(url), usize::from(status)))
}
