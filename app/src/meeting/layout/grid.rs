//! A grid of equal tiles, as large as the frame allows.

use super::{Density, GAP, PAGE_MAX, Rect, Size};

/// The widest tile: what cameras deliver.
const WIDEST: f64 = 16.0 / 9.0;

/// The narrowest tile of a wide frame. Narrower tiles would be larger in area
/// and show less of the picture.
const NARROWEST_WIDE: f64 = 1.2;

/// The narrowest tile of a tall frame, such as a phone.
const NARROWEST_TALL: f64 = 0.6;

/// The space between two tiles where as many as possible are wanted.
const GAP_DENSE: f64 = 4.0;

impl Density {
    /// Smaller tiles are not worth their bandwidth: the rest goes to another page.
    fn smallest(self) -> Size {
        match self {
            Self::Comfortable => Size {
                width: 128.0,
                height: 84.0,
            },
            Self::Dense => Size {
                width: 72.0,
                height: 48.0,
            },
        }
    }

    fn gap(self) -> f64 {
        match self {
            Self::Comfortable => GAP,
            Self::Dense => GAP_DENSE,
        }
    }
}

/// Between which proportions the tiles may be stretched, and how small.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    narrowest: f64,
    density: Density,
}

impl Shape {
    /// Tiles that may be tall where the frame is.
    pub(super) fn of_frame(frame: Size, density: Density) -> Self {
        Self {
            narrowest: frame.aspect().clamp(NARROWEST_TALL, NARROWEST_WIDE),
            density,
        }
    }

    /// Tiles that are wide in any frame.
    pub(super) fn wide(density: Density) -> Self {
        Self {
            narrowest: NARROWEST_WIDE,
            density,
        }
    }

    /// How long so many cells are, with the space between them.
    fn extent(self, cells: usize, length: f64) -> f64 {
        self.step(cells.saturating_sub(1), length) + length
    }

    /// How far the cell of an index is from the start.
    fn step(self, index: usize, length: f64) -> f64 {
        as_f64(index) * (length + self.density.gap())
    }

    fn cell_length(self, length: f64, cells: usize) -> f64 {
        ((length - self.step(cells - 1, 0.0)) / as_f64(cells)).max(0.0)
    }

    /// The largest tile of this shape that fits a cell.
    fn fit(self, cell: Size) -> Size {
        let (width, height) = (cell.width, cell.height);
        if width > height * WIDEST {
            Size {
                width: height * WIDEST,
                height,
            }
        } else if width < height * self.narrowest {
            Size {
                width,
                height: width / self.narrowest,
            }
        } else {
            cell
        }
    }
}

/// A number of columns and the tile size that comes with it.
#[derive(Debug, Clone, Copy)]
struct Grid {
    columns: usize,
    tile: Size,
}

/// How many tiles fit without becoming too small: 1 to [`PAGE_MAX`].
pub(super) fn capacity(frame: Size, shape: Shape) -> usize {
    let smallest = shape.density.smallest();
    (2..=PAGE_MAX)
        .rev()
        .find(|count| {
            let tile = best(frame, *count, shape).tile;
            tile.width >= smallest.width && tile.height >= smallest.height
        })
        .unwrap_or(1)
}

/// The places of `count` tiles, row by row, the whole centred in the frame.
pub(super) fn rects(frame: Size, count: usize, shape: Shape) -> Vec<Rect> {
    if count == 0 {
        return Vec::new();
    }
    let Grid { columns, tile } = best(frame, count, shape);
    let rows = count.div_ceil(columns);
    let top = (frame.height - shape.extent(rows, tile.height)) / 2.0;
    (0..count)
        .map(|index| {
            let (row, column) = (index / columns, index % columns);
            let in_row = columns.min(count - row * columns);
            let start = (frame.width - shape.extent(in_row, tile.width)) / 2.0;
            Rect {
                x: (start + shape.step(column, tile.width)).max(0.0).floor(),
                y: (top + shape.step(row, tile.height)).max(0.0).floor(),
                width: tile.width.floor().max(1.0),
                height: tile.height.floor().max(1.0),
            }
        })
        .collect()
}

/// Tries every number of columns and keeps the one with the largest tiles.
fn best(frame: Size, count: usize, shape: Shape) -> Grid {
    let mut best = candidate(frame, count, 1, shape);
    for columns in 2..=count {
        let other = candidate(frame, count, columns, shape);
        // a hair more area is not worth another column
        if area(other.tile) > area(best.tile) * 1.001 {
            best = other;
        }
    }
    best
}

fn candidate(frame: Size, count: usize, columns: usize, shape: Shape) -> Grid {
    let rows = count.div_ceil(columns);
    let cell = Size {
        width: shape.cell_length(frame.width, columns),
        height: shape.cell_length(frame.height, rows),
    };
    Grid {
        columns,
        tile: shape.fit(cell),
    }
}

fn area(tile: Size) -> f64 {
    tile.width * tile.height
}

fn as_f64(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
