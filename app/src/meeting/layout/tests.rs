//! The layout in frames of every size.

use proptest::prelude::*;

use super::{Density, GAP, PAGE_MAX, Plan, Rect, Scene, Size, page_capacity, plan};

fn frame(width: f64, height: f64) -> Size {
    Size { width, height }
}

fn grid(frame: Size, tiles: usize) -> Plan {
    plan(Scene {
        frame,
        tiles,
        ..Scene::default()
    })
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

fn inside(rect: Rect, frame: Size) -> bool {
    rect.x >= 0.0
        && rect.y >= 0.0
        && rect.x + rect.width <= frame.width
        && rect.y + rect.height <= frame.height
}

#[test]
fn one_tile_fills_a_frame_of_its_proportions() {
    let plan = grid(frame(1600.0, 900.0), 1);
    assert_eq!(plan.placed[0].rect, Rect::of(frame(1600.0, 900.0)));
}

#[test]
fn two_tiles_stand_side_by_side_in_a_wide_frame_and_stacked_in_a_tall_one() {
    let wide = grid(frame(1280.0, 640.0), 2).placed;
    assert_eq!(wide[0].rect.y, wide[1].rect.y);
    let tall = grid(frame(374.0, 700.0), 2).placed;
    assert_eq!(tall[0].rect.x, tall[1].rect.x);
}

#[test]
fn the_last_row_is_centred() {
    let placed = grid(frame(1280.0, 720.0), 3).placed;
    let last = placed[2].rect;
    let middle = last.x + last.width / 2.0;
    assert!((middle - 640.0).abs() <= 1.0, "{placed:?}");
}

#[test]
fn forty_nine_tiles_share_one_page_of_a_common_laptop() {
    let plan = grid(frame(1264.0, 620.0), PAGE_MAX);
    assert_eq!((plan.pages, plan.placed.len()), (1, PAGE_MAX));
}

#[test]
fn the_fiftieth_tile_opens_a_second_page_and_both_are_even() {
    let plan = grid(frame(3840.0, 2160.0), PAGE_MAX + 1);
    assert_eq!((plan.pages, plan.placed.len()), (2, 25));
}

#[test]
fn a_phone_pages_early() {
    let phone = frame(374.0, 640.0);
    assert!((4..=14).contains(&page_capacity(phone, Density::Comfortable)));
    assert!(grid(phone, 30).pages > 1);
}

#[test]
fn a_page_beyond_the_last_shows_the_last() {
    let phone = frame(374.0, 640.0);
    let plan = plan(Scene {
        frame: phone,
        tiles: 30,
        page: 99,
        ..Scene::default()
    });
    assert_eq!(plan.page, plan.pages - 1);
    assert!(plan.placed.iter().any(|p| p.index == 29));
}

#[test]
fn the_strip_is_beside_the_stage_in_a_wide_frame_and_below_in_a_tall_one() {
    let staged = |frame| {
        plan(Scene {
            frame,
            tiles: 4,
            stage: Some(2),
            ..Scene::default()
        })
        .placed
    };
    let wide = staged(frame(1280.0, 640.0));
    assert_eq!(wide[0].index, 2);
    assert!(wide[0].on_stage && wide[1].rect.x >= wide[0].rect.width);
    let tall = staged(frame(374.0, 700.0));
    assert!(tall[1].rect.y >= tall[0].rect.height);
}

#[test]
fn a_tiny_frame_has_only_the_stage() {
    let plan = plan(Scene {
        frame: frame(200.0, 120.0),
        tiles: 4,
        stage: Some(1),
        ..Scene::default()
    });
    assert_eq!(plan.placed.len(), 1);
    assert!(plan.placed[0].on_stage);
}

#[test]
fn a_dense_page_takes_more_tiles_of_a_phone_without_another_page() {
    let phone = frame(374.0, 640.0);
    let dense = |tiles| {
        plan(Scene {
            frame: phone,
            tiles,
            density: Density::Dense,
            ..Scene::default()
        })
    };
    assert_eq!(dense(30).pages, 1);
    let smallest = dense(PAGE_MAX).placed[0].rect;
    assert!(dense(PAGE_MAX).pages > 1 || smallest.width >= 72.0);
    assert!(page_capacity(phone, Density::Dense) > 2 * page_capacity(phone, Density::Comfortable));
}

/// The player's place, and that of the tiles.
fn played(frame: Size, tiles: usize, stage: Option<usize>) -> (Rect, Vec<Rect>) {
    let plan = plan(Scene {
        frame,
        tiles,
        stage,
        player: true,
        ..Scene::default()
    });
    let places = plan.placed.iter().map(|tile| tile.rect).collect();
    (plan.player.unwrap(), places)
}

#[test]
fn a_player_alone_has_the_whole_frame() {
    let whole = frame(1280.0, 640.0);
    assert_eq!(played(whole, 0, None).0, Rect::of(whole));
}

#[test]
fn a_player_is_beside_the_tiles_in_a_wide_frame_and_above_them_on_a_phone() {
    let (player, tiles) = played(frame(1280.0, 640.0), 4, None);
    assert!(tiles.iter().all(|tile| tile.x > player.width));
    let (player, tiles) = played(frame(374.0, 640.0), 4, None);
    assert!(tiles.iter().all(|tile| tile.y > player.height));
    assert_eq!(player.width, 374.0);
    assert!(player.height < 640.0 / 2.0, "{player:?}");
}

#[test]
fn a_share_stands_beside_the_player_as_large_as_it() {
    for size in [frame(1280.0, 640.0), frame(374.0, 640.0)] {
        let (player, tiles) = played(size, 3, Some(0));
        assert_eq!(player.size(), tiles[0].size());
        assert_eq!(tiles.len(), 3);
    }
}

#[test]
fn a_frame_without_any_size_shows_nothing() {
    assert!(grid(frame(0.0, 0.0), 5).placed.is_empty());
}

proptest! {
    #[test]
    fn tiles_neither_overlap_nor_leave_the_frame(
        width in 160.0..4000.0_f64,
        height in 120.0..2400.0_f64,
        tiles in 1_usize..120,
        stage in proptest::option::of(0_usize..120),
        page in 0_usize..20,
        player: bool,
        dense: bool,
    ) {
        let frame = frame(width, height);
        let density = if dense { Density::Dense } else { Density::Comfortable };
        let plan = plan(Scene { frame, tiles, stage, page, player, density });
        prop_assert!(player || !plan.placed.is_empty());
        prop_assert!(plan.placed.len() <= PAGE_MAX + 1);
        prop_assert_eq!(plan.player.is_some(), player);
        if let Some(player) = plan.player {
            prop_assert!(inside(player, frame), "{player:?}");
            prop_assert!(!plan.placed.iter().any(|tile| overlap(tile.rect, player)));
        }
        for (i, a) in plan.placed.iter().enumerate() {
            prop_assert!(inside(a.rect, frame), "{a:?}");
            for b in &plan.placed[i + 1..] {
                prop_assert!(!overlap(a.rect, b.rect), "{a:?} {b:?}");
                prop_assert_ne!(a.index, b.index);
            }
        }
    }

    #[test]
    fn every_tile_is_on_exactly_one_page(
        width in 160.0..2000.0_f64,
        height in 120.0..1200.0_f64,
        tiles in 1_usize..200,
    ) {
        let frame = frame(width, height);
        let pages = grid(frame, tiles).pages;
        let mut seen: Vec<usize> = (0..pages)
            .flat_map(|page| plan(Scene { frame, tiles, page, ..Scene::default() }).placed)
            .map(|placed| placed.index)
            .collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..tiles).collect::<Vec<_>>());
    }

    #[test]
    fn no_other_number_of_columns_gives_larger_tiles(
        width in 300.0..4000.0_f64,
        height in 200.0..2400.0_f64,
        tiles in 1_usize..=49,
    ) {
        let frame = frame(width, height);
        prop_assume!(tiles <= page_capacity(frame, Density::Comfortable));
        let tile = grid(frame, tiles).placed[0].rect;
        for columns in 1..=tiles {
            let rows = tiles.div_ceil(columns);
            let cell_width = (width - GAP * (columns as f64 - 1.0)) / columns as f64;
            let cell_height = (height - GAP * (rows as f64 - 1.0)) / rows as f64;
            // the largest 16:9 tile of that grid, which any shape allows
            let fitted = cell_width.min(cell_height * 16.0 / 9.0);
            let area = fitted * fitted * 9.0 / 16.0;
            prop_assert!(area <= (tile.width + 1.0) * (tile.height + 1.0) * 1.01);
        }
    }
}
