//! `GET` and `POST /interactions/{secret}`: where an interaction starts (W3C VCALM 1.0,
//! "Initiating interactions"): a wallet finds each protocol by which it can go on, and a
//! browser a page that leads to wallets.
//!
//! The secret is the offer's or the request's own.

use ::wallet::{
    Profile, Protocol, interaction_url, is_interaction, learner_wallet_link, link_by_reference, protocols,
    request_link,
};
use ::web::{InteractionKind, InteractionPage, Lang, LearnerWallet, OfferFault};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, REFERRER_POLICY},
    },
    web,
};
use chrono::{DateTime, Utc};
use registry::{OfferRecord, PresentationRequestRecord, Taken};
use secrecy::ExposeSecret as _;
use url::form_urlencoded;

use super::found::address;
use crate::{
    auth::secret::fresh,
    blocking, body, negotiate, pages,
    problem::Problem,
    routes::{oid4vci::secret::OfferSecret, oid4vp::stored::of},
    state::AppState,
    wire::exchanges::InteractionProtocols,
};

/// Start an interaction
///
/// What a wallet reads that was given the address of an interaction, as a link or a QR code,
/// for as long as nobody has taken it up: the address or link of each protocol by which it can
/// take the badge that is offered, or show those that are asked for. A browser gets a page in
/// English and Welsh that opens wallets.
#[utoipa::path(
    get,
    path = "/interactions/{secret}",
    operation_id = "startInteraction",
    tag = "Wallets",
    params(
        ("secret" = String, Path, description = "As `interactionUrl` has it"),
        ("iuv" = String, Query, description = "The version: `1`"),
    ),
    responses(
        (status = 200, description = "Where it goes on", body = InteractionProtocols),
        (status = 400, description = "`iuv` is missing or not `1`"),
        (status = 404, description = "No such interaction, or its offer was taken, its request answered, or its time is over"),
    ),
)]
pub async fn show(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    if !is_interaction(request.query_string()) {
        return Err(Problem::malformed(
            "`iuv`, the version of the interaction, must be there once, and be 1.",
        ));
    }
    let interaction = Interaction::at(&state, &path).await?;
    let offers = [("application/json", false), ("text/html", true)];
    if negotiate::prefer(request.headers(), true, &offers) {
        return Ok(page(
            &state,
            &request,
            &path,
            StatusCode::OK,
            &interaction,
            interaction.learner_wallet(&state),
        ));
    }
    let answer = protocols(&interaction.protocols(&state));
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(answer))
}

/// The page as it was sent, with the transaction code: it opens the exchange to wallets that
/// do not ask for one.
pub async fn submit(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    body::must_be_form(&request)?;
    let interaction = Interaction::at(&state, &path).await?;
    let Interaction::Offer { secret, offer } = &interaction else { return Err(missing()) };
    if !offer.has_transaction_code {
        return Err(missing());
    }
    let typed = form_urlencoded::parse(&payload).find(|(name, _)| name == "tx_code");
    let typed: String =
        typed.map(|(_, value)| value.chars().filter(|c| !c.is_whitespace()).collect()).unwrap_or_default();
    let refused = |fault| {
        let wallet = LearnerWallet::Code(Some(fault));
        Ok(page(&state, &request, &path, StatusCode::UNPROCESSABLE_ENTITY, &interaction, wallet))
    };
    if typed.is_empty() {
        return refused(OfferFault::Missing);
    }
    let exchange = fresh("", state.entropy.as_ref());
    let (code, now, opened) = (secret.code(), state.clock.now(), exchange.clone());
    let taken = blocking::registry(&state, move |registry| {
        registry.open_exchange(&code, &typed, opened.expose_secret(), now)
    });
    match taken.await? {
        Taken::Offer(_) => {
            let link = learner_wallet_link(state.site.base(), &address(&state, exchange.expose_secret()));
            Ok(page(&state, &request, &path, StatusCode::OK, &interaction, LearnerWallet::Opened(link)))
        }
        Taken::CodeWrong { left } => {
            state.quotas.failure(&request)?;
            refused(if left == 0 { OfferFault::Void } else { OfferFault::Wrong { left } })
        }
        Taken::Unknown | Taken::CodeMissing | Taken::CodeUnexpected => Err(missing()),
    }
}

/// The QR code of the address of an interaction, for its page.
pub async fn qr(state: web::Data<AppState>, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let secret = OfferSecret::read(&path).ok_or_else(missing)?;
    let svg = artwork::qr::svg(&url(&state, secret.reference()), "QR code / Cod QR");
    Ok(HttpResponse::Ok()
        .content_type("image/svg+xml")
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(svg.map_err(|error| Problem::internal(&error))?))
}

/// The address of the interaction with this secret.
pub fn url(state: &AppState, secret: &str) -> String {
    interaction_url(&state.site.url(&format!("/interactions/{secret}")))
}

fn missing() -> Problem {
    Problem::not_found("interaction that can still be taken up")
}

/// What stands at the address of an interaction.
enum Interaction {
    Offer { secret: OfferSecret, offer: OfferRecord },
    Request { secret: String, verifier: String, expires: DateTime<Utc>, kind: InteractionKind },
}

impl Interaction {
    async fn at(state: &web::Data<AppState>, text: &str) -> Result<Self, Problem> {
        let secret = OfferSecret::read(text).ok_or_else(missing)?;
        let (code, text, now) = (secret.code(), text.to_owned(), state.clock.now());
        blocking::run(state, move |state| {
            if state.wallet_profile == Profile::Standard
                && let Some(offer) = state.registry.offer_by_code(&code, now)?
            {
                return Ok(Self::Offer { secret, offer });
            }
            let record = state.registry.presentation_request_at(&text)?;
            let is_open =
                |record: &PresentationRequestRecord| record.answered.is_none() && now <= record.expires;
            let record = record.filter(is_open).ok_or_else(missing)?;
            let asked = of(&record)?;
            let kind = InteractionKind::Request { asker: asked.client_name, purpose: asked.purpose };
            Ok(Self::Request { secret: text, verifier: record.audience, expires: record.expires, kind })
        })
        .await
    }

    /// The secret of its exchange; none while there is a transaction code to be given first,
    /// for which the VC API has no place.
    fn exchange(&self) -> Option<String> {
        match self {
            Self::Offer { secret, offer } => (!offer.has_transaction_code).then(|| secret.exchange()),
            Self::Request { secret, .. } => Some(secret.clone()),
        }
    }

    /// The link by which a wallet that speaks `OpenID` goes on.
    fn link(&self, state: &AppState) -> String {
        match self {
            Self::Offer { secret, .. } => {
                link_by_reference(&state.site.url(&format!("/oid4vci/offers/{}", secret.reference())))
            }
            Self::Request { secret, verifier, .. } => {
                request_link(verifier, &state.site.url(&format!("/oid4vp/requests/{secret}")))
            }
        }
    }

    fn protocols(&self, state: &AppState) -> Vec<Protocol> {
        let exchange = self.exchange().map(|secret| Protocol::VcApi(address(state, &secret)));
        let link = self.link(state);
        let openid = match self {
            Self::Offer { .. } => Protocol::Oid4vci(link),
            Self::Request { .. } => Protocol::Oid4vp(link),
        };
        exchange.into_iter().chain([openid]).collect()
    }

    fn learner_wallet(&self, state: &AppState) -> LearnerWallet {
        self.exchange().map_or(LearnerWallet::Code(None), |secret| {
            LearnerWallet::Link(learner_wallet_link(state.site.base(), &address(state, &secret)))
        })
    }
}

fn page(
    state: &AppState,
    request: &HttpRequest,
    secret: &str,
    status: StatusCode,
    interaction: &Interaction,
    learner_wallet: LearnerWallet,
) -> HttpResponse {
    let (kind, until) = match interaction {
        Interaction::Offer { offer, .. } => (InteractionKind::Offer, offer.expires),
        Interaction::Request { expires, kind, .. } => (kind.clone(), *expires),
    };
    let page = InteractionPage {
        kind,
        wallet: interaction.link(state),
        learner_wallet,
        qr: format!("/interactions/{secret}/qr.svg"),
        until,
    };
    // A switch of language leads to the page as it is before anything is sent.
    let is_welsh = Lang::of_query(request.query_string()) == Lang::Cy;
    let target = format!("{}?iuv=1{}", request.path(), if is_welsh { "&lang=cy" } else { "" });
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .body(page.render(&pages::chrome(state, &target)))
}
