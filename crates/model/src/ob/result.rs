//! Results, and what results there may be.

use crate::ob::{Alignment, ResultStatus, ResultType};
use crate::schema::Kind::{Choice, Iri, Object, Text};

class! {
    /// A result that was achieved.
    Result set [["Result"]] {
        optional {
            /// The `id` of the rubric criterion level achieved.
            achieved_level / "achievedLevel": String = Iri,
            /// The `id` of the result description that this result belongs to.
            result_description / "resultDescription": String = Iri,
            /// The status of the achievement. Required where the description's type is `Status`.
            status / "status": ResultStatus = Choice(ResultStatus::CHOICE),
            /// The result, such as `A` where the learner received an A grade.
            value / "value": String = Text,
        }
        many {
            /// The alignments between this result and nodes in external frameworks.
            alignment / "alignment": Alignment = Object(Alignment::class),
        }
    }
}

class! {
    /// A possible result of an achievement.
    ResultDescription set [["ResultDescription"]] {
        head {
            /// Unique URI for this result description, so that a result can link to it.
            id / "id": String = Iri,
        }
        required {
            /// The name of the result.
            name / "name": String = Text,
            /// The type of result.
            result_type / "resultType": ResultType = Choice(ResultType::CHOICE),
        }
        optional {
            /// The `id` of the rubric criterion level required to pass.
            required_level / "requiredLevel": String = Iri,
            /// The value required to pass.
            required_value / "requiredValue": String = Text,
            /// The maximum possible value.
            value_max / "valueMax": String = Text,
            /// The minimum possible value.
            value_min / "valueMin": String = Text,
        }
        many {
            /// Alignments between this result description and nodes in external frameworks.
            alignment / "alignment": Alignment = Object(Alignment::class),
            /// The allowed values, ordered from low to high.
            allowed_value / "allowedValue": String = Text,
            /// The levels of the rubric, ordered from low to high.
            rubric_criterion_level / "rubricCriterionLevel": RubricCriterionLevel = Object(RubricCriterionLevel::class),
        }
    }
}

class! {
    /// A level of a rubric criterion.
    RubricCriterionLevel set [["RubricCriterionLevel"]] {
        head {
            /// Unique URI for this level, so that a result can link to it.
            id / "id": String = Iri,
        }
        required {
            /// The name of the level.
            name / "name": String = Text,
        }
        optional {
            /// Description of the level.
            description / "description": String = Text,
            /// The performance level in terms of success.
            level / "level": String = Text,
            /// The points associated with the level.
            points / "points": String = Text,
        }
        many {
            /// Alignments between this level and nodes in external frameworks.
            alignment / "alignment": Alignment = Object(Alignment::class),
        }
    }
}
