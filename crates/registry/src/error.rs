//! What can go wrong between the service and its database.

/// Why the registry did not do what was asked. Faults of a single row are
/// outcomes of that row, not errors.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The database does not answer, is busy beyond patience, is shutting down
    /// or cannot write. Nobody's input is at fault: ask again later (503).
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The database URL or an option cannot be used. Whose fault: the operator's.
    #[error("{0}")]
    Configuration(String),
    /// The tables could not be brought up to date. Whose fault: the operator's,
    /// when the database is newer than the program; else a bug.
    #[error("the database could not be migrated: {0}")]
    Migration(String),
    /// A published achievement version would change. Whose fault: the catalogue
    /// editor's; a change needs a new version.
    #[error(
        "achievement `{slug}` version `{version}` is already published with other content ({differing}); give the change a new version"
    )]
    PublishedVersionChanged {
        /// The achievement's short name.
        slug: String,
        /// The version that is already published.
        version: String,
        /// The members that differ, comma separated.
        differing: String,
    },
    /// A published programme version would change. Whose fault: the catalogue
    /// editor's; a change needs a new version. A copy's version names its blueprint's:
    /// where only that part is wrong, the blueprint needs the new version.
    #[error(
        "programme `{slug}` version `{version}` is already published with other content ({differing}); give the change a new version"
    )]
    PublishedProgrammeChanged {
        /// The programme's short name.
        slug: String,
        /// The version that is already published.
        version: String,
        /// The members that differ, comma separated.
        differing: String,
    },
    /// The registry was opened to be read from. Whose fault: whoever asks this instance to
    /// write, or sends such requests to it.
    #[error("this instance only reads; what writes goes to the one that writes")]
    ReadOnly,
    /// The rules of a maintenance policy that are in force would change. Whose fault: the
    /// catalogue editor's; a change needs rules of its own, from a day that is to come.
    #[error(
        "the rules of the maintenance policy `{slug}` from {from} {why}; give the change rules of its own, from a day to come"
    )]
    PublishedPolicyChanged {
        /// The policy's short name.
        slug: String,
        /// The first day of the rules.
        from: chrono::NaiveDate,
        /// What is wrong.
        why: &'static str,
    },
    /// A record that was named does not exist. Whose fault: the caller's.
    #[error("there is no {what} `{id}`")]
    Missing {
        /// The kind of record.
        what: &'static str,
        /// The identifier that was asked for.
        id: String,
    },
    /// What was asked for said something about a person whose key was deleted
    /// ([`erase`](crate::Registry::erase)). Nobody's fault; it does not come back.
    #[error("it was about a person, and was erased")]
    Erased,
    /// A row says something that cannot be. Whose fault: whoever changed the
    /// database behind the service's back, or a bug.
    #[error("{table} `{id}` cannot be read: {detail}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The row.
        id: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The log cannot be continued as it was signed. Whose fault: whoever changed
    /// the database behind the service's back or put an old backup in its place.
    /// Nothing else is held up by it.
    #[error("the log cannot be continued: {0}")]
    Log(String),
    /// The database refused a statement that ought to have been right: a bug,
    /// or a constraint doing its work.
    #[error("the database refused a statement: {0}")]
    Database(#[source] diesel::result::Error),
}

impl From<diesel::result::Error> for RegistryError {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error};
        match error {
            Error::DatabaseError(
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::SerializationFailure
                | DatabaseErrorKind::ReadOnlyTransaction,
                information,
            ) => Self::Unavailable(information.message().to_owned()),
            Error::DatabaseError(DatabaseErrorKind::Unknown, information)
                if passes(information.message()) =>
            {
                Self::Unavailable(information.message().to_owned())
            }
            Error::BrokenTransactionManager => Self::Unavailable("the connection was lost".to_owned()),
            Error::RollbackErrorOnCommit { commit_error, .. } => Self::from(*commit_error),
            other => Self::Database(other),
        }
    }
}

/// Whether the message is one that a database gives for a trouble that passes.
/// Neither libpq nor `SQLite` gives diesel a code to tell these by.
fn passes(message: &str) -> bool {
    const PASSING: &[&str] = &[
        // SQLite
        "database is locked",
        "database table is locked",
        "disk I/O error",
        "database or disk is full",
        "unable to open database file",
        "attempt to write a readonly database",
        // PostgreSQL
        DEADLOCK,
        "terminating connection",
        "server closed the connection",
        "connection to server",
        "no connection to the server",
        "connection not open",
        "timeout expired",
        "SSL SYSCALL",
        "SSL connection has been closed",
        "could not send data",
        "could not receive data",
        "the database system is",
        "canceling statement due to",
        "canceling authentication",
        "too many clients",
        "remaining connection slots",
        "No space left on device",
        "could not extend file",
        "could not write",
        "could not fsync",
        "out of shared memory",
    ];
    PASSING.iter().any(|known| message.contains(known))
}

const DEADLOCK: &str = "deadlock detected";

impl RegistryError {
    /// Whether another transaction stood in the way, so that doing the same again
    /// at once will see what it did.
    pub(crate) fn is_collision(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        match self {
            Self::Database(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => true,
            Self::Unavailable(message) => message.contains(DEADLOCK),
            _ => false,
        }
    }

    /// A row that cannot be read.
    #[expect(clippy::needless_pass_by_value, reason = "errors come by value from map_err")]
    pub(crate) fn corrupt(table: &'static str, id: &str, detail: impl ToString) -> Self {
        Self::Corrupt { table, id: id.to_owned(), detail: detail.to_string() }
    }
}

/// Reads a stored text as what it must be.
pub(crate) fn parsed<T: std::str::FromStr<Err: ToString>>(
    table: &'static str,
    id: &str,
    text: &str,
) -> Result<T, RegistryError> {
    text.parse().map_err(|error: T::Err| RegistryError::corrupt(table, id, error))
}

/// Reads a stored JSON text as what it must be.
pub(crate) fn parsed_json<T: serde::de::DeserializeOwned>(
    table: &'static str,
    id: &str,
    text: &str,
) -> Result<T, RegistryError> {
    serde_json::from_str(text).map_err(|error| RegistryError::corrupt(table, id, error))
}
