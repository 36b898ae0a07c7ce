//! An invented badge for the unit tests.

use serde_json::{Value, json};

/// A module badge of an invented academy: every kind of value that the
/// canonical form treats differently.
pub(crate) fn badge() -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ],
        "id": "https://badges.example.org/v1/credentials/0190a7c2-0000-7000-8000-000000000001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "User centred design",
        "issuer": {
            "id": "did:web:badges.example.org",
            "type": ["Profile"],
            "name": "Sample Academy",
            "email": "badges@example.org",
            "otherIdentifier": [
                {"type": "IdentifierEntry", "identifier": "X26", "identifierType": "ext:ODS"}
            ]
        },
        "validFrom": "2026-03-01T09:00:00Z",
        "awardedDate": "2026-02-27T16:20:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{
                "type": "IdentityObject",
                "hashed": false,
                "identityHash": "Gwenllian \"Gwen\" ap Sample\nسلمى",
                "identityType": "name"
            }],
            "creditsEarned": 6.5,
            "achievement": {
                "id": "https://badges.example.org/achievements/user-centred-design/1",
                "type": ["Achievement"],
                "achievementType": "Course",
                "name": "User centred design",
                "description": "Designs a service with the people who use it.",
                "creditsAvailable": 7,
                "tag": ["design", "accessibility"],
                "criteria": {"narrative": "Finished **all** units."},
                "image": {"id": "https://badges.example.org/image.png", "type": "Image", "caption": "A badge"},
                "resultDescription": [{
                    "id": "urn:uuid:00000000-0000-4000-8000-000000000002",
                    "type": ["ResultDescription"],
                    "name": "Grade",
                    "resultType": "LetterGrade",
                    "allowedValue": ["fail", "pass", "merit"]
                }]
            },
            "result": [{
                "type": ["Result"],
                "resultDescription": "urn:uuid:00000000-0000-4000-8000-000000000002",
                "value": "merit"
            }]
        },
        "credentialStatus": {
            "id": "https://badges.example.org/status/1#4711",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "4711",
            "statusListCredential": "https://badges.example.org/status/1"
        }
    })
}
