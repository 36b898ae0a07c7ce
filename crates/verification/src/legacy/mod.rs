//! Badges of Open Badges 2.0, read as what they are: hosted, which stand at an address of
//! their issuer's host and are vouched for by it alone, and signed.
//!
//! Their contexts are not read: no signature goes through them.

pub(crate) mod read;
mod signed;

use model::report::{Check, Report};
use proof::json::Limits;
use serde_json::Value;

use crate::checks::{accreditation, codes, dates, endorsements, recipient, refresh, say, subject, trust};
use crate::credential::{shown, summary, text};
use crate::verifier::Run;
use crate::{Expectation, Fetch as _, FetchError, Fetched};
use read::Way;

const ACCEPT: &str = "application/ld+json, application/json;q=0.9";
/// Bytes of a document.
const LIMIT: usize = 262_144;
/// Redirects that are followed, all to the host that was asked.
const REDIRECTS: usize = 3;

/// An assertion that was handed in.
#[derive(Debug, Clone)]
pub(crate) struct Assertion {
    pub document: Value,
    /// The token around it, if it came in one.
    pub token: Option<Box<jose::Unverified>>,
}

/// What vouches for an assertion, and what says whether it stands.
struct Vouched {
    proof: Check,
    binding: Check,
    key: Check,
    status: Check,
}

/// The badge class and the issuer behind an assertion; null where they could not be had.
#[derive(Default)]
struct Behind {
    badge: Value,
    issuer: Value,
    /// Why one could not be had.
    missing: Option<Check>,
}

impl Run {
    /// The report on an assertion.
    pub(crate) async fn legacy(
        &self,
        assertion: &Assertion,
        form: &str,
        expectation: &Expectation,
    ) -> Report {
        let document = &assertion.document;
        let behind = self.behind(document).await;
        let lacks = read::lacks(document);
        let vouched = match read::way(document) {
            Way::Hosted if assertion.token.is_none() => self.hosted(document, &behind).await,
            Way::Signed(creator) => self.signed(assertion, creator.as_deref(), &behind).await,
            way => unvouched(&way),
        };
        let read = read::translated(document, &behind.badge, &behind.issuer);
        let mut checks = vec![
            codes::FORMAT_LEGACY.found(match &assertion.token {
                Some(token) => say::legacy_signed(shown(&token.header.alg)),
                None => say::legacy_hosted(),
            }),
            codes::CONTEXTS_LEGACY.found(say::legacy_contexts()),
            if lacks.is_empty() {
                codes::SCHEMA_FITS.found(say::legacy_shape())
            } else {
                codes::SCHEMA_INVALID.found(say::legacy_lacks(lacks.join("`, `")))
            },
            subject::identified(&read),
            vouched.proof,
            vouched.binding,
            vouched.key,
            vouched.status,
            refresh::check(&read),
            dates::check(&read, expectation.as_of.unwrap_or(self.now)),
            recipient::check(&read, expectation.recipient.as_deref()),
            endorsements::none(),
            accreditation::unknown(),
        ];
        checks.extend(self.asked_besides(&read, expectation).await);
        if let Some(trust) = &expectation.trust {
            checks.push(trust::check(trust, &read, &[], self.now));
        }
        expectation.conclude(Report::conclude(self.now, form, summary(&read), checks))
    }

    /// Fetches the badge class and the issuer, where the assertion does not hold them.
    async fn behind(&self, assertion: &Value) -> Behind {
        let mut behind = Behind::default();
        match self.described(assertion.get("badge")).await {
            Ok(badge) => behind.badge = badge,
            Err(missing) => behind.missing = Some(missing),
        }
        if behind.missing.is_none() {
            match self.described(behind.badge.get("issuer")).await {
                Ok(issuer) => behind.issuer = issuer,
                Err(missing) => behind.missing = Some(missing),
            }
        }
        behind
    }

    /// A document that is there, or stands at the address that is there; it must bear its
    /// own address.
    async fn described(&self, stated: Option<&Value>) -> Result<Value, Check> {
        match stated {
            Some(Value::String(url)) => {
                let document = self.document(url).await?;
                match text(&document, "id") {
                    Some(id) if id == url => Ok(document),
                    id => Err(codes::BINDING_DOCUMENT_REFUSED
                        .found(say::legacy_calls_itself(shown(url), shown(id.unwrap_or("(no id)"))))),
                }
            }
            Some(object @ Value::Object(_)) => Ok(object.clone()),
            _ => Err(codes::BINDING_NO_ISSUER.found(say::no_issuer())),
        }
    }

    /// The JSON at `url`.
    async fn document(&self, url: &str) -> Result<Value, Check> {
        let unreachable = |why| codes::BINDING_UNREACHABLE.found(say::legacy_unreachable(shown(url), why));
        match self.following(url).await {
            Err(error) => Err(unreachable(say::failure(&error))),
            Ok(Fetched { status: 200, body, .. }) => {
                let limits = Limits { bytes: LIMIT, ..Limits::default() };
                proof::json::parse(&body, &limits).map_err(|error| {
                    codes::BINDING_DOCUMENT_REFUSED
                        .found(say::legacy_unreadable(shown(url), error.to_string()))
                })
            }
            Ok(answer) => Err(unreachable(say::host_answers(usize::from(answer.status)))),
        }
    }

    /// Fetches `url`, and follows redirects that stay with its host: those who host such
    /// badges moved them about.
    async fn following(&self, url: &str) -> Result<Fetched, FetchError> {
        let mut at = url.to_owned();
        for _ in 0..REDIRECTS {
            match self.memo.fetch(&at, ACCEPT, LIMIT).await {
                Err(FetchError::Redirected { location, .. }) if stays(&at, &location).is_some() => {
                    at = stays(&at, &location).unwrap_or_default();
                }
                answer => return answer,
            }
        }
        self.memo.fetch(&at, ACCEPT, LIMIT).await
    }

    /// A hosted assertion is what stands at its own address, on the host of its issuer.
    async fn hosted(&self, assertion: &Value, behind: &Behind) -> Vouched {
        let url = text(assertion, "id").unwrap_or_default();
        let binding = hosting(url, behind);
        let key = codes::KEY_NONE.found(say::legacy_no_key());
        let at = shown(url);
        let (proof, status) = match self.following(url).await {
            Ok(Fetched { status: 410, .. }) => (
                codes::PROOF_HOSTED.found(say::legacy_answers_gone(at.clone())),
                codes::STATUS_REVOKED.found(say::legacy_gone(at)),
            ),
            Ok(Fetched { status: 200, body, .. }) => {
                let limits = Limits { bytes: LIMIT, ..Limits::default() };
                match proof::json::parse(&body, &limits) {
                    Ok(there) if there.get("revoked").and_then(Value::as_bool) == Some(true) => (
                        codes::PROOF_HOSTED.found(say::legacy_answers_gone(at.clone())),
                        codes::STATUS_REVOKED.found(say::legacy_gone(at)),
                    ),
                    Ok(there) if there == *assertion => (
                        codes::PROOF_HOSTED.found(say::legacy_stands(at.clone())),
                        codes::STATUS_HOSTED.found(say::legacy_still_stands(at)),
                    ),
                    _ => (
                        codes::PROOF_HOSTED_DIFFERS.found(say::legacy_differs(at)),
                        codes::STATUS_NOT_CHECKED.found(say::legacy_not_this()),
                    ),
                }
            }
            Ok(answer) => unhosted(at, say::host_answers(usize::from(answer.status))),
            Err(error) => unhosted(at, say::failure(&error)),
        };
        Vouched { proof, binding, key, status }
    }
}

/// The host gave nothing.
fn unhosted(at: String, why: model::sentence::Sentence) -> (Check, Check) {
    let proof = codes::PROOF_NOT_CHECKED.found(say::legacy_unreachable(at.clone(), why.clone()));
    (proof, codes::STATUS_UNREACHABLE.found(say::legacy_unreachable(at, why)))
}

/// Whether the assertion stands on its issuer's host.
fn hosting(url: &str, behind: &Behind) -> Check {
    if let Some(missing) = &behind.missing {
        return missing.clone();
    }
    let issuer = text(&behind.issuer, "id").unwrap_or_default();
    match (read::host(url), read::host(issuer)) {
        (Some(own), Some(issuers)) if own == issuers => {
            codes::BINDING_HOSTED.found(say::legacy_same_host(shown(url), shown(issuer)))
        }
        _ => codes::BINDING_OTHER_HOST.found(say::legacy_other_host(shown(url), shown(issuer))),
    }
}

/// Nothing vouches for it.
fn unvouched(way: &Way) -> Vouched {
    let proof = match way {
        Way::Other(kind) => codes::PROOF_UNKNOWN_SUITE.found(say::proof_of_no_kind(shown(kind))),
        Way::Hosted | Way::Signed(_) => codes::PROOF_MALFORMED.found(say::legacy_contradicts()),
    };
    Vouched {
        proof,
        binding: codes::BINDING_NOT_CHECKED.found(say::no_proof()),
        key: codes::KEY_NOT_CHECKED.found(say::no_proof()),
        status: codes::STATUS_NOT_CHECKED.found(say::no_proof()),
    }
}

/// Where `location` leads from `url`, if it stays with the host.
fn stays(url: &str, location: &str) -> Option<String> {
    let goal = url::Url::parse(url).ok()?.join(location).ok()?;
    (read::host(goal.as_str()) == read::host(url)).then(|| goal.to_string())
}
