//! The lists of words of OB 3.0. A word that is not on a list is kept as it was
//! read; [`lint`](crate::ob::lint) says whether it may stand there.

macro_rules! words {
    ($($(#[doc = $about:literal])+ $name:ident $open:literal { $($word:ident = $text:literal),+ $(,)? })+) => {$(
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $word,)+
            /// A word beyond the list, such as `ext:…`.
            Other(String),
        }

        impl $name {
            /// The list, for the table of classes.
            pub const CHOICE: &'static $crate::schema::Choice =
                &$crate::schema::Choice { name: stringify!($name), values: &[$($text),+], open: $open };

            /// The word as written.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$word => $text,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($text => Self::$word,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from(String::deserialize(deserializer)?.as_str()))
            }
        }
    )+};
}
pub(crate) use words;

words! {
    /// The type of an achievement (OB 3.0, `AchievementType`; extensible).
    AchievementType true {
        Achievement = "Achievement", ApprenticeshipCertificate = "ApprenticeshipCertificate",
        Assessment = "Assessment", Assignment = "Assignment", AssociateDegree = "AssociateDegree",
        Award = "Award", Badge = "Badge", BachelorDegree = "BachelorDegree", Certificate = "Certificate",
        CertificateOfCompletion = "CertificateOfCompletion", Certification = "Certification",
        CommunityService = "CommunityService", Competency = "Competency", Course = "Course",
        CoCurricular = "CoCurricular", Degree = "Degree", Diploma = "Diploma",
        DoctoralDegree = "DoctoralDegree", Fieldwork = "Fieldwork",
        GeneralEducationDevelopment = "GeneralEducationDevelopment",
        JourneymanCertificate = "JourneymanCertificate", LearningProgram = "LearningProgram",
        License = "License", Membership = "Membership", ProfessionalDoctorate = "ProfessionalDoctorate",
        QualityAssuranceCredential = "QualityAssuranceCredential", MasterCertificate = "MasterCertificate",
        MasterDegree = "MasterDegree", MicroCredential = "MicroCredential",
        ResearchDoctorate = "ResearchDoctorate", SecondarySchoolDiploma = "SecondarySchoolDiploma",
    }
    /// The type of an alignment's target (OB 3.0, `AlignmentTargetType`; extensible).
    AlignmentTargetType true {
        CeasnCompetency = "ceasn:Competency", CetermsCredential = "ceterms:Credential", CfItem = "CFItem",
        CfRubric = "CFRubric", CfRubricCriterion = "CFRubricCriterion",
        CfRubricCriterionLevel = "CFRubricCriterionLevel", Ctdl = "CTDL",
    }
    /// The type of an identifier (OB 3.0, `IdentifierTypeEnum`; extensible).
    IdentifierType true {
        Name = "name", SourcedId = "sourcedId", SystemId = "systemId", ProductId = "productId",
        UserName = "userName", AccountId = "accountId", EmailAddress = "emailAddress",
        NationalIdentityNumber = "nationalIdentityNumber", Isbn = "isbn", Issn = "issn",
        LisSourcedId = "lisSourcedId", OneRosterSourcedId = "oneRosterSourcedId",
        SisSourcedId = "sisSourcedId", LtiContextId = "ltiContextId",
        LtiDeploymentId = "ltiDeploymentId", LtiToolId = "ltiToolId", LtiPlatformId = "ltiPlatformId",
        LtiUserId = "ltiUserId", Identifier = "identifier",
    }
    /// The status of an achievement's result (OB 3.0, `ResultStatusType`; closed).
    ResultStatus false {
        Completed = "Completed", Enrolled = "Enrolled", Failed = "Failed", InProgress = "InProgress",
        OnHold = "OnHold", Provisional = "Provisional", Withdrew = "Withdrew",
    }
    /// The type of a result (OB 3.0, `ResultType`; extensible).
    ResultType true {
        GradePointAverage = "GradePointAverage", LetterGrade = "LetterGrade", Percent = "Percent",
        PerformanceLevel = "PerformanceLevel", PredictedScore = "PredictedScore", RawScore = "RawScore",
        Result = "Result", RubricCriterion = "RubricCriterion",
        RubricCriterionLevel = "RubricCriterionLevel", RubricScore = "RubricScore",
        ScaledScore = "ScaledScore", Status = "Status",
    }
}
