//! Why a command did not do its work.

use model::field::FieldError;

/// A failed command. Each names what to mend; [`CommandError::Refused`] alone
/// has been reported already.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// A setting is wrong. The operator's fault.
    #[error("setting {name}: {detail}")]
    Setting {
        /// Its name, as in a file or in the environment.
        name: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The settings cannot be read. The operator's fault.
    #[error("settings: {0}")]
    Settings(String),
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database refused or did not answer.
    #[error("database: {0}")]
    Registry(#[from] registry::RegistryError),
    /// The keys cannot be used.
    #[error("keys: {0}")]
    Signing(#[from] signing::SigningError),
    /// What the command was asked is wrong. The asker's fault.
    #[error("{0}")]
    Usage(String),
    /// The command did its work and the answer is no: a credential that does
    /// not verify, a catalogue with faults. Already printed.
    #[error("")]
    Refused,
    /// The service ended with an error of the network.
    #[error("server: {0}")]
    Server(std::io::Error),
}

impl CommandError {
    /// Wraps an error about a file.
    pub fn file(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::File { path: path.display().to_string(), source }
    }
}

/// What was asked cannot be done: every fault of it, or why.
fn cannot(faults: &[FieldError], why: &dyn std::fmt::Display) -> CommandError {
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    CommandError::Usage(if faults.is_empty() { why.to_string() } else { faults.join("\n") })
}

impl From<Vec<FieldError>> for CommandError {
    fn from(faults: Vec<FieldError>) -> Self {
        cannot(&faults, &"it cannot be read")
    }
}

impl From<api::Problem> for CommandError {
    fn from(problem: api::Problem) -> Self {
        cannot(&problem.errors, &problem.detail)
    }
}

/// Errors that list the faults of what was asked.
macro_rules! listing {
    ($($error:ident),*) => {$(
        impl From<issuing::$error> for CommandError {
            fn from(error: issuing::$error) -> Self {
                match &error {
                    issuing::$error::Invalid(faults) => cannot(faults, &error),
                    _ => cannot(&[], &error),
                }
            }
        }
    )*};
}

listing!(AcceptError, CpdError, EndorseError, RevokeError);

impl From<issuing::PriorLearningError> for CommandError {
    fn from(error: issuing::PriorLearningError) -> Self {
        match error {
            issuing::PriorLearningError::Accept(error) => error.into(),
            error => cannot(&[], &error),
        }
    }
}

impl From<issuing::IssuingError> for CommandError {
    fn from(error: issuing::IssuingError) -> Self {
        match error {
            issuing::IssuingError::Registry(error) => error.into(),
            issuing::IssuingError::Signing(error) => error.into(),
            error => cannot(&[], &error),
        }
    }
}
