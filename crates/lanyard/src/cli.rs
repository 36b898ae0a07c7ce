//! The command line.

mod checking;
mod cpd;
mod credentials;

pub use checking::{Besides, Trust, Verify};
pub use cpd::{Cpd, DecisionName};
pub use credentials::Credentials;

use std::{num::NonZeroU32, path::PathBuf};

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use model::id::Slug;

/// Open Badges 3.0 for the NHS Digital Academy: issue, keep and check badges.
#[derive(Debug, Parser)]
#[command(name = "lanyard", version, about, disable_help_subcommand = true)]
pub struct Cli {
    /// A settings file (TOML). Settings in the environment (LANYARD_…) and
    /// flags win over it.
    #[arg(long, global = true, env = "LANYARD_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The database: `sqlite://PATH` or `postgres://…`.
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,

    /// The address by which the world reaches the service.
    #[arg(long, global = true, value_name = "URL")]
    pub public_url: Option<String>,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `lanyard` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API and the pages.
    Serve(Serve),
    /// Bring the database to the present schema.
    Migrate,
    /// Make and look after signing keys.
    #[command(subcommand)]
    Keys(Keys),
    /// Check and load the catalogue of achievements.
    #[command(subcommand)]
    Catalogue(Catalogue),
    /// Check programmes, see what publishing them would change, decide reviews.
    #[command(subcommand)]
    Programme(Programme),
    /// See how awards stand and what renews them, and whom a changed policy would affect.
    #[command(subcommand)]
    Maintenance(Maintenance),
    /// Register the systems that post completions.
    #[command(subcommand)]
    Clients(Clients),
    /// Look after what is kept of learners.
    #[command(subcommand)]
    Learners(Learners),
    /// Look after learners' CPD: activities, credit from elsewhere, adjustments, schemes.
    #[command(subcommand)]
    Cpd(Cpd),
    /// Revoke or renew a credential.
    #[command(subcommand)]
    Credentials(Credentials),
    /// Endorse an achievement or an organisation with a professional body's own key, keep what
    /// a body signed itself, or withdraw an endorsement.
    Endorse(Endorse),
    /// Keep the registry of issuers: whom to trust.
    #[command(subcommand)]
    Trust(Trust),
    /// Bring in data from files.
    #[command(subcommand)]
    Import(Import),
    /// Check a badge, or a presentation of badges: a file (JSON, JWT, PNG, SVG), `-`,
    /// or a URL.
    Verify(Verify),
    /// Look at the log that makes the registry tamper-evident.
    #[command(subcommand)]
    Log(Log),
    /// Run a witness: it sees to it that a log, of this or any other service, only grows.
    Witness(Witness),
    /// Check configuration, database, keys and clock.
    Doctor(Doctor),
}

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// What to bind, as ADDRESS:PORT.
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,

    /// First make what is missing: keys, the catalogue, a sample provider with
    /// an API key; then print a request to try. Development only.
    #[arg(long)]
    pub sample: bool,

    /// Also serve the VC API of the W3C CCG (docs/vc-api.md).
    #[arg(long)]
    pub vc_api: bool,

    /// Serve https with a certificate made now, that nobody trusts. Development only.
    #[arg(long, conflicts_with = "tls_cert")]
    pub tls_self_signed: bool,

    /// Serve https with this certificate chain (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// The certificate's private key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
}

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Make a key for an issuer that has none of the algorithm.
    Generate(KeyChoice),
    /// List every key, retired ones too.
    List,
    /// Make a new key and retire the one in force: badges it signed stay valid.
    Rotate(KeyChoice),
    /// Stop signing with a key.
    Retire {
        /// The key's id, as `lanyard keys list` prints it.
        key: String,
    },
    /// Mark a key that somebody else may have had: it signs nothing from now
    /// on, and is published as revoked. What it signed is no longer valid by
    /// its own dates.
    Compromise {
        /// The key's id, as `lanyard keys list` prints it.
        key: String,
        /// Since when, as a day (2026-05-01) or a moment (2026-05-01T09:30:00Z).
        #[arg(long, value_name = "DATE")]
        since: String,
        /// Do it without asking.
        #[arg(long)]
        yes: bool,
    },
}

/// An issuer and an algorithm.
#[derive(Debug, Args)]
pub struct KeyChoice {
    /// The issuer's short name in the catalogue.
    #[arg(long)]
    pub issuer: String,

    /// The algorithm. Without it: Ed25519 and ES256, what a badge needs.
    #[arg(long, value_enum)]
    pub algorithm: Option<AlgorithmName>,

    /// Make the key inside the PKCS#11 token, which never gives it away.
    /// Without it, `generate` makes a file and `rotate` stays where the key is.
    #[arg(long)]
    pub pkcs11: bool,
}

/// An algorithm by the name people use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AlgorithmName {
    /// Data Integrity, eddsa-rdfc-2022.
    Ed25519,
    /// VC-JWT with P-256.
    Es256,
    /// VC-JWT with RSA.
    Rs256,
}

/// What can be done with the catalogue.
#[derive(Debug, Subcommand)]
pub enum Catalogue {
    /// Report every fault of the files; change nothing.
    Check {
        /// The folder; without it, the setting `catalogue_dir`.
        folder: Option<PathBuf>,
    },
    /// Check the files, then store what is new.
    Load {
        /// The folder; without it, the setting `catalogue_dir`.
        folder: Option<PathBuf>,
    },
}

/// What can be done with programmes.
#[derive(Debug, Subcommand)]
pub enum Programme {
    /// Say what forbids publishing the programmes, each fault with its path, and what
    /// their rules are in words; change nothing.
    Check {
        /// A catalogue's folder, or one file of it that changes what stands in the
        /// setting `catalogue_dir`.
        path: PathBuf,
        /// Say the rules in Welsh.
        #[arg(long)]
        welsh: bool,
    },
    /// Say which programmes and copies publishing would change, and for how many
    /// learners; change nothing.
    Preview {
        /// A catalogue's folder, or one file that changes what is published.
        path: PathBuf,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
    /// List the awards that stand although something that counted was revoked.
    Reviews,
    /// Decide that such an award stands. To revoke it, revoke its credential.
    Keep {
        /// The award's id, as `lanyard programme reviews` prints it.
        award: String,
    },
}

/// What can be done with maintenance.
#[derive(Debug, Subcommand)]
pub enum Maintenance {
    /// Say in which state an award is, or all of a learner's, and what it takes to renew
    /// them.
    Show {
        /// The id of a credential, or of a learner.
        id: String,
        /// As it stood then: a day (2026-05-01), which counts whole, or a moment.
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
        /// Say it in Welsh.
        #[arg(long)]
        welsh: bool,
    },
    /// Say which policies publishing would change, and whom that would affect; change
    /// nothing.
    Preview {
        /// A catalogue's folder, or one file that changes what is published.
        path: PathBuf,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// What can be done with API clients.
#[derive(Debug, Subcommand)]
pub enum Clients {
    /// Register a client of a provider. Its secret is printed once.
    Add {
        /// The provider's short name in the catalogue.
        #[arg(long, required_unless_present = "academy", conflicts_with = "academy")]
        provider: Option<String>,
        /// The client is the Academy's own registrar: it may see and revoke
        /// every provider's badges, and posts no completions.
        #[arg(long)]
        academy: bool,
        /// A name for people.
        #[arg(long)]
        name: String,
        /// What it may do, comma separated.
        #[arg(
            long,
            value_delimiter = ',',
            default_value = "completions:write,credentials:read,credentials:revoke,ledger:read"
        )]
        scopes: Vec<String>,
        /// A JWK Set file with its public keys: it signs in by `private_key_jwt`.
        #[arg(long, value_name = "FILE", conflicts_with = "api_key")]
        jwks: Option<PathBuf>,
        /// Give it an API key instead of a client secret, for small providers.
        #[arg(long)]
        api_key: bool,
        /// Days until the API key expires.
        #[arg(long, default_value_t = 365, requires = "api_key")]
        days: u32,
    },
    /// List clients and API keys.
    List,
    /// Show what a client asked and had checked, by day.
    Usage {
        /// The client's id.
        client: String,
        /// The first day; 29 days before the last if it is not given.
        #[arg(long)]
        from: Option<NaiveDate>,
        /// The last day; today if it is not given.
        #[arg(long)]
        to: Option<NaiveDate>,
    },
    /// Show what a client may do that others may do more or less of, or change it: for every
    /// request that comes after, without a restart.
    Limit {
        /// The client's id.
        client: String,
        /// Requests a minute.
        #[arg(long, value_name = "N")]
        requests_per_minute: Option<NonZeroU32>,
        /// Credentials that it may watch. Those that it watches already stay.
        #[arg(long, value_name = "N")]
        watches: Option<NonZeroU32>,
        /// Verification jobs that there may be of it. Those that there are stay.
        #[arg(long, value_name = "N")]
        jobs: Option<NonZeroU32>,
        /// No limits of its own any more: the settings hold.
        #[arg(long, conflicts_with_all = ["requests_per_minute", "watches", "jobs"])]
        default: bool,
    },
    /// Stop a client or an API key.
    Revoke {
        /// The client's id.
        client: String,
    },
}

/// What can be done with what is kept of learners.
#[derive(Debug, Subcommand)]
pub enum Learners {
    /// Erase a learner: everything about the person, for good. Everybody else's badges,
    /// the log and the sums stay as they are.
    Erase {
        /// The learner's id, as the API gives it with every completion.
        #[arg(long, required_unless_present = "badge", conflicts_with = "badge")]
        learner: Option<String>,
        /// A badge of theirs, by its id or address.
        #[arg(long)]
        badge: Option<String>,
        /// Revoke their badges too. Without it they stay valid for whoever has kept them.
        #[arg(long)]
        revoke: bool,
        /// Do it without asking.
        #[arg(long)]
        yes: bool,
    },
    /// Erase again who was erased and came back with an old backup; `serve` does so when
    /// it starts.
    EraseAgain,
    /// Find the teams and boards whose badges name a member so, whom erasing that member does
    /// not reach.
    Naming {
        /// The member's name, as it stands on the badges.
        name: String,
    },
}

/// Arguments of `endorse`.
#[derive(Debug, Args)]
pub struct Endorse {
    /// The body's short name in the catalogue. Its key: `lanyard keys generate --issuer BODY`.
    #[arg(long, value_name = "BODY", required_unless_present = "withdraw")]
    pub by: Option<Slug>,

    /// The achievement that is endorsed, by its short name.
    #[arg(long, conflicts_with = "organisation", required_unless_present_any = ["organisation", "signed", "withdraw"])]
    pub achievement: Option<Slug>,

    /// The achievement's version; without it, the present one.
    #[arg(long, requires = "achievement")]
    pub version: Option<String>,

    /// The organisation that is endorsed, by its short name.
    #[arg(long)]
    pub organisation: Option<Slug>,

    /// What the body says of it.
    #[arg(long, required_unless_present_any = ["signed", "withdraw"])]
    pub comment: Option<String>,

    /// The last day, or the moment at which it ends; within five years.
    #[arg(long, value_name = "DATE", required_unless_present_any = ["signed", "withdraw"])]
    pub until: Option<String>,

    /// Keep this endorsement, which the body signed itself (JSON). It is verified first.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["achievement", "organisation", "comment", "until", "withdraw"])]
    pub signed: Option<PathBuf>,

    /// Withdraw this endorsement instead, by its id or address.
    #[arg(long, value_name = "ENDORSEMENT", conflicts_with_all = ["by", "achievement", "organisation", "comment", "until"])]
    pub withdraw: Option<String>,
}

/// What can be imported.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// Completions from CSV, NDJSON or a JSON array. Importing a file again
    /// goes on where it stopped: what is recorded is left alone. A row that has
    /// changed since corrects what it stated before.
    Completions {
        #[command(flatten)]
        batch: Batch,
        /// Corrects nothing: a row that has changed since is not taken.
        #[arg(long)]
        no_corrections: bool,
    },
    /// Withdrawals of completions from CSV (`reference` or `completion`, and `reason`),
    /// NDJSON or a JSON array. Each row takes one completion back, for the reason in it;
    /// importing a file again changes nothing.
    Withdrawals {
        #[command(flatten)]
        batch: Batch,
    },
}

/// A file of rows.
#[derive(Debug, Args)]
pub struct Batch {
    /// The file.
    pub file: PathBuf,
    /// The provider whose completions they are.
    #[arg(long)]
    pub provider: String,
    /// The format; without it, by the file's ending.
    #[arg(long, value_enum)]
    pub format: Option<FormatName>,
    /// Where to write the rows that could not be taken, as NDJSON;
    /// without it, beside the file with the ending `.rejected.ndjson`.
    #[arg(long)]
    pub rejected: Option<PathBuf>,
}

/// A file format by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// Comma-, semicolon- or tab-separated values with a header.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// A JSON array of objects.
    Json,
}

/// What can be done with the log.
#[derive(Debug, Subcommand)]
pub enum Log {
    /// Print the log's name, keys and last checkpoint.
    Show {
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Recompute a log from its entries alone: tiles, root, signature.
    Verify(VerifyLog),
    /// End the log under its name and begin another with what the database has: for
    /// when entries that were signed are lost for good.
    BeginAnew {
        /// Do it without asking.
        #[arg(long)]
        yes: bool,
    },
    /// Compare the log with what was signed, and the tables with the log; name every
    /// row that was changed, deleted, moved or inserted.
    Audit {
        /// A checkpoint that was kept earlier, away from the database. May be repeated.
        #[arg(long, value_name = "FILE")]
        since: Vec<PathBuf>,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Arguments of `log verify`.
#[derive(Debug, Args)]
pub struct VerifyLog {
    /// The log's address (`https://…/log`) or a folder with its files; without
    /// it, the service's own.
    pub place: Option<String>,

    /// The log's verifier key (`name+id+key`), as `lanyard log show` prints it where
    /// the log is kept.
    #[arg(long)]
    pub key: Option<String>,

    /// A checkpoint that was kept earlier: the log must have grown out of it. May be
    /// repeated.
    #[arg(long, value_name = "FILE")]
    pub since: Vec<PathBuf>,

    /// Write the checkpoint to this file when all is well, for the next `--since`.
    #[arg(long, value_name = "FILE")]
    pub keep: Option<PathBuf>,
}

/// Arguments of `witness`.
#[derive(Debug, Args)]
pub struct Witness {
    /// The name of the witness, such as `witness.example.org`.
    #[arg(long)]
    pub name: String,

    /// The verifier key of the log that is followed. Without it the witness's own
    /// key is made and printed, and nothing more.
    #[arg(long, value_name = "KEY")]
    pub log_key: Option<String>,

    /// The file that holds what was seen last.
    #[arg(long, value_name = "FILE")]
    pub state: PathBuf,

    /// Take checkpoints that a log hands over, at ADDRESS:PORT.
    #[arg(long, value_name = "ADDRESS", requires = "log_key", conflicts_with = "url")]
    pub listen: Option<String>,

    /// Fetch checkpoints of the log at this address (`https://…/log`).
    #[arg(long, requires = "log_key")]
    pub url: Option<String>,

    /// Hand over what is cosigned to this address, as in
    /// `https://…/v1/log/cosignatures`; without it, it is printed.
    #[arg(long, value_name = "URL", requires = "url")]
    pub post: Option<String>,

    /// Seconds between two looks.
    #[arg(long, default_value_t = 60, requires = "url")]
    pub every: u64,

    /// Look once.
    #[arg(long, requires = "url")]
    pub once: bool,
}

/// Arguments of `doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Also compare completions, awards, credentials and the ledger row by row.
    #[arg(long)]
    pub audit: bool,

    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
