//! Where the tiles of a meeting go: arithmetic, without a browser.
//!
//! A frame, a number of tiles and perhaps one of them for the stage go in, a
//! rectangle for each visible tile comes out. Who is in which tile, and which
//! one deserves the stage, is decided in `scene`.

mod grid;
mod player;
mod stage;

/// The most tiles on one page, whatever the size of the frame.
pub(crate) const PAGE_MAX: usize = 49;

/// The space between two tiles, in CSS pixels.
pub(crate) const GAP: f64 = 8.0;

/// Width and height in CSS pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Size {
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Size {
    /// Width divided by height; 1 for a frame without any height.
    fn aspect(self) -> f64 {
        if self.height > 0.0 {
            self.width / self.height
        } else {
            1.0
        }
    }

    /// Whether nothing can be shown in it.
    pub(crate) fn is_empty(self) -> bool {
        self.width < 1.0 || self.height < 1.0
    }
}

/// A place in the frame, in CSS pixels from its start and top.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Rect {
    fn of(frame: Size) -> Self {
        Self {
            x: 0.0,
            y: 0.0,
            width: frame.width,
            height: frame.height,
        }
    }

    fn size(self) -> Size {
        Size {
            width: self.width,
            height: self.height,
        }
    }
}

/// What is to be laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Scene {
    /// The frame that the tiles share.
    pub(crate) frame: Size,
    /// How many tiles there are.
    pub(crate) tiles: usize,
    /// The tile that gets the stage, by its index.
    pub(crate) stage: Option<usize>,
    /// The page that is wanted; the last one there is if it is too large.
    pub(crate) page: usize,
    /// An external player takes part of the frame.
    pub(crate) player: bool,
    /// How small tiles may become.
    pub(crate) density: Density,
}

/// How small tiles may become before some go to another page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Density {
    /// As small as faces can be told apart.
    #[default]
    Comfortable,
    /// As small as there is anything to see.
    Dense,
}

/// A tile and its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placed {
    /// The tile's index.
    pub(crate) index: usize,
    /// Where it goes.
    pub(crate) rect: Rect,
    /// Whether it has the stage.
    pub(crate) on_stage: bool,
}

/// Where everything goes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Plan {
    /// The visible tiles; the one on the stage comes first.
    pub(crate) placed: Vec<Placed>,
    /// How many pages there are, at least 1.
    pub(crate) pages: usize,
    /// The page that is shown.
    pub(crate) page: usize,
    /// Where the external player goes.
    pub(crate) player: Option<Rect>,
}

/// Lays a scene out.
pub(crate) fn plan(scene: Scene) -> Plan {
    if scene.frame.is_empty() || (scene.tiles == 0 && !scene.player) {
        return Plan {
            pages: 1,
            ..Plan::default()
        };
    }
    let on_stage = scene.stage.filter(|index| *index < scene.tiles);
    match on_stage {
        _ if scene.player => player::plan(scene, on_stage),
        Some(index) => stage::plan(scene, index),
        None => {
            let all: Vec<usize> = (0..scene.tiles).collect();
            let shape = grid::Shape::of_frame(scene.frame, scene.density);
            paged(&all, Rect::of(scene.frame), shape, scene.page)
        }
    }
}

/// How many tiles one page of the grid takes.
#[cfg(test)]
fn page_capacity(frame: Size, density: Density) -> usize {
    grid::capacity(frame, grid::Shape::of_frame(frame, density))
}

/// Spreads tiles evenly over as few pages as they need and lays one page out.
fn paged(indices: &[usize], area: Rect, shape: grid::Shape, page: usize) -> Plan {
    let capacity = grid::capacity(area.size(), shape);
    let pages = indices.len().div_ceil(capacity).max(1);
    let per_page = indices.len().div_ceil(pages).max(1);
    let page = page.min(pages - 1);
    let shown = indices.iter().skip(page * per_page).take(per_page);
    let count = shown.len();
    let placed = shown
        .zip(grid::rects(area.size(), count, shape))
        .map(|(index, rect)| Placed {
            index: *index,
            rect: Rect {
                x: rect.x + area.x,
                y: rect.y + area.y,
                ..rect
            },
            on_stage: false,
        })
        .collect();
    Plan {
        placed,
        pages,
        page,
        player: None,
    }
}

#[cfg(test)]
mod tests;
