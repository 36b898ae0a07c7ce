//! What is counted.

use model::sentence::{Count, Noun};

macro_rules! nouns {
    ($($name:ident $noun:ident: $one:literal $many:literal, $cy:literal $two:literal $three:literal $six:literal;)*) => {
        $(
            static $noun: Noun = Noun {
                one: $one, many: $many, cy: $cy, cy_two: $two, cy_three: $three, cy_six: $six,
            };
            #[doc = concat!("So many ", $many, ".")]
            pub(crate) fn $name(number: usize) -> Count {
                Count { number, of: &$noun }
            }
        )*
    };
}

nouns! {
    credentials CREDENTIAL: "credential" "credentials", "cymhwyster" "gymhwyster" "chymhwyster" "chymhwyster";
    contexts CONTEXT: "context" "contexts", "cyd-destun" "gyd-destun" "chyd-destun" "chyd-destun";
    embedded PROOF: "embedded proof" "embedded proofs", "prawf ynddo" "brawf ynddo" "phrawf ynddo" "phrawf ynddo";
    proofs BARE_PROOF: "proof" "proofs", "prawf" "brawf" "phrawf" "phrawf";
}
