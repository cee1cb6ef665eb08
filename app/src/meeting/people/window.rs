//! Which rows of a long list are drawn: those in sight and a few around them.

use std::ops::Range;

/// Lists up to this length are drawn as a whole.
const SHORT: usize = 40;

/// So many rows of a longer one are drawn before anything is measured.
const FIRST: usize = 16;

/// Rows that are drawn beyond the edges, so that scrolling shows no gap and
/// the Tab key finds the next one.
const MARGIN: usize = 8;

/// What of a list is in sight, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sight {
    /// Height of one row; 0 while it is not known.
    pub(super) row: f64,
    /// How far the list's start is above the upper edge; negative below it.
    pub(super) past: f64,
    /// Height of what can be seen.
    pub(super) height: f64,
}

impl Sight {
    /// Nothing was measured yet.
    pub(super) const UNKNOWN: Self = Self {
        row: 0.0,
        past: 0.0,
        height: 0.0,
    };
}

/// The rows to draw.
pub(super) fn drawn(total: usize, sight: Sight) -> Range<usize> {
    if total <= SHORT {
        return 0..total;
    }
    if sight.row <= 0.0 || sight.height <= 0.0 {
        return 0..FIRST;
    }
    let first = rows(sight.past / sight.row).saturating_sub(MARGIN);
    let end = rows((sight.past + sight.height) / sight.row) + 1 + MARGIN;
    let first = first.min(total);
    first..end.clamp(first, total)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits"
)]
fn rows(count: f64) -> usize {
    count.clamp(0.0, 1e6) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight(past: f64) -> Sight {
        Sight {
            row: 50.0,
            past,
            height: 500.0,
        }
    }

    #[test]
    fn a_short_list_is_drawn_as_a_whole() {
        assert_eq!(drawn(5, sight(0.0)), 0..5);
    }

    #[test]
    fn of_a_long_list_only_what_is_in_sight_is_drawn() {
        assert_eq!(drawn(300, sight(5_000.0)), 92..119);
    }

    #[test]
    fn the_start_and_the_end_have_no_rows_beyond_them() {
        assert_eq!(drawn(300, sight(0.0)), 0..19);
        assert_eq!(drawn(300, sight(14_500.0)), 282..300);
    }

    #[test]
    fn a_list_below_the_edge_draws_its_first_rows_only() {
        assert_eq!(drawn(300, sight(-5_000.0)), 0..9);
    }

    #[test]
    fn a_list_far_above_the_edge_draws_no_rows_that_do_not_exist() {
        assert_eq!(drawn(300, sight(90_000.0)), 300..300);
    }

    #[test]
    fn before_anything_is_measured_a_first_handful_is_drawn() {
        assert_eq!(drawn(300, Sight::UNKNOWN), 0..FIRST);
    }
}
