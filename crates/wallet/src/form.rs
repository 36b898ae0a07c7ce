//! The forms in which a wallet takes a badge, and the profiles of wallets.

/// A form of a badge: all of one award share its one status entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// An SD-JWT VC, bound to the wallet's key.
    DcSdJwt,
    /// JSON-LD with a Data Integrity proof, the same bytes for everybody.
    LdpVc,
    /// A compact JWS, the same bytes for everybody.
    JwtVcJson,
}

impl Form {
    /// All of them, the one that is bound to its holder first.
    pub const ALL: [Self; 3] = [Self::DcSdJwt, Self::LdpVc, Self::JwtVcJson];

    /// The format identifier (OID4VCI 1.0, appendix A; OID4VP 1.0, appendix B).
    pub fn format(self) -> &'static str {
        match self {
            Self::DcSdJwt => "dc+sd-jwt",
            Self::LdpVc => "ldp_vc",
            Self::JwtVcJson => "jwt_vc_json",
        }
    }

    /// The form with this format identifier, those of drafts too.
    pub fn of_format(format: &str) -> Option<Self> {
        if format == "vc+sd-jwt" {
            return Some(Self::DcSdJwt);
        }
        Self::ALL.into_iter().find(|form| form.format() == format)
    }

    /// Its name in the issuer's metadata (`credential_configuration_id`).
    pub fn configuration(self) -> &'static str {
        match self {
            Self::DcSdJwt => "badge_dc_sd_jwt",
            Self::LdpVc => "badge_ldp_vc",
            Self::JwtVcJson => "badge_jwt_vc_json",
        }
    }

    /// The form of that name.
    pub fn of_configuration(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.configuration() == name)
    }

    /// Whether it is bound to the key of the wallet that takes it.
    pub fn is_bound(self) -> bool {
        self == Self::DcSdJwt
    }
}

/// What the wallets need that the badges are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// The specifications, with all that they allow.
    #[default]
    Standard,
    /// GOV.UK Wallet: offers by value and the pre-authorised code alone, ES256, and
    /// `JsonWebKey2020` in the issuer's DID document.
    GovUk,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_form() {
        for form in Form::ALL {
            assert_eq!(Form::of_format(form.format()), Some(form));
            assert_eq!(Form::of_configuration(form.configuration()), Some(form));
        }
        assert_eq!(Form::of_format("vc+sd-jwt"), Some(Form::DcSdJwt));
        assert_eq!(Form::of_format("mso_mdoc"), None);
        assert_eq!(Form::of_configuration("ldp_vc"), None);
    }
}
