//! Which track goes into which slot: what should be, less what is.

/// Distributes `wanted` over slots. A track that is in a slot already and is
/// still wanted stays there; free slots get the rest, most important first.
/// `fits` says whether a slot can carry a track.
pub(crate) fn reconcile<T: Copy + PartialEq>(
    now: &[Option<T>],
    wanted: &[T],
    fits: impl Fn(usize, T) -> bool,
) -> Vec<Option<T>> {
    let mut slots: Vec<Option<T>> = now
        .iter()
        .enumerate()
        .map(|(slot, track)| track.filter(|t| wanted.contains(t) && fits(slot, *t)))
        .collect();
    for track in wanted {
        if slots.contains(&Some(*track)) {
            continue;
        }
        let free = (0..slots.len()).find(|slot| slots[*slot].is_none() && fits(*slot, *track));
        if let Some(slot) = free {
            slots[slot] = Some(*track);
        }
    }
    slots
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tracks_keep_their_slots_and_free_ones_get_the_rest() {
        let now = [Some('a'), Some('b'), None];
        let slots = reconcile(&now, &['c', 'b', 'd'], |_, _| true);
        assert_eq!(slots, [Some('c'), Some('b'), Some('d')]);
    }

    #[test]
    fn the_most_important_get_the_few_slots() {
        let wanted = ['c', 'b', 'a'];
        // the caller cuts what does not fit: a is not wanted any more
        let slots = reconcile(&[Some('a'), None], &wanted[..2], |_, _| true);
        assert_eq!(slots, [Some('c'), Some('b')]);
    }

    proptest! {
        #[test]
        fn doing_it_twice_changes_nothing(
            now in proptest::collection::vec(proptest::option::of(0u8..12), 0..8),
            wanted in proptest::collection::hash_set(0u8..12, 0..8),
        ) {
            let wanted: Vec<u8> = wanted.into_iter().collect();
            let once = reconcile(&now, &wanted, |slot, track| (usize::from(track) + slot) % 5 != 0);
            let twice = reconcile(&once, &wanted, |slot, track| (usize::from(track) + slot) % 5 != 0);
            prop_assert_eq!(once, twice);
        }
    }
}
