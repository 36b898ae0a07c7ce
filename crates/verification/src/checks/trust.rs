//! Is its issuer one that the asker trusts?

use chrono::{DateTime, NaiveDate, Utc};
use model::report::{Check, Outcome, Question};
use model::sentence::Part;
use model::trust::{Standing, Trusted};
use serde_json::Value;

use super::{accreditation, codes, say};
use crate::Trust;
use crate::credential::{begin, issuer_id, moment, shown};

/// Looks for the issuer on the lists of the policy, and else for an endorsement inside
/// the credential, which verifies, by somebody whom the policy's lists of endorsers name.
///
/// Whoever is listed for some days is trusted for what was awarded on them.
pub(crate) fn check(
    trust: &Trust,
    credential: &Value,
    endorsements: &[(Option<Value>, Check)],
    now: DateTime<Utc>,
) -> Check {
    let Some(issuer) = issuer_id(credential) else {
        return codes::TRUST_NOT_CHECKED.found(say::no_issuer());
    };
    let day = awarded(credential).unwrap_or_else(|| now.date_naive());
    let standing = trust.registry.standing(&trust.policy.issuers, issuer, day);
    if let Standing::Listed { trusted, list } = standing {
        let (by, name) = (list.name.as_str(), trusted.name.as_str());
        if let Some(added) = trusted.added {
            return codes::TRUST_REGISTERED.found(say::registered(by, shown(issuer), name, added));
        }
        let mut listed = codes::TRUST_LISTED.found(say::listed(by, shown(issuer), name));
        listed.as_of = list.fetched.filter(|fetched| *fetched != now);
        return listed;
    }
    if let Some(endorser) = endorser(trust, endorsements, day) {
        return codes::TRUST_ENDORSED.found(say::endorsed_for_trust(endorser.name.as_str()));
    }
    let policy = trust.policy.name.as_str();
    match standing {
        Standing::OtherDays { trusted, list } => {
            let (list, name) = (list.name.as_str(), trusted.name.as_str());
            codes::TRUST_OTHER_DAYS.found(say::listed_for_other_days(list, name, day))
        }
        Standing::Unknown { list } => {
            codes::TRUST_LIST_UNREACHABLE.found(say::trust_list_missing(list.name.as_str()))
        }
        Standing::Listed { .. } | Standing::Unlisted => {
            codes::TRUST_UNTRUSTED.found(say::unlisted(Part::from(shown(issuer)), policy))
        }
    }
}

/// The day that counts: of the award, else of the begin of the credential.
fn awarded(credential: &Value) -> Option<NaiveDate> {
    let stated = accreditation::stated(credential).and_then(|stated| stated.on);
    stated
        .or_else(|| begin(credential).and_then(|(_, value)| moment(value)).map(|moment| moment.date_naive()))
}

fn endorser<'a>(
    trust: &'a Trust,
    endorsements: &[(Option<Value>, Check)],
    day: NaiveDate,
) -> Option<&'a Trusted> {
    let genuine = endorsements
        .iter()
        .filter(|(_, check)| check.question == Question::Endorsements && check.outcome == Outcome::Pass);
    let mut by = genuine.filter_map(|(endorsement, _)| issuer_id(endorsement.as_ref()?));
    by.find_map(|by| match trust.registry.standing(&trust.policy.endorsers, by, day) {
        Standing::Listed { trusted, .. } => Some(trusted),
        _ => None,
    })
}
