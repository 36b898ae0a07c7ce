//! `lanyard credentials`.

use issuing::RenewError;
use model::{catalogue::Catalogue, id::CredentialId, maintenance::Standing, programme::Language};

use super::learners::{credential, operator};
use crate::{
    cli::Credentials, commands::maintenance::name_in, context::Context, error::CommandError, output::say,
};

/// Revokes or renews one credential.
pub fn run(context: &Context, action: Credentials) -> Result<(), CommandError> {
    match action {
        Credentials::Revoke { credential: which, reason } => {
            let id = credential(&which)?;
            let revocation = context.service.revoke(&operator(), id, &reason)?;
            let when = if revocation.was_already { "had been revoked" } else { "is revoked" };
            say(format_args!("{id} {when} at {}: {}", revocation.at, revocation.reason));
            Ok(())
        }
        Credentials::Renew { credential: which } => renew(context, credential(&which)?),
    }
}

fn renew(context: &Context, id: CredentialId) -> Result<(), CommandError> {
    match context.service.renew(&operator(), id) {
        Ok(issued) => {
            say(format_args!("renewed: {}", context.service.site().credential(issued.credential_id)));
            Ok(())
        }
        Err(RenewError::NotRipe(standing)) => {
            Err(CommandError::Usage(missing(&standing, &*context.service.catalogue()?)))
        }
        Err(error) => Err(CommandError::Usage(error.to_string())),
    }
}

/// What it would take.
fn missing(standing: &Standing, catalogue: &Catalogue) -> String {
    match &standing.way {
        Some(way) => way.sentence(&|slug| name_in(catalogue, slug), Language::En),
        None => format!("its state is `{}`, and there is no way to renew it", standing.state.as_str()),
    }
}
