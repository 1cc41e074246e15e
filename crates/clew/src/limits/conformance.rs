//! What every [`Limiter`](super::Limiter) must do, whatever counts and wherever.

use super::{FixedWindow, Gcra, Limiter};
use governor::clock::FakeRelativeClock;
use std::num::NonZeroU32;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

type Make = fn(NonZeroU32, FakeRelativeClock) -> Box<dyn Limiter<u32>>;

const LIMITERS: [(&str, Make); 2] = [
    ("gcra", |allowed, clock| Box::new(Gcra::new(allowed, clock))),
    ("fixed window", |allowed, clock| {
        Box::new(FixedWindow::new(allowed, clock))
    }),
];

/// Runs a case against each limiter of `per_minute`, with a clock that stands until it is moved.
fn each(per_minute: u32, case: impl Fn(&str, &dyn Limiter<u32>, &FakeRelativeClock)) {
    for (name, make) in LIMITERS {
        let clock = FakeRelativeClock::default();
        let limiter = make(NonZeroU32::new(per_minute).unwrap(), clock.clone());
        case(name, limiter.as_ref(), &clock);
    }
}

#[test]
fn a_burst_gets_the_allowance_and_not_one_more() {
    each(7, |name, limiter, _| {
        let passed = (0..100).filter(|_| limiter.check(&1).is_ok()).count();
        assert_eq!(passed, 7, "{name}");
    });
}

#[test]
fn keys_do_not_share() {
    each(1, |name, limiter, _| {
        for key in 0..1_000 {
            assert_eq!(limiter.check(&key), Ok(()), "{name}");
        }
        assert!(limiter.check(&500).is_err(), "{name}");
    });
}

#[test]
fn whoever_waits_as_long_as_told_gets_through_and_not_before() {
    each(3, |name, limiter, clock| {
        while limiter.check(&1).is_ok() {}
        let wait = limiter.check(&1).unwrap_err();
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(60));
        clock.advance(wait.saturating_sub(Duration::from_millis(1)));
        assert!(limiter.check(&1).is_err(), "{name}");
        clock.advance(Duration::from_millis(1));
        assert_eq!(limiter.check(&1), Ok(()), "{name}");
    });
}

#[test]
fn a_refused_request_uses_nothing_up() {
    each(2, |name, limiter, clock| {
        for _ in 0..500 {
            let _ = limiter.check(&1);
        }
        clock.advance(Duration::from_secs(60));
        let passed = (0..10).filter(|_| limiter.check(&1).is_ok()).count();
        assert_eq!(passed, 2, "{name}");
    });
}

#[test]
fn threads_that_race_get_the_allowance_between_them() {
    each(500, |name, limiter, _| {
        let (passed, start) = (AtomicU32::new(0), Barrier::new(8));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    let own = (0..500).filter(|_| limiter.check(&1).is_ok()).count();
                    passed.fetch_add(u32::try_from(own).unwrap(), Ordering::Relaxed);
                });
            }
        });
        assert_eq!(passed.into_inner(), 500, "{name}");
    });
}

#[test]
fn sweeping_forgets_who_is_whole_again_and_nobody_else() {
    each(2, |name, limiter, clock| {
        for key in 0..1_000 {
            limiter.check(&key).unwrap();
        }
        clock.advance(Duration::from_secs(50));
        while limiter.check(&1).is_ok() {}
        clock.advance(Duration::from_secs(15));
        // A window that began with the key's first request is over by now; a bucket is not full.
        while limiter.check(&1).is_ok() {}
        limiter.sweep();
        assert_eq!(limiter.remembered(), 1, "{name}");
        assert!(limiter.check(&1).is_err(), "{name}");
    });
}
