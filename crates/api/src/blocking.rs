//! Work that waits for the database or computes for long: off the threads
//! that answer requests.

use actix_web::web;
use registry::{Registry, RegistryError};

use crate::{problem::Problem, state::AppState};

/// Runs `work` on the blocking pool.
pub async fn run<T: Send + 'static>(
    state: &web::Data<AppState>,
    work: impl FnOnce(&AppState) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let state = state.clone();
    web::block(move || work(&state)).await?
}

/// Asks the registry on the blocking pool.
pub async fn registry<T: Send + 'static>(
    state: &web::Data<AppState>,
    ask: impl FnOnce(&Registry) -> Result<T, RegistryError> + Send + 'static,
) -> Result<T, Problem> {
    run(state, move |state| Ok(ask(&state.registry)?)).await
}

impl From<RegistryError> for Problem {
    fn from(error: RegistryError) -> Self {
        (&error).into()
    }
}

impl From<&RegistryError> for Problem {
    fn from(error: &RegistryError) -> Self {
        match error {
            RegistryError::Unavailable(reason) => {
                tracing::warn!(database.reason = %reason, "the database is not available");
                Self::unavailable()
            }
            other => Self::internal(other),
        }
    }
}
