//! Fetches what the checks need and puts their answers together.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::clock::Clock;
use model::report::{Check, Report, Summary};
use proof::json::Limits;
use proof::suite::{Batch, Ends};
use serde_json::Value;

use crate::checks::binding::{self, Relationship, Resolution};
use crate::checks::endorsements::Form;
use crate::checks::format::Fault;
use crate::checks::{
    accreditation, codes, contexts, dates, endorsements, format, holder, known, proof as proofs, recipient,
    refresh, say, schema, subject, trust,
};
use crate::credential::{issuer_id, summary};
use crate::issuer::{self, Documents};
use crate::lists::Lists;
use crate::memo::Memo;
use crate::opened::{self, Found, Manner, Opened, Secured};
use crate::share;
use crate::work::Work;
use crate::{Contexts, Expectation, Fetch, Fetched, Item, Submission, recognise};

/// What a credential is asked for as.
const ACCEPT: &str = "application/vc+ld+json, application/vc+jwt, application/dc+sd-jwt;q=0.9, application/ld+json;q=0.9, \
    application/json;q=0.8, text/plain;q=0.7, image/png;q=0.6, image/svg+xml;q=0.6";
/// Of many, so many are open at the same time: what is read stays where it is quickly found
/// until it is verified.
const OPEN: usize = 8;
/// Bytes of a credential, which may be a picture.
const LIMIT: usize = 4_194_304;

/// Verifies credentials. It remembers what badges of one kind have in common
/// and the keys it meets often, so it should live long; its clones share that.
#[derive(Clone)]
pub struct Verifier {
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    contexts: Contexts,
    batch: Arc<Batch>,
    lists: Arc<Lists>,
    /// What several calls share, where they do.
    shared: Option<Arc<Shared>>,
}

impl Verifier {
    /// A verifier that fetches through `fetch` and judges dates by `clock`.
    pub fn new(fetch: Arc<dyn Fetch>, clock: Arc<dyn Clock>) -> Self {
        Self {
            fetch,
            clock,
            contexts: Contexts::Known,
            batch: Arc::default(),
            lists: Arc::default(),
            shared: None,
        }
    }

    /// The same verifier with other contexts accepted.
    #[must_use]
    pub fn accepting(&self, contexts: Contexts) -> Self {
        let batch = Arc::new(Batch::with(contexts.processor()));
        Self { contexts, batch, lists: Arc::default(), shared: None, ..self.clone() }
    }

    /// The same verifier that fetches through `fetch`; what it remembers is shared.
    #[must_use]
    pub fn fetching(&self, fetch: Arc<dyn Fetch>) -> Self {
        Self { fetch, ..self.clone() }
    }

    /// The same verifier for calls of one moment: what stands in an issuer's document, and
    /// whether its key is known to be compromised, is read once for all of them. Documents
    /// are fetched for each call as at any other time, and read anew if they are others.
    /// Those that run on one thread take the last step of their signatures together.
    #[must_use]
    pub fn for_a_moment(&self) -> Self {
        let shared = Shared { documents: Documents::default(), ends: Some(Ends::default()) };
        Self { shared: Some(Arc::new(shared)), ..self.clone() }
    }

    /// Checks what was handed in.
    pub async fn verify(&self, submission: &Submission, expectation: &Expectation) -> Report {
        let mut run = self.run();
        let opened = opened::open(submission);
        if let Some(id) = opened.as_ref().ok().and_then(Found::credential_id) {
            run.memo.ask_of(&[id]).await;
        }
        run.opened(opened, submission, expectation).await
    }

    /// Checks many, what is sent and what stands at an address, each against what is
    /// expected of it; the reports in the same order. What one of them fetched serves the
    /// others too (one issuer's document, one status list), what the service knows of its
    /// own is asked at once, and dates are judged by one moment; apart from that each gets
    /// the report it would get alone.
    pub async fn verify_items(&self, items: &[(Item, Expectation)]) -> Vec<Report> {
        let mut whole = self.run();
        let mut reports = Vec::with_capacity(items.len());
        for items in items.chunks(OPEN) {
            let opened: Vec<_> = items.iter().map(|(item, _)| Begun::from(item)).collect();
            whole.memo.ask_of(&opened.iter().filter_map(Begun::credential_id).collect::<Vec<_>>()).await;
            for (begun, (_, expectation)) in opened.into_iter().zip(items) {
                let run = whole.next();
                reports.push(match begun {
                    Begun::Open(opened, submission) => run.opened(opened, submission, expectation).await,
                    Begun::At(url) => run.at(url, expectation).await,
                });
            }
        }
        reports
    }

    /// Checks the credential that stands at `url`, or that the page there names as its
    /// alternate. An address that cannot be fetched from gives a report that says why.
    pub async fn verify_url(&self, url: &str, expectation: &Expectation) -> Report {
        self.run().at(url, expectation).await
    }

    /// What stands at `url`, to be checked; a report that says why if there is nothing.
    pub async fn retrieve(&self, url: &str) -> Result<Submission, Box<Report>> {
        let run = self.run();
        run.retrieve(url).await.map_err(|why| Box::new(run.nothing("url", *why)))
    }

    pub(crate) fn run(&self) -> Run {
        Run {
            memo: Memo::new(Arc::clone(&self.fetch)),
            shared: self.shared.clone().unwrap_or_default(),
            work: Work::new(),
            now: self.clock.now(),
            clock: Arc::clone(&self.clock),
            contexts: self.contexts,
            batch: Arc::clone(&self.batch),
            lists: Arc::clone(&self.lists),
        }
    }
}

/// One of many: what was sent is open, what stands at an address is still to be fetched.
enum Begun<'a> {
    Open(Result<Found, Fault>, &'a Submission),
    At(&'a str),
}

impl<'a> From<&'a Item> for Begun<'a> {
    fn from(item: &'a Item) -> Self {
        match item {
            Item::Submission(submission) => Self::Open(opened::open(submission), submission),
            Item::Url(url) => Self::At(url),
        }
    }
}

impl Begun<'_> {
    fn credential_id(&self) -> Option<&str> {
        match self {
            Self::Open(Ok(found), _) => found.credential_id(),
            _ => None,
        }
    }
}

impl Run {
    pub(crate) async fn retrieve(&self, url: &str) -> Result<Submission, Box<Check>> {
        let mut answer = self.memo.fetch(url, ACCEPT, LIMIT).await;
        // A page that shows a badge may say where the badge itself stands.
        if let Ok(page) = &answer
            && let Some(badge) = share::badge_of(url, page)
        {
            answer = self.memo.fetch(&badge, ACCEPT, LIMIT).await;
        }
        match answer {
            Ok(Fetched { status: 200, content_type, body, .. }) => {
                Ok(recognise(&body, content_type.as_deref()))
            }
            Ok(answer) => Err(Box::new(format::not_there(url, answer.status))),
            Err(error) => Err(Box::new(format::not_fetched(&error))),
        }
    }
}

/// What verifications share that are made at the same moment, by one call or by several.
#[derive(Default)]
pub(crate) struct Shared {
    /// What issuers' documents say.
    pub(crate) documents: Documents,
    /// Where several calls meet for the last step of their signatures.
    ends: Option<Ends>,
}

/// One verification: one moment, every document fetched once.
pub(crate) struct Run {
    pub(crate) memo: Memo,
    pub(crate) shared: Arc<Shared>,
    pub(crate) work: Work,
    pub(crate) now: DateTime<Utc>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) contexts: Contexts,
    batch: Arc<Batch>,
    pub(crate) lists: Arc<Lists>,
}

impl Run {
    /// The next verification of several: at the same moment, with what was
    /// fetched and budgets of its own.
    pub(crate) fn next(&self) -> Self {
        Self {
            memo: self.memo.next(),
            shared: Arc::clone(&self.shared),
            work: Work::new(),
            now: self.now,
            clock: Arc::clone(&self.clock),
            contexts: self.contexts,
            batch: Arc::clone(&self.batch),
            lists: Arc::clone(&self.lists),
        }
    }

    async fn at(&self, url: &str, expectation: &Expectation) -> Report {
        match self.retrieve(url).await {
            Ok(submission) => self.submission(&submission, expectation).await,
            Err(why) => self.nothing("url", *why),
        }
    }

    async fn submission(&self, submission: &Submission, expectation: &Expectation) -> Report {
        self.opened(opened::open(submission), submission, expectation).await
    }

    /// The report on what was sent, which was opened.
    async fn opened(
        &self,
        opened: Result<Found, Fault>,
        submission: &Submission,
        expectation: &Expectation,
    ) -> Report {
        match (opened, submission) {
            (Err(Fault::EmptyPicture), Submission::Png(picture) | Submission::Jpeg(picture)) => {
                self.photographed(picture, expectation).await
            }
            (opened, _) => self.found(opened, submission.form(), expectation).await,
        }
    }

    /// The report on what was found, read as `form`.
    pub(crate) async fn found(
        &self,
        found: Result<Found, Fault>,
        form: &str,
        expectation: &Expectation,
    ) -> Report {
        match found {
            Err(fault) => self.nothing(form, format::unreadable(&fault)),
            Ok(Found::Credential(opened)) => self.report(&opened, form, expectation).await,
            Ok(Found::Presentation(opened)) => self.presentation(&opened, form, expectation).await,
            Ok(Found::Legacy(assertion)) => self.legacy(&assertion, form, expectation).await,
        }
    }

    /// The report on a credential, and on those it holds.
    pub(crate) async fn report(&self, opened: &Opened, form: &str, expectation: &Expectation) -> Report {
        let mut checks = self.credential_and_endorsements(opened, form, expectation).await;
        let held = self.held(opened, expectation).await;
        checks.extend(held.checks);
        let report = Report::conclude(self.now, form, summary(&opened.credential), checks);
        expectation.conclude(report).with_credentials(held.reports)
    }

    /// Every check of a credential by itself.
    pub(crate) async fn credential_and_endorsements(
        &self,
        opened: &Opened,
        form: &str,
        expectation: &Expectation,
    ) -> Vec<Check> {
        let mut checks = self.credential(opened, form, expectation).await;
        let endorsements = self.endorsements(opened).await;
        checks.push(self.accreditation(opened, &endorsements).await);
        if let Some(trust) = &expectation.trust {
            checks.push(trust::check(trust, &opened.credential, &endorsements, self.now));
        }
        checks.extend(endorsements.into_iter().map(|(_, check)| check));
        checks.extend(self.asked_besides(&opened.credential, expectation).await);
        self.recorded(opened, expectation, &mut checks).await;
        if let Some(id) = opened.credential.get("id").and_then(Value::as_str)
            && let Some(issuer) = issuer_id(&opened.credential)
            && known::may_be_told(&checks)
        {
            let listed = known::listed(&checks);
            known::tell(&self.memo.known(id, issuer, listed).await, &mut checks);
        }
        checks
    }

    /// Whether who delivered the learning might award it on that day: by the register of
    /// its own service where that is known here, else by the endorsements it carries.
    async fn accreditation(&self, opened: &Opened, endorsements: &[(Option<Value>, Check)]) -> Check {
        let Some(stated) = accreditation::stated(&opened.credential) else {
            return accreditation::no_award();
        };
        if let Some(awarding) = stated.awarding(issuer_id(&opened.credential))
            && let Some(answer) = self.memo.accredited(&awarding).await
        {
            return accreditation::by_register(&stated, &answer);
        }
        let read =
            endorsements.iter().filter_map(|(endorsement, check)| Some((endorsement.as_ref()?, check)));
        accreditation::by_endorsements(&stated, &read.collect::<Vec<_>>())
    }

    /// The report on something that holds no credential.
    pub(crate) fn nothing(&self, form: &str, why: Check) -> Report {
        let unchecked = [
            codes::CONTEXTS_NOT_CHECKED,
            codes::SCHEMA_NOT_CHECKED,
            codes::SUBJECT_NOT_CHECKED,
            codes::PROOF_NOT_CHECKED,
            codes::BINDING_NOT_CHECKED,
            codes::KEY_NOT_CHECKED,
            codes::REFRESH_NOT_CHECKED,
            codes::STATUS_NOT_CHECKED,
            codes::DATES_NOT_CHECKED,
            codes::RECIPIENT_NOT_CHECKED,
            codes::ENDORSEMENTS_NOT_CHECKED,
            codes::ACCREDITATION_NOT_CHECKED,
        ];
        let unchecked = unchecked.iter().map(|code| code.found(say::nothing_readable()));
        let checks = std::iter::once(why).chain(unchecked).collect();
        Report::conclude(self.now, form, Summary::default(), checks)
    }

    /// Every check but that of the endorsements.
    async fn credential(&self, opened: &Opened, form: &str, expectation: &Expectation) -> Vec<Check> {
        let credential = &opened.credential;
        let mut checks = vec![format::check(opened, form)];
        checks.extend(self.authenticate(opened).await);
        if let Secured::SdJwt(read) = &opened.secured {
            let answers = holder::answers(read, expectation, self.now);
            // For whom it was signed was asked.
            checks.retain(|check| answers.is_empty() || check.code != codes::PROOF_HOLDER_SIGNED.code);
            checks.extend(answers);
        }
        checks.push(schema::check(credential));
        checks.push(subject::check(credential));
        checks.push(refresh::check(credential));
        // How it stood then is for its own service to say; lists say how it stands now.
        if expectation.as_of.is_none() {
            checks.extend(self.status(credential, opened.secured.manner()).await);
        }
        checks.push(dates::check(credential, expectation.as_of.unwrap_or(self.now)));
        checks.push(recipient::check(credential, expectation.recipient.as_deref()));
        checks
    }

    /// Contexts, proof, binding and key.
    pub(crate) async fn authenticate(&self, opened: &Opened) -> Vec<Check> {
        self.signed_by(opened, issuer_id(&opened.credential), Relationship::Assertion).await
    }

    /// Contexts, proof, binding and key, which must be one of `issuer`'s for
    /// that relationship.
    pub(crate) async fn signed_by(
        &self,
        opened: &Opened,
        issuer: Option<&str>,
        relationship: Relationship,
    ) -> Vec<Check> {
        let credential = &opened.credential;
        if matches!(&opened.secured, Secured::Embedded(proofs) if proofs.is_empty()) {
            let mut checks = proofs::missing();
            checks.push(contexts::check(credential, false, self.contexts));
            return checks;
        }
        let found = match issuer {
            Some(issuer) => self.keys_of(issuer, opened.secured.manner()).await,
            None => Resolution::NoAddress,
        };
        let (batch, ends) = (&*self.batch, self.shared.ends.as_ref());
        let basis = proofs::Basis { relationship, batch, ends, work: &self.work, now: self.now };
        let mut judged = proofs::judge(opened, issuer, &found, basis).await;
        binding::aged(&mut judged.checks, &found);
        // The bytes of a token are signed, and what a presentation itself says is little:
        // a term that nothing defines deceives nobody. Its credentials are checked apart.
        let token = relationship == Relationship::Authentication && matches!(opened.secured, Secured::Jws(_));
        judged.checks.push(match opened.secured {
            Secured::SdJwt(_) => contexts::of_claims(credential),
            _ => contexts::check(credential, judged.canonical || token, self.contexts),
        });
        judged.checks
    }

    /// The document with the keys of the issuer of a credential: where it stands depends
    /// on how that is secured.
    pub(crate) async fn keys_of(&self, issuer: &str, manner: Manner) -> Resolution {
        match manner {
            Manner::SdJwt => issuer::resolve_of_sd_jwt(&self.memo, &self.shared.documents, issuer).await,
            Manner::Embedded | Manner::Jws => {
                issuer::resolve(&self.memo, &self.shared.documents, issuer).await
            }
        }
    }

    /// Verifies each endorsement like a credential, but not the endorsements
    /// of endorsements. Beside each check the endorsement, if it could be read.
    async fn endorsements(&self, opened: &Opened) -> Vec<(Option<Value>, Check)> {
        let embedded = endorsements::embedded(&opened.credential);
        if embedded.is_empty() {
            return vec![(None, endorsements::none())];
        }
        let mut checks = Vec::new();
        for endorsement in embedded.iter().take(endorsements::MOST) {
            let place = &endorsement.place;
            let (form, read) = match endorsement.form {
                Form::Json(value) => ("json", opened::embedded(value.clone())),
                Form::Jws(token) => ("jwt", opened::jwt(token, &Limits::default())),
            };
            checks.push(match read {
                Err(fault) => (None, endorsements::unreadable(place, format::unreadable(&fault))),
                Ok(inner) => {
                    let inner_checks = self.credential(&inner, form, &Expectation::default()).await;
                    let about = summary(&inner.credential);
                    let report = Report::conclude(self.now, form, about, inner_checks);
                    let check =
                        endorsements::concluded(place, &opened.credential, &inner.credential, &report);
                    (Some(inner.credential), check)
                }
            });
        }
        if embedded.len() > endorsements::MOST {
            checks.push((None, endorsements::too_many(embedded.len())));
        }
        checks
    }
}
