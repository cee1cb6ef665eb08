//! Owns the counting allocator: how many allocations a stretch of work made.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Allocations and reallocations of the whole process so far.
#[must_use]
pub fn so_far() -> u64 {
    let stats = ALLOCATOR.stats();
    (stats.allocations + stats.reallocations) as u64
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_box_is_counted() {
        let before = super::so_far();
        drop(std::hint::black_box(Box::new(7)));
        assert!(super::so_far() > before);
    }
}
