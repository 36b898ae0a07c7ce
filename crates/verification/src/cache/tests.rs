use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use model::clock::FixedClock;

use super::*;
use crate::Keeping;

const URL: &str = "https://issuer.example.org/did.json";

/// A host that gives its answers in turn, the last of them for ever, and counts.
#[derive(Default)]
struct Host {
    answers: Mutex<VecDeque<Answer>>,
    asked: AtomicUsize,
    tags: Mutex<Vec<String>>,
    /// How long it takes.
    pause: Duration,
}

impl Host {
    async fn next(&self) -> Answer {
        tokio::time::sleep(self.pause).await;
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().unwrap();
        if answers.len() > 1 { answers.pop_front().unwrap() } else { answers.front().unwrap().clone() }
    }
}

#[async_trait]
impl Fetch for Host {
    async fn fetch(&self, _: &str, _: &str, _: usize) -> Answer {
        self.next().await
    }

    async fn fetch_changed(&self, _: &str, _: &str, _: usize, etag: &str) -> Answer {
        self.tags.lock().unwrap().push(etag.to_owned());
        self.next().await
    }
}

struct Asked {
    cache: Cache<Arc<Host>>,
    host: Arc<Host>,
    clock: Arc<FixedClock>,
}

impl Asked {
    fn of(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::within(
            Room::default(),
            Host { answers: Mutex::new(answers.into_iter().collect()), ..Host::default() },
        )
    }

    fn within(room: Room, host: Host) -> Self {
        let clock = Arc::new(FixedClock::new(at(0)));
        let host = Arc::new(host);
        let told: Arc<dyn Clock> = clock.clone();
        Self { cache: Cache::new(Arc::clone(&host), told, room), host, clock }
    }

    /// What is answered at that second, how old it is, and whether it is stale.
    async fn at(&self, second: i64) -> (Answer, Option<(i64, bool)>) {
        self.clock.set(at(second));
        let answer = self.cache.fetch(URL, "*/*", 1000).await;
        let kept = answer.as_ref().ok().and_then(|fetched| fetched.kept);
        (answer, kept.map(|kept| ((at(second) - kept.since).num_seconds(), kept.stale)))
    }

    fn times(&self) -> usize {
        self.host.asked.load(Ordering::SeqCst)
    }
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000 + second, 0).unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "it stands beside failures")]
fn good(body: &'static str, keeping: Keeping) -> Answer {
    Ok(Fetched { keeping, ..Fetched::new(200, None, body) })
}

fn lasting(seconds: u64) -> Keeping {
    Keeping { lifetime: Some(Duration::from_secs(seconds)), ..Keeping::default() }
}

fn down() -> Answer {
    Err(FetchError::TimedOut { url: URL.to_owned(), seconds: 10 })
}

#[tokio::test]
async fn an_answer_is_given_again_until_its_time_is_over() {
    let asked = Asked::of([good("1", lasting(60)), good("2", lasting(60))]);
    assert_eq!(asked.at(0).await.1, None, "it came just now");
    assert_eq!(asked.at(59).await, (asked.at(59).await.0, Some((59, false))));
    assert_eq!(asked.times(), 1);
    let (answer, kept) = asked.at(60).await;
    assert_eq!((answer.unwrap().body.as_ref(), kept, asked.times()), (b"2".as_slice(), None, 2));
    // A clock that was set back tells nothing of the age.
    asked.at(-10).await.0.unwrap();
    assert_eq!(asked.times(), 3);
}

#[tokio::test]
async fn what_may_not_be_kept_is_not() {
    let never = Keeping { never: true, ..lasting(60) };
    let asked = Asked::of([good("1", never.clone()), good("2", never), down()]);
    for body in ["1", "2"] {
        assert_eq!(asked.at(0).await.0.unwrap().body, body);
    }
    assert_eq!(asked.at(0).await.0, down(), "nor does it stand in");
}

#[tokio::test]
async fn a_host_is_asked_whether_it_is_still_the_same() {
    let tagged = Keeping { etag: Some("\"v1\"".to_owned()), ..lasting(60) };
    let same = Ok(Fetched { keeping: lasting(5), ..Fetched::new(304, None, "") });
    let asked = Asked::of([good("1", tagged), same, good("2", lasting(9))]);
    asked.at(0).await.0.unwrap();
    let (answer, kept) = asked.at(100).await;
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.body.as_ref(), kept), (200, b"1".as_slice(), None));
    assert_eq!(asked.at(104).await.1, Some((4, false)));
    assert_eq!(asked.at(105).await.0.unwrap().body, "2");
    assert_eq!(*asked.host.tags.lock().unwrap(), ["\"v1\"", "\"v1\""]);
}

#[tokio::test]
async fn an_old_answer_stands_in_for_a_host_that_fails_and_says_so() {
    let error = Ok(Fetched::new(503, None, ""));
    let asked = Asked::of([good("1", lasting(60)), down(), error.clone(), down()]);
    asked.at(0).await.0.unwrap();
    let (answer, kept) = asked.at(70).await;
    assert_eq!((answer.unwrap().body.as_ref(), kept), (b"1".as_slice(), Some((70, true))));
    assert_eq!(asked.at(99).await.1, Some((99, true)));
    assert_eq!(asked.times(), 2, "the host is left alone for half a minute");
    assert_eq!(asked.at(100).await.1, Some((100, true)));
    assert_eq!(asked.times(), 3);
    let day = 60 + 86_400;
    assert_eq!(asked.at(day).await.0, down(), "a day is the end");
    assert_eq!(Asked::of([error.clone()]).at(0).await.0, error, "without an old answer it is what it is");
}

#[tokio::test]
async fn nothing_stands_in_where_the_host_or_we_refuse() {
    let strict = Keeping { stale: Some(Duration::ZERO), ..lasting(60) };
    let asked = Asked::of([good("1", strict), down()]);
    asked.at(0).await.0.unwrap();
    assert_eq!(asked.at(60).await.0, down());
    let private = FetchError::NotPublic { host: "issuer.example.org".into(), address: "10.0.0.1".into() };
    let asked = Asked::of([good("1", lasting(60)), Err(private.clone())]);
    asked.at(0).await.0.unwrap();
    assert_eq!(asked.at(60).await.0, Err(private));
}

#[tokio::test]
async fn a_failure_stands_for_a_moment() {
    let asked = Asked::of([down(), good("1", lasting(60))]);
    assert_eq!((asked.at(0).await.0, asked.at(4).await.0, asked.times()), (down(), down(), 1));
    assert_eq!(asked.at(5).await.0.unwrap().body, "1");
}

#[tokio::test(start_paused = true)]
async fn who_asks_meanwhile_waits_for_the_same_answer() {
    let pause = Duration::from_secs(1);
    let answers = Mutex::new(VecDeque::from([good("1", Keeping { never: true, ..Keeping::default() })]));
    let asked = Asked::within(Room::default(), Host { answers, pause, ..Host::default() });
    let many = (0..100).map(|_| asked.cache.fetch(URL, "*/*", 1000));
    let answers = futures_util::future::join_all(many).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(asked.times(), 1);
    // One that everybody gave up does not stand in the way of the next.
    let given_up = tokio::time::timeout(pause / 2, asked.cache.fetch(URL, "*/*", 1000)).await;
    assert!(given_up.is_err());
    assert!(asked.cache.fetch(URL, "*/*", 1000).await.is_ok());
    assert_eq!(asked.times(), 2);
}

#[tokio::test]
async fn what_was_not_used_for_longest_makes_room() {
    let answers = || Mutex::new(VecDeque::from([good("12345678", lasting(60))]));
    let of = |room| Asked::within(room, Host { answers: answers(), ..Host::default() });
    let few = of(Room { answers: 2, ..Room::default() });
    let fetch = async |asked: &Asked, name: &str| asked.cache.fetch(name, "*/*", 1000).await.unwrap();
    for (name, times) in [("a", 1), ("b", 2), ("a", 2), ("c", 3), ("a", 3), ("b", 4)] {
        fetch(&few, name).await;
        assert_eq!(few.times(), times, "{name}");
    }
    let small = of(Room { bytes: 1200, ..Room::default() });
    for name in ["a", "b", "c", "d"] {
        fetch(&small, name).await;
        assert!(small.cache.shelf.lock().unwrap().bytes() <= 1200);
    }
    fetch(&small, "d").await;
    assert_eq!(small.times(), 4);
    let none = of(Room { bytes: 100, ..Room::default() });
    fetch(&none, "a").await;
    assert_eq!(none.cache.shelf.lock().unwrap().bytes(), 0, "what is too large is not kept at all");
}
