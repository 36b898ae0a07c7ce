//! Group commit: what comes in while a transaction is being written is written
//! together in the next one. Whoever comes when nobody is at work is dealt with at once;
//! under load, many share the price of becoming durable, and who comes while a large group
//! is at work, or when one was just answered, waits a moment for company: two full groups cost
//! less than three small ones.
//!
//! The work is done by few threads that go on while anything waits, and not by whoever
//! waits for it: a thread that signs and writes warms up memory of its own, and sixty
//! that take turns at it spend a quarter of their time on clearing fresh pages.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Brings together what is to be done at the same time.
pub struct Together<T, R> {
    queue: Mutex<Queue<T, R>>,
    /// Told when a group is full, and when one is done.
    changed: Condvar,
    most: usize,
    groups: usize,
    moment: Duration,
}

struct Queue<T, R> {
    waiting: VecDeque<Ticket<T, R>>,
    /// How many are at work.
    working: usize,
    /// How many rows they are at work on.
    dealing: usize,
    /// How many rows the last group had, if it was a large one, and when it was answered.
    last: Option<(usize, Instant)>,
}

struct Ticket<T, R> {
    row: T,
    /// Told the result; dropped if there is none, because dealing with it broke off.
    tell: Box<dyn FnOnce(R) + Send>,
}

impl<T, R> Together<T, R> {
    /// Of at most `most` each, `groups` are dealt with at a time. While half as many as `most`
    /// are being dealt with, a group that is not full waits for so long; where so many were
    /// just answered, for half of that, or until as many have come again.
    pub fn new(most: usize, groups: usize, moment: Duration) -> Self {
        let queue = Queue { waiting: VecDeque::new(), working: 0, dealing: 0, last: None };
        Self { queue: Mutex::new(queue), changed: Condvar::new(), most, groups, moment }
    }

    /// Has `row` wait to be dealt with. Whether somebody must now [`work`](Self::work):
    /// if so, the caller sees to it.
    #[must_use]
    pub fn join(&self, row: T, tell: impl FnOnce(R) + Send + 'static) -> bool {
        let mut queue = held(&self.queue);
        queue.waiting.push_back(Ticket { row, tell: Box::new(tell) });
        let is_needed = queue.working < self.groups;
        queue.working += usize::from(is_needed);
        let waiting = queue.waiting.len();
        if waiting >= self.most || queue.last.is_some_and(|(count, _)| waiting == count) {
            self.changed.notify_one();
        }
        is_needed
    }

    /// Deals with what waits, group by group, until nothing does. `deal` answers for
    /// each of its rows, in order; a row it gives no answer for is told nothing.
    pub fn work(&self, deal: impl Fn(Vec<T>) -> Vec<R>) {
        while let Some(group) = self.next() {
            let count = group.len();
            let (rows, tells): (_, Vec<_>) =
                group.into_iter().map(|ticket| (ticket.row, ticket.tell)).unzip();
            // A bug that one row finds is not the end of the others' turn.
            let answers = catch_unwind(AssertUnwindSafe(|| deal(rows))).unwrap_or_default();
            for (tell, answer) in tells.into_iter().zip(answers) {
                tell(answer);
            }
            let mut queue = held(&self.queue);
            queue.dealing -= count;
            queue.last = (count >= self.large()).then(|| (count, Instant::now()));
            drop(queue);
            self.changed.notify_all();
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
        let begun = Instant::now();
        let mut queue = held(&self.queue);
        while let Some(left) = self.waits_for_more(&queue, begun) {
            let waited = self.changed.wait_timeout(queue, left);
            (queue, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        let count = queue.waiting.len().min(self.most);
        if count == 0 {
            queue.working -= 1;
            return None;
        }
        queue.dealing += count;
        Some(queue.waiting.drain(..count).collect())
    }

    /// For how long yet the next group, about which somebody asks since `begun`, waits to be
    /// larger.
    fn waits_for_more(&self, queue: &Queue<T, R>, begun: Instant) -> Option<Duration> {
        let waiting = queue.waiting.len();
        let end = match queue.last {
            _ if waiting >= self.most => return None,
            _ if queue.dealing >= self.large() => begun + self.moment,
            Some((count, answered)) if waiting < count => answered + self.moment / 2,
            _ => return None,
        };
        end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
    }

    /// From so many rows on a group is worth waiting beside.
    fn large(&self) -> usize {
        self.most.div_ceil(2)
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
    /// Longer than anything here takes by itself.
    const LONG: Duration = Duration::from_secs(2);

    fn together<T, R>() -> Together<T, R> {
        Together::new(MOST, 2, Duration::from_millis(1))
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

    /// What becomes of rows that come in while a group of `at_work` is being dealt with, which
    /// goes on once they are there: the sizes of the groups in their order.
    fn groups_beside(at_work: usize, rows: usize) -> Vec<usize> {
        let together = Together::new(MOST, 2, LONG);
        let (begin, begun) = mpsc::channel();
        let (go_on, wait) = mpsc::channel::<()>();
        let (begin, wait) = (Mutex::new(begin), Mutex::new(wait));
        let (tell, told) = mpsc::channel();
        let groups = Mutex::new(Vec::new());
        let deal = |rows: Vec<usize>| {
            if rows.contains(&0) {
                held(&begin).send(()).unwrap();
                held(&wait).recv().unwrap();
            }
            held(&groups).push(rows.len());
            rows
        };
        thread::scope(|scope| {
            let first: Vec<bool> = (0..at_work).map(|row| together.join(row, |_| ())).collect();
            assert_eq!(first.iter().filter(|is_needed| **is_needed).count(), at_work.min(2));
            scope.spawn(|| together.work(deal));
            begun.recv().unwrap();
            // Whoever comes second when the first have gone has nothing to do.
            if at_work > 1 {
                held(&together.queue).working -= 1;
            }
            for row in 1..=rows {
                let tell = tell.clone();
                if together.join(row, move |row| tell.send(row).unwrap()) {
                    scope.spawn(|| together.work(deal));
                }
            }
            if rows >= MOST || at_work < MOST / 2 {
                // They are answered while the others are still at work.
                let mut answered: Vec<usize> = told.iter().take(rows).collect();
                answered.sort_unstable();
                assert!(answered.into_iter().eq(1..=rows));
            }
            go_on.send(()).unwrap();
        });
        let left = held(&together.queue);
        assert_eq!((left.working, left.dealing), (0, 0));
        groups.into_inner().unwrap()
    }

    #[test]
    fn a_group_beside_a_large_one_waits_until_it_is_full_or_the_large_one_is_done() {
        assert_eq!(groups_beside(MOST, MOST), [MOST, MOST]);
        assert_eq!(groups_beside(MOST / 2, 5), [MOST / 2, 5]);
    }

    /// In what groups rows are dealt with that come in one by one when so many others were just
    /// answered, and how long that took.
    fn groups_after(answered: usize, rows: usize) -> (Vec<usize>, Duration) {
        let together = Together::new(MOST, 2, LONG);
        let groups = Mutex::new(Vec::new());
        let deal = |rows: Vec<usize>| {
            held(&groups).push(rows.len());
            rows
        };
        let (tell, told) = mpsc::channel();
        let join = |row| {
            let tell = tell.clone();
            together.join(row, move |row| tell.send(row).unwrap())
        };
        thread::scope(|scope| {
            let needed = (0..answered).filter(|row| join(*row)).count();
            (0..needed).for_each(|_| drop(scope.spawn(|| together.work(deal))));
            assert_eq!(told.iter().take(answered).count(), answered);
            let begun = Instant::now();
            for row in 0..rows {
                if join(row) {
                    scope.spawn(|| together.work(deal));
                }
            }
            assert_eq!(told.iter().take(rows).count(), rows);
            let groups = held(&groups).iter().skip(1).copied().collect();
            (groups, begun.elapsed())
        })
    }

    #[test]
    fn those_who_were_just_answered_are_waited_for_until_they_come_again_or_do_not() {
        let (groups, took) = groups_after(MOST, MOST);
        assert_eq!(groups, [MOST]);
        assert!(took < LONG / 2, "{took:?}");
        let (groups, took) = groups_after(MOST - 4, MOST - 4);
        assert_eq!(groups, [MOST - 4]);
        assert!(took < LONG / 2, "{took:?}");
        let (groups, took) = groups_after(MOST, 5);
        assert_eq!(groups, [5]);
        assert!((LONG / 4..LONG).contains(&took), "{took:?}");
    }

    #[test]
    fn few_who_were_just_answered_are_not_waited_for() {
        let (groups, took) = groups_after(MOST / 2 - 1, 3);
        assert_eq!(groups.iter().sum::<usize>(), 3);
        assert!(took < LONG / 2, "{took:?}");
    }

    #[test]
    fn nothing_waits_for_company_beside_a_small_group() {
        let groups = groups_beside(1, 1);
        assert_eq!(groups, [1, 1]);
        let groups = groups_beside(MOST / 2 - 1, 3);
        assert_eq!(groups.iter().sum::<usize>(), MOST / 2 + 2);
        assert_eq!(groups.last(), Some(&(MOST / 2 - 1)));
    }
}
