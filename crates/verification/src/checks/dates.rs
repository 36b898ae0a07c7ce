//! Has it begun and not ended?

use chrono::{DateTime, Utc};
use model::report::Check;
use serde_json::Value;

use super::{codes, say};
use crate::credential::{begin, end, is_badge, moment, shown};

/// Both bounds are inclusive: at the very second of `validFrom` and of
/// `validUntil` the credential is valid.
pub(crate) fn check(credential: &Value, now: DateTime<Utc>) -> Check {
    let (begin, end) = (begin(credential), end(credential));
    if begin.is_none() && is_badge(credential) {
        return codes::DATES_UNREADABLE.found(say::begin_missing());
    }
    for (name, value) in [begin, end].into_iter().flatten() {
        if moment(value).is_none() {
            return codes::DATES_UNREADABLE.found(say::date_unreadable(name, shown(&value.to_string())));
        }
    }
    let begins = begin.and_then(|(_, value)| moment(value));
    let ends = end.and_then(|(_, value)| moment(value));
    match (begins, ends) {
        (Some(begins), _) if now < begins => codes::DATES_NOT_YET.found(say::begins(begins, now)),
        (_, Some(ends)) if ends < now => codes::DATES_EXPIRED.found(say::ended(ends, now)),
        (begins, ends) => codes::DATES_CURRENT.found(match (begins, ends) {
            (Some(begins), Some(ends)) => say::lasts(begins, ends),
            (Some(begins), None) => say::lasts_from(begins),
            (None, Some(ends)) => say::lasts_until(ends),
            (None, None) => say::no_dates(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_bounds_belong_to_the_time() {
        let badge = json!({
            "type": ["OpenBadgeCredential"],
            "validFrom": "2026-01-01T09:00:00+01:00", "validUntil": "2026-12-31T23:59:59Z",
        });
        for (now, expected) in [
            ("2026-01-01T07:59:59Z", "dates-not-yet"),
            ("2026-01-01T08:00:00Z", "dates-current"),
            ("2026-12-31T23:59:59Z", "dates-current"),
            ("2027-01-01T00:00:00Z", "dates-expired"),
        ] {
            assert_eq!(check(&badge, now.parse().unwrap()).code, expected, "{now}");
        }
    }

    #[test]
    fn dates_of_both_data_models_are_read_and_bad_ones_named() {
        let now = "2026-06-01T00:00:00Z".parse().unwrap();
        for (credential, expected) in [
            (
                json!({"issuanceDate": "2026-01-01T00:00:00Z", "expirationDate": "2026-02-01T00:00:00Z"}),
                "dates-expired",
            ),
            (json!({"issuanceDate": "2026-07-01T00:00:00Z"}), "dates-not-yet"),
            (json!({"validFrom": "2026-01-01T00:00:00"}), "dates-unreadable"),
            (json!({"validFrom": "2026-01-01"}), "dates-unreadable"),
            (json!({"validFrom": "2026-01-01 00:00:00Z"}), "dates-unreadable"),
            (json!({"validUntil": 1_800_000_000}), "dates-unreadable"),
            (json!({}), "dates-current"),
            (json!({"type": ["AchievementCredential"]}), "dates-unreadable"),
        ] {
            assert_eq!(check(&credential, now).code, expected, "{credential}");
        }
    }
}
