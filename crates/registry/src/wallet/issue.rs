//! What wallets were given.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use model::id::{OfferId, WalletIssueId};

use crate::{Registry, RegistryError, db::stored, schema::wallet_issues};

/// One answer to a wallet: a credential, or that it will come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue<'a> {
    /// By which the wallet names it afterwards.
    pub id: WalletIssueId,
    /// Under which offer.
    pub offer: OfferId,
    /// The form: `dc+sd-jwt`, `ldp_vc` or `jwt_vc_json`.
    pub form: &'a str,
    /// Whether it was given, or is still to be.
    pub is_given: bool,
}

impl Registry {
    /// Notes what a wallet was answered.
    pub fn record_issue(&self, issue: &Issue<'_>, now: DateTime<Utc>) -> Result<(), RegistryError> {
        let row = (
            wallet_issues::id.eq(issue.id.to_string()),
            wallet_issues::offer_id.eq(issue.offer.to_string()),
            wallet_issues::form.eq(issue.form),
            wallet_issues::asked_at.eq(stored(now)),
            wallet_issues::issued_at.eq(issue.is_given.then(|| stored(now))),
        );
        self.write(|db| {
            diesel::insert_into(wallet_issues::table).values(row).execute(db)?;
            Ok(())
        })
    }

    /// The form of what is still to be given under an offer, by its transaction.
    pub fn deferred_issue(&self, offer: OfferId, id: WalletIssueId) -> Result<Option<String>, RegistryError> {
        self.read(|db| {
            Ok(wallet_issues::table
                .find(id.to_string())
                .filter(wallet_issues::offer_id.eq(offer.to_string()))
                .filter(wallet_issues::issued_at.is_null())
                .select(wallet_issues::form)
                .first(db)
                .optional()?)
        })
    }

    /// Notes that it was given now; `false` when it was given before.
    pub fn finish_issue(
        &self,
        offer: OfferId,
        id: WalletIssueId,
        now: DateTime<Utc>,
    ) -> Result<bool, RegistryError> {
        self.write(|db| {
            let waiting = wallet_issues::table
                .filter(wallet_issues::id.eq(id.to_string()))
                .filter(wallet_issues::offer_id.eq(offer.to_string()))
                .filter(wallet_issues::issued_at.is_null());
            Ok(diesel::update(waiting).set(wallet_issues::issued_at.eq(stored(now))).execute(db)? == 1)
        })
    }

    /// Notes what a wallet says became of it; `false` when nothing such was given under that
    /// offer.
    pub fn notify_issue(
        &self,
        offer: OfferId,
        id: WalletIssueId,
        event: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, RegistryError> {
        self.write(|db| {
            let given = wallet_issues::table
                .filter(wallet_issues::id.eq(id.to_string()))
                .filter(wallet_issues::offer_id.eq(offer.to_string()))
                .filter(wallet_issues::issued_at.is_not_null());
            let noted = (wallet_issues::event.eq(event), wallet_issues::event_at.eq(stored(now)));
            Ok(diesel::update(given).set(noted).execute(db)? == 1)
        })
    }
}
