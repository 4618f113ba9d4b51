//! Many questions of one kind, shared among threads.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ScopedJoinHandle};

use crate::network::Cancelled;

/// The answer to each question, in their order; it does not depend on the number of threads.
///
/// Every thread takes one run of the questions and has scratch of its own, used again from one to the next.
///
/// # Errors
/// `cancel` was raised.
pub(crate) fn answer_each<Q: Sync, S, A: Send>(
    questions: &[Q],
    threads: NonZeroUsize,
    cancel: &AtomicBool,
    scratch: impl Fn() -> S + Sync,
    answer: impl Fn(&mut S, &Q) -> A + Sync,
) -> Result<Vec<A>, Cancelled> {
    let (scratch, answer) = (&scratch, &answer);
    let answer_run = |run: &[Q]| -> Vec<A> {
        let mut scratch = scratch();
        let is_wanted = |_: &&Q| !cancel.load(Ordering::Relaxed);
        let run = run.iter().take_while(is_wanted);
        run.map(|question| answer(&mut scratch, question)).collect()
    };
    let answer_run = &answer_run;
    let share = questions.len().div_ceil(threads.get()).max(1);
    let answers: Vec<A> = thread::scope(|scope| {
        let spawn = |run| scope.spawn(move || answer_run(run));
        let running: Vec<_> = questions.chunks(share).map(spawn).collect();
        let join = |thread: ScopedJoinHandle<'_, Vec<A>>| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        running.into_iter().flat_map(join).collect()
    });
    if cancel.load(Ordering::Relaxed) {
        return Err(Cancelled);
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_stand_in_the_order_of_questions_for_any_number_of_threads() {
        let questions: Vec<u32> = (0..100).collect();
        for n_threads in [1, 3, 8, 200] {
            let threads = NonZeroUsize::new(n_threads).unwrap();
            let cancel = AtomicBool::new(false);
            let doubled = answer_each(&questions, threads, &cancel, || 2, |two, n| *two * n);
            assert_eq!(doubled.unwrap(), (0..200).step_by(2).collect::<Vec<u32>>());
        }
    }

    #[test]
    fn a_raised_flag_stops_the_work() {
        let cancel = AtomicBool::new(true);
        let answers = answer_each(&[1], NonZeroUsize::MIN, &cancel, || (), |(), n| *n);
        assert_eq!(answers, Err(Cancelled));
    }
}
