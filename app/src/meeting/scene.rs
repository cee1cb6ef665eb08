//! Which tiles there are, which one has the stage, and what the server must
//! send for them. Pure: fed with what the store and the desk say.

use std::collections::HashMap;

use protocol::{PeerId, Source, TrackRef, ViewTile};

use super::layout::{self, Density, Plan, Rect, Size};

/// The height of the line to leaf through pages, in CSS pixels.
const LEAFING: f64 = 48.0;

/// The least height of a frame that can spare it.
const LEAFED_FROM: f64 = 320.0;

/// How the participant wants to see the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Layout {
    /// A grid, and a stage while somebody shares a screen.
    #[default]
    Automatic,
    /// A grid in any case.
    Grid,
    /// Whoever speaks has the stage.
    Speaker,
}

impl Layout {
    /// All of them, in the order of the menu.
    pub(crate) const ALL: [Self; 3] = [Self::Automatic, Self::Grid, Self::Speaker];

    /// The next one, for the keyboard.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::Automatic => Self::Grid,
            Self::Grid => Self::Speaker,
            Self::Speaker => Self::Automatic,
        }
    }
}

/// One participant, as far as tiles are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seat {
    /// Who.
    pub(crate) peer: PeerId,
    /// Oneself.
    pub(crate) me: bool,
    /// Their camera is on.
    pub(crate) camera: bool,
    /// They share a screen.
    pub(crate) screen: bool,
}

/// All that decides about the stage.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Focus<'a> {
    pub(crate) layout: Layout,
    pub(crate) pinned: Option<&'a TrackRef>,
    /// The last one to speak, not oneself.
    pub(crate) speaker: Option<&'a PeerId>,
}

/// The tiles: shared screens first, then everybody in the given order.
pub(crate) fn tiles(order: &[PeerId], seats: &[Seat]) -> Vec<TrackRef> {
    let by_peer: HashMap<&PeerId, &Seat> = seats.iter().map(|seat| (&seat.peer, seat)).collect();
    let seat = |peer: &PeerId| by_peer.get(peer).copied();
    let track = |peer: &PeerId, source| TrackRef {
        peer: peer.clone(),
        source,
    };
    let present = || order.iter().filter_map(seat);
    let screens = present()
        .filter(|seat| seat.screen)
        .map(|seat| track(&seat.peer, Source::Screen));
    let people = present().map(|seat| track(&seat.peer, Source::Camera));
    screens.chain(people).collect()
}

/// The tile that gets the stage, if any does.
pub(crate) fn on_stage(tiles: &[TrackRef], seats: &[Seat], focus: Focus<'_>) -> Option<usize> {
    let place = |wanted: &TrackRef| tiles.iter().position(|tile| tile == wanted);
    if let Some(place) = focus.pinned.and_then(place) {
        return Some(place);
    }
    if focus.layout == Layout::Grid {
        return None;
    }
    let is_me = |peer: &PeerId| seats.iter().any(|seat| seat.me && seat.peer == *peer);
    let screen = tiles
        .iter()
        .position(|tile| tile.source == Source::Screen && !is_me(&tile.peer));
    if screen.is_some() || focus.layout == Layout::Automatic {
        return screen;
    }
    let camera_of = |peer: &PeerId| {
        tiles
            .iter()
            .position(|tile| tile.source == Source::Camera && tile.peer == *peer)
    };
    focus.speaker.and_then(camera_of).or_else(|| {
        tiles
            .iter()
            .position(|tile| tile.source == Source::Camera && !is_me(&tile.peer))
    })
}

/// A tile's place on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    /// Where, in CSS pixels.
    pub(crate) rect: Rect,
    /// It has the stage.
    pub(crate) on_stage: bool,
}

/// What is visible, and where.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Picture {
    /// The visible tiles, most important first.
    pub(crate) tiles: Vec<TrackRef>,
    /// Where each of them is.
    pub(crate) places: HashMap<TrackRef, Place>,
    /// How many pages there are.
    pub(crate) pages: usize,
    /// The page shown.
    pub(crate) page: usize,
    /// Where the external player is.
    pub(crate) player: Option<Rect>,
}

/// The space that the tiles share, and what they share it with.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Canvas {
    /// The frame.
    pub(crate) frame: Size,
    /// How small tiles may become.
    pub(crate) density: Density,
    /// There is an external player.
    pub(crate) player: bool,
}

impl Canvas {
    /// Lays so many tiles out. Several pages need a line to leaf through them,
    /// unless the frame is so low that they rather share it with that.
    fn plan(self, tiles: usize, stage: Option<usize>, page: usize) -> Plan {
        let scene = layout::Scene {
            frame: self.frame,
            tiles,
            stage,
            page,
            player: self.player,
            density: self.density,
        };
        let plan = layout::plan(scene);
        if plan.pages == 1 || self.frame.height < LEAFED_FROM {
            return plan;
        }
        let frame = Size {
            height: self.frame.height - LEAFING,
            ..self.frame
        };
        layout::plan(layout::Scene { frame, ..scene })
    }

    /// How many people are to be seen on the first page.
    pub(crate) fn first_page(self, seats: &[Seat], staged: bool) -> usize {
        let screens = seats.iter().filter(|seat| seat.screen).count();
        let plan = self.plan(seats.len() + screens, staged.then_some(0), 0);
        plan.placed.len().saturating_sub(screens)
    }
}

/// Lays the tiles out.
pub(crate) fn picture(
    tiles: &[TrackRef],
    stage: Option<usize>,
    canvas: Canvas,
    page: usize,
) -> Picture {
    let plan = canvas.plan(tiles.len(), stage, page);
    let mut picture = Picture {
        pages: plan.pages,
        page: plan.page,
        player: plan.player,
        ..Picture::default()
    };
    for placed in plan.placed {
        let track = tiles[placed.index].clone();
        let place = Place {
            rect: placed.rect,
            on_stage: placed.on_stage,
        };
        picture.places.insert(track.clone(), place);
        picture.tiles.push(track);
    }
    picture
}

/// What the server shall send: the visible tiles of others whose source is on,
/// the stage first, then those who speak, then the rest in their order.
pub(crate) fn view(
    picture: &Picture,
    seats: &[Seat],
    speakers: &[PeerId],
    pixel_ratio: f64,
) -> Vec<ViewTile> {
    let is_sent = |track: &TrackRef| {
        seats.iter().any(|seat| {
            seat.peer == track.peer
                && !seat.me
                && match track.source {
                    Source::Screen => seat.screen,
                    _ => seat.camera,
                }
        })
    };
    let mut wanted: Vec<(&TrackRef, Place)> = picture
        .tiles
        .iter()
        .filter(|track| is_sent(track))
        .filter_map(|track| picture.places.get(track).map(|place| (track, *place)))
        .collect();
    wanted.sort_by_key(|(track, place)| {
        let speaks = speakers.contains(&track.peer);
        (!place.on_stage, track.source != Source::Screen, !speaks)
    });
    wanted
        .into_iter()
        .map(|(track, place)| ViewTile {
            track: track.clone(),
            width: device_pixels(place.rect.width, pixel_ratio),
            height: device_pixels(place.rect.height, pixel_ratio),
        })
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a tile is between 1 and some thousand pixels large"
)]
fn device_pixels(length: f64, ratio: f64) -> u32 {
    (length * ratio).ceil().clamp(1.0, 16_384.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(name: &str) -> PeerId {
        PeerId::parse(name).unwrap()
    }

    /// `a:cs` is a participant with camera and screen on; `me` is oneself.
    fn seats(text: &str) -> Vec<Seat> {
        text.split_whitespace()
            .map(|seat| {
                let (name, on) = seat.split_once(':').unwrap_or((seat, ""));
                Seat {
                    peer: peer(name),
                    me: name == "me",
                    camera: on.contains('c'),
                    screen: on.contains('s'),
                }
            })
            .collect()
    }

    fn tiles_of(seats: &[Seat]) -> Vec<TrackRef> {
        let order: Vec<PeerId> = seats.iter().map(|seat| seat.peer.clone()).collect();
        tiles(&order, seats)
    }

    fn staged(seats: &[Seat], layout: Layout, pinned: Option<&TrackRef>) -> Option<String> {
        let tiles = tiles_of(seats);
        let focus = Focus {
            layout,
            pinned,
            speaker: None,
        };
        on_stage(&tiles, seats, focus).map(|i| format!("{}:{:?}", tiles[i].peer, tiles[i].source))
    }

    const FRAME: Canvas = Canvas {
        frame: Size {
            width: 1280.0,
            height: 640.0,
        },
        density: Density::Comfortable,
        player: false,
    };

    #[test]
    fn a_share_takes_the_stage_unless_the_grid_is_wanted() {
        let seats = seats("me:c a:cs b:c");
        assert_eq!(
            staged(&seats, Layout::Automatic, None).as_deref(),
            Some("a:Screen")
        );
        assert_eq!(staged(&seats, Layout::Grid, None), None);
    }

    #[test]
    fn ones_own_share_stays_off_the_stage() {
        let seats = seats("me:cs a:c");
        assert_eq!(staged(&seats, Layout::Automatic, None), None);
        assert_eq!(
            staged(&seats, Layout::Speaker, None).as_deref(),
            Some("a:Camera")
        );
    }

    #[test]
    fn a_pin_wins_over_everything_until_its_tile_is_gone() {
        let pinned = TrackRef {
            peer: peer("b"),
            source: Source::Camera,
        };
        let with_b = seats("me a:cs b");
        assert_eq!(
            staged(&with_b, Layout::Grid, Some(&pinned)).as_deref(),
            Some("b:Camera")
        );
        let without_b = seats("me a:cs");
        assert_eq!(
            staged(&without_b, Layout::Automatic, Some(&pinned)).as_deref(),
            Some("a:Screen")
        );
    }

    #[test]
    fn the_view_names_what_others_send_and_is_seen_stage_first() {
        let seats = seats("me:c a:c b:cs c");
        let tiles = tiles_of(&seats);
        let picture = picture(&tiles, Some(0), FRAME, 0);
        let view = view(&picture, &seats, &[peer("b")], 2.0);
        let names: Vec<String> = view
            .iter()
            .map(|tile| format!("{}:{:?}", tile.track.peer, tile.track.source))
            .collect();
        assert_eq!(names, ["b:Screen", "b:Camera", "a:Camera"]);
        assert!(view[0].width > 1280, "device pixels: {}", view[0].width);
    }

    #[test]
    fn tiles_of_other_pages_are_not_in_the_view() {
        let text: Vec<String> = (0..60).map(|i| format!("p{i}:c")).collect();
        let seats = seats(&text.join(" "));
        let tiles = tiles_of(&seats);
        let picture = picture(&tiles, None, FRAME, 1);
        assert_eq!(picture.pages, 2);
        assert_eq!(picture.page, 1);
        assert_eq!(view(&picture, &seats, &[], 1.0).len(), 30);
    }

    #[test]
    fn pages_are_leafed_through_below_the_tiles() {
        let low = |height| {
            let text: Vec<String> = (0..60).map(|i| format!("p{i}")).collect();
            let seats = seats(&text.join(" "));
            let frame = Size {
                height,
                ..FRAME.frame
            };
            let picture = picture(&tiles_of(&seats), None, Canvas { frame, ..FRAME }, 0);
            assert!(picture.pages > 1);
            let ends = picture.places.values().map(|p| p.rect.y + p.rect.height);
            height - ends.fold(0.0, f64::max)
        };
        assert!(low(640.0) >= LEAFING);
        assert!(low(200.0) < LEAFING);
    }

    #[test]
    fn the_first_page_counts_the_people_who_are_seen_on_it() {
        let text: Vec<String> = (0..60).map(|i| format!("p{i}")).collect();
        let all = seats(&text.join(" "));
        let seen = picture(&tiles_of(&all), None, FRAME, 0).tiles.len();
        assert_eq!(FRAME.first_page(&all, false), seen);
        let sharing = seats(&format!("a:s {}", text.join(" ")));
        let seen = picture(&tiles_of(&sharing), Some(0), FRAME, 0).tiles.len();
        assert_eq!(FRAME.first_page(&sharing, true), seen - 1);
    }

    #[test]
    fn a_hidden_stage_shows_and_wants_nothing() {
        let seats = seats("me:c a:c");
        let picture = picture(&tiles_of(&seats), None, Canvas::default(), 0);
        assert!(view(&picture, &seats, &[], 1.0).is_empty());
    }
}
