//! An external player on the stage, with a shared or pinned tile beside it if
//! there is one, and everybody else in what is left.
//!
//! The player comes first in wide frames and on top in tall ones. What is left
//! there may be larger than a strip: then the tiles get all of it.

use super::{
    GAP, Plan, Rect, Scene,
    grid::Shape,
    paged,
    stage::{CONTENT_ASPECT, STAGE_PART_MIN, STRIP_HEIGHT, beside, content_area, placed},
};

/// Where the player goes, and the tile that shares the stage with it.
#[derive(Debug, Clone, Copy)]
struct Stage {
    player: Rect,
    tile: Option<Rect>,
}

impl Stage {
    /// As large as the smaller of the two shows its picture.
    fn content_area(self) -> f64 {
        let player = content_area(self.player.size());
        let tile = self.tile.map_or(f64::MAX, |tile| content_area(tile.size()));
        player.min(tile)
    }
}

pub(super) fn plan(scene: Scene, on_stage: Option<usize>) -> Plan {
    let frame = Rect::of(scene.frame);
    let others: Vec<usize> = (0..scene.tiles).filter(|i| Some(*i) != on_stage).collect();
    let shared = on_stage.is_some();
    let divided = [beside(frame), above(frame, shared)]
        .into_iter()
        .flatten()
        .map(|(stage, rest)| (share(stage, shared), rest))
        .max_by(|(a, _), (b, _)| a.content_area().total_cmp(&b.content_area()));
    let (stage, mut plan) = match divided.filter(|_| !others.is_empty()) {
        Some((stage, rest)) => {
            let shape = if rest.width < frame.width {
                Shape::wide(scene.density)
            } else {
                Shape::of_frame(rest.size(), scene.density)
            };
            (stage, paged(&others, rest, shape, scene.page))
        }
        None => (
            share(frame, shared),
            paged(&[], frame, Shape::wide(scene.density), 0),
        ),
    };
    if let Some((index, rect)) = on_stage.zip(stage.tile) {
        plan.placed.insert(0, placed(index, rect));
    }
    plan.player = Some(stage.player);
    plan
}

/// The stage on top, no higher than what it shows, the rest below.
fn above(frame: Rect, shared: bool) -> Option<(Rect, Rect)> {
    let least = STRIP_HEIGHT.0;
    let left = frame.height - least - GAP;
    if left < frame.height * STAGE_PART_MIN {
        return None;
    }
    let pictures = if shared { 2.0 } else { 1.0 };
    let wanted = frame.width / CONTENT_ASPECT * pictures + GAP * (pictures - 1.0);
    let height = wanted.min(left).floor();
    let stage = Rect { height, ..frame };
    let rest = Rect {
        y: height + GAP,
        height: frame.height - height - GAP,
        ..frame
    };
    Some((stage, rest))
}

/// The player alone, or with a tile: side by side or one above the other,
/// whichever shows more.
fn share(stage: Rect, shared: bool) -> Stage {
    if !shared {
        return Stage {
            player: stage,
            tile: None,
        };
    }
    let width = ((stage.width - GAP) / 2.0).floor();
    let height = ((stage.height - GAP) / 2.0).floor();
    let side_by_side = Stage {
        player: Rect { width, ..stage },
        tile: Some(Rect {
            x: stage.x + width + GAP,
            width,
            ..stage
        }),
    };
    let stacked = Stage {
        player: Rect { height, ..stage },
        tile: Some(Rect {
            y: stage.y + height + GAP,
            height,
            ..stage
        }),
    };
    if stacked.content_area() > side_by_side.content_area() {
        stacked
    } else {
        side_by_side
    }
}
