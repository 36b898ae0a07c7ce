//! The forms of a badge that are signed when they are asked for: VC-JWT and SD-JWT VC.

use model::id::CredentialId;
use registry::CredentialRecord;
use serde_json::{Value, json};
use signing::Recorded;

use crate::{IssuingError, Service, recorded::Stored};

impl Service {
    /// A badge as VC-JWT: as it was stored, or signed from what was stored when it was
    /// issued, the same bytes every time.
    pub fn vc_jwt(&self, record: &CredentialRecord) -> Result<String, IssuingError> {
        if let Some(token) = &record.vc_jwt {
            return Ok(token.clone());
        }
        Ok(self.recorded(record)?.sign_jwt(&self.vault.keys(), &self.site)?)
    }

    /// A badge as an `EnvelopedVerifiableCredential`, signed now from what was stored when
    /// it was issued; see [`Recorded::sign_enveloped`].
    pub fn enveloped(&self, record: &CredentialRecord) -> Result<Value, IssuingError> {
        Ok(self.recorded(record)?.sign_enveloped(&self.vault.keys(), &self.site)?)
    }

    fn recorded(&self, record: &CredentialRecord) -> Result<Recorded, IssuingError> {
        let missing = || registry::RegistryError::Missing { what: "credential", id: record.id.to_string() };
        let intent = self.registry.issued_intent(record.id)?.ok_or_else(missing)?;
        Ok(Recorded::of(&Stored(&intent)))
    }

    /// A badge as SD-JWT VC with everything disclosed, for its holder, signed from
    /// what was stored when it was issued: the same bytes every time. `None` if
    /// there is no such issued badge, or it was issued before there was this form.
    pub fn selective(&self, id: CredentialId) -> Result<Option<String>, IssuingError> {
        self.selective_bound(id, None)
    }

    /// The same, bound to the key of the wallet that takes it (`cnf`; RFC 7800, 3.2):
    /// `holder` is its public JWK. The same bytes every time for the same key.
    pub fn selective_for(&self, id: CredentialId, holder: &Value) -> Result<Option<String>, IssuingError> {
        self.selective_bound(id, Some(holder))
    }

    fn selective_bound(
        &self,
        id: CredentialId,
        holder: Option<&Value>,
    ) -> Result<Option<String>, IssuingError> {
        let Some(intent) = self.registry.issued_intent(id)? else { return Ok(None) };
        Ok(Recorded::of(&Stored(&intent)).sign_selective(holder, &self.vault.keys(), &self.site)?)
    }

    /// The metadata of the type that badges have as SD-JWT VC (SD-JWT VC, 6.2), in
    /// English and Welsh.
    pub fn credential_type(&self) -> Value {
        json!({
            "vct": self.site.credential_type(),
            "name": "Achievement",
            "description": "An Open Badges 3.0 achievement credential whose holder shows what they choose",
            "display": [
                {
                    "locale": "en-GB",
                    "name": "Achievement",
                    "description": "Learning that was completed and recorded by the organisation that signed",
                },
                {
                    "locale": "cy-GB",
                    "name": "Cyflawniad",
                    "description": "Dysgu a gwblhawyd ac a gofnodwyd gan y sefydliad a lofnododd",
                },
            ],
            "claims": [
                claim(&["credentialSubject", "achievement"], "never", "Achievement", "Cyflawniad"),
                claim(&["issuer", "name"], "never", "Issued by", "Cyhoeddwyd gan"),
                claim(&["awardedDate"], "never", "Completed on", "Cwblhawyd ar"),
                claim(&["validFrom"], "never", "Valid from", "Dilys o"),
                claim(&["validUntil"], "never", "Valid until", "Dilys tan"),
                claim(&["credentialSubject", "identifier"], "always", "Name", "Enw"),
                claim(&["credentialSubject", "creditsEarned"], "always", "CPD credit", "Credyd DPP"),
                claim(&["credentialSubject", "result"], "always", "Results", "Canlyniadau"),
                claim(&["evidence"], "always", "Evidence", "Tystiolaeth"),
            ],
        })
    }
}

/// One claim: whether it can be withheld (`sd`), and what people call it.
fn claim(path: &[&str], sd: &str, english: &str, welsh: &str) -> Value {
    json!({
        "path": path,
        "sd": sd,
        "display": [{"locale": "en-GB", "label": english}, {"locale": "cy-GB", "label": welsh}],
    })
}
