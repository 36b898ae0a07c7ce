//! What is looked at only for whoever asks: evidence, and what the service that issued a
//! credential has recorded of it.

use chrono::{DateTime, Utc};
use model::report::Check;
use serde_json::Value;

use crate::checks::binding::Resolution;
use crate::checks::{achievement, evidence, known, own};
use crate::credential::{issuer_id, text};
use crate::opened::{Opened, Secured};
use crate::verifier::Run;
use crate::{Asked, Expectation, Fetch as _, Logged, Recorded, issuer};

/// What evidence is asked for as, and how much of it is read: that it is there.
const ACCEPT: &str = "*/*";
const LIMIT: usize = 65_536;

impl Run {
    /// What is asked of what a credential says alone.
    pub(crate) async fn asked_besides(&self, credential: &Value, expectation: &Expectation) -> Vec<Check> {
        let mut checks = Vec::new();
        if let Some(expected) = &expectation.achievement {
            checks.push(achievement::check(credential, expected));
        }
        if expectation.also.evidence {
            checks.extend(self.evidence(credential).await);
        }
        checks
    }

    /// Whether each piece of evidence that stands on the web can be had.
    pub(crate) async fn evidence(&self, credential: &Value) -> Vec<Check> {
        let addresses = evidence::addresses(credential);
        if addresses.is_empty() {
            return vec![evidence::none()];
        }
        let mut checks = Vec::new();
        for address in addresses.iter().take(evidence::MOST) {
            let answer = self.memo.fetch(address, ACCEPT, LIMIT).await;
            checks.push(evidence::answered(address, answer.as_ref().map(|fetched| fetched.status)));
        }
        if addresses.len() > evidence::MOST {
            checks.push(evidence::too_many(addresses.len()));
        }
        checks
    }

    /// What its own service has recorded, of what is asked for; and, of a credential whose
    /// key was revoked since, whether its log can speak for it.
    pub(crate) async fn recorded(&self, opened: &Opened, expectation: &Expectation, checks: &mut Vec<Check>) {
        let also = expectation.also;
        let wants_witness = own::wants_witness(checks);
        let asked = Asked {
            log: also.log || wants_witness,
            ledger: also.ledger,
            maintenance: also.maintenance,
            as_of: expectation.as_of,
        };
        if asked == Asked::default() {
            return;
        }
        // Anybody can write the id of a credential into another.
        let recorded = match issuer_id(&opened.credential).filter(|_| known::may_be_told(checks)) {
            Some(issuer) => self.memo.recorded(&opened.credential, issuer, asked).await,
            None => None,
        };
        let Recorded { log, ledger, maintenance, stood } = recorded.unwrap_or_default();
        let log = log.map(|logged| match (&opened.secured, logged) {
            // The log holds the JSON form, which a token does not repeat byte for byte.
            (Secured::Jws(_) | Secured::SdJwt(_), Logged::Other) => Logged::OtherForm,
            (_, logged) => logged,
        });
        if let (true, Some(logged)) = (wants_witness, &log)
            && let Some(revoked) = self.revoked(opened).await
        {
            own::witness(checks, logged, revoked);
        }
        if also.log {
            checks.push(own::log(log.as_ref()));
        }
        if also.ledger {
            checks.push(own::ledger(ledger.as_ref()));
        }
        if also.maintenance {
            checks.push(own::maintenance(maintenance.as_ref()));
        }
        if let Some(at) = expectation.as_of {
            checks.push(own::status_then(stood.as_ref(), at));
        }
    }

    /// When the key of its embedded proofs was revoked, the earliest of several.
    async fn revoked(&self, opened: &Opened) -> Option<DateTime<Utc>> {
        let Secured::Embedded(proofs) = &opened.secured else { return None };
        let Resolution::Document(document) =
            issuer::resolve(&self.memo, &self.shared.documents, issuer_id(&opened.credential)?).await
        else {
            return None;
        };
        let methods = proofs.iter().filter_map(|proof| text(proof, "verificationMethod"));
        methods.filter_map(|method| document.controlled.method(method)?.revoked).min()
    }
}
