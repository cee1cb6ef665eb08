//! A room under random use: peers come, go and negotiate, and whatever bytes
//! arrive as RTP or RTCP, nothing panics and what leaves is well-formed.

mod egress;
mod packets;
mod peers;
mod steps;

use proptest::{collection::vec, prelude::*, strategy::ValueTree, test_runner::TestRunner};

use steps::{Step, World, step};

/// Returns the number of RTP packets that left.
fn run(steps: Vec<Step>) -> usize {
    let mut world = World::new();
    for step in steps {
        world.apply(step);
    }
    world.leave_all();
    world.sent()
}

#[test]
fn checks_see_media_leave() {
    let mut runner = TestRunner::deterministic();
    let mut sent = 0;
    for _ in 0..20 {
        let steps = vec(step(), 100).new_tree(&mut runner).expect("steps");
        sent += run(steps.current());
    }
    assert!(
        sent > 1_000,
        "only {sent} packets left: the steps are too wild"
    );
}

proptest! {
    #![proptest_config(ProptestConfig {
        max_shrink_iters: 2_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_use_of_a_room_panics_or_breaks_its_output(steps in vec(step(), 1..250)) {
        run(steps);
    }
}
