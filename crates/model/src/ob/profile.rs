//! People and organisations.

use serde::{Deserialize, Serialize};
use serde_json::Number;

use crate::ob::{EndorsementCredential, IdentifierType, Image};
use crate::schema::Kind::{self, Choice, CompactJws, Date, Iri, Object, Text};

class! {
    /// Information that describes the person or organisation using Open Badges.
    Profile set [["Profile"]] {
        head {
            /// Unique URI for the profile.
            id / "id": String = Iri,
        }
        optional {
            /// The name of the person or organisation.
            name / "name": String = Text,
            /// The home page or social media profile.
            url / "url": String = Iri,
            /// A phone number.
            phone / "phone": String = Text,
            /// A short description of the person or organisation.
            description / "description": String = Text,
            /// An image representing the person or organisation.
            image / "image": Image = Object(Image::class),
            /// An email address.
            email / "email": String = Text,
            /// An address.
            address / "address": Address = Object(Address::class),
            /// The name of an authorised official of the organisation.
            official / "official": String = Text,
            /// The parent organisation.
            parent_org / "parentOrg": Box<Profile> = Object(Profile::class),
            /// Family name.
            family_name / "familyName": String = Text,
            /// Given name.
            given_name / "givenName": String = Text,
            /// Additional name.
            additional_name / "additionalName": String = Text,
            /// Patronymic name.
            patronymic_name / "patronymicName": String = Text,
            /// Honorific prefixes that precede the name, such as `Dr`.
            honorific_prefix / "honorificPrefix": String = Text,
            /// Honorific suffixes that follow the name, such as `PhD`.
            honorific_suffix / "honorificSuffix": String = Text,
            /// Family name prefix, such as `de`.
            family_name_prefix / "familyNamePrefix": String = Text,
            /// Date of birth. Lanyard reads it in others' badges and never writes it.
            date_of_birth / "dateOfBirth": String = Date,
        }
        many {
            /// Endorsements of the person or organisation.
            endorsement / "endorsement": EndorsementCredential = Object(EndorsementCredential::class),
            /// Endorsements of the person or organisation, signed as VC-JWT.
            endorsement_jwt / "endorsementJwt": String = CompactJws,
            /// Other identifiers, such as an ODS code.
            other_identifier / "otherIdentifier": IdentifierEntry = Object(IdentifierEntry::class),
        }
    }
}

/// The issuer of a credential: written as a Profile; read as a bare IRI too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum IssuerRef {
    /// Its IRI alone.
    Iri(String),
    /// Its profile.
    Profile(Box<Profile>),
}

impl IssuerRef {
    /// Its IRI.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Iri(iri) => Some(iri),
            Self::Profile(profile) => Some(&profile.id),
        }
    }

    /// Its name, where it is stated.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Iri(_) => None,
            Self::Profile(profile) => profile.name.as_deref(),
        }
    }
}

impl From<Profile> for IssuerRef {
    fn from(profile: Profile) -> Self {
        Self::Profile(Box::new(profile))
    }
}

class! {
    /// A postal address.
    Address set [["Address"]] {
        optional {
            /// A country.
            address_country / "addressCountry": String = Text,
            /// A country code (ISO 3166-1 alpha-2).
            address_country_code / "addressCountryCode": String = Text,
            /// A region within the country.
            address_region / "addressRegion": String = Text,
            /// A locality within the region.
            address_locality / "addressLocality": String = Text,
            /// A street address within the locality.
            street_address / "streetAddress": String = Text,
            /// A post office box number.
            post_office_box_number / "postOfficeBoxNumber": String = Text,
            /// A postal code.
            postal_code / "postalCode": String = Text,
            /// Where it is on the globe.
            geo / "geo": GeoCoordinates = Object(GeoCoordinates::class),
        }
    }
}

class! {
    /// The geographic coordinates of a location.
    GeoCoordinates text "GeoCoordinates" {
        required {
            /// The latitude in degrees (WGS 84).
            latitude / "latitude": Number = Kind::Number,
            /// The longitude in degrees (WGS 84).
            longitude / "longitude": Number = Kind::Number,
        }
    }
}

class! {
    /// An identifier and its type.
    IdentifierEntry text "IdentifierEntry" closed true {
        required {
            /// The identifier.
            identifier / "identifier": String = Text,
            /// The type of the identifier.
            identifier_type / "identifierType": IdentifierType = Choice(IdentifierType::CHOICE),
        }
    }
}
