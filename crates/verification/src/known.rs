//! What a service knows of its own credentials and awards beyond what these say.

use chrono::{DateTime, NaiveDate, Utc};
use model::maintenance::State;

/// What a service knows of a credential of its own beyond what that says. Nothing here
/// makes a credential good or bad.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// What took its place when it was corrected.
    pub superseded: Option<Superseded>,
    /// The organisations behind it that are no more.
    pub ended: Vec<Ended>,
}

/// How a credential stands by its status lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// There are lists, each was read, and none marks it.
    Clear,
    /// Anything else: it is marked, or that is not known.
    Unclear,
}

/// What took a credential's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Superseded {
    /// The credential at this address.
    By(String),
    /// Another holder's credential, whose address is not told.
    Elsewhere,
}

/// An organisation that is no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Its name.
    pub name: String,
    /// The first day on which others stood in its place.
    pub on: NaiveDate,
    /// The names of those who answer for it now.
    pub by: Vec<String>,
}

/// An award, as its badge states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awarding<'a> {
    /// The badge's issuer.
    pub issuer: &'a str,
    /// The id of the achievement.
    pub achievement: &'a str,
    /// The id of who delivered the learning, where the badge shows it.
    pub provider: Option<&'a str>,
    /// The day of the award.
    pub on: NaiveDate,
    /// When the badge was issued.
    pub issued: DateTime<Utc>,
}

/// What a register of accreditations says of an award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accredited {
    /// The provider might award the achievement on that day.
    Held {
        /// The provider's name.
        provider: String,
        /// The name of who accredited it.
        by: String,
        /// The first day of the accreditation.
        from: NaiveDate,
        /// Its last day, if it had one.
        until: Option<NaiveDate>,
        /// When it came to its end since, if it did.
        ended: Option<NaiveDate>,
    },
    /// A programme's rule awarded it, and no provider.
    ByRule,
    /// The provider might not.
    NotHeld {
        /// The provider's name.
        provider: String,
    },
    /// The badge does not show who the provider was.
    NotNamed,
    /// The register could not be read just now.
    Unanswered,
}

/// What is asked of a service about a credential of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// What its log holds.
    pub log: bool,
    /// What its ledger holds.
    pub ledger: bool,
    /// What keeps its award in force.
    pub maintenance: bool,
    /// How it stood then.
    pub as_of: Option<DateTime<Utc>>,
}

/// What a service has recorded of a credential of its own; only what was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    /// What its log holds.
    pub log: Option<Logged>,
    /// What its ledger holds.
    pub ledger: Option<Entered>,
    /// What keeps its award in force.
    pub maintenance: Option<Maintained>,
    /// How it stood then.
    pub stood: Option<StoodThen>,
}

/// What a log holds of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Logged {
    /// This very credential, by a proof that holds.
    In {
        /// The number of its entry.
        index: u64,
        /// Entries in the log.
        size: u64,
        /// When it was issued, which its entry vouches for.
        at: DateTime<Utc>,
    },
    /// It was issued and waits for its place.
    Waiting,
    /// Another one under its id.
    Other,
    /// It in another form, which cannot be compared.
    OtherForm,
    /// The service never issued one of this id.
    Absent,
    /// The log could not be read just now, or its proof does not hold.
    Unanswered,
}

/// What a ledger holds of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// Its credit.
    Stands {
        /// When it was written.
        at: DateTime<Utc>,
    },
    /// Its credit, and that it was taken back.
    Reversed {
        /// When it was written.
        at: DateTime<Utc>,
        /// When it was taken back.
        since: DateTime<Utc>,
    },
    /// Nothing.
    Absent,
    /// The ledger could not be read just now.
    Unanswered,
}

/// How an award is kept in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Maintained {
    /// The state.
    pub state: State,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when, if it does not stay so.
    pub until: Option<DateTime<Utc>>,
}

/// How a credential stood at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoodThen {
    /// It was not issued yet.
    NotIssued,
    /// It stood.
    Stood,
    /// It had been taken back.
    Revoked {
        /// When.
        since: DateTime<Utc>,
    },
}
