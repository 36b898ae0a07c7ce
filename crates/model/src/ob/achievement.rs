//! What can be earned.

use serde_json::Number;

use crate::ob::{
    AchievementType, AlignmentTargetType, EndorsementCredential, IdentifierEntry, Profile, ResultDescription,
};
use crate::schema::{
    Kind::{self, Choice, CompactJws, Iri, Language, Object, Text},
    Rule,
};

class! {
    /// A collection of information about the accomplishment recognised by the credential.
    Achievement set [["Achievement"]] {
        head {
            /// Unique URI for the achievement.
            id / "id": String = Iri,
        }
        required {
            /// The name of the achievement.
            name / "name": String = Text,
            /// A short description of the achievement.
            description / "description": String = Text,
            /// Criteria describing how to earn the achievement.
            criteria / "criteria": Criteria = Object(Criteria::class),
        }
        optional {
            /// The type of achievement.
            achievement_type / "achievementType": AchievementType = Choice(AchievementType::CHOICE),
            /// The person or organisation that created the achievement definition.
            creator / "creator": Profile = Object(Profile::class),
            /// Credit hours associated with this entity, or credit hours possible.
            credits_available / "creditsAvailable": Number = Kind::Number,
            /// Category, subject, area of study, discipline, or general branch of knowledge.
            field_of_study / "fieldOfStudy": String = Text,
            /// The code, generally human readable, associated with an achievement.
            human_code / "humanCode": String = Text,
            /// An image representing the achievement.
            image / "image": Image = Object(Image::class),
            /// The language of the achievement.
            in_language / "inLanguage": String = Language,
            /// Name given to the focus, concentration, or specific area of study.
            specialization / "specialization": String = Text,
            /// The version of the achievement.
            version / "version": String = Text,
        }
        many {
            /// Objects that align with this achievement, such as a standard or a job family.
            alignment / "alignment": Alignment = Object(Alignment::class),
            /// Endorsements of the achievement.
            endorsement / "endorsement": EndorsementCredential = Object(EndorsementCredential::class),
            /// Endorsements of the achievement, signed as VC-JWT.
            endorsement_jwt / "endorsementJwt": String = CompactJws,
            /// Other identifiers of the achievement.
            other_identifier / "otherIdentifier": IdentifierEntry = Object(IdentifierEntry::class),
            /// Related achievements.
            related / "related": Related = Object(Related::class),
            /// The possible results of the achievement.
            result_description / "resultDescription": ResultDescription = Object(ResultDescription::class),
            /// Short, human-friendly, searchable words that describe the type of achievement.
            tag / "tag": String = Text,
        }
    }
}

class! {
    /// How the achievement is earned: a narrative in Markdown, a page, or both.
    Criteria free rules [Rule::AnyOf(&["id", "narrative"])] {
        optional {
            /// A page that describes, in human-readable form, the criteria for the achievement.
            id / "id": String = Iri,
            /// What is needed to earn the achievement, in Markdown.
            narrative / "narrative": String = Text,
        }
    }
}

class! {
    /// Metadata about a picture that represents a credential, achievement or profile.
    Image text "Image" closed true {
        head {
            /// The URL or data URI of the picture.
            id / "id": String = Iri,
        }
        optional {
            /// The caption of the picture.
            caption / "caption": String = Text,
        }
    }
}

class! {
    /// An alignment to a node in an educational framework.
    Alignment set [["Alignment"]] {
        required {
            /// Name of the alignment.
            target_name / "targetName": String = Text,
            /// URL linking to the official description of the alignment target.
            target_url / "targetUrl": String = Iri,
        }
        optional {
            /// A locally unique string that identifies the target within its framework.
            target_code / "targetCode": String = Text,
            /// Short description of the alignment target.
            target_description / "targetDescription": String = Text,
            /// Name of the framework the target belongs to.
            target_framework / "targetFramework": String = Text,
            /// The type of the target.
            target_type / "targetType": AlignmentTargetType = Choice(AlignmentTargetType::CHOICE),
        }
    }
}

class! {
    /// A related achievement.
    Related set [["Related"]] {
        head {
            /// The related achievement.
            id / "id": String = Iri,
        }
        optional {
            /// The language of the related achievement.
            in_language / "inLanguage": String = Language,
            /// The version of the related achievement.
            version / "version": String = Text,
        }
    }
}
