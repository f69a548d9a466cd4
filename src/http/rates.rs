//! Rate limits: by address on what costs, by key only where the operator sets a figure. Each process counts for itself.
//!
//! Told by `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers) and, when nothing is left, 429 and
//! `Retry-After`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, MonotonicClock, Reference as _};
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::state::keyed::ShrinkableKeyedStateStore;
use governor::{NotUntil, Quota, RateLimiter};

use crate::config::Network;

/// The most subjects that one limit remembers; beyond, newcomers share one account.
const MOST: usize = 100_000;
/// How often those are forgotten that have everything left again.
const SWEEP: Nanos = Nanos::new(1_000_000_000);

/// What costs, and is counted by address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cost {
    /// A badge that may be a stranger's: up to twelve fetches.
    Verify,
    /// A key or a signature that is none.
    SignIn,
    /// A letter with a link.
    Link,
}

/// Whose account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Subject {
    Network(Network),
    Key(String),
    /// Everybody for whom there was no place.
    Others,
}

/// All limits of this process.
pub(super) struct Rates<C: Clock + Clone = MonotonicClock> {
    verify: Policy<C>,
    sign_in: Policy<C>,
    link: Policy<C>,
    key: Option<Policy<C>>,
}

impl<C: Clock + Clone> Rates<C> {
    pub(super) fn new(clock: &C, requests_per_key: Option<NonZeroU32>) -> Self {
        const fn count(n: u32) -> NonZeroU32 {
            NonZeroU32::new(n).expect("a limit lets something through")
        }
        let per_minute = |name, count| Policy::new(name, count, 60, clock.clone());
        Rates {
            verify: per_minute("verify", const { count(60) }),
            sign_in: per_minute("sign-in", const { count(10) }),
            link: Policy::new("link", const { count(10) }, 600, clock.clone()),
            key: requests_per_key.map(|count| per_minute("key", count)),
        }
    }

    /// One more of what costs. Neighbours verify on one account, since addresses are cheap; whoever mistypes a key is alone.
    pub(super) fn charge(&self, cost: Cost, address: IpAddr) -> Account {
        match cost {
            Cost::Verify => self.verify.charge(Subject::Network(Network::around(address, 24, 56))),
            Cost::SignIn => self.sign_in.charge(Subject::Network(Network::around(address, 32, 64))),
            Cost::Link => self.link.charge(Subject::Network(Network::around(address, 32, 64))),
        }
    }

    /// One more request of a key; `None` where nothing is counted.
    pub(super) fn charge_key(&self, key: &str) -> Option<Account> {
        Some(self.key.as_ref()?.charge(Subject::Key(key.to_owned())))
    }
}

/// How an account stands after it was charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    name: &'static str,
    quota: u32,
    window: u32,
    left: u32,
    /// Until all is left again; when nothing was left, until one is.
    seconds: u32,
    /// Whether there was something left.
    pub(super) granted: bool,
}

impl Account {
    /// Whole seconds after which another try makes sense.
    pub(super) fn retry_after(&self) -> u32 {
        self.seconds.max(1)
    }
}

/// The two fields for these accounts.
pub(super) fn fields(accounts: &[Account]) -> (String, String) {
    let (mut policies, mut limits) = (String::new(), String::new());
    for (n, Account { name, quota, window, left, seconds, .. }) in accounts.iter().enumerate() {
        let comma = if n == 0 { "" } else { ", " };
        write!(policies, "{comma}\"{name}\";q={quota};w={window}").expect("writing to a string does not fail");
        write!(limits, "{comma}\"{name}\";r={left};t={seconds}").expect("writing to a string does not fail");
    }
    (policies, limits)
}

/// So many in so many seconds, for each subject.
struct Policy<C: Clock + Clone> {
    name: &'static str,
    quota: NonZeroU32,
    window: u32,
    limiter: RateLimiter<Subject, Bounded, C, StateInformationMiddleware>,
    swept: Mutex<C::Instant>,
}

impl<C: Clock + Clone> Policy<C> {
    fn new(name: &'static str, quota: NonZeroU32, window: u32, clock: C) -> Self {
        let each = Duration::from_secs(window.into()) / quota.get();
        let rule = Quota::with_period(each).expect("a window is longer than nothing").allow_burst(quota);
        let swept = Mutex::new(clock.now());
        let limiter = RateLimiter::new(rule, Bounded::default(), clock);
        Policy { name, quota, window, limiter, swept }
    }

    fn charge(&self, subject: Subject) -> Account {
        self.sweep();
        let (granted, left, seconds) = match self.limiter.check_key(&subject) {
            Ok(state) => {
                let left = state.remaining_burst_capacity();
                let used = u64::from(self.quota.get() - left) * u64::from(self.window);
                (true, left, u32::try_from(used.div_ceil(self.quota.get().into())).unwrap_or(u32::MAX))
            }
            Err(until) => (false, 0, self.seconds_until(&until)),
        };
        Account { name: self.name, quota: self.quota.get(), window: self.window, left, seconds, granted }
    }

    fn seconds_until(&self, until: &NotUntil<C::Instant>) -> u32 {
        let wait = until.wait_time_from(self.limiter.clock().now());
        u32::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX)
    }

    /// Forgets whom nothing was taken from lately, when there is no place for others.
    fn sweep(&self) {
        if self.limiter.len() < MOST {
            return;
        }
        let now = self.limiter.clock().now();
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(*swept) >= SWEEP {
            *swept = now;
            self.limiter.retain_recent();
        }
    }
}

/// Accounts in memory, and not too many of them.
#[derive(Debug, Default)]
struct Bounded(Mutex<HashMap<Subject, Nanos>>);

impl Bounded {
    fn accounts(&self) -> MutexGuard<'_, HashMap<Subject, Nanos>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StateStore for Bounded {
    type Key = Subject;

    fn measure_and_replace<T, F, E>(&self, key: &Subject, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut accounts = self.accounts();
        let has_place = accounts.len() < MOST || accounts.contains_key(key);
        let key = if has_place { key } else { &Subject::Others };
        let (told, account) = measure(accounts.get(key).copied())?;
        accounts.insert(key.clone(), account);
        Ok(told)
    }
}

impl ShrinkableKeyedStateStore<Subject> for Bounded {
    fn retain_recent(&self, drop_below: Nanos) {
        self.accounts().retain(|_, account| *account >= drop_below);
    }

    fn shrink_to_fit(&self) {
        self.accounts().shrink_to_fit();
    }

    fn len(&self) -> usize {
        self.accounts().len()
    }

    fn is_empty(&self) -> bool {
        self.accounts().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn address(n: u32) -> IpAddr {
        IpAddr::V4(n.into())
    }

    #[test]
    fn what_costs_is_given_so_often_and_comes_back() {
        let clock = FakeRelativeClock::default();
        let rates = Rates::new(&clock, None);
        let ask = || rates.charge(Cost::SignIn, address(7));
        let told = |account: Account| fields(&[account]);
        assert_eq!(told(ask()), ("\"sign-in\";q=10;w=60".to_owned(), "\"sign-in\";r=9;t=6".to_owned()));
        for _ in 0..9 {
            assert!(ask().granted);
        }
        let refused = ask();
        assert_eq!((refused.granted, refused.retry_after()), (false, 6));
        assert_eq!(told(refused).1, "\"sign-in\";r=0;t=6");
        assert!(rates.charge(Cost::SignIn, address(8)).granted, "others are not concerned");
        assert!(rates.charge(Cost::Verify, address(7)).granted, "nor is anything else");
        clock.advance(Duration::from_secs(6));
        assert!(ask().granted && !ask().granted);
    }

    #[test]
    fn neighbours_verify_on_one_account() {
        let rates = Rates::new(&FakeRelativeClock::default(), None);
        for n in 0..60 {
            assert!(rates.charge(Cost::Verify, address(n)).granted);
        }
        assert!(!rates.charge(Cost::Verify, address(200)).granted);
        assert!(rates.charge(Cost::Verify, address(256)).granted);
    }

    #[test]
    fn a_key_is_counted_only_where_a_figure_is_set() {
        let clock = FakeRelativeClock::default();
        assert_eq!(Rates::new(&clock, None).charge_key("a"), None);
        let rates = Rates::new(&clock, NonZeroU32::new(2));
        let granted = |key| rates.charge_key(key).unwrap().granted;
        assert_eq!([granted("a"), granted("a"), granted("a"), granted("b")], [true, true, false, true]);
    }

    #[test]
    fn a_million_addresses_take_the_place_of_a_hundred_thousand() {
        let clock = FakeRelativeClock::default();
        let rates = Rates::new(&clock, None);
        assert!(rates.charge(Cost::SignIn, address(u32::MAX)).granted);
        let granted = (0..1_000_000).filter(|n| rates.charge(Cost::SignIn, address(*n)).granted).count();
        assert!(rates.sign_in.limiter.len() <= MOST + 1);
        assert_eq!(granted, MOST - 1 + 10, "newcomers share one account");
        assert!(rates.charge(Cost::SignIn, address(u32::MAX)).granted, "who was there before has their own");
        clock.advance(Duration::from_secs(120));
        assert!(rates.charge(Cost::SignIn, address(5_000_000)).granted);
        assert!(rates.sign_in.limiter.len() < 10, "the idle ones are forgotten");
    }
}
