//! Group commit: what comes in while a transaction is being written is written
//! together in the next one. Whoever comes when nobody is at work begins at once, so
//! nothing waits for company; under load, many share the price of becoming durable.

use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

/// The most that are dealt with together: enough to make the shared price small,
/// few enough that the last is answered soon.
const MOST: usize = 32;

/// How many groups are dealt with at a time: one is signed while another is written.
const GROUPS: usize = 2;

/// Brings together the callers that want the same done at the same time.
pub(crate) struct Together<T, R>(Mutex<Queue<T, R>>);

struct Queue<T, R> {
    /// Empty unless all groups are at work.
    waiting: VecDeque<Ticket<T, R>>,
    groups: usize,
}

struct Ticket<T, R> {
    row: T,
    seat: Arc<Seat<T, R>>,
}

/// Those whose rows are dealt with together.
type Group<T, R> = Vec<Ticket<T, R>>;

/// Where a caller waits.
struct Seat<T, R> {
    news: Mutex<Option<News<T, R>>>,
    told: Condvar,
}

enum News<T, R> {
    /// This group is yours to deal with; your own row is in it.
    Lead(Group<T, R>),
    /// Yours was dealt with; `None` if whoever dealt with it broke off.
    Done(Option<R>),
}

impl<T, R> Default for Together<T, R> {
    fn default() -> Self {
        Self(Mutex::new(Queue { waiting: VecDeque::new(), groups: 0 }))
    }
}

impl<T, R> Together<T, R> {
    /// Has `row` dealt with, by this thread or another one, and gives its result.
    /// `deal` answers for each of its rows, in order, and is one and the same for all
    /// callers. `None` when it panicked or gave no answer for this row.
    pub(crate) fn deal(&self, row: T, deal: impl Fn(Vec<T>) -> Vec<R>) -> Option<R> {
        let seat = Arc::new(Seat { news: Mutex::new(None), told: Condvar::new() });
        let mut mine = self.join(Ticket { row, seat: Arc::clone(&seat) });
        loop {
            if let Some(group) = mine {
                let (rows, seats) = group.into_iter().map(|ticket| (ticket.row, ticket.seat)).unzip();
                let lead = Lead { together: self, seats };
                lead.tell(deal(rows));
            }
            match seat.wait() {
                News::Lead(group) => mine = Some(group),
                News::Done(answer) => return answer,
            }
        }
    }

    /// Answers those who wait, without dealing with their rows: for when it has just
    /// turned out that nobody's can be dealt with.
    pub(crate) fn dismiss(&self, answer: impl Fn() -> R) {
        for ticket in held(&self.0).waiting.drain(..) {
            ticket.seat.tell(News::Done(Some(answer())));
        }
    }

    /// The group that the caller is to deal with at once.
    fn join(&self, ticket: Ticket<T, R>) -> Option<Group<T, R>> {
        let mut queue = held(&self.0);
        queue.waiting.push_back(ticket);
        if queue.groups == GROUPS {
            return None;
        }
        queue.groups += 1;
        Some(queue.next())
    }
}

impl<T, R> Queue<T, R> {
    fn next(&mut self) -> Group<T, R> {
        let count = self.waiting.len().min(MOST);
        self.waiting.drain(..count).collect()
    }
}

/// Somebody's duty to the callers of one group. It is done even if dealing with
/// them panics, so that nobody waits for ever.
struct Lead<'a, T, R> {
    together: &'a Together<T, R>,
    seats: Vec<Arc<Seat<T, R>>>,
}

impl<T, R> Lead<'_, T, R> {
    fn tell(mut self, answers: Vec<R>) {
        let mut answers = answers.into_iter();
        for seat in self.seats.drain(..) {
            seat.tell(News::Done(answers.next()));
        }
    }
}

impl<T, R> Drop for Lead<'_, T, R> {
    fn drop(&mut self) {
        for seat in self.seats.drain(..) {
            seat.tell(News::Done(None));
        }
        let mut queue = held(&self.together.0);
        let group = queue.next();
        match group.first().map(|ticket| Arc::clone(&ticket.seat)) {
            Some(next) => next.tell(News::Lead(group)),
            None => queue.groups -= 1,
        }
    }
}

impl<T, R> Seat<T, R> {
    fn tell(&self, news: News<T, R>) {
        *held(&self.news) = Some(news);
        self.told.notify_one();
    }

    fn wait(&self) -> News<T, R> {
        let mut news = held(&self.news);
        loop {
            match news.take() {
                Some(news) => return news,
                None => news = self.told.wait(news).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

/// Locks a mutex whose content is sound after any panic.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::{
        panic::{AssertUnwindSafe, catch_unwind},
        sync::atomic::{AtomicUsize, Ordering},
        thread,
        time::Duration,
    };

    use super::*;

    #[test]
    fn who_is_alone_is_dealt_with_alone_and_at_once() {
        let together = Together::default();
        assert_eq!(together.deal(7, |rows| rows), Some(7));
        assert_eq!(held(&together.0).groups, 0);
    }

    #[test]
    fn many_share_few_groups_and_each_gets_its_own_answer() {
        let together = Together::default();
        let groups = AtomicUsize::new(0);
        thread::scope(|scope| {
            for thread in 0..64 {
                let (together, groups) = (&together, &groups);
                scope.spawn(move || {
                    for n in 0..10 {
                        let answer = together.deal((thread, n), |rows| {
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
        assert_eq!(held(&together.0).groups, 0);
    }

    #[test]
    fn a_panic_leaves_nobody_waiting() {
        let together = Together::default();
        thread::scope(|scope| {
            for thread in 0..32 {
                let together = &together;
                scope.spawn(move || {
                    let answer = catch_unwind(AssertUnwindSafe(|| {
                        together.deal(thread, |rows| {
                            thread::sleep(Duration::from_millis(1));
                            assert!(!rows.contains(&3), "a bug that row 3 finds");
                            rows
                        })
                    }));
                    let answer = answer.unwrap_or(None);
                    assert!(answer.is_none_or(|answer| answer == thread && thread != 3));
                });
            }
        });
        assert_eq!(together.deal(100, |rows| rows), Some(100));
        assert_eq!(held(&together.0).groups, 0);
    }

    #[test]
    fn who_waits_can_be_dismissed() {
        let together = Together::default();
        let dealt = AtomicUsize::new(0);
        let answers: Vec<i32> = thread::scope(|scope| {
            let clients: Vec<_> = (0..16)
                .map(|n| {
                    let (together, dealt) = (&together, &dealt);
                    scope.spawn(move || {
                        together.deal(n, |rows| {
                            thread::sleep(Duration::from_millis(50));
                            together.dismiss(|| -1);
                            dealt.fetch_add(rows.len(), Ordering::Relaxed);
                            rows
                        })
                    })
                })
                .collect();
            clients.into_iter().map(|client| client.join().unwrap().unwrap()).collect()
        });
        let dismissed = answers.iter().filter(|answer| **answer == -1).count();
        assert!(dismissed > 0, "{answers:?}");
        assert_eq!(dismissed + dealt.into_inner(), 16);
        assert_eq!(held(&together.0).groups, 0);
    }

    #[test]
    fn a_missing_answer_is_none() {
        assert_eq!(Together::default().deal(1, |_| Vec::<u8>::new()), None);
    }
}
