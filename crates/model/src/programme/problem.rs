//! A rule made ready to be solved: every achievement a number, every place a
//! seat, and what is independent of the rest apart from it.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::{AllOf, Credits, NOf, Place, Rule};
use crate::{cpd::Credit, id::Slug};

/// A group by the name it was given, or by its letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its place among the groups of its rule: `A`, `B`, ….
    pub letter: String,
    /// The name it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The achievements of a rule by number.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    of: HashMap<Slug, usize>,
    slugs: Vec<Slug>,
}

impl Numbers {
    pub fn get(&self, slug: &Slug) -> Option<usize> {
        self.of.get(slug).copied()
    }

    pub fn slug(&self, number: usize) -> Option<&Slug> {
        self.slugs.get(number)
    }

    pub fn len(&self) -> usize {
        self.slugs.len()
    }

    fn number(&mut self, slug: &Slug) -> usize {
        if let Some(number) = self.of.get(slug) {
            return *number;
        }
        self.of.insert(slug.clone(), self.slugs.len());
        self.slugs.push(slug.clone());
        self.slugs.len() - 1
    }
}

/// Everything that must hold at once.
#[derive(Debug, Clone, Default)]
pub(super) struct Problem {
    pub seats: Vec<Seat>,
    pub tables: Vec<Table>,
    pub funds: Vec<Fund>,
    pub choices: Vec<Choice>,
    /// Who may sit where.
    pub contenders: Vec<Contender>,
}

/// A place for one achievement.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    pub path: String,
    pub place: Place,
    /// The table it belongs to, of which only so many seats are needed.
    pub table: Option<usize>,
    accepts: Vec<usize>,
}

/// So many of some seats.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub path: String,
    pub group: Group,
    pub n: u32,
    pub seats: Vec<usize>,
}

/// So much credit.
#[derive(Debug, Clone)]
pub(super) struct Fund {
    pub path: String,
    pub group: Group,
    pub credit: Credit,
    pub from: Vec<usize>,
}

/// So many of some problems, none of which shares an achievement with anything
/// outside.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub path: String,
    pub group: Group,
    pub n: u32,
    pub options: Vec<Problem>,
}

/// An achievement that may sit somewhere.
#[derive(Debug, Clone)]
pub(super) struct Contender {
    pub number: usize,
    /// Where, in the order of the rule.
    pub seats: Vec<usize>,
    /// Where its credit would count instead.
    pub fund: Option<usize>,
    /// 0 if it is meant for one of its seats, more where it is only accepted.
    pub rank: usize,
}

/// Makes problems of rules.
pub(super) struct Maker<'a> {
    pub numbers: Numbers,
    /// The level of an achievement.
    pub level: &'a dyn Fn(&Slug) -> Option<u8>,
    groups: usize,
}

impl<'a> Maker<'a> {
    pub fn new(level: &'a dyn Fn(&Slug) -> Option<u8>) -> Self {
        Self { numbers: Numbers::default(), level, groups: 0 }
    }

    pub fn problem(&mut self, rule: &AllOf) -> Problem {
        let mut problem = Problem::default();
        for (path, rule) in rule.paths() {
            self.add(&mut problem, &path, rule);
        }
        problem.seal();
        problem
    }

    fn add(&mut self, problem: &mut Problem, path: &str, rule: &Rule) {
        match rule {
            Rule::Place(place) => self.seat(problem, path, place, None, None),
            Rule::AllOf(_) | Rule::Open(_) => {
                for (path, rule) in rule.children(path) {
                    self.add(problem, &path, rule);
                }
            }
            Rule::NOf(some) if some.is_flat() => {
                let group = self.group(some.name.as_ref());
                let table = problem.tables.len();
                problem.tables.push(Table { path: path.to_owned(), group, n: some.n, seats: Vec::new() });
                for (path, rule) in rule.children(path) {
                    if let Rule::Place(place) = rule {
                        self.seat(problem, &path, place, Some(table), some.at_level);
                    }
                }
            }
            Rule::NOf(some) => {
                let group = self.group(some.name.as_ref());
                let options = rule.children(path).into_iter().map(|(path, rule)| {
                    let mut option = Problem::default();
                    self.add(&mut option, &path, rule);
                    option.seal();
                    option
                });
                let options = options.collect();
                problem.choices.push(Choice { path: path.to_owned(), group, n: some.n, options });
            }
            Rule::Credits(credits) => self.fund(problem, path, credits),
        }
    }

    fn seat(
        &mut self,
        problem: &mut Problem,
        path: &str,
        place: &Place,
        table: Option<usize>,
        at_level: Option<u8>,
    ) {
        let numbers = place.accepts().map(|slug| (slug, self.numbers.number(slug))).collect::<Vec<_>>();
        let accepts = numbers.into_iter().filter(|(slug, _)| self.is_of_level(slug, at_level));
        let seat = Seat {
            path: path.to_owned(),
            place: place.clone(),
            table,
            accepts: accepts.map(|(_, number)| number).collect(),
        };
        if let Some(table) = table.and_then(|table| problem.tables.get_mut(table)) {
            table.seats.push(problem.seats.len());
        }
        problem.seats.push(seat);
    }

    fn fund(&mut self, problem: &mut Problem, path: &str, credits: &Credits) {
        let group = self.group(credits.name.as_ref());
        let numbers: Vec<_> = credits.from.iter().map(|slug| (slug, self.numbers.number(slug))).collect();
        let from = numbers.into_iter().filter(|(slug, _)| self.is_of_level(slug, credits.at_level));
        problem.funds.push(Fund {
            path: path.to_owned(),
            group,
            credit: credits.credit.clone(),
            from: from.map(|(_, number)| number).collect(),
        });
    }

    fn is_of_level(&self, slug: &Slug, at_level: Option<u8>) -> bool {
        at_level.is_none_or(|least| (self.level)(slug).is_some_and(|level| level >= least))
    }

    fn group(&mut self, name: Option<&String>) -> Group {
        let letter = letter(self.groups);
        self.groups += 1;
        Group { letter, name: name.cloned() }
    }
}

impl NOf {
    /// Whether it is over achievements only.
    pub(super) fn is_flat(&self) -> bool {
        self.from.iter().all(|rule| matches!(rule, Rule::Place(_)))
    }
}

impl Problem {
    /// Notes who may sit where, once every seat is there.
    fn seal(&mut self) {
        let mut contenders: BTreeMap<usize, Contender> = BTreeMap::new();
        for (at, seat) in self.seats.iter().enumerate() {
            for (rank, number) in seat.accepts.iter().enumerate() {
                let new = || Contender { number: *number, seats: Vec::new(), fund: None, rank };
                let contender = contenders.entry(*number).or_insert_with(new);
                contender.seats.push(at);
                contender.rank = contender.rank.min(rank);
            }
        }
        for (at, fund) in self.funds.iter().enumerate() {
            for number in &fund.from {
                if let Some(contender) = contenders.get_mut(number) {
                    contender.fund = Some(at);
                }
            }
        }
        self.contenders = contenders.into_values().collect();
    }
}

/// A, B, …, Z, AA, AB, ….
pub(super) fn letter(n: usize) -> String {
    let last = char::from(b'A' + u8::try_from(n % 26).unwrap_or_default());
    if n < 26 { last.to_string() } else { format!("{}{last}", letter(n / 26 - 1)) }
}
