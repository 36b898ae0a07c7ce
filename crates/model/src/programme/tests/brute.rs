//! The engine against a definition that tries everything.

use proptest::prelude::*;

use super::*;
use crate::programme::solve::Distance;

/// A leaf of a rule that takes an achievement: a place, or a group of credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Leaf(usize);

/// A rule whose leaves have numbers.
#[derive(Debug)]
enum Tree {
    Place(usize, Vec<Slug>),
    Credit(usize, Vec<Slug>, Decimal),
    All(Vec<Tree>),
    Some(u32, Vec<Tree>),
}

fn tree(rule: &Rule, next: &mut usize) -> Tree {
    let mut number = || {
        *next += 1;
        *next - 1
    };
    match rule {
        Rule::Place(place) => Tree::Place(number(), place.accepts().cloned().collect()),
        Rule::Credits(credits) => Tree::Credit(number(), credits.from.clone(), credits.credit.amount()),
        Rule::AllOf(all) => Tree::All(all.rules.iter().map(|rule| tree(rule, next)).collect()),
        Rule::NOf(some) => Tree::Some(some.n, some.from.iter().map(|rule| tree(rule, next)).collect()),
        Rule::Open(open) => Tree::All(open.of.iter().map(|rule| tree(rule, next)).collect()),
    }
}

/// Which leaves take an achievement.
fn takers(tree: &Tree, achievement: &Slug, found: &mut Vec<Leaf>) {
    match tree {
        Tree::Place(leaf, accepts) | Tree::Credit(leaf, accepts, _) => {
            if accepts.contains(achievement) {
                found.push(Leaf(*leaf));
            }
        }
        Tree::All(rules) | Tree::Some(_, rules) => {
            for rule in rules {
                takers(rule, achievement, found);
            }
        }
    }
}

/// How far a tree is from holding when every achievement has gone to one leaf.
fn distance(tree: &Tree, at: &[(&Slug, Leaf)]) -> Distance {
    let here = |leaf: usize| at.iter().filter(move |(_, taken)| taken.0 == leaf);
    match tree {
        Tree::Place(leaf, _) => {
            Distance { places: u32::from(here(*leaf).count() == 0), ..Distance::default() }
        }
        Tree::Credit(leaf, _, wanted) => {
            let achievements = achievements();
            let sum: Decimal = here(*leaf).map(|(slug, _)| achievements[*slug].credit.amount()).sum();
            let short = (*wanted - sum).max(Decimal::ZERO);
            Distance { places: 0, funds: u32::from(!short.is_zero()), credit: short }
        }
        Tree::All(rules) => sum(rules.iter().map(|rule| distance(rule, at))),
        Tree::Some(n, rules) => {
            let mut each: Vec<_> = rules.iter().map(|rule| distance(rule, at)).collect();
            each.sort();
            sum(each.into_iter().take(usize::try_from(*n).unwrap()))
        }
    }
}

fn sum(each: impl Iterator<Item = Distance>) -> Distance {
    each.fold(Distance::default(), |all, one| Distance {
        places: all.places + one.places,
        funds: all.funds + one.funds,
        credit: all.credit + one.credit,
    })
}

/// The least distance over every way to let what is held go somewhere or nowhere.
fn least(tree: &Tree, held: &[Slug], at: &mut Vec<(Slug, Leaf)>) -> Distance {
    let Some((first, rest)) = held.split_first() else {
        let at: Vec<_> = at.iter().map(|(slug, leaf)| (slug, *leaf)).collect();
        return distance(tree, &at);
    };
    let mut leaves = Vec::new();
    takers(tree, first, &mut leaves);
    let mut best = least(tree, rest, at);
    for leaf in leaves {
        at.push((first.clone(), leaf));
        best = best.min(least(tree, rest, at));
        at.pop();
    }
    best
}

fn modules() -> impl Strategy<Value = Slug> {
    prop::sample::select(('a'..='f').map(|it| slug(&format!("mod-{it}"))).collect::<Vec<_>>())
}

fn some_modules() -> impl Strategy<Value = Vec<Slug>> {
    prop::collection::btree_set(modules(), 1..5).prop_map(|all| all.into_iter().collect())
}

fn place() -> impl Strategy<Value = Rule> {
    (modules(), prop::collection::btree_set(modules(), 0..3)).prop_map(|(achievement, mut equivalents)| {
        equivalents.remove(&achievement);
        let equivalents = equivalents.into_iter().collect();
        Rule::Place(Place { achievement, equivalents, prior_learning: Vec::new() })
    })
}

fn credit() -> impl Strategy<Value = Rule> {
    (some_modules(), 1u32..12).prop_map(|(from, amount)| {
        Rule::Credits(Credits { credit: hours(&amount.to_string()), name: None, at_level: None, from })
    })
}

fn n_of(inner: impl Strategy<Value = Rule>) -> impl Strategy<Value = Rule> {
    (prop::collection::vec(inner, 1..4), 1u32..3).prop_map(|(from, n)| {
        let n = n.min(u32::try_from(from.len()).unwrap());
        Rule::NOf(NOf { n, name: None, at_level: None, from })
    })
}

fn all_of(inner: impl Strategy<Value = Rule>) -> impl Strategy<Value = Rule> {
    prop::collection::vec(inner, 1..3).prop_map(|rules| Rule::AllOf(AllOf { name: None, rules }))
}

/// Rules of which many overlap.
fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let leaf = prop_oneof![3 => place(), 1 => credit()];
    let branch = prop_oneof![
        3 => place(),
        2 => credit(),
        2 => n_of(place()),
        1 => n_of(all_of(leaf)),
    ];
    prop::collection::vec(branch, 1..4)
}

/// The programme that needs these and the core module.
fn of(rules: Vec<Rule>) -> Programme {
    let mut whole = programme("    all_of: [equality-diversity-inclusion]\n");
    whole.rule.rules.extend(rules);
    whole
}

#[test]
fn no_better_way_to_count_exists() {
    let achievements = achievements();
    let config = ProptestConfig { cases: 400, max_global_rejects: 200_000, ..ProptestConfig::default() };
    proptest!(config, |(rules in rules(), held in some_modules(), has_core in any::<bool>())| {
        let whole = of(rules);
        prop_assume!(faults(&whole, &achievements).is_empty());
        let mut held = held;
        held.extend(has_core.then(|| slug(CORE_EQUALITY_MODULE)));
        let mut next = 0;
        let tree = Tree::All(whole.rule.rules.iter().map(|rule| tree(rule, &mut next)).collect());
        let awards: Vec<_> = held.iter().map(|one| earned(one.as_str(), "2025-05-05")).collect();
        let (found, progress) = compiled(&whole).progress(&awards, at("2026-01-01"));
        prop_assert_eq!(found, least(&tree, &held, &mut Vec::new()), "{:?} of {:?}", held, whole.rule);
        prop_assert_eq!(compiled(&whole).met(&awards, at("2026-01-01")).is_some(), found == Distance::default());
        let mut counted: Vec<_> = progress.counted.iter().map(|one| one.award).collect();
        counted.sort();
        counted.dedup();
        prop_assert_eq!(counted.len(), progress.counted.len(), "nothing counts twice");
    });
}

/// Every window by itself, as plainly as can be.
#[test]
fn the_last_window_that_holds_counts() {
    let whole =
        programme("    all_of: [equality-diversity-inclusion, mod-a, mod-b]\n    window_months: 12\n");
    let names = [CORE_EQUALITY_MODULE, "mod-a", "mod-b"];
    let days = || (2018i32..2026, 1u32..13).prop_map(|(year, month)| format!("{year}-{month:02}-15"));
    proptest!(|(awards in prop::collection::vec((0usize..3, days()), 0..12))| {
        let awards: Vec<_> = awards.iter().map(|(which, day)| earned(names[*which], day)).collect();
        let mut ends: Vec<_> = awards.iter().map(|one| one.at).collect();
        ends.sort();
        let inside = |end: DateTime<Utc>, name: &str| {
            let begin = end - chrono::Months::new(12);
            awards.iter().any(|one| one.achievement.as_str() == name && (begin..=end).contains(&one.at))
        };
        let expected = ends.into_iter().rev().find(|end| names.iter().all(|name| inside(*end, name)));
        let met = compiled(&whole).met(&awards, at("2026-12-31"));
        prop_assert_eq!(met.as_ref().map(|met| met.completed_at), expected);
        prop_assert!(met.is_none_or(|met| met.counted.len() == 3));
    });
}

/// What is asked first, of little, misses nothing.
#[test]
fn what_is_met_may_be_met() {
    let days = || (2024i32..2026, 1u32..13).prop_map(|(year, month)| format!("{year}-{month:02}-15"));
    let awards = || {
        let one = (modules(), days(), any::<bool>(), prop::option::of(days()), any::<bool>());
        prop::collection::vec(one, 1..10)
    };
    let (achievements, met) = (achievements(), std::cell::Cell::new(0));
    proptest!(|(rules in rules(), awards in awards(), months in prop::option::of(1u32..18))| {
        let mut whole = of(rules);
        whole.window.months = months;
        prop_assume!(faults(&whole, &achievements).is_empty());
        let mut all = vec![earned(CORE_EQUALITY_MODULE, "2025-05-05")];
        all.extend(awards.iter().map(|(module, day, stands, until, evidenced)| Earned {
            stands: *stands,
            until: until.as_ref().map(|day| at(day)),
            evidenced: *evidenced,
            ..earned(module.as_str(), day)
        }));
        let best: Vec<_> = all
            .iter()
            .map(|one| Earned::at_best(one.award, one.achievement.clone(), one.at, one.credit.clone()))
            .collect();
        let (rule, now) = (compiled(&whole), at("2026-01-01"));
        if rule.met(&all, now).is_some() {
            met.set(met.get() + 1);
            prop_assert!(rule.may_be_met(&best, now), "{:?} of {:?}", all, whole.rule);
        }
    });
    assert!(met.get() > 10, "only {} were met", met.get());
}

#[test]
fn the_order_in_which_completions_arrive_changes_nothing() {
    let achievements = achievements();
    proptest!(|(rules in rules(), held in some_modules(), seed in any::<u64>())| {
        let whole = of(rules);
        prop_assume!(faults(&whole, &achievements).is_empty());
        let awards: Vec<_> = held
            .iter()
            .chain([&slug(CORE_EQUALITY_MODULE)])
            .map(|one| earned(one.as_str(), "2025-05-05"))
            .collect();
        let mut other = awards.clone();
        other.sort_by_key(|one| one.award.uuid().as_u128().wrapping_mul(u128::from(seed | 1)) % 97);
        let rule = compiled(&whole);
        prop_assert_eq!(rule.standing(&awards, at("2026-01-01")), rule.standing(&other, at("2026-01-01")));
    });
}
