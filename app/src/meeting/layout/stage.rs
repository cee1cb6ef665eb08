//! One large tile on the stage, the others in a strip beside or below it.

use super::{GAP, Placed, Plan, Rect, Scene, Size, grid::Shape, paged};

/// The part of the frame that the strip takes.
const STRIP_PART: f64 = 0.2;

/// What the strip takes at least and at most, beside and below the stage.
const STRIP_WIDTH: (f64, f64) = (136.0, 480.0);
pub(super) const STRIP_HEIGHT: (f64, f64) = (88.0, 300.0);

/// The stage is not pressed below this part of the frame: then there is no strip.
pub(super) const STAGE_PART_MIN: f64 = 0.5;

/// What is on the stage has about these proportions.
pub(super) const CONTENT_ASPECT: f64 = 16.0 / 9.0;

pub(super) fn plan(scene: Scene, on_stage: usize) -> Plan {
    let others: Vec<usize> = (0..scene.tiles).filter(|i| *i != on_stage).collect();
    let frame = Rect::of(scene.frame);
    let Some((stage, strip)) = split(frame).filter(|_| !others.is_empty()) else {
        return alone(frame, on_stage);
    };
    let mut plan = paged(&others, strip, Shape::wide(scene.density), scene.page);
    plan.placed.insert(0, placed(on_stage, stage));
    plan
}

fn alone(frame: Rect, index: usize) -> Plan {
    Plan {
        placed: vec![placed(index, frame)],
        pages: 1,
        page: 0,
        player: None,
    }
}

pub(super) fn placed(index: usize, rect: Rect) -> Placed {
    Placed {
        index,
        rect,
        on_stage: true,
    }
}

/// Stage and strip, put together the way that leaves more for the stage.
fn split(frame: Rect) -> Option<(Rect, Rect)> {
    [beside(frame), below(frame)]
        .into_iter()
        .flatten()
        .max_by(|(a, _), (b, _)| content_area(a.size()).total_cmp(&content_area(b.size())))
}

pub(super) fn beside(frame: Rect) -> Option<(Rect, Rect)> {
    let taken = part(frame.width, STRIP_WIDTH);
    let left = frame.width - taken - GAP;
    (left >= frame.width * STAGE_PART_MIN).then(|| {
        let stage = Rect {
            width: left.floor(),
            ..frame
        };
        let strip = Rect {
            x: frame.width - taken,
            width: taken,
            ..frame
        };
        (stage, strip)
    })
}

fn below(frame: Rect) -> Option<(Rect, Rect)> {
    let taken = part(frame.height, STRIP_HEIGHT);
    let left = frame.height - taken - GAP;
    (left >= frame.height * STAGE_PART_MIN).then(|| {
        let stage = Rect {
            height: left.floor(),
            ..frame
        };
        let strip = Rect {
            y: frame.height - taken,
            height: taken,
            ..frame
        };
        (stage, strip)
    })
}

fn part(length: f64, (least, most): (f64, f64)) -> f64 {
    (length * STRIP_PART).clamp(least, most).floor()
}

/// How large a picture of the usual proportions becomes in there.
pub(super) fn content_area(size: Size) -> f64 {
    let width = size.width.min(size.height * CONTENT_ASPECT);
    width * width / CONTENT_ASPECT
}
