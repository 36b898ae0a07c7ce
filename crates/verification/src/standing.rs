//! Looking up whether a credential stands, in the lists that it names.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use jose::VerifyingKey;
use model::report::{Check, Outcome};
use proof::json::Limits;
use serde_json::Value;

use crate::checks::binding::{self, IssuerDocument, Relationship, Resolution};
use crate::checks::status::{self, Entry};
use crate::checks::{dates, format, say, schema};
use crate::credential::{issuer_id, shown};
use crate::lists::Verified;
use crate::opened::{self, Manner, Opened};
use crate::verifier::Run;
use crate::{Fetch as _, Fetched, Kept, recognise};

/// A status list is asked for in the form of the credential, because an issuer
/// may bear another name in each form.
const ACCEPT_EMBEDDED: &str =
    "application/vc+ld+json, application/vc;q=0.9, application/ld+json;q=0.9, application/json;q=0.8";
const ACCEPT_JWT: &str = "application/vc+jwt, application/jwt;q=0.9, text/plain;q=0.8";
const ACCEPT_STATUS_TOKEN: &str = "application/statuslist+jwt";
/// Bytes of a status list.
const LIST_LIMIT: usize = 1_048_576;

impl Run {
    pub(crate) async fn status(&self, credential: &Value, manner: Manner) -> Vec<Check> {
        let mut checks = Vec::new();
        for entry in status::entries(credential) {
            checks.push(match entry {
                Err(check) => check,
                Ok(entry) => self.look_up(&entry, credential, manner).await,
            });
        }
        checks
    }

    /// Fetches the entry's list, verifies it, and reads it.
    async fn look_up(&self, entry: &Entry, credential: &Value, manner: Manner) -> Check {
        let accept = match (entry, manner) {
            (Entry::Token { .. }, _) => ACCEPT_STATUS_TOKEN,
            (_, Manner::Embedded) => ACCEPT_EMBEDDED,
            (_, Manner::Jws | Manner::SdJwt) => ACCEPT_JWT,
        };
        let fetched = match self.memo.fetch(entry.list(), accept, LIST_LIMIT).await {
            Err(error) => return status::unreachable(entry, say::failure_there(entry.list(), &error)),
            Ok(answer) if answer.status != 200 => {
                return status::unreachable(entry, say::host_answers(usize::from(answer.status)));
            }
            Ok(answer) => answer,
        };
        let kept = fetched.kept;
        status::aged(self.read_list(entry, fetched, credential, manner).await, entry, kept)
    }

    /// Verifies the list that was fetched, and reads the entry.
    async fn read_list(&self, entry: &Entry, fetched: Fetched, credential: &Value, manner: Manner) -> Check {
        let at = self.list_moment(fetched.kept);
        match entry {
            Entry::RevocationList { .. } => {
                let limits = Limits { bytes: LIST_LIMIT, ..Limits::default() };
                match proof::json::parse(&fetched.body, &limits) {
                    Ok(list) => status::in_revocation_list(entry, &list, credential),
                    Err(error) => status::refused(entry, say::because(error.to_string())),
                }
            }
            Entry::Token { .. } => {
                let text = String::from_utf8_lossy(&fetched.body);
                self.status_token(entry, &text, (credential, manner), at).await
            }
            Entry::Bitstring { .. } => {
                let list = match self.verified_list(entry, &fetched).await {
                    Ok(list) => list,
                    Err(unreadable) => return *unreadable,
                };
                let dated = dates::check(&list.opened.credential, at);
                status::list_standing(entry, &list.checks)
                    .or_else(|| status::list_standing(entry, &[dated]))
                    .unwrap_or_else(|| status::bit(entry, &list, issuer_id(credential)))
            }
        }
    }

    /// The list credential that was fetched, and what is found of it.
    async fn verified_list(&self, entry: &Entry, fetched: &Fetched) -> Result<Arc<Verified>, Box<Check>> {
        if let Some(verified) = self.lists.recall(entry.list(), fetched, self.now)
            && verified.document == self.document_of(&verified.opened).await
        {
            return Ok(verified);
        }
        let submission = recognise(&fetched.body, fetched.content_type.as_deref());
        let opened = opened::open_within(&submission, LIST_LIMIT)
            .map_err(|fault| Box::new(status::refused(entry, format::unreadable(&fault).finding)))?;
        let left = self.work.left();
        let mut checks = vec![format::check(&opened, submission.form())];
        checks.extend(self.authenticate(&opened).await);
        checks.push(schema::check(&opened.credential));
        let document = self.document_of(&opened).await;
        let verified = Arc::new(Verified::new(opened, checks, document, self.now));
        // What cost work that is limited costs it each time.
        let is_cheap = self.work.left() == left;
        if is_cheap && verified.document.is_some() && status::list_standing(entry, &verified.checks).is_none()
        {
            self.lists.remember(entry.list(), fetched, &verified);
        }
        Ok(verified)
    }

    /// The document of the issuer of `opened`, if it is to be had.
    async fn document_of(&self, opened: &Opened) -> Option<Arc<IssuerDocument>> {
        match self.keys_of(issuer_id(&opened.credential)?, opened.secured.manner()).await {
            Resolution::Document(document) => Some(document),
            _ => None,
        }
    }

    /// When a list must have been in force. It may have been made after this verification
    /// began, for it. One that stands in for a newer one that is not to be had was in
    /// force when it was had: that it has ended since is what makes it old.
    fn list_moment(&self, kept: Option<Kept>) -> DateTime<Utc> {
        match kept {
            Some(Kept { since, stale: true }) => since,
            _ => self.clock.now().max(self.now),
        }
    }

    /// Verifies a status list token by a key of the credential's issuer, and reads it.
    async fn status_token(
        &self,
        entry: &Entry,
        text: &str,
        (credential, manner): (&Value, Manner),
        at: DateTime<Utc>,
    ) -> Check {
        let issuer = issuer_id(credential);
        let token = match jose::read_status_list(text) {
            Ok(token) => token,
            Err(error) => return status::refused(entry, say::because(error.to_string())),
        };
        let by = token.issuer.as_deref().or(issuer).unwrap_or_default();
        if Some(by) != issuer {
            return status::refused(entry, say::list_of_other_issuer(shown(by)));
        }
        let found = self.keys_of(by, manner).await;
        let key = match binding::of_header(by, token.header(), &found, Relationship::Assertion) {
            Ok((key, _)) => key,
            Err(check) if check.outcome == Outcome::NotChecked => {
                return status::unreachable(entry, check.finding);
            }
            Err(check) => return status::refused(entry, check.finding),
        };
        let verified = VerifyingKey::from_jwk(&key.jwk).and_then(|key| {
            token.verify(&key)?;
            token.in_force(at)
        });
        match verified {
            Ok(()) => status::token_status(entry, &token),
            Err(error) => status::refused(entry, say::because(error.to_string())),
        }
    }
}
