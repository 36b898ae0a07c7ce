//! Tokens of another host: for a code, for a refresh token, and no more.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use url::form_urlencoded;
use verification::{Fetched, GuardedClient, Method};

use super::{Host, HostError, Tokens, expect, send};

/// A token that ends so soon is renewed before it is used.
const SOON: TimeDelta = TimeDelta::seconds(30);
/// The longest that is believed of a token.
const LONGEST: i64 = 366 * 24 * 60 * 60;

impl Host {
    /// Exchanges the code that the learner came back with (RFC 6749, 4.1.3).
    pub async fn exchange(
        &mut self,
        client: &GuardedClient,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<(), HostError> {
        const WHAT: &str = "what it answers to the code";
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", &self.verifier),
        ];
        let answer = self.post_form(client, &self.token, &fields).await?;
        let answer = expect(WHAT, &answer, &[200])?;
        self.take(WHAT, &answer, now)
    }

    /// The access token, renewed if it ends soon; whether it was renewed.
    pub async fn access(
        &mut self,
        client: &GuardedClient,
        now: DateTime<Utc>,
    ) -> Result<(String, bool), HostError> {
        let tokens = self.tokens.as_ref().ok_or(HostError::Ended)?;
        if tokens.expires.is_none_or(|at| at > now + SOON) {
            return Ok((tokens.access.clone(), false));
        }
        Ok((self.renew(client, now).await?, true))
    }

    /// A new access token for the refresh token (RFC 6749, 6).
    pub async fn renew(&mut self, client: &GuardedClient, now: DateTime<Utc>) -> Result<String, HostError> {
        const WHAT: &str = "what it answers to the refresh token";
        let refresh =
            self.tokens.as_ref().and_then(|tokens| tokens.refresh.clone()).ok_or(HostError::Ended)?;
        let fields = [("grant_type", "refresh_token"), ("refresh_token", &refresh)];
        let answer = self.post_form(client, &self.refresh, &fields).await?;
        if [400, 401].contains(&answer.status) {
            return Err(HostError::Ended);
        }
        let answer = expect(WHAT, &answer, &[200])?;
        self.take(WHAT, &answer, now)?;
        self.tokens.as_ref().map(|tokens| tokens.access.clone()).ok_or(HostError::Ended)
    }

    /// Gives the tokens back, as far as the host takes them (RFC 7009).
    pub async fn give_back(&self, client: &GuardedClient) -> Result<(), HostError> {
        let Some((url, tokens)) = self.revocation.as_ref().zip(self.tokens.as_ref()) else { return Ok(()) };
        let token = tokens.refresh.as_ref().unwrap_or(&tokens.access);
        self.post_form(client, url, &[("token", token)]).await?;
        Ok(())
    }

    async fn post_form(
        &self,
        client: &GuardedClient,
        url: &str,
        fields: &[(&str, &str)],
    ) -> Result<Fetched, HostError> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let (form, basic) = ("application/x-www-form-urlencoded", self.basic());
        let headers = [("Content-Type", form), ("Accept", "application/json"), ("Authorization", &basic)];
        send(client, Method::Post, url, &headers, &body).await
    }

    fn take(&mut self, what: &'static str, answer: &Value, now: DateTime<Utc>) -> Result<(), HostError> {
        let text = |name: &str| answer.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        if !text("token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")) {
            return Err(HostError::unusable(what, "its `token_type` is not `Bearer`"));
        }
        let access = text("access_token").ok_or_else(|| HostError::unusable(what, "no `access_token`"))?;
        // It goes into a header.
        if !access.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(HostError::unusable(what, "its `access_token` is no token"));
        }
        let seconds = answer.get("expires_in").and_then(Value::as_i64);
        let kept = self.tokens.take().and_then(|tokens| tokens.refresh);
        self.tokens = Some(Tokens {
            access: access.to_owned(),
            expires: seconds.map(|seconds| now + TimeDelta::seconds(seconds.clamp(0, LONGEST))),
            refresh: text("refresh_token").map(ToOwned::to_owned).or(kept),
        });
        if let Some(granted) = text("scope") {
            self.scopes = granted.split_ascii_whitespace().map(ToOwned::to_owned).collect();
        }
        Ok(())
    }
}
