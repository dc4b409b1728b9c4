//! The times here are real. No test asks for something to happen quickly; where something must
//! happen "at once", the other possibility is an hour away.

use super::*;
use futures::stream;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::time::timeout;

const HOUR: Duration = Duration::from_secs(3_600);
/// Longer than any test takes.
const PATIENCE: Duration = Duration::from_secs(20);
/// Long enough to believe that nothing comes any more.
const SILENCE: Duration = Duration::from_millis(150);

fn pace(gather: Option<u64>, rest: Option<Duration>) -> Pace {
    Pace {
        gather: gather.map(Duration::from_millis),
        rest,
    }
}

fn soon(rest: u64) -> Option<Instant> {
    Some(Instant::now() + Duration::from_millis(rest))
}

mod next_trigger {
    use super::*;

    #[tokio::test]
    async fn gathers_a_burst_into_one() {
        let mut arrivals = stream::iter([(); 50]).chain(stream::pending());
        let pace = pace(Some(5), None);
        let first = timeout(PATIENCE, next_trigger(&mut arrivals, &pace, None)).await;
        assert_eq!(first, Ok(Trigger::Transactions));
        let second = timeout(SILENCE, next_trigger(&mut arrivals, &pace, None)).await;
        assert!(second.is_err(), "nothing has arrived since: {second:?}");
    }

    #[tokio::test]
    async fn gathers_from_the_first_arrival_on() {
        let (mut bell, mut arrivals) = mpsc::channel(0);
        let ringing = tokio::spawn(async move {
            // Goes on for longer than any patience: a window that each arrival makes longer would
            // never end.
            while !bell.is_closed() {
                ring(&mut bell);
                sleep(Duration::from_millis(2)).await;
            }
        });
        let pace = pace(Some(30), None);
        for _ in 0..2 {
            let started = Instant::now();
            let trigger = timeout(PATIENCE, next_trigger(&mut arrivals, &pace, None)).await;
            assert_eq!(trigger, Ok(Trigger::Transactions));
            assert!(started.elapsed() >= Duration::from_millis(30));
        }
        drop(arrivals);
        ringing.await.expect("the bell stops when nobody listens");
    }

    #[tokio::test]
    async fn does_not_wait_for_company_without_a_window() {
        let mut arrivals = stream::iter([()]).chain(stream::pending());
        let pace = pace(Some(0), Some(HOUR));
        let trigger = timeout(
            PATIENCE,
            next_trigger(&mut arrivals, &pace, soon(3_600_000)),
        )
        .await;
        assert_eq!(trigger, Ok(Trigger::Transactions));
    }

    #[tokio::test]
    async fn comes_after_a_rest_when_nothing_arrives() {
        let mut arrivals = stream::pending();
        let pace = pace(Some(5), Some(Duration::from_millis(20)));
        let started = Instant::now();
        let trigger = timeout(PATIENCE, next_trigger(&mut arrivals, &pace, soon(20))).await;
        assert_eq!(trigger, Ok(Trigger::Rest));
        assert!(started.elapsed() >= Duration::from_millis(20));
    }

    #[tokio::test]
    async fn comes_after_a_rest_when_the_pool_is_gone() {
        let mut arrivals = stream::empty();
        let pace = pace(Some(5), Some(Duration::from_millis(20)));
        let trigger = timeout(PATIENCE, next_trigger(&mut arrivals, &pace, soon(20))).await;
        assert_eq!(trigger, Ok(Trigger::Rest));
    }

    #[tokio::test]
    async fn ignores_arrivals_where_only_time_counts() {
        let mut arrivals = stream::repeat(());
        let pace = pace(None, Some(Duration::from_millis(20)));
        let trigger = timeout(PATIENCE, next_trigger(&mut arrivals, &pace, soon(20))).await;
        assert_eq!(trigger, Ok(Trigger::Rest));
    }
}

mod drive {
    use super::*;

    /// A driver whose engine is the test, with transactions left over after the first `left`
    /// blocks.
    struct Driver {
        bell: mpsc::Sender<()>,
        commands: mpsc::Receiver<EngineCommand<u32>>,
    }

    impl Driver {
        fn new(pace: Pace, left: u32) -> Self {
            let (bell, arrivals) = mpsc::channel(0);
            let (engine, commands) = mpsc::channel(0);
            let asked = Arc::new(AtomicU32::new(0));
            let more_waits = move |_| {
                let more = asked.fetch_add(1, Ordering::SeqCst) < left;
                async move { more }
            };
            tokio::spawn(drive(arrivals, pace, engine, more_waits));
            Self { bell, commands }
        }

        /// Answers the next command with this, and says whether the block might have been empty.
        async fn answer(&mut self, answer: Result<u32, SealError>) -> bool {
            let command = timeout(PATIENCE, self.commands.next())
                .await
                .expect("a command comes");
            let Some(EngineCommand::SealNewBlock {
                create_empty,
                finalize,
                parent_hash,
                sender,
            }) = command
            else {
                panic!("not a command to make a block");
            };
            assert!(finalize, "blocks are final at once");
            assert_eq!(parent_hash, None, "blocks are built on the best one");
            let created = answer.map(|hash| CreatedBlock {
                hash,
                aux: Default::default(),
                proof_size: 0,
            });
            let heard = sender.expect("the driver wants to know").send(created);
            assert!(heard.is_ok(), "the driver waits for the answer");
            create_empty
        }

        async fn is_silent(&mut self) -> bool {
            timeout(SILENCE, self.commands.next()).await.is_err()
        }
    }

    #[tokio::test]
    async fn a_full_block_is_followed_at_once() {
        let mut driver = Driver::new(pace(Some(1), Some(HOUR)), 2);
        ring(&mut driver.bell);
        for block in 1..=3 {
            let may_be_empty = driver.answer(Ok(block)).await;
            assert!(!may_be_empty, "block {block} is made for transactions");
        }
        assert!(driver.is_silent().await, "the pool is empty now");
    }

    #[tokio::test]
    async fn transactions_that_do_not_apply_are_not_tried_again_and_again() {
        let mut driver = Driver::new(pace(Some(1), Some(HOUR)), u32::MAX);
        ring(&mut driver.bell);
        driver.answer(Ok(1)).await;
        driver.answer(Err(SealError::EmptyTransactionPool)).await;
        assert!(driver.is_silent().await);
        ring(&mut driver.bell);
        assert!(!driver.answer(Ok(2)).await, "a new arrival counts");
    }

    #[tokio::test]
    async fn an_idle_chain_makes_empty_blocks() {
        let mut driver = Driver::new(pace(Some(1), Some(Duration::from_millis(30))), 0);
        let started = Instant::now();
        for block in 1..=3 {
            assert!(driver.answer(Ok(block)).await);
        }
        assert!(started.elapsed() >= Duration::from_millis(90));
    }

    #[tokio::test]
    async fn a_rest_also_finds_transactions_that_nobody_announced() {
        let mut driver = Driver::new(pace(Some(1), Some(Duration::from_millis(30))), 1);
        assert!(driver.answer(Ok(1)).await, "made after a rest");
        assert!(
            !driver.answer(Ok(2)).await,
            "made for what the first has left"
        );
    }

    #[tokio::test]
    async fn an_interval_never_hurries() {
        let mut driver = Driver::new(pace(None, Some(Duration::from_millis(40))), u32::MAX);
        let started = Instant::now();
        ring(&mut driver.bell);
        for block in 1..=3 {
            assert!(driver.answer(Ok(block)).await);
        }
        assert!(started.elapsed() >= Duration::from_millis(120));
    }

    #[tokio::test]
    async fn goes_on_after_a_failure() {
        let mut driver = Driver::new(pace(Some(1), Some(Duration::from_millis(20))), 0);
        assert!(
            driver
                .answer(Err(SealError::StringError("disk full".into())))
                .await
        );
        assert!(driver.answer(Ok(1)).await);
    }
}
