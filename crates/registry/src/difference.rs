//! Which members of two values differ, so that a refusal can name them.

use serde::Serialize;
use serde_json::Value;

/// The names of the members by which two values of one type differ, in the order
/// of the type.
pub(crate) fn members<T: Serialize>(first: &T, second: &T) -> Vec<String> {
    let (Ok(Value::Object(first)), Ok(Value::Object(second))) =
        (serde_json::to_value(first), serde_json::to_value(second))
    else {
        return Vec::new();
    };
    let only_second = second.keys().filter(|name| !first.contains_key(*name));
    let differing = first.keys().filter(|name| first.get(*name) != second.get(*name));
    differing.chain(only_second).cloned().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changed_missing_and_added_members_are_named() {
        let first = json!({"same": 1, "changed": 1, "gone": 1});
        let second = json!({"same": 1, "changed": 2, "added": 1});
        assert_eq!(members(&first, &second), ["changed", "gone", "added"]);
        assert!(members(&first, &first).is_empty());
    }
}
