//! What is recorded under keys, by one question to the database for all who ask at the same time.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
    sync::Arc,
    time::Duration,
};

use issuing::Together;
use registry::RegistryError;

/// How many keys one question asks for at most.
const MOST: usize = 64;

/// Finds what is recorded under some keys: nothing under those it leaves out.
type Find<K, V> = dyn Fn(&[K]) -> Result<HashMap<K, V>, RegistryError> + Send + Sync;

/// What is recorded under a key, if anything. Whoever asks for the same is answered the same.
pub type Found<V> = Result<Option<Arc<V>>, Arc<RegistryError>>;

/// Those who ask. Each is answered by a question that is asked after they came: who was shut
/// out before, is found shut out.
pub struct Lookups<K, V> {
    together: Together<K, Found<V>>,
    find: Box<Find<K, V>>,
}

impl<K: Clone + Eq + Hash, V> Lookups<K, V> {
    pub fn new(find: impl Fn(&[K]) -> Result<HashMap<K, V>, RegistryError> + Send + Sync + 'static) -> Self {
        Self { together: Together::new(MOST, 1, Duration::ZERO), find: Box::new(find) }
    }

    /// Asks for `key`. Whether somebody must now [`work`](Self::work): if so, the caller sees
    /// to it, on a thread that may wait.
    #[must_use]
    pub fn ask(&self, key: K, tell: impl FnOnce(Found<V>) + Send + 'static) -> bool {
        self.together.join(key, tell)
    }

    /// Answers until nobody waits.
    pub fn work(&self) {
        self.together.work(|keys| {
            let answers = self.answers(keys);
            if let Some(Err(error)) = answers.first()
                && matches!(**error, RegistryError::Unavailable(_))
            {
                // Who came meanwhile would wait for the same database.
                self.together.dismiss(|| Err(Arc::clone(error)));
            }
            answers
        });
    }

    fn answers(&self, keys: Vec<K>) -> Vec<Found<V>> {
        let distinct: Vec<K> = keys.iter().collect::<HashSet<_>>().into_iter().cloned().collect();
        match (self.find)(&distinct) {
            Ok(found) => {
                let found: HashMap<K, Arc<V>> =
                    found.into_iter().map(|(key, value)| (key, Arc::new(value))).collect();
                keys.iter().map(|key| Ok(found.get(key).cloned())).collect()
            }
            Err(error) if distinct.len() == 1 || matches!(error, RegistryError::Unavailable(_)) => {
                let error = Arc::new(error);
                keys.iter().map(|_| Err(Arc::clone(&error))).collect()
            }
            // What is wrong with one is not the others' concern.
            Err(_) => keys.into_iter().flat_map(|key| self.answers(vec![key])).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Mutex, mpsc},
        thread,
    };

    use super::*;

    /// The squares of small numbers. Of 13 there is none to be read, and 99 is where nothing
    /// answers.
    fn squares(numbers: &[u32]) -> Result<HashMap<u32, u32>, RegistryError> {
        if numbers.contains(&99) {
            return Err(RegistryError::Unavailable("the database of the test is away".to_owned()));
        }
        if numbers.contains(&13) {
            let (id, detail) = ("13".to_owned(), "unlucky".to_owned());
            return Err(RegistryError::Corrupt { table: "squares", id, detail });
        }
        Ok(numbers.iter().filter(|number| **number < 50).map(|number| (*number, number * number)).collect())
    }

    type Told = Result<Option<u32>, String>;

    fn found(answer: Found<u32>) -> Told {
        answer.map(|found| found.map(|square| *square)).map_err(|error| error.to_string())
    }

    /// The answers to all who ask while a first question is being answered, and what was asked.
    fn answers(numbers: &[u32]) -> (Vec<Told>, Vec<Vec<u32>>) {
        let asked = Arc::<Mutex<Vec<Vec<u32>>>>::default();
        let (go_on, wait) = mpsc::channel::<()>();
        let wait = Mutex::new(wait);
        let (begin, begun) = mpsc::channel();
        let lookups = Lookups::new({
            let asked = Arc::clone(&asked);
            move |keys: &[u32]| {
                if keys == [0] {
                    begin.send(()).unwrap();
                    wait.lock().unwrap().recv().unwrap();
                } else {
                    let mut keys = keys.to_vec();
                    keys.sort_unstable();
                    asked.lock().unwrap().push(keys);
                }
                squares(keys)
            }
        });
        let (tell, told) = mpsc::channel();
        thread::scope(|scope| {
            assert!(lookups.ask(0, |_| ()));
            let working = scope.spawn(|| lookups.work());
            begun.recv().unwrap();
            for (place, number) in numbers.iter().enumerate() {
                let tell = tell.clone();
                let is_needed =
                    lookups.ask(*number, move |answer| tell.send((place, found(answer))).unwrap());
                assert!(!is_needed, "one thread answers all");
            }
            go_on.send(()).unwrap();
            working.join().unwrap();
        });
        drop(tell);
        let mut answers: Vec<_> = told.iter().collect();
        answers.sort_by_key(|(place, _)| *place);
        let asked = asked.lock().unwrap().clone();
        (answers.into_iter().map(|(_, answer)| answer).collect(), asked)
    }

    #[test]
    fn one_question_is_asked_for_all_who_wait_and_each_has_its_own_answer() {
        let (answers, asked) = answers(&[3, 70, 3, 4]);
        assert_eq!(answers, [Ok(Some(9)), Ok(None), Ok(Some(9)), Ok(Some(16))]);
        assert_eq!(asked, [vec![3, 4, 70]]);
    }

    #[test]
    fn what_cannot_be_read_is_nobody_else_s_concern() {
        let (answers, _) = answers(&[3, 13, 4]);
        let refused = squares(&[13]).unwrap_err().to_string();
        assert_eq!(answers, [Ok(Some(9)), Err(refused), Ok(Some(16))]);
    }

    #[test]
    fn where_nothing_answers_nobody_is_asked_for_again() {
        let numbers: Vec<u32> = (0..200).map(|number| if number == 0 { 99 } else { number % 40 }).collect();
        let (answers, asked) = answers(&numbers);
        let away = squares(&[99]).unwrap_err().to_string();
        assert_eq!(answers, vec![Err(away); 200]);
        assert_eq!(asked.len(), 1);
    }
}
