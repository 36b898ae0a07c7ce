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
    /// A record that was named does not exist. Whose fault: the caller's.
    #[error("there is no {what} `{id}`")]
    Missing {
        /// The kind of record.
        what: &'static str,
        /// The identifier that was asked for.
        id: String,
    },
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
    /// The database refused a statement that ought to have been right: a bug,
    /// or a constraint doing its work.
    #[error("the database refused a statement: {0}")]
    Database(#[source] diesel::result::Error),
}
