//! Checking badges, and whom to trust.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use model::id::Slug;

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// Files, `-` for standard input, or URLs.
    #[arg(required_unless_present = "batch", value_name = "BADGE")]
    pub badges: Vec<String>,

    /// Print the report as JSON; of several badges, a list of reports; of a batch, whole
    /// reports instead of what they come to.
    #[arg(long)]
    pub json: bool,

    /// Check every row of this file (NDJSON, CSV, or `-`) instead: a badge, a token or an
    /// address each. One JSON object a row is printed, in order.
    #[arg(long, value_name = "FILE", conflicts_with = "badges")]
    pub batch: Option<PathBuf>,

    /// Reach out to nobody: keys and status lists come from this file, the answer of a
    /// service's `GET /v1/offline-bundle`, and what it does not hold is not checked.
    #[arg(long, value_name = "BUNDLE", requires = "bundle_issuer")]
    pub offline: Option<PathBuf>,

    /// Who must have signed the bundle: a did:key or did:jwk, or a file with the issuer's
    /// document (`/.well-known/did.json`) that was fetched and kept earlier.
    #[arg(long, value_name = "DID|FILE", requires = "offline")]
    pub bundle_issuer: Option<String>,

    /// Whose badge it should be: an email, a DID or a name.
    #[arg(long)]
    pub recipient: Option<String>,

    /// The trust policy that makes the verdict, of a file in `trust_dir`.
    #[arg(long)]
    pub policy: Option<Slug>,

    /// Which achievement it should be: its id, or its name.
    #[arg(long)]
    pub achievement: Option<String>,

    /// Judge it as of then: a date-time, or a date, whose whole day counts. How it stood
    /// then is known of this service's own badges (--own).
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,

    /// Look also at what is not looked at otherwise; of all but evidence this service's own
    /// records tell (--own).
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub also: Vec<Besides>,

    /// The same as --also evidence.
    #[arg(long)]
    pub evidence: bool,

    /// Which registration level all the badges together should meet: its short name. Badges
    /// of this service count.
    #[arg(long, requires = "own", conflicts_with = "batch")]
    pub level: Option<Slug>,

    /// Answer for this service's own badges from its database and keys, which are only read.
    #[arg(long, conflicts_with = "offline")]
    pub own: bool,

    /// Of a presentation: the challenge you gave to be signed.
    #[arg(long)]
    pub challenge: Option<String>,

    /// Of a presentation: your own domain.
    #[arg(long)]
    pub domain: Option<String>,
}

/// What can be done with the registry of issuers.
#[derive(Debug, Subcommand)]
pub enum Trust {
    /// Print every decision on an issuer and a list, the oldest first.
    List,
    /// Put an issuer on a list, or change as what and for which days it stands there.
    Add {
        /// The list's short name, in a file of `trust_dir`.
        #[arg(long)]
        list: Slug,
        /// The issuer's DID or address, letter by letter as its badges name it.
        #[arg(long)]
        issuer: String,
        /// What it is called there.
        #[arg(long)]
        name: String,
        /// The first day of which awards count; without it, all before too.
        #[arg(long, value_name = "DAY")]
        from: Option<String>,
        /// The last such day.
        #[arg(long, value_name = "DAY")]
        until: Option<String>,
        /// Why, in a line.
        #[arg(long)]
        reason: String,
    },
    /// Take an issuer off a list on which the registrar put it.
    Withdraw {
        /// The list's short name.
        #[arg(long)]
        list: Slug,
        /// The issuer's DID or address.
        #[arg(long)]
        issuer: String,
        /// Why, in a line.
        #[arg(long)]
        reason: String,
    },
}

/// What is looked at only when it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Besides {
    /// Whether the evidence that it names can be had.
    Evidence,
    /// What its issuer's log holds of it.
    Log,
    /// Whether its credit stands in its issuer's ledger.
    Ledger,
    /// What keeps its award in force.
    Maintenance,
}
