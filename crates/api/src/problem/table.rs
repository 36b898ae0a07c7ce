//! Every kind of problem the service can answer with: the one table behind
//! responses, the pages at `/problems/{slug}` and `docs/problems.md`.

use actix_web::http::StatusCode;

/// A kind of problem (RFC 9457, section 3.1): its `type` is `{site}/problems/{slug}`.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// The last segment of the `type` URL, in kebab case.
    pub slug: &'static str,
    /// The HTTP status it is answered with.
    pub status: StatusCode,
    /// A short summary that never changes between occurrences.
    pub title: &'static str,
    /// What it means, in plain words.
    pub meaning: &'static str,
    /// What the reader should do about it.
    pub remedy: &'static str,
}

macro_rules! kinds {
    ($($name:ident = $slug:literal $status:ident $title:literal, $meaning:literal, $remedy:literal;)*) => {
        $(#[doc = $title] pub static $name: Kind = Kind {
            slug: $slug,
            status: StatusCode::$status,
            title: $title,
            meaning: $meaning,
            remedy: $remedy,
        };)*
        /// All of them, by status.
        pub static ALL: &[&Kind] = &[$(&$name),*];
    };
}

kinds! {
    MALFORMED_JSON = "malformed-json" BAD_REQUEST "The body is not JSON that can be read safely",
        "The body is not well-formed JSON in UTF-8, repeats a member name, is nested too deeply, or holds a number that cannot be kept exactly.",
        "Correct the body at the place the detail names. Write integers beyond 2^53 as strings, and each member once.";
    MALFORMED_REQUEST = "malformed-request" BAD_REQUEST "The request cannot be read",
        "A header, query parameter or form field is missing, repeated or not in the form it must have.",
        "Compare the request with the API description at /openapi.json and correct the part the detail names.";
    INVALID_CREDENTIAL = "invalid-credential" BAD_REQUEST "This is not a credential that can be taken",
        "The credential or presentation breaks the data model, has no canonical form because its contexts do not define all of it, or an option is not known. Every fault is in `errors`, each with a JSON Pointer to its place.",
        "Correct all that `errors` names and send the request again.";
    UNAUTHENTICATED = "unauthenticated" UNAUTHORIZED "Who is asking is not known",
        "This address needs an access token or an API key; none was sent, or the one sent is not known, has expired or was withdrawn.",
        "Send `Authorization: Bearer …` with a token from /oauth2/token or with an API key. Ask the Academy for a new one if yours was withdrawn.";
    FORBIDDEN = "forbidden" FORBIDDEN "This client may not do that",
        "The token or key is good, but lacks the scope for this operation, or its provider may not do this, for example because it is not accredited for the achievement on the completion date.",
        "Ask for a token with the scope the detail names. If the provider should be allowed, ask the Academy to grant it.";
    TWO_PEOPLE = "two-people" FORBIDDEN "This takes a second person",
        "Who asked for a change that takes two people cannot approve or refuse it.",
        "Let somebody else decide, with a client of their own.";
    NO_CONSENT = "no-consent" FORBIDDEN "There is no consent for this",
        "Nobody whom all these identifiers name lets this client do that for this purpose now. Whether somebody of that name or number is known here at all is not told.",
        "Ask the person to have their consent recorded: for this client and purpose, and for the subjects in question. Check that every identifier is theirs.";
    NOT_FOUND = "not-found" NOT_FOUND "There is nothing here",
        "No such address, or nothing with that identifier that this client may see.",
        "Check the identifier. Addresses of badges never change, so one that was copied whole still works.";
    METHOD_NOT_ALLOWED = "method-not-allowed" METHOD_NOT_ALLOWED "This address does not take that method",
        "The address exists, but not for this HTTP method.",
        "Use one of the methods in the Allow header.";
    NOT_ACCEPTABLE = "not-acceptable" NOT_ACCEPTABLE "None of the accepted forms can be given",
        "The Accept header asks only for media types in which this resource does not exist.",
        "Ask for one of the media types the detail lists, or leave the Accept header out.";
    TIMEOUT = "request-timeout" REQUEST_TIMEOUT "The request took too long to arrive",
        "The rest of the request did not arrive in time.",
        "Send it again over a steadier connection, or in smaller parts.";
    IN_FLIGHT = "in-flight" CONFLICT "The same request is being worked on",
        "A request with the same idempotency key, or the same completion, has been stored but is not finished yet.",
        "Wait a second and send the same request again: it will be answered with the finished result.";
    NOT_YET_LOGGED = "not-yet-logged" CONFLICT "This is not in the log yet",
        "The credential is issued, and its entry waits for its place in the log, which grows about once a second.",
        "Send the same request again after the number of seconds in the Retry-After header.";
    TOO_MANY_JOBS = "too-many-jobs" CONFLICT "This client has as many jobs as it may have",
        "What a client had checked stays until it is deleted or swept, and there may be so many of its jobs at a time.",
        "Read the results of a job that is done and delete it, or wait until it is swept: `keptUntil` says when.";
    HOST_ENDED = "host-connection-ended" CONFLICT "Another host does not take its tokens any more",
        "The learner let this service act at another host, and that has ended: the learner took it back there, or it was left unused for too long.",
        "Connect the host again with `POST /v1/learners/{id}/hosts` and send the learner's browser to it.";
    COMPLETION_CONFLICT = "completion-conflict" CONFLICT "This completion was posted before under another reference",
        "A completion of the same learner, achievement and date is recorded under another reference or under none; the fields named in `differing` are not the same.",
        "If it is the same completion, post it under the reference it has, and a changed one corrects it. If the one that is recorded is wrong, withdraw it at /v1/completions/withdraw and post this one again.";
    COMPLETION_SUPERSEDED = "completion-superseded" CONFLICT "This completion was corrected since",
        "The same completion was posted before and corrected since, so this may be an old message that came late. Nothing was changed; `credential` stands for the completion as it was corrected.",
        "If the correction is right, do nothing. To go back to this content, post it with an `If-Match` header that holds, in quotation marks, the id of the credential the problem names.";
    COMPLETION_WITHDRAWN = "completion-withdrawn" CONFLICT "This completion was withdrawn",
        "The same completion was posted before and its provider withdrew it. It does not come back by being posted again.",
        "If it was rightly withdrawn, do nothing. To state it again, post it with an `If-Match` header that holds, in quotation marks, the id of the credential the problem names. A completion that differs is taken as its correction.";
    COMPLETION_REVOKED = "completion-revoked" CONFLICT "The credential of this completion was revoked",
        "Somebody else than the provider revoked the credential of this completion, and a correction does not undo that.",
        "Ask the Academy why it was revoked. If it agrees that something was earned, state that under a new reference.";
    LEARNER_CONFLICT = "learner-conflict" CONFLICT "Who the learner is cannot be told",
        "The identifiers belong to different learners, or the email address is known for somebody of another name.",
        "Add an identifier that belongs to this person alone: a staff number, a professional registration or a DID. If two records are one person, ask the Academy to join them.";
    NOT_RENEWABLE = "not-renewable" CONFLICT "It cannot be renewed now",
        "The badge's policy gives no way to renew it now: its window is not open, something that the policy asks for is missing, it is gone for good, or it is being renewed at this moment.",
        "See what `maintenance` says is missing, and ask again when it is there.";
    ALREADY_DECIDED = "already-decided" CONFLICT "It was decided before",
        "Somebody decided before on this adjustment, or on this transfer as prior learning; each is decided once.",
        "Nothing needs to be done. To correct the ledger again, ask for another adjustment.";
    TRANSFERRED = "counts-elsewhere" CONFLICT "The credential counts for somebody else",
        "The credit of this credential is in another learner's ledger, and a credential counts once.",
        "Make sure whose credential it is. If two records are one person, ask the Academy to join them.";
    NOT_OFFERED = "not-offered" CONFLICT "It cannot be offered to a wallet",
        "The credential was revoked or has ended, or is of a form that the wallets in question do not take.",
        "Offer the credential that took its place, if there is one; `successor-version` and `latest-version` in its Link header say which.";
    WATCH_LIMIT = "watch-limit" CONFLICT "This client watches as much as it may",
        "A client may have so many watches and no more.",
        "Delete watches that are not needed any more, or give them an end with `expiresAt`.";
    WATCH_DISABLED = "watch-disabled" CONFLICT "The watch is disabled",
        "Its endpoint answered 410, or took nothing for three days, so nothing is sent there any more.",
        "Make another watch. See how the credential stands now at /v1/verify, since you may have missed messages.";
    OTHER_ENDORSEMENT = "other-endorsement" CONFLICT "Another endorsement has this id",
        "An endorsement with the same credential id is kept already, and its content is another.",
        "Sign the endorsement under an id of its own. To replace the other one, withdraw it.";
    PRECONDITION_FAILED = "precondition-failed" PRECONDITION_FAILED "The condition does not hold",
        "The request said `If-None-Match: *` and would correct a completion that is recorded, or `If-Match` with a credential that does not stand for the completion now. Nothing was changed; `credential` names the one that does, and `differing` the fields.",
        "Look at the completion as it is recorded. If it is to be corrected, post it without the header, or with the id of that credential in `If-Match`.";
    LEARNER_ERASED = "learner-erased" CONFLICT "The learner was erased",
        "The completion is one of somebody whose record was erased at their request. It is not recorded again.",
        "Do nothing, and take it out of what you send. What the learner finishes from now on is recorded as a new person's.";
    ERASED = "erased" GONE "What stood here was erased",
        "It was about a person, and was erased at their request. It does not come back.",
        "Nothing can be done here. Whoever has kept a badge of that person can still check it at /verify.";
    EXCHANGE_OVER = "exchange-over" GONE "The exchange is over",
        "The time of the exchange has ended, or the badge that is offered in it was taken, or what is asked for in it was answered: there or by another protocol.",
        "Ask whoever gave you the link for a new one. A wallet that lost the last answer can ask again while there is time: with the key, or with the presentation, that it used before.";
    TOO_LARGE = "too-large" PAYLOAD_TOO_LARGE "The body is too large",
        "The body is over the limit of this address.",
        "Send at most the number of bytes the detail names. Send many completions to /v1/completions/batch, which takes a stream.";
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type" UNSUPPORTED_MEDIA_TYPE "The body is of a type this address does not take",
        "The Content-Type header is missing or names a type that cannot be read here, or the body is compressed in a way that is not understood.",
        "Send one of the media types the detail lists, and name it in Content-Type.";
    INVALID = "invalid" UNPROCESSABLE_ENTITY "Some fields are wrong",
        "The body can be read, but fields of it are missing, malformed or not allowed. Every fault is in `errors`, each with a JSON Pointer to its place.",
        "Correct all the fields that `errors` names and send the request again.";
    KEY_REUSED = "idempotency-key-reused" UNPROCESSABLE_ENTITY "The idempotency key was used for another request",
        "This client sent the same Idempotency-Key before with a different body.",
        "Use a new key for a new request, and the same key only to repeat the same request.";
    RATE_LIMITED = "rate-limited" TOO_MANY_REQUESTS "Too many requests",
        "More requests came from this client or address than its quota allows.",
        "Wait the number of seconds in the Retry-After header. Send many completions in one batch instead of one by one.";
    INTERNAL = "internal" INTERNAL_SERVER_ERROR "Something went wrong on our side",
        "The service met something it did not expect. Nothing that was not acknowledged is lost or done twice.",
        "Send the same request again. If it fails again, tell the Academy the `instance` of the problem.";
    HOST_UNUSABLE = "host-unusable" BAD_GATEWAY "Another host did not answer as it must",
        "A host at which a learner keeps badges did not answer, answered an error, may not be reached from here, or says something of itself that does not hold. The detail says which.",
        "Check the address. If it is right, try again later; if it fails again, tell whoever runs that host what the detail says.";
    UNAVAILABLE = "unavailable" SERVICE_UNAVAILABLE "The service cannot answer just now",
        "The database or another part the service needs does not answer.",
        "Send the same request again after the number of seconds in the Retry-After header. Repeating is safe.";
    READ_ONLY = "read-only" SERVICE_UNAVAILABLE "This instance only reads",
        "The request came to an instance of the service that answers from a copy of the database, and it would write.",
        "Send it to the instance that writes; whoever runs the service has set up which requests go where. Nothing was recorded here.";
}

/// The kind with this slug.
pub fn find(slug: &str) -> Option<&'static Kind> {
    ALL.iter().copied().find(|kind| kind.slug == slug)
}

/// The kind that stands for a bare status that a library answered with.
pub fn of_status(status: StatusCode) -> &'static Kind {
    match status {
        StatusCode::UNPROCESSABLE_ENTITY => &INVALID,
        StatusCode::CONFLICT => &IN_FLIGHT,
        StatusCode::BAD_REQUEST => &MALFORMED_REQUEST,
        _ => ALL.iter().copied().find(|kind| kind.status == status).unwrap_or(if status.is_client_error() {
            &MALFORMED_REQUEST
        } else {
            &INTERNAL
        }),
    }
}

/// The whole table as the Markdown page `docs/problems.md`.
pub fn markdown() -> String {
    use std::fmt::Write as _;
    let mut page = String::from(
        "# Problems\n\nEvery error is answered as `application/problem+json` (RFC 9457). \
         `type` is the address of the kind of problem, one of those below under `/problems/`; `detail` says what \
         happened this time; `errors` lists every wrong field with a JSON Pointer; `instance` names the one \
         occurrence, to quote when asking for help.\n\n\
         This page is written from the table in `crates/api/src/problem/table.rs`; \
         `LANYARD_WRITE_DOCS=1 cargo nextest run -p api problems_page` writes it anew.\n",
    );
    for kind in ALL {
        // Writing to a String cannot fail.
        let _ = write!(
            page,
            "\n## {}\n\n`{}`, status {}\n\n{}\n\n**What to do.** {}\n",
            kind.title,
            kind.slug,
            kind.status.as_u16(),
            kind.meaning,
            kind.remedy
        );
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_distinct() {
        let mut slugs: Vec<_> = ALL.iter().map(|kind| kind.slug).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), ALL.len());
    }

    #[test]
    fn a_bare_status_becomes_a_kind_of_the_same_class() {
        for status in 400..600 {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(of_status(status).status.is_server_error(), status.is_server_error(), "{status}");
        }
        assert_eq!(of_status(StatusCode::NOT_FOUND), &NOT_FOUND);
        assert_eq!(of_status(StatusCode::METHOD_NOT_ALLOWED), &METHOD_NOT_ALLOWED);
    }

    #[test]
    fn problems_page_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/problems.md");
        if std::env::var_os("LANYARD_WRITE_DOCS").is_some() {
            std::fs::write(path, markdown()).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(path).unwrap_or_default(),
            markdown(),
            "run with LANYARD_WRITE_DOCS=1 to write docs/problems.md anew"
        );
    }
}
