//! Https served by the process itself, for suites that ask for it and small
//! installations; otherwise a proxy in front ends it.

use std::{path::Path, sync::Arc};

use rcgen::CertifiedKey;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use url::Url;

use crate::{
    cli::Serve,
    error::CommandError,
    settings::{Mode, Settings},
};

/// How https is served, if it is: with the operator's certificate, or with one
/// made now that nobody trusts.
pub fn of(arguments: &Serve, settings: &Settings) -> Result<Option<ServerConfig>, CommandError> {
    let (chain, key) = if let (Some(chain), Some(key)) = (&arguments.tls_cert, &arguments.tls_key) {
        from_files(chain, key)?
    } else if arguments.tls_self_signed {
        if settings.mode == Mode::Production {
            return Err(CommandError::Usage(
                "--tls-self-signed is for development: a certificate that nobody trusts helps no badge; give \
                 --tls-cert and --tls-key, or set LANYARD_MODE=development"
                    .to_owned(),
            ));
        }
        self_signed(settings)?
    } else {
        return Ok(None);
    };
    if !settings.site.is_https() {
        return Err(CommandError::Setting {
            name: "public_url".to_owned(),
            detail: format!("`{}` is not https, which was asked for", settings.site.base()),
        });
    }
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| refused(&error))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| refused(&error))?;
    Ok(Some(config))
}

type Certified = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn from_files(chain: &Path, key: &Path) -> Result<Certified, CommandError> {
    let refused = |path: &Path, error: &dyn std::fmt::Display| {
        CommandError::Usage(format!("{}: {error}", path.display()))
    };
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect)
        .map_err(|error| refused(chain, &error))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| refused(key, &error))?;
    Ok((certificates, key))
}

/// For the service's own host and loopback.
fn self_signed(settings: &Settings) -> Result<Certified, CommandError> {
    let host = Url::parse(settings.site.base()).ok().and_then(|url| url.host_str().map(str::to_owned));
    let mut names: Vec<String> = host.into_iter().collect();
    for own in ["localhost", "127.0.0.1"] {
        if !names.iter().any(|name| name == own) {
            names.push(own.to_owned());
        }
    }
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(names).map_err(|error| refused(&error))?;
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).map_err(|error| refused(&error))?;
    Ok((vec![cert.der().clone()], key))
}

fn refused(error: &dyn std::fmt::Display) -> CommandError {
    CommandError::Usage(format!("https cannot be served: {error}"))
}
