//! Where the service stands on the web: the one place that knows its URLs.

use url::Url;

use crate::{
    catalogue::Accreditation,
    id::{CredentialId, EndorsementId, Slug, StatusListId},
};

/// The service's public address, and the organisation that stands at its root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Without a trailing slash.
    base: String,
    host: String,
    did_web: bool,
    root_issuer: Slug,
}

/// An address that cannot be the service's. Whose fault: the operator's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SiteError {
    /// Not an absolute URL.
    #[error("`{0}` is not an absolute URL; give one such as https://badges.example.org")]
    NotUrl(String),
    /// Neither http nor https, or with credentials, a query, a fragment or a path.
    #[error("`{0}` must be http or https and a bare origin: no user, path, query or fragment")]
    NotOrigin(String),
}

impl Site {
    /// The service at the origin `public_url`, with `root_issuer` at its root.
    pub fn new(public_url: &str, root_issuer: Slug) -> Result<Self, SiteError> {
        let url = Url::parse(public_url).map_err(|_| SiteError::NotUrl(public_url.to_owned()))?;
        let is_origin = matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        let host = url.host_str().filter(|_| is_origin);
        let host = host.ok_or_else(|| SiteError::NotOrigin(public_url.to_owned()))?;
        // did:web writes the colon before a port as %3A (did:web method, 2.5.2).
        let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}%3A{port}"));
        let did_web = url.scheme() == "https" && url.domain().is_some();
        let base = url.origin().ascii_serialization();
        Ok(Self { base, host, did_web, root_issuer })
    }

    /// The origin, without a trailing slash.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Whether issuers are named by did:web: only on https and a domain name.
    pub fn uses_did_web(&self) -> bool {
        self.did_web
    }

    /// Whether the address is https, so that browsers keep secure cookies for it.
    pub fn is_https(&self) -> bool {
        self.base.starts_with("https:")
    }

    /// The organisation whose DID is the bare domain.
    pub fn root_issuer(&self) -> &Slug {
        &self.root_issuer
    }

    /// The issuer's did:web identifier: `did:web:host` for the root issuer,
    /// `did:web:host:issuers:slug` for the others.
    pub fn did_web(&self, issuer: &Slug) -> String {
        if *issuer == self.root_issuer {
            format!("did:web:{}", self.host)
        } else {
            format!("did:web:{}:issuers:{issuer}", self.host)
        }
    }

    /// A path of the service, which begins with a slash, as a URL.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The credential, in the form the `Accept` header asks for.
    pub fn credential(&self, id: CredentialId) -> String {
        format!("{}/v1/credentials/{id}", self.base)
    }

    /// The learner record (CLR 2.0) of an award that was made of others, by the award's
    /// credential.
    pub fn learner_record(&self, id: CredentialId) -> String {
        format!("{}/clr", self.credential(id))
    }

    /// The present form of what a credential documents (`refreshService`).
    pub fn current_form(&self, id: CredentialId) -> String {
        format!("{}/current", self.credential(id))
    }

    /// The page that shows a badge to people.
    pub fn badge_page(&self, id: CredentialId) -> String {
        format!("{}/badges/{id}", self.base)
    }

    /// A Bitstring Status List credential.
    pub fn status_list(&self, id: StatusListId) -> String {
        format!("{}/status/{id}", self.base)
    }

    /// A Bitstring Status List credential by the issuer that these keys name: where
    /// issuers are named by their keys, a list must come from the badge's own.
    pub fn status_list_by(&self, id: StatusListId, data_integrity_key: &str, jwt_key: &str) -> String {
        format!("{}/status/{id}/{data_integrity_key}/{jwt_key}", self.base)
    }

    /// The type (`vct`) of badges as SD-JWT VC, where its metadata stands.
    pub fn credential_type(&self) -> String {
        format!("{}/vct/achievement", self.base)
    }

    /// An achievement in one version.
    pub fn achievement(&self, slug: &Slug, version: &str) -> String {
        format!("{}/achievements/{slug}/{version}", self.base)
    }

    /// An endorsement, as it was signed.
    pub fn endorsement(&self, id: EndorsementId) -> String {
        format!("{}/v1/endorsements/{id}", self.base)
    }

    /// An accreditation, as a credential of who accredited.
    pub fn accreditation(&self, accreditation: &Accreditation) -> String {
        let Accreditation { provider, achievement, from, accredited_by, .. } = accreditation;
        format!("{}/v1/accreditations/{provider}/{achievement}/{from}/{accredited_by}", self.base)
    }

    /// A CPD scheme, as the achievement that a statement under it is about.
    pub fn cpd_scheme(&self, slug: &Slug) -> String {
        format!("{}/v1/schemes/{slug}", self.base)
    }

    /// The picture of an achievement; `format` is `svg` or `png`.
    pub fn achievement_image(&self, slug: &Slug, version: &str, format: &str) -> String {
        format!("{}/achievements/{slug}/{version}/image.{format}", self.base)
    }

    /// An organisation's Profile.
    pub fn issuer(&self, slug: &Slug) -> String {
        format!("{}/issuers/{slug}", self.base)
    }

    /// A kind of problem (RFC 9457 `type`).
    pub fn problem(&self, slug: &str) -> String {
        format!("{}/problems/{slug}", self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn academy() -> Slug {
        Slug::new("nhs-digital-academy").unwrap()
    }

    #[test]
    fn issuers_are_named_by_did_web_only_on_https_and_a_domain() {
        let site = |url| Site::new(url, academy()).unwrap();
        assert!(site("https://badges.example.org").uses_did_web());
        assert!(!site("http://badges.example.org").uses_did_web());
        assert!(!site("https://192.0.2.1").uses_did_web());
        assert!(!site("http://127.0.0.1:8080").uses_did_web());
    }

    #[test]
    fn the_root_issuer_is_the_bare_domain_and_others_stand_below_it() {
        let site = Site::new("https://badges.example.org:8443", academy()).unwrap();
        assert_eq!(site.did_web(&academy()), "did:web:badges.example.org%3A8443");
        let other = Slug::new("imperial").unwrap();
        assert_eq!(site.did_web(&other), "did:web:badges.example.org%3A8443:issuers:imperial");
    }

    #[test]
    fn only_a_bare_origin_is_an_address() {
        for bad in [
            "badges.example.org",
            "ftp://a.example.org",
            "https://a.example.org/x",
            "https://u@a.example.org",
        ] {
            assert!(Site::new(bad, academy()).is_err(), "{bad}");
        }
        assert_eq!(Site::new("https://a.example.org/", academy()).unwrap().base(), "https://a.example.org");
    }
}
