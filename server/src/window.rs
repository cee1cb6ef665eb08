//! How often something may be done within a span of time: pure. For each key
//! the moments of that span are kept, so the bound holds for every such span,
//! wherever it begins.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    time::{Duration, Instant},
};

/// The bounds of a [`Window`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WindowLimits {
    /// How often within the span.
    pub(crate) most: usize,
    /// The span.
    pub(crate) per: Duration,
    /// How many keys are remembered. When there are more, the longest untouched
    /// is forgotten.
    pub(crate) keys: usize,
}

/// What was done with all keys, as far as it matters still.
#[derive(Debug)]
pub(crate) struct Window<K> {
    keys: HashMap<K, VecDeque<Instant>>,
    limits: WindowLimits,
}

/// It was done; how much is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Taken {
    /// How often it may be done still.
    pub(crate) left: usize,
    /// When all of it is there again, if nothing is done until then.
    pub(crate) full_in: Duration,
}

/// Too often; the next time is good after this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limited(pub(crate) Duration);

impl<K: Clone + Eq + Hash> Window<K> {
    pub(crate) fn new(limits: WindowLimits) -> Self {
        Self {
            keys: HashMap::new(),
            limits,
        }
    }

    /// Counts one time. Where only failures count, it is given back after a
    /// success: those who try at the same time get no more than those who wait
    /// for each other.
    pub(crate) fn take(&mut self, key: &K, now: Instant) -> Result<Taken, Limited> {
        if !self.keys.contains_key(key) {
            self.make_space(now);
        }
        let WindowLimits { most, per, .. } = self.limits;
        let times = self.keys.entry(key.clone()).or_default();
        forget(times, per, now);
        if times.len() >= most {
            let free_at = times.front().map_or(now, |oldest| *oldest + per);
            return Err(Limited(free_at.saturating_duration_since(now)));
        }
        times.push_back(now);
        Ok(Taken {
            left: most - times.len(),
            full_in: per,
        })
    }

    /// What was taken then does not count.
    pub(crate) fn give_back(&mut self, key: &K, taken: Instant) {
        let Some(times) = self.keys.get_mut(key) else {
            return;
        };
        if let Some(index) = times.iter().position(|at| *at == taken) {
            times.remove(index);
        }
        if times.is_empty() {
            self.keys.remove(key);
        }
    }

    fn make_space(&mut self, now: Instant) {
        let WindowLimits { per, keys, .. } = self.limits;
        if self.keys.len() < keys {
            return;
        }
        self.keys.retain(|_, times| {
            forget(times, per, now);
            !times.is_empty()
        });
        if self.keys.len() < keys {
            return;
        }
        let oldest = self.keys.iter().min_by_key(|(_, times)| times.back());
        if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
            self.keys.remove(&oldest);
        }
    }
}

fn forget(times: &mut VecDeque<Instant>, per: Duration, now: Instant) {
    while times
        .front()
        .is_some_and(|at| now.saturating_duration_since(*at) >= per)
    {
        times.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn window(keys: usize) -> Window<&'static str> {
        Window::new(WindowLimits {
            most: 5,
            per: 60 * SECOND,
            keys,
        })
    }

    #[test]
    fn sixth_time_within_a_minute_is_refused_and_told_how_long() {
        let (mut window, start) = (window(10), Instant::now());
        for n in 0..5_u32 {
            let left = window
                .take(&"a", start + n * SECOND)
                .map(|taken| taken.left);
            assert_eq!(left, Ok(4 - n as usize));
        }
        let refused = window.take(&"a", start + 10 * SECOND);
        assert_eq!(refused, Err(Limited(50 * SECOND)));
        // refused ones do not count, so nobody is shut out for ever
        assert!(window.take(&"a", start + 60 * SECOND).is_ok());
        let again = window.take(&"a", start + 60 * SECOND);
        assert_eq!(again, Err(Limited(SECOND)));
    }

    #[test]
    fn keys_do_not_count_for_each_other() {
        let (mut window, start) = (window(10), Instant::now());
        for _ in 0..5 {
            assert!(window.take(&"a", start).is_ok());
        }
        assert!(window.take(&"a", start).is_err());
        assert!(window.take(&"b", start).is_ok());
    }

    #[test]
    fn what_is_given_back_does_not_count() {
        let (mut window, start) = (window(10), Instant::now());
        for _ in 0..50 {
            assert!(window.take(&"a", start).is_ok());
            window.give_back(&"a", start);
        }
        assert!(window.keys.is_empty());
    }

    #[test]
    fn memory_is_bounded() {
        let (mut window, start) = (window(3), Instant::now());
        for (n, name) in (0..).zip(["a", "b", "c", "d"]) {
            assert!(window.take(&name, start + n * SECOND).is_ok());
        }
        assert_eq!(window.keys.len(), 3);
        assert!(!window.keys.contains_key("a"));
        // what is over goes first
        assert!(window.take(&"e", start + 300 * SECOND).is_ok());
        assert_eq!(window.keys.len(), 1);
    }
}
