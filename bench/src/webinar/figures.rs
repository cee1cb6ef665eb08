//! What is told of a webinar on a whole server.

use serde::Serialize;

use super::TILES;
use crate::{
    memory,
    table::{Table, thousands},
};

/// How many come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Scale {
    /// All viewers.
    pub viewers: usize,
    /// Those of them who have media.
    pub watching: usize,
}

/// What a webinar costs.
#[derive(Debug, Clone, Serialize)]
pub struct Live {
    /// What was asked for, and what the machine held.
    pub asked: Scale,
    /// What was measured with.
    pub held: Scale,
    /// Viewers without media who joined in a second.
    pub sessions_per_second: f64,
    /// Viewers with media who joined in a second, from the request to the answer
    /// to their offer.
    pub joins_per_second: f64,
    /// Milliseconds from a viewer's first request to the first picture: median,
    /// 95th percentile, and the longest.
    pub first_picture: [f64; 3],
    /// Seconds from the first request of all with media to the last one's first
    /// picture.
    pub all_pictures: f64,
    /// Viewers who got none.
    pub without_picture: usize,
    /// Pictures that each viewer saw move at the end, of those in its view.
    pub pictures: f64,
    /// Packets per second that reached the viewers.
    pub delivered: f64,
    /// Share of the packets that did not.
    pub loss: f64,
    /// Share of the core that media used, and that all else did.
    pub core: [f64; 2],
    /// Packets per second that a whole core would forward at that cost, as a
    /// share of sealing and sending single packets alone.
    pub of_floor: f64,
    /// Messages per second to all sessions.
    pub messages: f64,
    /// Resident bytes per session without media, and per viewer with media.
    pub resident: [f64; 2],
    /// Sessions that the server closed.
    pub ended: u64,
}

impl Live {
    /// The figures as a table.
    #[must_use]
    pub fn table(&self) -> Table {
        let mut table = Table::new(
            "Webinar: a server on one core, 20 speakers (simulcast and sound), all viewers by WebSocket",
            &["", "figure", "beside"],
        );
        let rows = self.joining().into_iter().chain(self.steady());
        for (what, figure, beside) in rows {
            table.row([what.to_owned(), figure, beside]);
        }
        table
    }

    fn joining(&self) -> [Row; 5] {
        let Self { asked, held, .. } = self;
        let waits = self.first_picture.map(|ms| format!("{ms:.0}"));
        let rate = |joins: f64| format!("{joins:.0}");
        let none = String::new;
        [
            (
                "viewers, with media",
                format!("{}, {}", held.viewers, held.watching),
                format!("{}, {} asked for", asked.viewers, asked.watching),
            ),
            (
                "joins/s without media",
                rate(self.sessions_per_second),
                none(),
            ),
            ("joins/s with media", rate(self.joins_per_second), none()),
            (
                "first picture: median, p95, last",
                waits.join(", ") + " ms",
                format!("{} without", self.without_picture),
            ),
            (
                "until the last has a picture",
                format!("{:.1} s", self.all_pictures),
                none(),
            ),
        ]
    }

    fn steady(&self) -> [Row; 7] {
        let percent = |share: f64| format!("{:.0} %", share * 100.0);
        let [session, viewer] = self.resident;
        [
            (
                "pictures per viewer",
                format!("{:.1}", self.pictures),
                format!("{TILES} asked for"),
            ),
            (
                "packets/s delivered",
                thousands(self.delivered),
                format!("{:.2} % lost", self.loss * 100.0),
            ),
            (
                "core: media",
                percent(self.core[0]),
                format!("{} of the floor", percent(self.of_floor)),
            ),
            (
                "core: all else",
                percent(self.core[1]),
                format!("{} messages/s", thousands(self.messages)),
            ),
            ("KB per session", kilobytes(session), of_aim(session)),
            (
                "KB per viewer with media",
                kilobytes(viewer),
                of_aim(viewer),
            ),
            ("sessions that ended", self.ended.to_string(), String::new()),
        ]
    }
}

/// What, the figure, and what stands beside it.
type Row = (&'static str, String, String);

fn kilobytes(bytes: f64) -> String {
    format!("{:.0}", bytes / 1_024.0)
}

fn of_aim(bytes: f64) -> String {
    format!("{:.0} % of the aim", bytes / memory::AIM * 100.0)
}
