//! Every code a check may carry. A code is stable, belongs to one question and
//! always means the same outcome; `docs/verification.md` lists them all.

use model::report::FaultOwner::{Holder, Host, Issuer, Verifier};
use model::report::Outcome::{Fail, NotChecked, Pass, Warning};
use model::report::Question::{
    Accreditation, Achievement, Challenge, Contexts, Credentials, Dates, Domain, Endorsements, Evidence,
    Format, Holder as Presenter, IssuerBinding, Key, Ledger, Level, Log, Maintenance, Proof, Recipient,
    Refresh, Schema, Status, Subject, Trust,
};
use model::report::{Check, Clause, FaultOwner, Outcome, Question};
use model::sentence::{Phrase, Sentence};

use super::{advice, clauses};

/// What a code stands for; the finding differs from credential to credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The question it answers.
    pub question: Question,
    /// How the check came out.
    pub outcome: Outcome,
    /// The code itself, kebab case.
    pub code: &'static str,
    /// Whose fault it is, if it is one.
    pub fault: Option<FaultOwner>,
    /// What it means, for the documentation.
    pub meaning: &'static str,
    /// What the reader should do, if there is anything to do.
    pub advice: Option<&'static Phrase>,
    /// The clause of the standard.
    pub clause: &'static Clause,
}

impl Code {
    /// The check with this code that found `finding`.
    pub(crate) fn found(&self, finding: Sentence) -> Check {
        Check {
            question: self.question,
            outcome: self.outcome,
            code: self.code.to_owned(),
            finding,
            advice: self.advice,
            clause: Some(self.clause),
            fault: self.fault,
            as_of: None,
        }
    }
}

macro_rules! codes {
    ($($name:ident = $question:ident $outcome:ident $code:literal $fault:expr,
        $meaning:literal, $advice:ident, $clause:ident;)*) => {
        $(pub(crate) const $name: Code = Code {
            question: $question, outcome: $outcome, code: $code, fault: $fault,
            meaning: $meaning, advice: advice::$advice, clause: &clauses::$clause,
        };)*
        /// Every code, in the order of the questions.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
FORMAT_READ = Format Pass "format-read" None,
    "It is a credential in a form that can be read.", NONE, VC_TYPES;
FORMAT_PRESENTATION = Format Pass "format-presentation" None,
    "It is a presentation of credentials in a form that can be read.", NONE, PRESENTATIONS;
FORMAT_NOT_FETCHED = Format NotChecked "format-not-fetched" Some(Host),
    "The address gave no credential: the host did not answer, redirected, or answered with an error.",
    LATER_OR_FILE, GUARDED;
FORMAT_ADDRESS_REFUSED = Format NotChecked "format-address-refused" Some(Verifier),
    "The address is not one that is reached out to: not https, not public, or not a URL.",
    FILE_OR_ADDRESS, GUARDED;
FORMAT_NOT_JSON = Format Fail "format-not-json" Some(Holder),
    "It is neither JSON nor a JWT nor a picture.",
    FILE_AS_DOWNLOADED, JSON;
FORMAT_WEB_PAGE = Format Fail "format-web-page" Some(Verifier),
    "It is a web page, not a credential.",
    DOWNLOAD_LINK, JSON;
FORMAT_AMBIGUOUS_JSON = Format Fail "format-ambiguous-json" Some(Issuer),
    "The JSON can be read in two ways: a member stands twice, or a number is not exact.",
    ASK_ISSUER, IJSON;
FORMAT_TOO_LARGE = Format Fail "format-too-large" Some(Holder),
    "It is longer, or more deeply nested, than is read.",
    SMALLER_ONE, IJSON;
FORMAT_BAD_JWS = Format Fail "format-bad-jws" Some(Holder),
    "It looks like a JWT but is not one in compact form with a header that is allowed.",
    WHOLE_TOKEN, JWS;
FORMAT_JWT_CLAIMS = Format Fail "format-jwt-claims" Some(Issuer),
    "The JWT's claims are missing or contradict the credential inside.",
    ASK_ISSUER, VC_JWT;
FORMAT_BAD_PICTURE = Format Fail "format-bad-picture" Some(Holder),
    "The picture is damaged, or holds more than one credential.",
    PICTURE_AGAIN, BAKING;
FORMAT_NO_CREDENTIAL_IN_PICTURE = Format Fail "format-no-credential-in-picture" Some(Holder),
    "The picture is only a picture: no credential is baked in, and it shows no QR code that can be read.",
    ORIGINAL_FILE, BAKING;
FORMAT_SEVERAL_CODES = Format Fail "format-several-codes" Some(Holder),
    "The picture shows more than one QR code.", ONE_CODE, BAKING;
FORMAT_NO_CREDENTIAL_IN_PDF = Format Fail "format-no-credential-in-pdf" Some(Holder),
    "The PDF carries no credential among its files.", PDF_AS_ISSUED, PDF_FILES;
FORMAT_SEVERAL_IN_PDF = Format Fail "format-several-in-pdf" Some(Holder),
    "The PDF carries more than one credential.", ONE_AT_A_TIME, PDF_FILES;
FORMAT_LEGACY = Format Warning "format-legacy" None,
    "It is a badge of Open Badges 2.0: hosted, so that its host alone vouches for it, or signed.", ASK_FOR_NEWER, OB2;
FORMAT_NOT_CREDENTIAL = Format Fail "format-not-credential" Some(Holder),
    "It is JSON, but not a verifiable credential.",
    CREDENTIAL_ITSELF, VC_TYPES;

CONTEXTS_KNOWN = Contexts Pass "contexts-known" None,
    "Its contexts are known and define every term.", NONE, CONTEXT_VALIDATION;
CONTEXTS_NONE_NEEDED = Contexts Pass "contexts-none-needed" None,
    "An SD-JWT VC of plain claims has no contexts: its type says what they mean.", NONE, SD_JWT_VC;
CONTEXTS_LEGACY = Contexts Pass "contexts-legacy" None,
    "A badge of Open Badges 2.0 is read by its members: no signature goes through its contexts.", NONE, OB2;
CONTEXTS_UNKNOWN = Contexts Fail "contexts-unknown" Some(Issuer),
    "It names a context that is missing, inline, or not one whose content is known here.",
    PUBLISHED_CONTEXTS, CONTEXT_VALIDATION;
CONTEXTS_FIRST = Contexts Fail "contexts-first" Some(Issuer),
    "Its first context is not that of verifiable credentials.",
    ASK_ISSUER, VC_CONTEXTS;
CONTEXTS_NESTED = Contexts Fail "contexts-nested" Some(Issuer),
    "A part of it brings a context of its own, which could change what its terms mean.",
    ASK_ISSUER, CONTEXT_VALIDATION;
CONTEXTS_UNDEFINED_TERM = Contexts Fail "contexts-undefined-term" Some(Issuer),
    "A term is not defined by the contexts, so the signature would not cover it.",
    NOT_THE_TERM, SAFE_MODE;
CONTEXTS_POISON = Contexts Fail "contexts-poison" Some(Issuer),
    "It is built so that canonicalisation does not end in reasonable time, or in reasonable memory.",
    HOSTILE, RDFC;
CONTEXTS_NOT_CHECKED = Contexts NotChecked "contexts-not-checked" None,
    "There was no credential to check.", NONE, VC_CONTEXTS;

SCHEMA_FITS = Schema Pass "schema-fits" None,
    "It has the required shape.", NONE, OB_MODEL;
SCHEMA_TOLERATED = Schema Warning "schema-tolerated" None,
    "It has the required shape, written in a way that some verifiers refuse.",
    NOTHING_TO_DO, OB_MODEL;
SCHEMA_INVALID = Schema Fail "schema-invalid" Some(Issuer),
    "Members are missing, of the wrong type, or of a value that is not allowed.",
    ASK_ISSUER, OB_MODEL;
SCHEMA_NOT_CHECKED = Schema NotChecked "schema-not-checked" None,
    "There was no credential to check.", NONE, OB_MODEL;

SUBJECT_NAMED = Subject Pass "subject-named" None,
    "The subject has an id or an identifier.", NONE, OB_SUBJECT;
SUBJECT_ANONYMOUS = Subject Fail "subject-anonymous" Some(Issuer),
    "The subject has neither an id nor an identifier, so it is nobody's.",
    SAY_WHOSE, OB_SUBJECT;
SUBJECT_NOT_CHECKED = Subject NotChecked "subject-not-checked" None,
    "There was no credential to check.", NONE, OB_SUBJECT;

PROOF_VERIFIED = Proof Pass "proof-verified" None,
    "The signature matches the content.", NONE, DI_VERIFY;
PROOF_HOSTED = Proof Pass "proof-hosted" None,
    "A hosted badge of Open Badges 2.0 stands at its address as it was handed in, or is answered for there.", NONE, OB2_HOSTED;
PROOF_HOSTED_DIFFERS = Proof Fail "proof-hosted-differs" Some(Holder),
    "At the address of a hosted badge stands something else.", ASK_FOR_ORIGINAL, OB2_HOSTED;
PROOF_HOLDER_SIGNED = Proof Warning "proof-holder-signed" None,
    "The holder signed what is shown; for whom, and how long ago, was not asked.",
    MADE_FOR_YOU, KEY_BINDING;
PROOF_HOLDER_ABSENT = Proof Warning "proof-holder-absent" None,
    "It is bound to a key of its holder, who has not signed this copy.",
    MADE_FOR_YOU, KEY_BINDING;
PROOF_HOLDER_MISMATCH = Proof Fail "proof-holder-mismatch" Some(Holder),
    "The holder's signature does not match what is shown, or the holder's key.",
    PRESENT_AGAIN, KEY_BINDING;
PROOF_MISSING = Proof Fail "proof-missing" Some(Holder),
    "It is not signed.",
    SIGNED_ONE, DI_VERIFY;
PROOF_MALFORMED = Proof Fail "proof-malformed" Some(Issuer),
    "The proof lacks a member, or one has a value that is not allowed.",
    ASK_ISSUER, DI_VERIFY;
PROOF_MISMATCH = Proof Fail "proof-mismatch" Some(Holder),
    "The signature does not match: the content was changed, or another key signed.",
    ASK_FOR_ORIGINAL, DI_VERIFY;
PROOF_NO_CANONICAL_FORM = Proof Fail "proof-no-canonical-form" Some(Issuer),
    "The content has no canonical form that a signature could be checked against.",
    ASK_ISSUER, DI_VERIFY;
PROOF_NO_KEY = Proof Fail "proof-no-key" Some(Issuer),
    "There is no key of the issuer by which the signature could be good.",
    READ_KEY, DI_VERIFY;
PROOF_KEY_UNUSABLE = Proof Fail "proof-key-unusable" Some(Issuer),
    "The issuer's key is of a kind that does not fit the signature, or cannot be read.",
    ASK_ISSUER, DI_VERIFY;
PROOF_EXPIRED = Proof Fail "proof-expired" Some(Issuer),
    "The proof itself says that it has expired.",
    FRESH_ONE, DI_VERIFY;
PROOF_NOT_YET = Proof Fail "proof-not-yet" Some(Issuer),
    "The proof is dated more than five minutes in the future.",
    DATE_AND_CLOCK, DI_VERIFY;
PROOF_NOT_DERIVED = Proof Fail "proof-not-derived" Some(Holder),
    "The proof is a base proof, from which the holder derives what they disclose: it is for the holder alone.",
    DERIVE, SELECTIVE;
PROOF_UNKNOWN_SUITE = Proof Fail "proof-unknown-suite" Some(Issuer),
    "The only proof is of a kind that no standard names.",
    ASK_ISSUER, DI_VERIFY;
PROOF_CHAIN_BROKEN = Proof Fail "proof-chain-broken" Some(Holder),
    "A proof builds on another one that is not there, is there twice, does not verify, or builds on it in turn.",
    ASK_FOR_ORIGINAL, DI_SETS;
PROOF_SUITE_NOT_SUPPORTED = Proof NotChecked "proof-suite-not-supported" Some(Verifier),
    "The proof is of a kind that is not supported here, or one of several is.",
    OTHER_VERIFIER, DI_SETS;
PROOF_TOO_MANY = Proof NotChecked "proof-too-many" Some(Issuer),
    "It carries more proofs, or signatures in one, than are checked.",
    FEWER, DI_SETS;
PROOF_BUDGET_SPENT = Proof NotChecked "proof-budget-spent" Some(Holder),
    "What was handed in together has more statements signed apart than are checked at once.",
    BY_ITSELF, DI_SETS;
PROOF_NOT_CHECKED = Proof NotChecked "proof-not-checked" None,
    "The signature could not be checked, because the issuer's key was not to be had or nothing could be read.",
    LATER, DI_VERIFY;

BINDING_HOLDS = IssuerBinding Pass "binding-holds" None,
    "The key is the issuer's own, for assertions; of a presentation, the holder's, for authentication.", NONE, METHODS;
BINDING_HOSTED = IssuerBinding Pass "binding-hosted" None,
    "A hosted badge of Open Badges 2.0 stands on the host of its issuer.", NONE, OB2_HOSTED;
BINDING_OTHER_HOST = IssuerBinding Fail "binding-other-host" Some(Holder),
    "A hosted badge stands on another host than its issuer, so that anybody may have written it.", SIGNED_BY_OTHER, OB2_HOSTED;
BINDING_STALE = IssuerBinding Warning "binding-stale" Some(Host),
    "The key is the issuer's own by a document that is older than it should be, and no newer one is to be had now.",
    STILL_LISTED, METHODS;
ISSUER_ENDED = IssuerBinding Warning "issuer-ended" None,
    "An organisation behind it is no more, and others answer for it now. It stands as it did.",
    WHO_ANSWERS, PROFILE;
BINDING_NO_ISSUER = IssuerBinding Fail "binding-no-issuer" Some(Issuer),
    "The credential does not say who issued it.",
    ASK_ISSUER, ISSUER;
BINDING_OTHER_CONTROLLER = IssuerBinding Fail "binding-other-controller" Some(Holder),
    "The key belongs to somebody other than the issuer the credential names.",
    SIGNED_BY_OTHER, METHODS;
BINDING_KEY_NOT_LISTED = IssuerBinding Fail "binding-key-not-listed" Some(Issuer),
    "The issuer's document does not list the key.",
    IS_IT_THEIRS, METHODS;
BINDING_PURPOSE = IssuerBinding Fail "binding-purpose" Some(Issuer),
    "The issuer lists the key, but not for assertions; or the holder, but not for authentication.",
    LIST_IT_UNDER, METHODS;
BINDING_KEY_IN_FRAGMENT = IssuerBinding Fail "binding-key-in-fragment" Some(Issuer),
    "The key stands in the address itself, which binds nothing: anyone could sign as anyone.",
    PUBLISH_KEY, METHODS;
BINDING_KEY_IN_HEADER = IssuerBinding Fail "binding-key-in-header" Some(Issuer),
    "The token brings its own key, which binds nothing: anyone could sign as anyone.",
    PUBLISH_KEY, METHODS;
BINDING_KEY_UNNAMED = IssuerBinding Fail "binding-key-unnamed" Some(Issuer),
    "The credential does not say which of the issuer's keys signed it.",
    ASK_ISSUER, METHODS;
BINDING_DOCUMENT_REFUSED = IssuerBinding Fail "binding-document-refused" Some(Issuer),
    "What stands at the issuer's address is not the issuer's document.",
    MEND_DOCUMENT, METHODS;
BINDING_NO_ADDRESS = IssuerBinding Fail "binding-no-address" Some(Issuer),
    "The issuer is named by neither a DID nor an https address, so nothing can say which keys are theirs.",
    ASK_ISSUER, METHODS;
BINDING_METHOD_NOT_SUPPORTED = IssuerBinding NotChecked "binding-method-not-supported" Some(Verifier),
    "The issuer is named in a way that is not supported here.",
    OTHER_VERIFIER_OF_METHOD, METHODS;
BINDING_CERTIFICATES_NOT_SUPPORTED = IssuerBinding NotChecked "binding-certificates-not-supported" Some(Verifier),
    "Which key is the issuer's is said by certificates (`x5c`) alone, which are not supported here.",
    OTHER_VERIFIER_OF_CERTIFICATES, ISSUER_METADATA;
BINDING_UNREACHABLE = IssuerBinding NotChecked "binding-unreachable" Some(Host),
    "The issuer's document could not be fetched.",
    LATER_THEN_TELL, METHODS;
BINDING_NOT_CHECKED = IssuerBinding NotChecked "binding-not-checked" None,
    "There was no proof whose key could be looked for.", NONE, METHODS;

KEY_IN_FORCE = Key Pass "key-in-force" None,
    "The key was in force when it signed.", NONE, METHOD_DATES;
KEY_NONE = Key Pass "key-none" None,
    "A badge of Open Badges 2.0 has no key, or one without dates.", NONE, OB2;
KEY_EXPIRED_SINCE = Key Warning "key-expired-since" None,
    "The key was in force when it signed, as the credential states, and has expired since.",
    OLD_IS_WELL, METHOD_DATES;
KEY_EXPIRED = Key Fail "key-expired" Some(Issuer),
    "The key had expired when it signed.",
    ASK_ISSUER, METHOD_DATES;
KEY_REVOKED = Key Fail "key-revoked" Some(Issuer),
    "The issuer had revoked the key when it signed.",
    ANOTHER_KEY, METHOD_DATES;
KEY_REVOKED_SINCE = Key NotChecked "key-revoked-since" Some(Issuer),
    "The issuer has revoked the key since. Somebody else may have had it and can write any date, so only evidence from elsewhere could show that the signature is older.",
    ANOTHER_KEY, METHOD_DATES;
KEY_REVOKED_LOGGED = Key Warning "key-revoked-logged" Some(Issuer),
    "The issuer has revoked the key since; its log had taken the credential in before.", ANOTHER_KEY, METHOD_DATES;
KEY_NOT_CHECKED = Key NotChecked "key-not-checked" None,
    "There was no key to check.", NONE, METHOD_DATES;

TRUST_LISTED = Trust Pass "trust-listed" None,
    "A list that the policy trusts names the issuer, for the day of the award.", NONE, TRUST;
TRUST_REGISTERED = Trust Pass "trust-registered" None,
    "The registrar of this service added the issuer to a list that the policy trusts, for the day of the award.", NONE, TRUST;
TRUST_ENDORSED = Trust Pass "trust-endorsed" None,
    "No list names the issuer; an endorsement inside the badge verifies, by an endorser whom the policy trusts.", NONE, TRUST;
TRUST_OTHER_DAYS = Trust Warning "trust-other-days" None,
    "A list that the policy trusts names the issuer, but not for the day of the award.", JUDGE_ISSUER, TRUST;
TRUST_UNTRUSTED = Trust Warning "trust-untrusted" None,
    "No list that the policy trusts names the issuer, which says nothing against the badge.", JUDGE_ISSUER, TRUST;
TRUST_LIST_UNREACHABLE = Trust NotChecked "trust-list-unreachable" Some(Host),
    "No list that is here names the issuer, and one of the policy's could not be had.", LATER, TRUST;
TRUST_NOT_CHECKED = Trust NotChecked "trust-not-checked" None,
    "There was no issuer to look for.", NONE, TRUST;

REFRESH_NONE = Refresh Pass "refresh-none" None,
    "It names no newer form of itself.", NONE, REFRESH;
REFRESH_SUPERSEDED = Refresh Warning "refresh-superseded" None,
    "It was corrected, and another credential took its place.",
    THE_LATER_ONE, REFRESH;
REFRESH_OFFERED = Refresh NotChecked "refresh-offered" None,
    "It names a service that may have a newer form; it was not asked.",
    NEWEST_FORM, REFRESH;
REFRESH_NOT_CHECKED = Refresh NotChecked "refresh-not-checked" None,
    "There was no credential to check.", NONE, REFRESH;

STATUS_CLEAR = Status Pass "status-clear" None,
    "The issuer's list says that it stands.", NONE, BITSTRING;
STATUS_HOSTED = Status Pass "status-hosted" None,
    "The host of a hosted badge still serves it, and does not say that it was revoked.", NONE, OB2_HOSTED;
STATUS_STALE = Status Warning "status-stale" Some(Host),
    "The issuer's list says that it stands, and is older than it should be, and no newer one is to be had now.",
    REVOKED_SINCE, BITSTRING;
STATUS_NONE = Status Pass "status-none" None,
    "It names no status, so it cannot be revoked.", NONE, STATUS;
STATUS_MESSAGE = Status Warning "status-message" None,
    "The issuer's list carries a message about it.",
    WHAT_MESSAGE, BITSTRING;
STATUS_REVOKED = Status Fail "status-revoked" Some(Issuer),
    "The issuer has revoked it.",
    NOT_REVOKED, BITSTRING;
STATUS_SUSPENDED = Status Fail "status-suspended" Some(Issuer),
    "The issuer has suspended it.",
    NOT_SUSPENDED, BITSTRING;
STATUS_ENTRY_MALFORMED = Status Fail "status-entry-malformed" Some(Issuer),
    "The status entry lacks a member, or one has a value that is not allowed.",
    ASK_ISSUER, STATUS_ENTRY;
STATUS_LIST_REFUSED = Status Fail "status-list-refused" Some(Issuer),
    "What stands at the list's address is not a status list signed by the issuer and in force.",
    MEND_LIST, STATUS_LIST;
STATUS_LIST_UNREADABLE = Status Fail "status-list-unreadable" Some(Issuer),
    "The list's bits cannot be read: damaged, too short, or grown beyond the limit.",
    MEND_LIST, BITSTRING;
STATUS_LIST_OTHER_PURPOSE = Status Fail "status-list-other-purpose" Some(Issuer),
    "The list is for another purpose than the credential's entry.",
    MEND_EITHER, BITSTRING;
STATUS_INDEX_OUT_OF_RANGE = Status Fail "status-index-out-of-range" Some(Issuer),
    "The list has no entry of that number.",
    ASK_ISSUER, BITSTRING;
STATUS_UNREACHABLE = Status NotChecked "status-unreachable" Some(Host),
    "The status list, or the key that signed it, could not be fetched.",
    UNTIL_THEN_UNKNOWN, BITSTRING;
STATUS_TYPE_NOT_SUPPORTED = Status NotChecked "status-type-not-supported" Some(Verifier),
    "The status is of a kind that is not supported here.",
    DOES_IT_STAND, STATUS;
STATUS_IN_REVOCATION_LIST = Status Fail "status-in-revocation-list" Some(Issuer),
    "The issuer's revocation list names it.",
    NOT_REVOKED, REVOCATION_LIST;
STATUS_NOT_IN_REVOCATION_LIST = Status Pass "status-not-in-revocation-list" None,
    "The issuer's revocation list does not name it.", NONE, REVOCATION_LIST;
STATUS_THEN_CLEAR = Status Pass "status-then-clear" None,
    "By the records of its own service it stood on the day that was asked for.", NONE, AS_OF;
STATUS_THEN_REVOKED = Status Fail "status-then-revoked" Some(Issuer),
    "By the records of its own service it had been revoked by the day that was asked for.", NOT_REVOKED, AS_OF;
STATUS_THEN_NOT_ISSUED = Status Fail "status-then-not-issued" Some(Holder),
    "By the records of its own service it had not been issued by the day that was asked for.", FROM_THE_DATE, AS_OF;
STATUS_THEN_UNKNOWN = Status NotChecked "status-then-unknown" None,
    "How it stood on the day that was asked for is recorded nowhere that is known here: lists say how it stands now.", ASK_HOW_IT_STOOD, AS_OF;
STATUS_NOT_CHECKED = Status NotChecked "status-not-checked" None,
    "There was no credential to check.", NONE, STATUS;

DATES_CURRENT = Dates Pass "dates-current" None,
    "It has begun and not ended; both ends belong to the time.", NONE, VALIDITY;
DATES_NOT_YET = Dates Fail "dates-not-yet" Some(Holder),
    "It is not valid yet.",
    FROM_THE_DATE, VALIDITY;
DATES_EXPIRED = Dates Fail "dates-expired" Some(Holder),
    "It has expired.",
    RENEWED, VALIDITY;
DATES_UNREADABLE = Dates Fail "dates-unreadable" Some(Issuer),
    "A date is missing or cannot be read as a date and time with a time zone.",
    ASK_ISSUER, VALIDITY;
DATES_NOT_CHECKED = Dates NotChecked "dates-not-checked" None,
    "There was no credential to check.", NONE, VALIDITY;

RECIPIENT_MATCHES = Recipient Pass "recipient-matches" None,
    "It is the expected person's.", NONE, IDENTITY;
RECIPIENT_NAME_MATCHES = Recipient Warning "recipient-name-matches" None,
    "It names the expected person, and names are not unique.",
    ANOTHER_DETAIL, IDENTITY;
RECIPIENT_DIFFERS = Recipient Fail "recipient-differs" Some(Holder),
    "It is somebody else's.",
    HOW_NAMED, IDENTITY;
RECIPIENT_NOT_STATED = Recipient Fail "recipient-not-stated" Some(Verifier),
    "It says nothing of the kind that was asked for, so it is not shown to be the expected person's.",
    WHAT_IS_STATED, IDENTITY;
RECIPIENT_NOT_ASKED = Recipient NotChecked "recipient-not-asked" None,
    "Nobody was expected, so whose it is was not compared.", NONE, IDENTITY;
RECIPIENT_NOT_CHECKED = Recipient NotChecked "recipient-not-checked" None,
    "There was no credential to check.", NONE, IDENTITY;

ACHIEVEMENT_MATCHES = Achievement Pass "achievement-matches" None,
    "It is the expected achievement.", NONE, ACHIEVEMENT;
ACHIEVEMENT_NAME_MATCHES = Achievement Warning "achievement-name-matches" None,
    "Its achievement is called as expected, and names are not unique.", RIGHT_BADGE, ACHIEVEMENT;
ACHIEVEMENT_DIFFERS = Achievement Fail "achievement-differs" Some(Holder),
    "It is another achievement.", RIGHT_BADGE, ACHIEVEMENT;

LEVEL_MET = Level Pass "level-met" None,
    "What was presented meets the level.", NONE, LEVEL;
LEVEL_NOT_MET = Level Fail "level-not-met" Some(Holder),
    "What was presented does not meet the level.", REST_OF_LEVEL, LEVEL;
LEVEL_NOT_KNOWN = Level NotChecked "level-not-known" None,
    "What was presented does not meet the level as far as it could be looked at: some of it could not be checked, or is not of this service, which judges its own badges alone.", JUDGE_LEVEL, LEVEL;
LEVEL_SEVERAL_HOLDERS = Level Fail "level-several-holders" Some(Holder),
    "The badges of different people were presented, and a level is one person's.", ONE_PERSON, LEVEL;
LEVEL_PART_MET = Level Pass "level-part-met" None,
    "A part of the level is met.", NONE, LEVEL;
LEVEL_PART_MISSING = Level Warning "level-part-missing" Some(Holder),
    "A part of the level is missing.", REST_OF_LEVEL, LEVEL;
LEVEL_PART_EXPIRED = Level Warning "level-part-expired" Some(Holder),
    "The badge for a part of the level has expired.", RENEWED, LEVEL;
LEVEL_PART_REVOKED = Level Warning "level-part-revoked" Some(Holder),
    "The badge for a part of the level was revoked.", REST_OF_LEVEL, LEVEL;

EVIDENCE_NONE = Evidence Pass "evidence-none" None,
    "It names no evidence that stands on the web.", NONE, EVIDENCE;
EVIDENCE_THERE = Evidence Pass "evidence-there" None,
    "Evidence stands at its address; what it shows is for people to judge.", NONE, EVIDENCE;
EVIDENCE_GONE = Evidence Warning "evidence-gone" Some(Issuer),
    "The host says that there is no evidence at the address.", ASK_FOR_EVIDENCE, EVIDENCE;
EVIDENCE_UNREACHABLE = Evidence NotChecked "evidence-unreachable" Some(Host),
    "The evidence could not be had: it may need a sign-in, or the host does not answer.", ASK_FOR_EVIDENCE, EVIDENCE;
EVIDENCE_TOO_MANY = Evidence NotChecked "evidence-too-many" Some(Issuer),
    "It names more evidence than is asked for.", NONE, EVIDENCE;

ENDORSEMENTS_NONE = Endorsements Pass "endorsements-none" None,
    "It carries no endorsements.", NONE, ENDORSING;
ENDORSEMENT_VALID = Endorsements Pass "endorsement-valid" None,
    "The endorsement verifies.", NONE, ENDORSING;
ENDORSEMENT_LAPSED = Endorsements Warning "endorsement-lapsed" None,
    "The endorsement was good and is so no longer: expired, or revoked.",
    STANDS_ON_ITS_OWN, ENDORSING;
ENDORSEMENT_INVALID = Endorsements Fail "endorsement-invalid" Some(Issuer),
    "The endorsement does not verify, or is about something else.",
    WHY_THERE, ENDORSING;
ENDORSEMENT_UNDETERMINED = Endorsements NotChecked "endorsement-undetermined" Some(Host),
    "The endorsement could not be checked to its end.",
    LATER, ENDORSING;
ENDORSEMENTS_TOO_MANY = Endorsements NotChecked "endorsements-too-many" Some(Issuer),
    "It carries more endorsements than are checked.", NONE, ENDORSING;
ENDORSEMENTS_NOT_CHECKED = Endorsements NotChecked "endorsements-not-checked" None,
    "There was no credential to check.", NONE, ENDORSING;

ACCREDITATION_HELD = Accreditation Pass "accreditation-held" None,
    "The register of its own service says that its provider was accredited for the achievement on the day of the award.",
    NONE, REGISTER;
ACCREDITATION_ENDED_SINCE = Accreditation Pass "accreditation-ended-since" None,
    "The same; the accreditation has ended or was withdrawn since, which undoes nothing that was awarded while it held.",
    NONE, REGISTER;
ACCREDITATION_BY_RULE = Accreditation Pass "accreditation-by-rule" None,
    "A programme's rule awarded it, so that no provider did.", NONE, REGISTER;
ACCREDITATION_ENDORSED = Accreditation Warning "accreditation-endorsed" None,
    "An endorsement inside it, which verifies, accredits its provider for the achievement on the day of the award.",
    MAY_ACCREDIT, ENDORSING;
ACCREDITATION_NOT_HELD = Accreditation Fail "accreditation-not-held" Some(Issuer),
    "The register of its own service says that its provider was not accredited for the achievement on that day.",
    WHY_AWARDED, REGISTER;
ACCREDITATION_NOT_ENDORSED = Accreditation NotChecked "accreditation-not-endorsed" Some(Issuer),
    "It carries an endorsement that accredits its provider, which does not verify or does not cover the day.",
    WHO_ACCREDITED, ENDORSING;
ACCREDITATION_NOT_STATED = Accreditation NotChecked "accreditation-not-stated" None,
    "It shows no provider that a register knows, and carries no endorsement that accredits one.",
    IF_IT_MATTERS_WHO, ENDORSING;
ACCREDITATION_NO_ANSWER = Accreditation NotChecked "accreditation-no-answer" Some(Host),
    "The register of accreditations does not answer.", LATER, REGISTER;
ACCREDITATION_NO_AWARD = Accreditation NotChecked "accreditation-no-award" None,
    "It awards no achievement, so that nobody had to be accredited.", NONE, REGISTER;
ACCREDITATION_NOT_CHECKED = Accreditation NotChecked "accreditation-not-checked" None,
    "There was no credential to check.", NONE, REGISTER;

LOG_INCLUDED = Log Pass "log-included" None,
    "The log of its own service holds this very credential, by an inclusion proof up to a signed checkpoint.", NONE, LOG;
LOG_WAITING = Log Warning "log-waiting" None,
    "It was issued a moment ago and waits for its place in the log.", IN_A_MOMENT, LOG;
LOG_DIFFERS = Log Fail "log-differs" Some(Holder),
    "The log holds another credential under this id.", ANOTHER_COPY, LOG;
LOG_ABSENT = Log Fail "log-absent" Some(Holder),
    "It names its issuer's own service, which never issued it, whoever's key signed.", ANOTHER_COPY, LOG;
LOG_OTHER_FORM = Log NotChecked "log-other-form" None,
    "The log holds the credential in another form than the one handed in.", JSON_FORM, LOG;
LOG_NO_ANSWER = Log NotChecked "log-no-answer" Some(Host),
    "The log does not answer, or its proof does not hold.", LATER, LOG;
LOG_NOT_OWN = Log NotChecked "log-not-own" None,
    "No log of its issuer's is known here.", NONE, LOG;

LEDGER_ENTERED = Ledger Pass "ledger-entered" None,
    "The ledger of its own service holds its credit, which was not taken back.", NONE, LEDGER;
LEDGER_REVERSED = Ledger Fail "ledger-reversed" Some(Issuer),
    "The ledger of its own service holds its credit, and that it was taken back.", NOT_REVOKED, LEDGER;
LEDGER_ABSENT = Ledger Fail "ledger-absent" Some(Holder),
    "The ledger of its own service holds no credit of it.", ANOTHER_COPY, LEDGER;
LEDGER_NO_ANSWER = Ledger NotChecked "ledger-no-answer" Some(Host),
    "The ledger does not answer.", LATER, LEDGER;
LEDGER_NOT_OWN = Ledger NotChecked "ledger-not-own" None,
    "No ledger of its issuer's is known here.", NONE, LEDGER;

MAINTENANCE_IN_FORCE = Maintenance Pass "maintenance-in-force" None,
    "Its award is in force.", NONE, MAINTENANCE;
MAINTENANCE_DUE = Maintenance Pass "maintenance-due" None,
    "Its award is in force and can be renewed.", NONE, MAINTENANCE;
MAINTENANCE_GRACE = Maintenance Warning "maintenance-grace" Some(Holder),
    "The time of its award is up, and it can still be renewed.", RENEW_IN_TIME, MAINTENANCE;
MAINTENANCE_LAPSED = Maintenance Warning "maintenance-lapsed" Some(Holder),
    "Its award is not in force: lapsed, expired or taken back.", RENEWED, MAINTENANCE;
MAINTENANCE_SUPERSEDED = Maintenance Warning "maintenance-superseded" None,
    "A later award took the place of its award.", THE_LATER_ONE, MAINTENANCE;
MAINTENANCE_NOT_OWN = Maintenance NotChecked "maintenance-not-own" None,
    "What keeps it in force is not known here.", NONE, MAINTENANCE;

CHALLENGE_ANSWERED = Challenge Pass "challenge-answered" None,
    "The challenge was signed, so the presentation was made for this occasion.", NONE, PROOF_MEMBERS;
CHALLENGE_DIFFERS = Challenge Fail "challenge-differs" Some(Holder),
    "The challenge was not signed: the presentation may have been made for somebody else, or before.",
    WITH_YOUR_CHALLENGE, PROOF_MEMBERS;
CHALLENGE_NOT_ASKED = Challenge NotChecked "challenge-not-asked" None,
    "No challenge was given, so an old presentation would look as good.", NONE, PROOF_MEMBERS;

DOMAIN_MATCHES = Domain Pass "domain-matches" None,
    "The presentation was made for the verifier's domain.", NONE, PROOF_MEMBERS;
DOMAIN_DIFFERS = Domain Fail "domain-differs" Some(Holder),
    "The presentation was made for another domain, or for none.",
    TO_YOUR_DOMAIN, PROOF_MEMBERS;
DOMAIN_NOT_ASKED = Domain NotChecked "domain-not-asked" None,
    "No domain was given to compare with.", NONE, PROOF_MEMBERS;

HOLDER_IS_SUBJECT = Presenter Pass "holder-is-subject" None,
    "Every credential is about whoever presents it.", NONE, PRESENTATIONS;
HOLDER_NOT_SUBJECT = Presenter Warning "holder-not-subject" None,
    "A credential is about somebody other than whoever presents it.",
    WHY_HELD, PRESENTATIONS;
HOLDER_SUBJECT_UNNAMED = Presenter Warning "holder-subject-unnamed" None,
    "A credential gives its subject no id, so whoever presents it need not be the subject.",
    COMPARE_PERSON, PRESENTATIONS;
HOLDER_UNNAMED = Presenter NotChecked "holder-unnamed" Some(Holder),
    "The presentation does not say who presents it, and no key does.", NONE, PRESENTATIONS;

CREDENTIAL_VALID = Credentials Pass "credential-valid" None,
    "A credential of the presentation, or of several handed in together, is valid; its own report says more.", NONE, PRESENTATIONS;
CREDENTIAL_INVALID = Credentials Fail "credential-invalid" Some(Holder),
    "A credential of the presentation, or of several handed in together, is not valid; its own report says why.",
    READ_REPORT, PRESENTATIONS;
CREDENTIAL_UNDETERMINED = Credentials NotChecked "credential-undetermined" Some(Host),
    "A credential of the presentation, or of several handed in together, could not be checked to its end.",
    READ_REPORT, PRESENTATIONS;
CREDENTIAL_UNTRUSTED = Credentials Warning "credential-untrusted" None,
    "A credential of the presentation, or of several handed in together, is genuine and unaltered, and no list that the policy trusts names its issuer.",
    JUDGE_ISSUER, PRESENTATIONS;
CREDENTIALS_NONE = Credentials Warning "credentials-none" None,
    "The presentation shows no credentials.",
    WHAT_YOU_NEED, PRESENTATIONS;
CREDENTIALS_TOO_MANY = Credentials NotChecked "credentials-too-many" Some(Holder),
    "It shows more credentials than are checked.",
    FEWER_AT_A_TIME, PRESENTATIONS;
RECORD_PART_VALID = Credentials Pass "record-part-valid" None,
    "A credential that the learner record holds is valid; its own report says more.", NONE, RECORDS;
RECORD_PART_LAPSED = Credentials Warning "record-part-lapsed" None,
    "A credential that the learner record holds has expired or was taken back since; the record itself stands.",
    MUST_IT_HOLD, RECORDS;
RECORD_PART_INVALID = Credentials Fail "record-part-invalid" Some(Issuer),
    "A credential that the learner record holds is not valid; its own report says why.",
    NOT_THE_RECORD, RECORDS;
RECORD_PART_UNDETERMINED = Credentials NotChecked "record-part-undetermined" Some(Host),
    "A credential that the learner record holds could not be checked to its end.",
    READ_REPORT_LATER, RECORDS;
RECORD_PART_UNTRUSTED = Credentials Warning "record-part-untrusted" None,
    "A credential that the learner record holds is genuine and unaltered, and no list that the policy trusts names its issuer.",
    JUDGE_ISSUER, RECORDS;
RECORD_PART_FOREIGN = Credentials Fail "record-part-foreign" Some(Issuer),
    "A credential that the learner record holds is about somebody else.",
    CORRECT_RECORD, RECORDS;
RECORD_PARTS_NESTED = Credentials NotChecked "record-parts-nested" None,
    "It is a learner record inside another one, and what it holds was not checked.",
    INNER_RECORD, RECORDS;
RECORD_PARTS_TOO_MANY = Credentials NotChecked "record-parts-too-many" Some(Issuer),
    "The learner record holds more credentials than are checked.",
    WHAT_MATTERS, RECORDS;
}

#[cfg(test)]
#[path = "codes_tests.rs"]
mod tests;
