//! Completions without end: the next group is read and its badges are written while one is
//! recorded, one is signed and one is made visible. Each of these is done in the order of
//! the groups, so that the outcome is that of one group after the other.

use std::{
    collections::HashSet,
    num::NonZeroUsize,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::sync_channel,
    thread,
};

use crate::{
    AcceptError, Answer, Caller, Service, Submission,
    accept::{Begun, Drafted, Row},
    issue::Signed,
};

/// How many groups may wait between two steps: enough that neither waits for the other's
/// hiccups, few enough that memory stays small.
const AHEAD: usize = 2;

/// What a stream has to work with.
#[derive(Clone, Copy)]
pub struct Processors {
    /// Badges are signed on so many threads.
    pub cores: NonZeroUsize,
    /// Called on the threads that write and sign badges, so that they let those go first that
    /// read and write in transactions: of these only one has its turn at a time, and while it
    /// waits for a processor so does everything behind it.
    pub step_back: fn(),
}

/// A group on its way.
enum Stage<T> {
    /// On the common road.
    Together(T),
    /// Answered already: it was refused, or failed and was accepted row by row.
    Answered(Vec<Answer>),
}

impl Service {
    /// Accepts group after group of a caller's completions, each as
    /// [`accept_many`](Self::accept_many) would; `tell` is given the answers of each, in
    /// order, with what was passed along, until it breaks off. What was recorded by then
    /// of the groups behind is left to the reconciler.
    pub fn accept_stream<P: Send>(
        &self,
        caller: &Caller,
        groups: impl Iterator<Item = (P, Vec<Submission>)> + Send,
        processors: Processors,
        mut tell: impl FnMut(P, Vec<Answer>) -> ControlFlow<()>,
    ) {
        let Processors { cores, step_back } = processors;
        thread::scope(|scope| {
            let (read, to_begin) = sync_channel(AHEAD);
            let (begun, to_sign) = sync_channel(AHEAD);
            let (signed, to_complete) = sync_channel(AHEAD);
            // A step ends when the one before it has, or when the one after it is gone.
            scope.spawn(move || {
                step_back();
                let mut groups = groups;
                groups.all(|(place, group)| read.send((place, self.draft_group(caller, group))).is_ok())
            });
            scope.spawn(move || {
                let mut held = HashSet::new();
                let begin = |(place, group)| begun.send((place, self.begin_group(group, &mut held))).is_ok();
                to_begin.into_iter().all(begin)
            });
            scope.spawn(move || {
                step_back();
                let sign = |(place, group)| signed.send((place, self.sign_group(group, cores))).is_ok();
                to_sign.into_iter().all(sign)
            });
            for (place, group) in to_complete {
                let answers = match group {
                    Stage::Together((begun, signed)) => {
                        self.accept_waiting(self.complete_rows(begun, signed))
                    }
                    Stage::Answered(answers) => answers,
                };
                if tell(place, answers).is_break() {
                    break;
                }
            }
        });
    }

    fn draft_group(&self, caller: &Caller, group: Vec<Submission>) -> Stage<(Vec<Row>, Option<Drafted>)> {
        let count = group.len();
        let rows: Result<Vec<Row>, _> = group.into_iter().map(|one| Row::of(caller, one)).collect();
        let Ok(rows) = rows else {
            return Stage::Answered((0..count).map(|_| Err(AcceptError::Forbidden)).collect());
        };
        let drafted = catch_unwind(AssertUnwindSafe(|| self.draft_rows(&rows)));
        Stage::Together((rows, drafted.ok().and_then(Result::ok)))
    }

    /// A row that corrects what the groups ahead have not made visible yet has its turn
    /// once they have; `held` are the references of such rows, since what comes after them
    /// under the same reference must not overtake them.
    fn begin_group(
        &self,
        group: Stage<(Vec<Row>, Option<Drafted>)>,
        held: &mut HashSet<String>,
    ) -> Stage<Begun> {
        let (rows, drafted) = match group {
            Stage::Answered(answers) => return Stage::Answered(answers),
            Stage::Together(drafted) => drafted,
        };
        let is_held = |row: &Row| row.reference().is_some_and(|reference| held.contains(reference));
        let begin = || drafted.map(|drafted| self.begin_rows(&rows, drafted, is_held));
        match catch_unwind(AssertUnwindSafe(begin)) {
            Ok(Some(Ok(begun))) => {
                held.extend(begun.waiting().filter_map(Row::reference).map(str::to_owned));
                Stage::Together(begun)
            }
            // Tried once more, and row by row if it is one row's fault.
            _ => Stage::Answered(self.accept_rows(&rows)),
        }
    }

    fn sign_group(&self, group: Stage<Begun>, cores: NonZeroUsize) -> Stage<(Begun, Vec<Signed>)> {
        match group {
            Stage::Answered(answers) => Stage::Answered(answers),
            Stage::Together(begun) => {
                let signed = self.sign_on(cores, &begun);
                Stage::Together((begun, signed))
            }
        }
    }

    fn sign_on(&self, cores: NonZeroUsize, begun: &Begun) -> Vec<Signed> {
        let pending = begun.pending();
        // One core has enough to do with the transactions.
        let signers = cores.get().saturating_sub(1).max(1);
        let share = pending.len().div_ceil(signers).max(1);
        thread::scope(|scope| {
            let mut shares = pending.chunks(share);
            let mine = shares.next().unwrap_or_default();
            let others: Vec<_> =
                shares.map(|share| scope.spawn(move || self.sign(share, begun.read()))).collect();
            let mut signed = self.sign(mine, begun.read());
            // Signing catches its panics; what is lost nevertheless, the reconciler signs.
            signed.extend(others.into_iter().filter_map(|share| share.join().ok()).flatten());
            signed
        })
    }
}
