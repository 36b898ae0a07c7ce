//! Solving a problem: which achievements count where, and what is missing.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::{
    problem::{Choice, Fund, Problem, Seat, Table},
    seating::Seating,
};
use crate::cpd::Credit;

/// An achievement that a learner holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holding<'a> {
    /// Which of the awards that were given.
    pub award: usize,
    pub at: DateTime<Utc>,
    pub credit: &'a Credit,
}

/// What is held, by the number of the achievement.
pub(super) type Held<'a> = [Option<Holding<'a>>];

/// How a problem comes out.
#[derive(Debug, Default)]
pub(super) struct Solution<'p> {
    pub counted: Vec<Count<'p>>,
    pub lacks: Vec<Lack<'p>>,
    pub distance: Distance,
}

/// An achievement that counts.
#[derive(Debug)]
pub(super) struct Count<'p> {
    pub number: usize,
    pub award: usize,
    pub path: &'p str,
    /// The seat, unless it is its credit that counts.
    pub seat: Option<&'p Seat>,
}

/// How far from solved: places first, then groups of credit that fall short, then
/// by how much they do together, in whatever units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Distance {
    pub places: u32,
    pub funds: u32,
    pub credit: Decimal,
}

impl Distance {
    fn add(&mut self, other: Self) {
        self.places = self.places.saturating_add(other.places);
        self.funds = self.funds.saturating_add(other.funds);
        self.credit = self.credit.saturating_add(other.credit);
    }
}

/// Something that is missing.
#[derive(Debug)]
pub(super) enum Lack<'p> {
    Seat(&'p Seat),
    /// So many more of the seats that are empty.
    Table(&'p Table, u32, Vec<&'p Seat>),
    /// So much more credit, from the achievements that are not held.
    Fund(&'p Fund, Decimal, Vec<usize>),
    /// So many more of these options, nearest first.
    Choice(&'p Choice, u32, Vec<Vec<Lack<'p>>>),
}

/// Solves a problem with what is held.
pub(super) fn solve<'p>(problem: &'p Problem, held: &Held<'_>) -> Solution<'p> {
    let mut solution = Solution::default();
    let seating = seat(problem, held);
    let mut seated = Vec::new();
    for (at, seat) in problem.seats.iter().enumerate() {
        if let Some(sitting) = seating.in_seat(at) {
            seated.push(sitting.number);
            solution.count(sitting.number, held, &seat.path, Some(seat));
        } else if seat.table.is_none() {
            solution.distance.places += 1;
            solution.lacks.push(Lack::Seat(seat));
        }
    }
    for (at, table) in problem.tables.iter().enumerate() {
        let short = table.n.saturating_sub(seating.at_table(at));
        if short > 0 {
            let empty = table.seats.iter().filter(|seat| seating.in_seat(**seat).is_none());
            let empty = empty.filter_map(|seat| problem.seats.get(*seat)).collect();
            solution.distance.places = solution.distance.places.saturating_add(short);
            solution.lacks.push(Lack::Table(table, short, empty));
        }
    }
    for fund in &problem.funds {
        solution.fund(fund, held, &seated);
    }
    for choice in &problem.choices {
        solution.choose(choice, held);
    }
    solution
}

/// Whether a problem is solved by what is held, without saying how.
pub(super) fn is_solved(problem: &Problem, held: &Held<'_>) -> bool {
    solve(problem, held).distance == Distance::default()
}

fn seat<'p>(problem: &'p Problem, held: &Held<'_>) -> Seating<'p> {
    let mut arriving: Vec<_> = problem
        .contenders
        .iter()
        .enumerate()
        .filter_map(|(who, contender)| {
            let holding = held.get(contender.number)?.as_ref()?;
            let fund = contender.fund.and_then(|fund| problem.funds.get(fund));
            let wanted = fund.map_or(Decimal::ZERO, |fund| amount(fund, holding));
            Some((wanted, contender.rank, contender.number, who))
        })
        .collect();
    arriving.sort_unstable();
    let mut seating = Seating::new(problem);
    for (.., who) in arriving {
        seating.let_in(who);
    }
    seating
}

/// What a holding brings to a fund: nothing if its credit is in another unit.
pub(super) fn amount(fund: &Fund, holding: &Holding<'_>) -> Decimal {
    if holding.credit.unit() == fund.credit.unit() { holding.credit.amount() } else { Decimal::ZERO }
}

impl<'p> Solution<'p> {
    fn count(&mut self, number: usize, held: &Held<'_>, path: &'p str, seat: Option<&'p Seat>) {
        if let Some(Some(holding)) = held.get(number) {
            self.counted.push(Count { number, award: holding.award, path, seat });
        }
    }

    /// What sits nowhere may count for its credit: the most first, so that as few
    /// as possible are used.
    fn fund(&mut self, fund: &'p Fund, held: &Held<'_>, seated: &[usize]) {
        let mut offers: Vec<_> = fund
            .from
            .iter()
            .filter(|number| !seated.contains(number))
            .filter_map(|number| {
                let holding = held.get(*number)?.as_ref()?;
                let amount = amount(fund, holding);
                (!amount.is_zero()).then_some((Reverse(amount), Reverse(holding.at), *number))
            })
            .collect();
        offers.sort_unstable();
        let mut sum = Decimal::ZERO;
        for (Reverse(amount), _, number) in offers {
            if sum >= fund.credit.amount() {
                break;
            }
            sum += amount;
            self.count(number, held, &fund.path, None);
        }
        let short = fund.credit.amount() - sum;
        if short > Decimal::ZERO {
            let is_held = |number: &usize| held.get(*number).is_some_and(Option::is_some);
            let others = fund.from.iter().copied().filter(|number| !is_held(number));
            self.distance.add(Distance { places: 0, funds: 1, credit: short });
            self.lacks.push(Lack::Fund(fund, short, others.collect()));
        }
    }

    /// The nearest options; of equally near ones the first.
    fn choose(&mut self, choice: &'p Choice, held: &Held<'_>) {
        let mut options: Vec<Solution<'p>> =
            choice.options.iter().map(|option| solve(option, held)).collect();
        options.sort_by_key(|option| option.distance);
        let n = usize::try_from(choice.n).unwrap_or(usize::MAX);
        let mut short = choice.n.saturating_sub(u32::try_from(options.len()).unwrap_or(u32::MAX));
        self.distance.places = self.distance.places.saturating_add(short);
        let mut open = Vec::new();
        for (at, option) in options.into_iter().enumerate() {
            if at < n {
                self.distance.add(option.distance);
                self.counted.extend(option.counted);
                short = short.saturating_add(u32::from(!option.lacks.is_empty()));
            }
            if !option.lacks.is_empty() {
                open.push(option.lacks);
            }
        }
        if short > 0 {
            self.lacks.push(Lack::Choice(choice, short, open));
        }
    }
}
