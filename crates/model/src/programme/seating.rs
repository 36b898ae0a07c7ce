//! Who sits where: the largest seating, found by letting one achievement after
//! the other in and having others move up for it.
//!
//! The sets of achievements that can sit together are the independent sets of a
//! matroid (a gammoid: the tables bound how many of their seats are taken), so
//! letting them in from the least wanted elsewhere to the most wanted gives, of
//! all largest seatings, one that takes the least from elsewhere.

use super::problem::{Contender, Problem};

/// Seats and who sits in them. Everybody is named by their place among the
/// problem's contenders.
pub(super) struct Seating<'a> {
    problem: &'a Problem,
    taken: Vec<Option<usize>>,
    /// How many sit at each table.
    at_table: Vec<u32>,
    seen_seat: Vec<bool>,
    seen_table: Vec<bool>,
}

impl<'a> Seating<'a> {
    pub fn new(problem: &'a Problem) -> Self {
        Self {
            problem,
            taken: vec![None; problem.seats.len()],
            at_table: vec![0; problem.tables.len()],
            seen_seat: vec![false; problem.seats.len()],
            seen_table: vec![false; problem.tables.len()],
        }
    }

    /// Lets one in, if there is a way; who sits already keeps a seat, if perhaps another.
    pub fn let_in(&mut self, who: usize) -> bool {
        self.seen_seat.fill(false);
        self.seen_table.fill(false);
        self.seat(who)
    }

    /// Who sits in a seat.
    pub fn in_seat(&self, seat: usize) -> Option<&'a Contender> {
        self.problem.contenders.get((*self.taken.get(seat)?)?)
    }

    /// How many sit at a table.
    pub fn at_table(&self, table: usize) -> u32 {
        self.at_table.get(table).copied().unwrap_or_default()
    }

    /// A walk along an augmenting path. A seat and a table are looked at once, so
    /// it ends after at most as many steps as there are seats and contenders.
    fn seat(&mut self, who: usize) -> bool {
        let Some(contender) = self.problem.contenders.get(who) else { return false };
        contender.seats.iter().any(|&seat| {
            let is_free = first(&mut self.seen_seat, seat)
                && match self.taken.get(seat).copied().flatten() {
                    // They move, and nothing changes at the table.
                    Some(sitting) => self.seat(sitting),
                    None => self.open_at_table(seat),
                };
            if is_free {
                set(&mut self.taken, seat, Some(who));
            }
            is_free
        })
    }

    /// Whether one more may sit at the table of a free seat, which is then counted.
    fn open_at_table(&mut self, seat: usize) -> bool {
        let Some(table) = self.problem.seats.get(seat).and_then(|seat| seat.table) else { return true };
        let Some(here) = self.problem.tables.get(table) else { return false };
        if self.at_table(table) < here.n {
            if let Some(count) = self.at_table.get_mut(table) {
                *count += 1;
            }
            return true;
        }
        // Full: somebody leaves it for elsewhere.
        first(&mut self.seen_table, table)
            && here.seats.iter().any(|&other| {
                let leaves = match self.taken.get(other).copied().flatten() {
                    Some(sitting) => first(&mut self.seen_seat, other) && self.seat(sitting),
                    None => false,
                };
                if leaves {
                    set(&mut self.taken, other, None);
                }
                leaves
            })
    }
}

/// Whether it is seen for the first time.
fn first(seen: &mut [bool], at: usize) -> bool {
    seen.get_mut(at).is_some_and(|seen| !std::mem::replace(seen, true))
}

fn set<T>(list: &mut [T], at: usize, value: T) {
    if let Some(entry) = list.get_mut(at) {
        *entry = value;
    }
}
