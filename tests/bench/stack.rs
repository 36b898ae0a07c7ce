//! Where on the stack work is done. The time of a signature depends on where in
//! a page its frames happen to lie: of one build, at 40 places of a thread's
//! stack, a verification took 74 to 88 us and one strict verification 34 to 46,
//! the same in every run. Why was not found out; addresses that a processor
//! takes for one because their places in a page are the same would do so.
//! Which place a run meets is chance, so measurements go over all.

use std::cell::Cell;
use std::hint::black_box;

/// Frames that reach over a page.
const PLACES: usize = 64;

thread_local! {
    static NEXT: Cell<usize> = const { Cell::new(0) };
}

/// Does the work at another place of the page than the last time.
pub fn elsewhere<T>(work: impl FnOnce() -> T) -> T {
    let (mut work, mut done) = (Some(work), None);
    let place = NEXT.get();
    NEXT.set((place + 1) % PLACES);
    below(place, &mut || done = work.take().map(|work| work()));
    done.unwrap()
}

#[inline(never)]
fn below(frames: usize, work: &mut dyn FnMut()) {
    let room = black_box([0_u64; 4]);
    if frames == 0 {
        work();
    } else {
        below(frames - 1, work);
    }
    black_box(&room);
}
