//! Why a command did not do its work.

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
