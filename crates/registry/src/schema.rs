//! The tables as diesel sees them, and the row types that several files share.
//!
//! One schema serves both databases, so it keeps to types that mean the same in
//! both: identifiers, JSON and amounts are text, times are `timestamp` in UTC.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

diesel::table! {
    meta (key) { key -> Text, value -> Text, }
}
diesel::table! {
    organisations (slug) { slug -> Text, body -> Text, current -> Bool, }
}
diesel::table! {
    achievements (slug, version) {
        slug -> Text,
        version -> Text,
        body -> Text,
        withdrawn_on -> Nullable<Date>,
        current -> Bool,
        published_at -> Timestamp,
    }
}
diesel::table! {
    programmes (slug) { slug -> Text, body -> Text, current -> Bool, }
}
diesel::table! {
    programme_versions (slug, version) {
        slug -> Text,
        version -> Text,
        body -> Text,
        published_at -> Timestamp,
    }
}
diesel::table! {
    requirement_sets (slug) { slug -> Text, body -> Text, current -> Bool, }
}
diesel::table! {
    accreditations (provider, achievement, valid_from, accredited_by) {
        provider -> Text,
        achievement -> Text,
        valid_from -> Date,
        valid_until -> Nullable<Date>,
        accredited_by -> Text,
        place -> Integer,
        current -> Bool,
    }
}
diesel::table! {
    accreditation_versions (provider, achievement, valid_from, accredited_by, recorded_at) {
        provider -> Text,
        achievement -> Text,
        valid_from -> Date,
        accredited_by -> Text,
        recorded_at -> Timestamp,
        valid_until -> Nullable<Date>,
        stands -> Bool,
    }
}
diesel::table! {
    endorsements (id) {
        id -> Text,
        body -> Text,
        kind -> Text,
        subject -> Text,
        version -> Nullable<Text>,
        credential_id -> Text,
        document -> Text,
        hosted -> Bool,
        valid_from -> Timestamp,
        valid_until -> Timestamp,
        recorded_at -> Timestamp,
        recorded_by -> Text,
        withdrawn_at -> Nullable<Timestamp>,
        withdrawn_by -> Nullable<Text>,
    }
}
diesel::table! {
    trust_entries (sequence) {
        sequence -> BigInt,
        list -> Text,
        issuer -> Text,
        name -> Nullable<Text>,
        valid_from -> Nullable<Date>,
        valid_until -> Nullable<Date>,
        reason -> Text,
        recorded_by -> Text,
        recorded_at -> Timestamp,
    }
}
diesel::table! {
    core_skills (slug) { slug -> Text, body -> Text, current -> Bool, }
}
diesel::table! {
    job_families (slug) { slug -> Text, body -> Text, current -> Bool, }
}
diesel::table! {
    catalogue_state (id) { id -> Integer, revision -> BigInt, }
}
diesel::table! {
    learners (id) {
        id -> Text,
        subject_id -> Text,
        name_digest -> Text,
        created_at -> Timestamp,
    }
}
diesel::table! {
    learner_identifiers (digest, learner_id) {
        digest -> Text,
        learner_id -> Text,
        kind -> Text,
        scope_digest -> Text,
        strong -> Bool,
        added_at -> Timestamp,
    }
}
diesel::table! {
    person_keys (learner_id) { learner_id -> Text, sealed -> Binary, }
}
diesel::table! {
    erasures (id) {
        id -> Text,
        learner_id -> Text,
        erased_at -> Timestamp,
        erased_by -> Text,
    }
}
diesel::table! {
    erased_occasions (digest) { digest -> Text, }
}
diesel::table! {
    completions (id) {
        id -> Text,
        natural_key -> Text,
        occasion -> Nullable<Text>,
        client -> Text,
        provider -> Text,
        learner_id -> Text,
        achievement -> Text,
        achievement_version -> Text,
        completed_at -> Timestamp,
        body -> Text,
        source -> Text,
        programme -> Nullable<Text>,
        received_at -> Timestamp,
        evidenced -> Bool,
    }
}
diesel::table! {
    awards (id) {
        id -> Text,
        completion_id -> Text,
        learner_id -> Text,
        achievement -> Text,
        achievement_version -> Text,
        amount -> Text,
        unit -> Text,
        awarded_at -> Timestamp,
    }
}
diesel::table! {
    award_components (award_id, component_id) {
        award_id -> Text,
        component_id -> Text,
        programme -> Text,
        programme_version -> Text,
        alone -> Bool,
        builds_on -> Nullable<Text>,
        on_revocation -> Text,
        path -> Text,
        replaces -> Nullable<Text>,
    }
}
diesel::table! {
    completion_corrections (completion_id) { completion_id -> Text, corrects_id -> Text, }
}
diesel::table! {
    completion_withdrawals (completion_id) {
        completion_id -> Text,
        reason -> Text,
        withdrawn_by -> Text,
        withdrawn_at -> Timestamp,
    }
}
diesel::table! {
    award_successions (award_id) { award_id -> Text, successor_id -> Text, }
}
diesel::table! {
    award_reviews (award_id, component_id) {
        award_id -> Text,
        component_id -> Text,
        opened_at -> Timestamp,
        closed_at -> Nullable<Timestamp>,
        closed_by -> Nullable<Text>,
        decision -> Nullable<Text>,
    }
}
diesel::table! {
    status_lists (id) {
        id -> Text,
        issuer -> Text,
        purpose -> Text,
        ordinal -> Integer,
        length -> Integer,
        next_place -> Integer,
        revision -> BigInt,
        created_at -> Timestamp,
    }
}
diesel::table! {
    credentials (id) {
        id -> Text,
        award_id -> Text,
        issue -> Integer,
        issuer -> Text,
        state -> Text,
        status_list_id -> Text,
        status_index -> Integer,
        unsigned -> Text,
        data_integrity_key -> Text,
        jwt_key -> Text,
        profile_version -> Text,
        created_at -> Timestamp,
        valid_from -> Timestamp,
        valid_until -> Nullable<Timestamp>,
        prepared_at -> Timestamp,
        proof -> Nullable<Text>,
        vc_jwt -> Nullable<Text>,
        issued_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        revoked_reason -> Nullable<Text>,
        revoked_by -> Nullable<Text>,
        disclosure_seed -> Nullable<Text>,
    }
}
diesel::table! {
    idempotency_records (key_digest) {
        key_digest -> Text,
        body_digest -> Text,
        credential_id -> Text,
        created_at -> Timestamp,
    }
}
diesel::table! {
    ledger_entries (sequence) {
        sequence -> BigInt,
        id -> Text,
        kind -> Text,
        learner_id -> Text,
        award_id -> Nullable<Text>,
        credential_id -> Nullable<Text>,
        provider -> Nullable<Text>,
        amount -> Text,
        unit -> Text,
        earned_at -> Timestamp,
        recorded_at -> Timestamp,
        details -> Nullable<Text>,
    }
}
diesel::table! {
    cpd_schemes (slug) { slug -> Text, body -> Text, current -> Bool, }
}
diesel::table! {
    cpd_memberships (id) {
        id -> Text,
        learner_id -> Text,
        scheme -> Text,
        joined_on -> Date,
        stated_by -> Text,
        recorded_at -> Timestamp,
    }
}
diesel::table! {
    cpd_statements (id) {
        id -> Text,
        learner_id -> Text,
        scheme -> Text,
        day -> Date,
        body -> Text,
        stated_by -> Text,
        recorded_at -> Timestamp,
    }
}
diesel::table! {
    transfers (entry_id) {
        entry_id -> Text,
        learner_id -> Text,
        name_digest -> Text,
        content_digest -> Text,
        recorded_at -> Timestamp,
    }
}
diesel::table! {
    ledger_adjustments (id) {
        id -> Text,
        learner_id -> Text,
        body -> Text,
        requested_by -> Text,
        requested_at -> Timestamp,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        decision -> Nullable<Text>,
        entry_id -> Nullable<Text>,
    }
}
diesel::table! {
    api_clients (id) {
        id -> Text,
        name -> Text,
        provider -> Nullable<Text>,
        role -> Text,
        scopes -> Text,
        jwks -> Nullable<Text>,
        secret_hash -> Nullable<Text>,
        created_at -> Timestamp,
        disabled_at -> Nullable<Timestamp>,
        requests_per_minute -> Nullable<Integer>,
        watches -> Nullable<Integer>,
        jobs -> Nullable<Integer>,
    }
}
diesel::table! {
    client_limit_changes (client, number) {
        client -> Text,
        number -> BigInt,
        changed_at -> Timestamp,
        requests_per_minute -> Nullable<Integer>,
        watches -> Nullable<Integer>,
        jobs -> Nullable<Integer>,
    }
}
diesel::table! {
    api_keys (prefix) {
        prefix -> Text,
        hash -> Text,
        client -> Text,
        scopes -> Text,
        created_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}
diesel::table! {
    access_tokens (hash) {
        hash -> Text,
        client -> Text,
        scopes -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}
diesel::table! {
    used_assertions (client, jti_digest) {
        client -> Text,
        jti_digest -> Text,
        expires_at -> Timestamp,
    }
}
diesel::table! {
    outbox (id) {
        id -> Text,
        topic -> Text,
        payload -> Text,
        created_at -> Timestamp,
        done_at -> Nullable<Timestamp>,
    }
}
diesel::table! {
    jobs (kind, award_id) {
        kind -> Text,
        award_id -> Text,
        learner_id -> Text,
        created_at -> Timestamp,
        done_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    vc_status_entries (status_list_id, status_index) {
        status_list_id -> Text,
        status_index -> Integer,
        credential_digest -> Nullable<Text>,
        created_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    suspension_lists (id) {
        id -> Text,
        issuer -> Text,
        ordinal -> Integer,
        length -> Integer,
        next_place -> Integer,
        created_at -> Timestamp,
    }
}
diesel::table! {
    suspension_entries (list_id, list_index) {
        list_id -> Text,
        list_index -> Integer,
        credential_digest -> Nullable<Text>,
        created_at -> Timestamp,
    }
}
diesel::table! {
    suspension_changes (list_id, list_index, number) {
        list_id -> Text,
        list_index -> Integer,
        number -> Integer,
        change -> Text,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    wallet_offers (id) {
        id -> Text,
        credential_id -> Text,
        offered_by -> Text,
        code_digest -> Text,
        state_digest -> Text,
        transaction_digest -> Nullable<Text>,
        tries -> Integer,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        authorisation_digest -> Nullable<Text>,
        authorisation_expires_at -> Nullable<Timestamp>,
        authorised_digest -> Nullable<Text>,
        taken_at -> Nullable<Timestamp>,
        token_digest -> Nullable<Text>,
        token_expires_at -> Nullable<Timestamp>,
        holder -> Nullable<Text>,
        exchange_digest -> Nullable<Text>,
        exchange_begun_at -> Nullable<Timestamp>,
        exchange_holder -> Nullable<Text>,
    }
}
diesel::table! {
    wallet_issues (id) {
        id -> Text,
        offer_id -> Text,
        form -> Text,
        asked_at -> Timestamp,
        issued_at -> Nullable<Timestamp>,
        event -> Nullable<Text>,
        event_at -> Nullable<Timestamp>,
    }
}
diesel::table! {
    wallet_nonces (digest) { digest -> Text, expires_at -> Timestamp, }
}
diesel::table! {
    presentation_requests (id) {
        id -> Text,
        client -> Text,
        secret_digest -> Text,
        audience -> Text,
        asked -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        answered_at -> Nullable<Timestamp>,
        response_digest -> Nullable<Text>,
        answer_key -> Nullable<Binary>,
        answer -> Nullable<Text>,
        kept_until -> Timestamp,
        exchange_begun_at -> Nullable<Timestamp>,
        exchange_digest -> Nullable<Text>,
    }
}
diesel::table! {
    presentation_people (request_id, learner_id) { request_id -> Text, learner_id -> Text, }
}
diesel::table! {
    passport_clients (id) {
        id -> Text,
        secret_digest -> Text,
        name -> Text,
        redirect_uris -> Text,
        scopes -> Text,
        registered_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}
diesel::table! {
    passport_grants (id) {
        id -> Text,
        learner_id -> Text,
        made_by -> Text,
        made_at -> Timestamp,
        connection_digest -> Text,
        connection_expires_at -> Timestamp,
        client_id -> Nullable<Text>,
        scopes -> Nullable<Text>,
        code_digest -> Nullable<Text>,
        code_expires_at -> Nullable<Timestamp>,
        bound_digest -> Nullable<Text>,
        access_digest -> Nullable<Text>,
        access_expires_at -> Nullable<Timestamp>,
        refresh_digest -> Nullable<Text>,
        refresh_expires_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}
diesel::table! {
    passport_credentials (id) {
        id -> Text,
        learner_id -> Text,
        name_digest -> Text,
        body -> Text,
        is_token -> Bool,
        valid_from -> Timestamp,
        received_at -> Timestamp,
    }
}
diesel::table! {
    passport_profiles (learner_id) { learner_id -> Text, body -> Text, updated_at -> Timestamp, }
}
diesel::table! {
    passport_hosts (id) {
        id -> Text,
        learner_id -> Text,
        host_digest -> Text,
        made_by -> Text,
        made_at -> Timestamp,
        details -> Text,
        state_digest -> Nullable<Text>,
        state_expires_at -> Nullable<Timestamp>,
        connected_at -> Nullable<Timestamp>,
    }
}
diesel::table! {
    verification_jobs (id) {
        id -> Text,
        client -> Text,
        state -> Text,
        job_key -> Nullable<Binary>,
        asked -> Text,
        idempotency_digest -> Nullable<Text>,
        body_digest -> Nullable<Text>,
        created_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
        kept_until -> Nullable<Timestamp>,
        leased_by -> Nullable<Text>,
        leased_until -> Nullable<Timestamp>,
        counted -> BigInt,
        valid -> BigInt,
        invalid -> BigInt,
        undetermined -> BigInt,
        unreadable -> BigInt,
    }
}
diesel::table! {
    verification_job_groups (job_id, first_line) {
        job_id -> Text,
        first_line -> BigInt,
        last_line -> BigInt,
        tries -> Integer,
        taken_by -> Nullable<Text>,
        lines -> Nullable<Text>,
        results -> Nullable<Text>,
    }
}
diesel::table! {
    passport_consents (id) {
        id -> Text,
        learner_id -> Text,
        client -> Text,
        body -> Text,
        purpose_digest -> Text,
        reads -> Bool,
        writes -> Bool,
        ends_at -> Timestamp,
        given_at -> Timestamp,
        recorded_by -> Text,
        withdrawn_at -> Nullable<Timestamp>,
        withdrawn_by -> Nullable<Text>,
    }
}
diesel::table! {
    passport_accesses (id) {
        id -> Text,
        learner_id -> Nullable<Text>,
        client -> Text,
        kind -> Text,
        consent_id -> Nullable<Text>,
        at -> Timestamp,
        body -> Text,
    }
}
diesel::table! {
    passport_claims (id) {
        id -> Text,
        learner_id -> Text,
        client -> Text,
        name_digest -> Text,
        content_digest -> Text,
        body -> Text,
        received_at -> Timestamp,
    }
}
diesel::table! {
    client_usage (client, day) {
        client -> Text,
        day -> Date,
        requests -> BigInt,
        valid -> BigInt,
        invalid -> BigInt,
        undetermined -> BigInt,
        unreadable -> BigInt,
    }
}
diesel::joinable!(learner_identifiers -> learners (learner_id));
diesel::joinable!(erasures -> learners (learner_id));
diesel::joinable!(awards -> completions (completion_id));
diesel::joinable!(credentials -> awards (award_id));
diesel::joinable!(credentials -> status_lists (status_list_id));
diesel::joinable!(completion_withdrawals -> completions (completion_id));
diesel::joinable!(ledger_entries -> awards (award_id));
diesel::joinable!(idempotency_records -> credentials (credential_id));
diesel::joinable!(api_keys -> api_clients (client));
diesel::joinable!(access_tokens -> api_clients (client));
diesel::allow_tables_to_appear_in_same_query!(
    learner_identifiers,
    learners,
    person_keys,
    erasures,
    completions,
    completion_corrections,
    completion_withdrawals,
    awards,
    award_components,
    award_successions,
    award_reviews,
    catalogue_state,
    credentials,
    ledger_entries,
    idempotency_records,
    status_lists
);
diesel::allow_tables_to_appear_in_same_query!(api_clients, api_keys, access_tokens);
diesel::joinable!(verification_job_groups -> verification_jobs (job_id));
diesel::allow_tables_to_appear_in_same_query!(wallet_offers, wallet_issues);
diesel::allow_tables_to_appear_in_same_query!(verification_jobs, verification_job_groups);

/// A line of the ledger, but for its sequence, which the database gives it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = ledger_entries, treat_none_as_default_value = false)]
pub(crate) struct LedgerRow {
    pub id: String,
    pub kind: String,
    pub learner_id: String,
    pub award_id: Option<String>,
    pub credential_id: Option<String>,
    pub provider: Option<String>,
    pub amount: String,
    pub unit: String,
    pub earned_at: NaiveDateTime,
    pub recorded_at: NaiveDateTime,
    pub details: Option<String>,
}

/// A new learner.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = learners, treat_none_as_default_value = false)]
pub(crate) struct LearnerRow {
    pub id: String,
    pub subject_id: String,
    pub name_digest: String,
    pub created_at: NaiveDateTime,
}

/// A learner's own key, sealed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = person_keys, treat_none_as_default_value = false)]
pub(crate) struct PersonKeyRow {
    pub learner_id: String,
    pub sealed: Vec<u8>,
}

/// That a learner was erased.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = erasures)]
pub(crate) struct ErasureRow {
    pub id: String,
    pub learner_id: String,
    pub erased_at: NaiveDateTime,
    pub erased_by: String,
}

/// An identifier of a learner.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = learner_identifiers, treat_none_as_default_value = false)]
pub(crate) struct IdentifierRow {
    pub digest: String,
    pub learner_id: String,
    pub kind: &'static str,
    pub scope_digest: String,
    pub strong: bool,
    pub added_at: NaiveDateTime,
}

/// A new completion.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = completions, treat_none_as_default_value = false)]
pub(crate) struct CompletionRow {
    pub id: String,
    pub natural_key: String,
    pub occasion: Option<String>,
    pub client: String,
    pub provider: String,
    pub learner_id: String,
    pub achievement: String,
    pub achievement_version: String,
    pub completed_at: NaiveDateTime,
    pub body: String,
    pub source: &'static str,
    pub programme: Option<String>,
    pub received_at: NaiveDateTime,
    pub evidenced: bool,
}

/// A completion that takes the place of an earlier one.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = completion_corrections)]
pub(crate) struct CorrectionRow {
    pub completion_id: String,
    pub corrects_id: String,
}

/// A completion that was taken back.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = completion_withdrawals)]
pub(crate) struct WithdrawalRow {
    pub completion_id: String,
    pub reason: String,
    pub withdrawn_by: String,
    pub withdrawn_at: NaiveDateTime,
}

/// An award that a programme's award was made of.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = award_components, treat_none_as_default_value = false)]
pub(crate) struct ComponentRow {
    pub award_id: String,
    pub component_id: String,
    pub programme: String,
    pub programme_version: String,
    pub alone: bool,
    pub builds_on: Option<String>,
    pub on_revocation: &'static str,
    pub path: String,
}

/// The same, with the award in whose place it counts since a correction.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = award_components, treat_none_as_default_value = false)]
pub(crate) struct SeatRow {
    pub award_id: String,
    pub component_id: String,
    pub programme: String,
    pub programme_version: String,
    pub alone: bool,
    pub builds_on: Option<String>,
    pub on_revocation: String,
    pub path: String,
    pub replaces: Option<String>,
}

/// An award that supersedes an earlier one.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = award_successions)]
pub(crate) struct SuccessionRow {
    pub award_id: String,
    pub successor_id: String,
}

/// A credential whose intent is stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = credentials, treat_none_as_default_value = false)]
pub(crate) struct IntentRow {
    pub id: String,
    pub award_id: String,
    pub issue: i32,
    pub issuer: String,
    pub state: String,
    pub status_list_id: String,
    pub status_index: i32,
    pub unsigned: String,
    pub data_integrity_key: String,
    pub jwt_key: String,
    pub profile_version: String,
    pub created_at: NaiveDateTime,
    pub valid_from: NaiveDateTime,
    pub valid_until: Option<NaiveDateTime>,
    pub prepared_at: NaiveDateTime,
    pub disclosure_seed: Option<String>,
}

impl IntentRow {
    /// The credential before it is signed.
    pub(crate) fn prepared(&self) -> CredentialRow {
        CredentialRow {
            id: self.id.clone(),
            issue: self.issue,
            issuer: self.issuer.clone(),
            state: self.state.clone(),
            status_list_id: self.status_list_id.clone(),
            status_index: self.status_index,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            issued_at: None,
            revoked_at: None,
            revoked_reason: None,
        }
    }
}

/// What a client's idempotency key stands for.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = idempotency_records, treat_none_as_default_value = false)]
pub(crate) struct IdempotencyRow {
    pub key_digest: String,
    pub body_digest: String,
    pub credential_id: String,
    pub created_at: NaiveDateTime,
}

/// An award whose learner's programmes are to be evaluated.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = jobs, treat_none_as_default_value = false)]
pub(crate) struct JobRow {
    pub kind: &'static str,
    pub award_id: String,
    pub learner_id: String,
    pub created_at: NaiveDateTime,
}

/// A message of the outbox.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
pub(crate) struct OutboxRow {
    pub id: String,
    pub topic: &'static str,
    pub payload: String,
    pub created_at: NaiveDateTime,
}

/// A credential with its award and completion: what revoking, completing and
/// showing it need besides its documents.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = credentials)]
pub(crate) struct CredentialRow {
    pub id: String,
    pub issue: i32,
    pub issuer: String,
    pub state: String,
    pub status_list_id: String,
    pub status_index: i32,
    pub valid_from: NaiveDateTime,
    pub valid_until: Option<NaiveDateTime>,
    pub issued_at: Option<NaiveDateTime>,
    pub revoked_at: Option<NaiveDateTime>,
    pub revoked_reason: Option<String>,
}

/// An award.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = awards, treat_none_as_default_value = false)]
pub(crate) struct AwardRow {
    pub id: String,
    pub completion_id: String,
    pub learner_id: String,
    pub achievement: String,
    pub achievement_version: String,
    pub amount: String,
    pub unit: String,
    pub awarded_at: NaiveDateTime,
}

/// A published achievement version.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = achievements, treat_none_as_default_value = false)]
pub(crate) struct AchievementRow {
    pub slug: String,
    pub version: String,
    pub body: String,
    pub withdrawn_on: Option<NaiveDate>,
    pub current: bool,
    pub published_at: NaiveDateTime,
}
