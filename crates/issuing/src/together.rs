//! Group commit: what comes in while a transaction is being written is written
//! together in the next one. Whoever comes when nobody is at work is dealt with at once,
//! so nothing waits for company; under load, many share the price of becoming durable.
//!
//! The work is done by few threads that go on while anything waits, and not by whoever
//! waits for it: a thread that signs and writes warms up memory of its own, and sixty
//! that take turns at it spend a quarter of their time on clearing fresh pages.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Brings together what is to be done at the same time.
pub struct Together<T, R> {
    queue: Mutex<Queue<T, R>>,
    most: usize,
    groups: usize,
}

struct Queue<T, R> {
    waiting: VecDeque<Ticket<T, R>>,
    /// How many are at work.
    working: usize,
}

struct Ticket<T, R> {
    row: T,
    /// Told the result; dropped if there is none, because dealing with it broke off.
    tell: Box<dyn FnOnce(R) + Send>,
}

impl<T, R> Together<T, R> {
    /// Of at most `most` each, `groups` are dealt with at a time.
    pub fn new(most: usize, groups: usize) -> Self {
        Self { queue: Mutex::new(Queue { waiting: VecDeque::new(), working: 0 }), most, groups }
    }

    /// Has `row` wait to be dealt with. Whether somebody must now [`work`](Self::work):
    /// if so, the caller sees to it.
    #[must_use]
    pub fn join(&self, row: T, tell: impl FnOnce(R) + Send + 'static) -> bool {
        let mut queue = held(&self.queue);
        queue.waiting.push_back(Ticket { row, tell: Box::new(tell) });
        let is_needed = queue.working < self.groups;
        queue.working += usize::from(is_needed);
        is_needed
    }

    /// Deals with what waits, group by group, until nothing does. `deal` answers for
    /// each of its rows, in order; a row it gives no answer for is told nothing.
    pub fn work(&self, deal: impl Fn(Vec<T>) -> Vec<R>) {
        while let Some(group) = self.next() {
            let (rows, tells): (_, Vec<_>) =
                group.into_iter().map(|ticket| (ticket.row, ticket.tell)).unzip();
            // A bug that one row finds is not the end of the others' turn.
            let answers = catch_unwind(AssertUnwindSafe(|| deal(rows))).unwrap_or_default();
            for (tell, answer) in tells.into_iter().zip(answers) {
                tell(answer);
            }
        }
    }

    /// Answers those who wait, without dealing with their rows: for when it has just
    /// turned out that nobody's can be dealt with.
    pub fn dismiss(&self, answer: impl Fn() -> R) {
        let waiting: Vec<_> = held(&self.queue).waiting.drain(..).collect();
        for ticket in waiting {
            (ticket.tell)(answer());
        }
    }

    /// The next group; without one, the caller's work is over.
    fn next(&self) -> Option<Vec<Ticket<T, R>>> {
        let mut queue = held(&self.queue);
        let count = queue.waiting.len().min(self.most);
        if count == 0 {
            queue.working -= 1;
            return None;
        }
        Some(queue.waiting.drain(..count).collect())
    }
}

/// Locks a mutex whose content is sound after any panic.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            atomic::{AtomicUsize, Ordering},
            mpsc,
        },
        thread,
        time::Duration,
    };

    use super::*;

    const MOST: usize = 32;

    fn together<T, R>() -> Together<T, R> {
        Together::new(MOST, 2)
    }

    /// Waits for the result, and works if that is needed.
    fn dealt<T, R: Send + 'static>(
        together: &Together<T, R>,
        row: T,
        deal: impl Fn(Vec<T>) -> Vec<R>,
    ) -> Option<R> {
        let (tell, told) = mpsc::channel();
        if together.join(row, move |answer| tell.send(answer).unwrap()) {
            together.work(deal);
        }
        told.recv().ok()
    }

    #[test]
    fn who_is_alone_is_dealt_with_alone_and_at_once() {
        let together = together();
        assert_eq!(dealt(&together, 7, |rows| rows), Some(7));
        assert_eq!(held(&together.queue).working, 0);
    }

    #[test]
    fn many_share_few_groups_and_each_gets_its_own_answer() {
        let together = together();
        let groups = AtomicUsize::new(0);
        thread::scope(|scope| {
            for thread in 0..64 {
                let (together, groups) = (&together, &groups);
                scope.spawn(move || {
                    for n in 0..10 {
                        let answer = dealt(together, (thread, n), |rows| {
                            groups.fetch_add(1, Ordering::Relaxed);
                            assert!(rows.len() <= MOST);
                            thread::sleep(Duration::from_millis(2));
                            rows
                        });
                        assert_eq!(answer, Some((thread, n)));
                    }
                });
            }
        });
        let groups = groups.into_inner();
        assert!((20..=160).contains(&groups), "640 rows in {groups} groups");
        assert_eq!(held(&together.queue).working, 0);
    }

    #[test]
    fn a_panic_leaves_nobody_waiting() {
        let together = together();
        thread::scope(|scope| {
            for thread in 0..32 {
                let together = &together;
                scope.spawn(move || {
                    let answer = dealt(together, thread, |rows| {
                        thread::sleep(Duration::from_millis(1));
                        assert!(!rows.contains(&3), "a bug that row 3 finds");
                        rows
                    });
                    assert!(answer.is_none_or(|answer| answer == thread && thread != 3));
                });
            }
        });
        assert_eq!(dealt(&together, 100, |rows| rows), Some(100));
        assert_eq!(held(&together.queue).working, 0);
    }

    #[test]
    fn who_waits_can_be_dismissed() {
        let together = together();
        let seen = AtomicUsize::new(0);
        let answers: Vec<i32> = thread::scope(|scope| {
            let clients: Vec<_> = (0..16)
                .map(|n| {
                    let (together, seen) = (&together, &seen);
                    scope.spawn(move || {
                        dealt(together, n, |rows| {
                            thread::sleep(Duration::from_millis(50));
                            together.dismiss(|| -1);
                            seen.fetch_add(rows.len(), Ordering::Relaxed);
                            rows
                        })
                    })
                })
                .collect();
            clients.into_iter().map(|client| client.join().unwrap().unwrap()).collect()
        });
        let dismissed = answers.iter().filter(|answer| **answer == -1).count();
        assert!(dismissed > 0, "{answers:?}");
        assert_eq!(dismissed + seen.into_inner(), 16);
        assert_eq!(held(&together.queue).working, 0);
    }

    #[test]
    fn a_missing_answer_is_none() {
        assert_eq!(dealt(&together(), 1, |_| Vec::<u8>::new()), None);
    }
}
