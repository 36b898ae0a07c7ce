//! What is at another host: reading all of it, page by page, and adding to it.

use std::collections::HashSet;

use serde_json::Value;
use url::Url;
use verification::{Fetched, GuardedClient, Method, Sending};

use super::{Host, HostError, description::origin, expect};

/// Credentials on a page.
const PAGE: usize = 100;
/// Bytes of a page.
const PAGE_BYTES: usize = 4_194_304;
/// Pages, and credentials on them, at most.
const PAGES: usize = 50;
const MOST: usize = 1000;

/// A credential of the host's as it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// With an embedded proof, JSON text.
    Json(String),
    /// A compact JWS.
    Token(String),
}

/// What became of a credential that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upsert {
    /// It is new there.
    Created,
    /// It took the place of an earlier one.
    Replaced,
    /// What is there is as new or newer.
    Unchanged,
    /// It was not taken: the status, and what was said.
    Refused(u16, String),
}

impl Host {
    /// Every credential of the learner's (`getCredentials`), by an access token.
    pub async fn credentials(&self, client: &GuardedClient, access: &str) -> Result<Vec<Found>, HostError> {
        const WHAT: &str = "its list of credentials";
        let mut next = Some(format!("{}/credentials?limit={PAGE}&offset=0", self.api));
        let (mut seen, mut found) = (HashSet::new(), Vec::new());
        while let Some(url) = next {
            if !seen.insert(url.clone()) || seen.len() > PAGES {
                return Err(HostError::unusable(WHAT, "its pages do not end"));
            }
            let answer = self.ask(client, access, &url).await?;
            let page = expect(WHAT, &answer, &[200])?;
            let list = |name: &str| match page.get(name) {
                None | Some(Value::Null) => Ok(&[][..]),
                Some(Value::Array(list)) => Ok(list.as_slice()),
                Some(_) => Err(HostError::unusable(WHAT, format!("`{name}` is not an array"))),
            };
            found.extend(list("credential")?.iter().map(|one| Found::Json(one.to_string())));
            for token in list("compactJwsString")? {
                let token = token.as_str().ok_or_else(|| {
                    HostError::unusable(WHAT, "`compactJwsString` holds something that is not a text")
                })?;
                found.push(Found::Token(token.to_owned()));
            }
            if found.len() > MOST {
                return Err(HostError::unusable(WHAT, format!("it holds more than {MOST} credentials")));
            }
            next = self.next_page(&url, &answer)?;
        }
        Ok(found)
    }

    /// What the learner says of themselves there (`getProfile`).
    pub async fn profile(&self, client: &GuardedClient, access: &str) -> Result<Value, HostError> {
        let answer = self.ask(client, access, &format!("{}/profile", self.api)).await?;
        expect("its profile", &answer, &[200])
    }

    /// Adds a credential (`upsertCredential`).
    pub async fn upsert(
        &self,
        client: &GuardedClient,
        access: &str,
        credential: &str,
    ) -> Result<Upsert, HostError> {
        let url = format!("{}/credentials", self.api);
        let bearer = format!("Bearer {access}");
        let headers = [
            ("Content-Type", "application/json"),
            ("Accept", "application/json"),
            ("Authorization", &*bearer),
        ];
        let sending = Sending {
            method: Method::Post,
            url: &url,
            headers: &headers,
            body: credential,
            limit: PAGE_BYTES,
        };
        let answer = client.send(&sending).await?;
        Ok(match answer.status {
            201 => Upsert::Created,
            200 => Upsert::Replaced,
            304 => Upsert::Unchanged,
            401 => return Err(HostError::Ended),
            status => Upsert::Refused(status, said(&answer)),
        })
    }

    async fn ask(&self, client: &GuardedClient, access: &str, url: &str) -> Result<Fetched, HostError> {
        let bearer = format!("Bearer {access}");
        let headers = [("Accept", "application/json"), ("Authorization", &*bearer)];
        let sending = Sending { method: Method::Get, url, headers: &headers, body: "", limit: PAGE_BYTES };
        let answer = client.send(&sending).await?;
        if answer.status == 401 { Err(HostError::Ended) } else { Ok(answer) }
    }

    /// The address in `Link` with `rel="next"` (RFC 8288), which must be at the same host:
    /// the token goes there.
    fn next_page(&self, page: &str, answer: &Fetched) -> Result<Option<String>, HostError> {
        let Some(target) = answer.link.as_deref().and_then(next) else { return Ok(None) };
        let resolved = Url::parse(page).and_then(|page| page.join(target));
        let resolved = resolved.ok().filter(|url| Some(url.origin()) == origin(&self.api));
        let next = resolved.ok_or_else(|| {
            HostError::unusable("its list of credentials", "its next page is at another host")
        })?;
        Ok(Some(next.into()))
    }
}

/// The target of the link with the relation `next`.
fn next(header: &str) -> Option<&str> {
    let link = header.split(',').find(|link| {
        let mut parameters = link.split(';').skip(1).map(str::trim);
        parameters.any(|one| {
            let relation = one.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("rel"));
            relation.is_some_and(|(_, value)| value.trim().trim_matches('"').eq_ignore_ascii_case("next"))
        })
    })?;
    link.split_once('<')?.1.split_once('>').map(|(target, _)| target)
}

/// What an error of the host's says, briefly.
fn said(answer: &Fetched) -> String {
    let parsed: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let text = parsed.as_ref().and_then(|value| value.get("imsx_description")?.as_str());
    text.unwrap_or_default().chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_among_links() {
        let header = "<https://h.example.org/c?offset=0>; rel=\"first\", </c?offset=2>; a=b; rel=next";
        assert_eq!(next(header), Some("/c?offset=2"));
        for none in ["", "<x>", "<x>; rel=\"last\"", "x; rel=next"] {
            assert_eq!(next(none), None, "{none}");
        }
    }
}
