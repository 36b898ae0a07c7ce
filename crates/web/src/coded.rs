//! Sentences in which `backticks` mark what was stated.

/// The pieces of `text`, and of each whether it stood in backticks. A backtick
/// without its fellow is text.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((inside, after)) = rest.strip_prefix('`').and_then(|after| after.split_once('`')) {
            rest = after;
            return Some((true, inside));
        }
        // A lone backtick at the front goes with the text after it.
        let end = rest.char_indices().skip(1).find(|(_, c)| *c == '`').map_or(rest.len(), |(at, _)| at);
        let (plain, after) = rest.split_at(end);
        rest = after;
        Some((false, plain))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_backticks_is_told_from_the_rest() {
        let read = |text| pieces(text).collect::<Vec<_>>();
        assert_eq!(
            read("The `id` is `x`."),
            [(false, "The "), (true, "id"), (false, " is "), (true, "x"), (false, ".")]
        );
        assert_eq!(read("`id`"), [(true, "id")]);
        assert_eq!(read("a ` b"), [(false, "a "), (false, "` b")]);
        assert_eq!(read("`é"), [(false, "`é")]);
        assert_eq!(read(""), []);
    }
}
