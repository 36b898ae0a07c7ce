//! Who earned it, and what shows it.

use serde_json::Number;

use crate::ob::{Achievement, IdentifierType, Image, Profile, Result};
use crate::schema::{
    Kind::{self, Activity, Boolean, Choice, Iri, Object, Text},
    Rule,
};
use crate::vc::Timestamp;

class! {
    /// The recipient of an achievement, and the assertion made of them.
    AchievementSubject set [["AchievementSubject"]] rules [Rule::AnyOf(&["id", "identifier"])] {
        required {
            /// The achievement being awarded.
            achievement / "achievement": Achievement = Object(Achievement::class),
        }
        optional {
            /// An identifier of the recipient. Either this or `identifier` is needed.
            id / "id": String = Iri,
            /// The date the activity ended.
            activity_end_date / "activityEndDate": Timestamp = Activity,
            /// The date the activity started.
            activity_start_date / "activityStartDate": Timestamp = Activity,
            /// The number of credits earned, generally in a unit that `result` names.
            credits_earned / "creditsEarned": Number = Kind::Number,
            /// An image that represents this recipient's achievement.
            image / "image": Image = Object(Image::class),
            /// The license number issued with this credential.
            license_number / "licenseNumber": String = Text,
            /// A narrative that connects multiple pieces of evidence, in Markdown.
            narrative / "narrative": String = Text,
            /// The role, position or title of the recipient.
            role / "role": String = Text,
            /// The organisation where the achievement was earned, such as the provider.
            source / "source": Profile = Object(Profile::class),
            /// The academic term in which the achievement was earned.
            term / "term": String = Text,
        }
        many {
            /// Other identifiers of the recipient.
            identifier / "identifier": IdentityObject = Object(IdentityObject::class),
            /// The results achieved.
            result / "result": Result = Object(Result::class),
        }
    }
}

class! {
    /// What identifies the recipient, in clear or hashed.
    IdentityObject text "IdentityObject" closed true {
        required {
            /// Whether `identityHash` is hashed.
            hashed / "hashed": bool = Boolean,
            /// The hash `algorithm$hex` of the identity, or the identity itself.
            identity_hash / "identityHash": String = Text,
            /// The type of the identity.
            identity_type / "identityType": IdentifierType = Choice(IdentifierType::CHOICE),
        }
        optional {
            /// The salt of the hash.
            salt / "salt": String = Text,
        }
    }
}

class! {
    /// Evidence of the recipient's work.
    Evidence set [["Evidence"]] {
        optional {
            /// A page that presents the evidence.
            id / "id": String = Iri,
            /// A narrative that describes the evidence and how it was produced, in Markdown.
            narrative / "narrative": String = Text,
            /// A title.
            name / "name": String = Text,
            /// A longer description.
            description / "description": String = Text,
            /// The kind of evidence, such as `Poetry` or `Film`.
            genre / "genre": String = Text,
            /// Whom the evidence was intended for.
            audience / "audience": String = Text,
        }
    }
}
