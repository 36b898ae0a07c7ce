//! `If-Match` and `If-None-Match` (RFC 9110, section 13.1) on a completion, whose
//! entity-tag is the id of the credential that stands for it.

use actix_web::{
    HttpRequest,
    http::header::{self, HeaderName},
};
use registry::Condition;

use crate::problem::Problem;

/// The condition that a request states.
pub fn of(request: &HttpRequest) -> Result<Condition, Problem> {
    match (single(request, &header::IF_MATCH)?, single(request, &header::IF_NONE_MATCH)?) {
        (None, None) => Ok(Condition::None),
        (None, Some("*")) => Ok(Condition::New),
        (Some(tag), None) => {
            let id = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).map(str::parse);
            let Some(Ok(id)) = id else {
                return Err(Problem::malformed(
                    "`If-Match` must hold the id of one credential in quotation marks, and nothing else.",
                ));
            };
            Ok(Condition::Corrects(id))
        }
        (None, Some(_)) => Err(Problem::malformed("`If-None-Match` can only be `*` here.")),
        (Some(_), Some(_)) => {
            Err(Problem::malformed("`If-Match` and `If-None-Match` were sent together; send one of them."))
        }
    }
}

fn single<'r>(request: &'r HttpRequest, name: &HeaderName) -> Result<Option<&'r str>, Problem> {
    let mut lines = request.headers().get_all(name);
    match (lines.next(), lines.next()) {
        (None, _) => Ok(None),
        (Some(line), None) => match line.to_str() {
            Ok(text) => Ok(Some(text.trim())),
            Err(_) => Err(Problem::malformed(format!("The header `{name}` cannot be read."))),
        },
        (Some(_), Some(_)) => {
            Err(Problem::malformed(format!("The header `{name}` was sent more than once.")))
        }
    }
}
