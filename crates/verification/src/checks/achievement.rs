//! Is it the achievement that the asker expects?

use model::report::Check;
use serde_json::Value;

use super::recipient::folded;
use super::{codes, say};
use crate::credential::{many, shown, text};

/// Compares the achievement's id, whole or without its last part, which is the version
/// where ids are made so; and else its name, which is not unique.
pub(crate) fn check(credential: &Value, expected: &str) -> Check {
    let expected = expected.trim();
    let subjects = many(credential, "credentialSubject");
    let achievements: Vec<&Value> =
        subjects.into_iter().flat_map(|subject| many(subject, "achievement")).collect();
    let is = |achievement: &&Value| {
        let id = text(achievement, "id").unwrap_or_default();
        id == expected || id.rsplit_once('/').is_some_and(|(base, _)| base == expected.trim_end_matches('/'))
    };
    if achievements.iter().any(is) {
        return codes::ACHIEVEMENT_MATCHES.found(say::achievement_is(shown(expected)));
    }
    let called = |achievement: &&Value| text(achievement, "name").map(folded) == Some(folded(expected));
    if achievements.iter().any(called) {
        return codes::ACHIEVEMENT_NAME_MATCHES.found(say::achievement_called(shown(expected)));
    }
    codes::ACHIEVEMENT_DIFFERS.found(say::achievement_is_not(shown(expected)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_achievement_is_told_by_its_id_with_or_without_version_or_by_its_name() {
        let badge = json!({"credentialSubject": {"achievement": {
            "id": "https://badges.example.org/achievements/ucd/1", "name": "User centred design",
        }}});
        for (expected, code) in [
            ("https://badges.example.org/achievements/ucd/1", "achievement-matches"),
            ("https://badges.example.org/achievements/ucd", "achievement-matches"),
            ("https://badges.example.org/achievements/ucd/", "achievement-matches"),
            (" user  centred design", "achievement-name-matches"),
            ("https://badges.example.org/achievements", "achievement-differs"),
            ("https://badges.example.org/achievements/ucd/2", "achievement-differs"),
            ("Data", "achievement-differs"),
            ("", "achievement-differs"),
        ] {
            assert_eq!(check(&badge, expected).code, code, "{expected}");
        }
        assert_eq!(check(&json!({}), "x").code, "achievement-differs");
    }
}
