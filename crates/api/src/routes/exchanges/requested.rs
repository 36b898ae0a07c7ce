//! Badges are asked for: the wallet presents what the holder chooses, and it goes the way of
//! every answer to such a request (`oid4vp`).

use ::wallet::{Demand, Example, Message, Presented};
use actix_web::web;
use model::field::FieldError;
use registry::PresentationRequestRecord;
use serde_json::{Value, json};
use verification::Expectation;

use super::{
    found::{address, challenge, over},
    proved::{proved, shows_any},
};
use crate::{
    blocking,
    problem::Problem,
    routes::oid4vp::{
        presented::{Told, with_code},
        stored::{Asked, of},
    },
    state::AppState,
};

/// What a wallet is answered that would answer a request.
pub async fn answer(
    state: &web::Data<AppState>,
    secret: &str,
    record: PresentationRequestRecord,
    message: Message,
) -> Result<Value, Problem> {
    if record.expires < state.clock.now() {
        return Err(over());
    }
    let asked = of(&record)?;
    let place = message.place();
    match message {
        Message::Begin if record.answered.is_some() => Err(over()),
        Message::Begin => demand(state, secret, record, asked).await,
        Message::Presentation { presentation, .. } => {
            let text = presentation.to_string();
            if record.answered.is_some() {
                return again(state, record, asked, text).await;
            }
            if presentation.get("proof").is_some() && !shows_any(&presentation) {
                let expected = "the badges that are asked for";
                return Err(Problem::invalid(vec![FieldError::new(
                    format!("{place}/verifiableCredential"),
                    "nothing-shown",
                    "it shows no credential",
                    expected,
                )]));
            }
            let expectation = Expectation {
                challenge: Some(challenge(secret)),
                domain: Some(state.site.base().to_owned()),
                ..Expectation::default()
            };
            let report = proved(state, place, &text, &expectation).await?;
            let told = blocking::run(state, {
                let (asked, text) = (asked.clone(), text.clone());
                move |state| Told::of(state, &asked, &[Presented { query: None, text }], &[report])
            })
            .await?;
            let code = asked.redirect_uri.as_ref().map(|_| state.registry.response_code(record.id, &text));
            if told.keep(state, record.id, code.clone(), Some(text.clone())).await? {
                Ok(done(&asked, code.as_deref()))
            } else {
                // Somebody was faster: perhaps the same wallet.
                again(state, record, asked, text).await
            }
        }
    }
}

/// What the wallet is asked for.
async fn demand(
    state: &web::Data<AppState>,
    secret: &str,
    record: PresentationRequestRecord,
    asked: Asked,
) -> Result<Value, Problem> {
    let secret = secret.to_owned();
    blocking::run(state, move |state| {
        let demand = Demand {
            challenge: &challenge(&secret),
            domain: state.site.base(),
            endpoint: &address(state, &secret),
            examples: &examples(state, &asked)?,
            contexts: &model::ob::contexts(),
        };
        state.registry.begin_presentation_exchange(record.id, state.clock.now())?;
        Ok(demand.message())
    })
    .await
}

/// An example for each badge that is wanted. An example cannot say "this version or that", so
/// of an achievement that has several it names none, and only its reason says which is meant.
fn examples(state: &AppState, asked: &Asked) -> Result<Vec<Example>, Problem> {
    if asked.achievements.is_empty() {
        return Ok(vec![Example { reason: asked.purpose.clone(), achievement: None }]);
    }
    let catalogue = state.service.catalogue()?;
    let example = |slug| {
        let name = catalogue.achievements.get(slug).map_or(slug.as_str(), |known| &known.name);
        let versions = state.registry.achievement_versions(slug)?;
        let only = match versions.as_slice() {
            [version] => Some(state.site.achievement(slug, version)),
            _ => None,
        };
        Ok(Example { reason: format!("{}: {name}", asked.purpose), achievement: only })
    };
    asked.achievements.iter().map(example).collect()
}

/// A wallet that lost the answer posts the same presentation again and gets the same: it was
/// checked then, and its bytes show that it is the same one. Nothing is told twice.
async fn again(
    state: &web::Data<AppState>,
    record: PresentationRequestRecord,
    asked: Asked,
    text: String,
) -> Result<Value, Problem> {
    blocking::run(state, move |state| {
        if !state.registry.was_presented(record.id, &text)? {
            return Err(over());
        }
        let code = asked.redirect_uri.as_ref().map(|_| state.registry.response_code(record.id, &text));
        Ok(done(&asked, code.as_deref()))
    })
    .await
}

/// That nothing more is wanted, and where the holder's browser goes, if anywhere.
fn done(asked: &Asked, code: Option<&str>) -> Value {
    let back = asked.redirect_uri.as_deref().zip(code).and_then(|(address, code)| with_code(address, code));
    back.map_or_else(|| json!({}), |back| json!({ "redirectUrl": back }))
}
