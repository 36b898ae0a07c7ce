//! Other hosts at which a learner keeps badges: the service API of Open Badges 3.0 as its
//! consumer. A client of the Academy's acts for the learner, whom it has made sure of.

pub mod begin;
pub mod export;
pub mod import;
pub mod list;

use actix_web::web::{self, ServiceConfig, post};
use model::id::PassportHostId;
use registry::{PassportHost, Registry};

use super::of_learner;
use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    hosts::{Host, HostError},
    problem::Problem,
    routes::{reading, resource, segment},
    state::AppState,
};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    let one = "/v1/learners/{id}/hosts/{host}";
    let hosts = [reading(list::list), post().to(begin::begin)];
    config
        .service(resource("/v1/learners/{id}/hosts", "GET, HEAD, POST", hosts))
        .service(resource(one, "DELETE", [web::delete().to(list::forget)]))
        .service(resource(&format!("{one}/import"), "POST", [post().to(import::import)]))
        .service(resource(&format!("{one}/export"), "POST", [post().to(export::export)]));
}

/// Who may act for a learner at other hosts.
fn may_act(caller: &Caller) -> Result<(), Problem> {
    caller.need(Scope::LearnersConnect)?;
    super::need_academy(caller)
}

/// A host of a learner's as it is kept, and what it is.
pub(in crate::routes) struct Kept {
    pub record: PassportHost,
    pub host: Host,
}

impl Kept {
    pub fn of(record: PassportHost) -> Result<Self, Problem> {
        let host = serde_json::from_str(&record.details).map_err(|error| Problem::internal(&error))?;
        Ok(Self { record, host })
    }

    /// The host that the path names, at which the learner gave leave.
    async fn connected(state: &web::Data<AppState>, path: &(String, String)) -> Result<Self, Problem> {
        let id: PassportHostId = segment(&path.1, "host")?;
        let ask = move |registry: &Registry, learner| registry.passport_host(learner, id);
        let found = of_learner(state, &path.0, ask).await?;
        let connected = found.filter(|host| host.connected_at.is_some());
        Self::of(connected.ok_or_else(|| Problem::not_found("connected host"))?)
    }

    /// An access token, renewed where that is due.
    async fn access(&mut self, state: &web::Data<AppState>) -> Result<String, Problem> {
        let (access, renewed) = self.host.access(&state.client, state.clock.now()).await?;
        if renewed {
            self.keep(state).await?;
        }
        Ok(access)
    }

    /// A token in the place of one that the host does not take any more.
    async fn renewed(&mut self, state: &web::Data<AppState>) -> Result<String, Problem> {
        let access = self.host.renew(&state.client, state.clock.now()).await?;
        self.keep(state).await?;
        Ok(access)
    }

    /// Before anything else is done: a refresh token is good once.
    pub async fn keep(&self, state: &web::Data<AppState>) -> Result<(), Problem> {
        let details = serde_json::to_string(&self.host).map_err(|error| Problem::internal(&error))?;
        let record = self.record.clone();
        blocking::run(state, move |state| {
            Ok(state.registry.write_passport_host(&record, &details, state.entropy.as_ref())?)
        })
        .await
    }
}

/// Whether it is worth a try with a new token.
fn is_over<T>(asked: &Result<T, HostError>) -> bool {
    matches!(asked, Err(HostError::Ended))
}
