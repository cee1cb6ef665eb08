//! What is in a recorded file, by ffmpeg: how many pictures, and whether the
//! tiles move.

use std::{collections::BTreeMap, path::Path, process::Command};

use anyhow::{Context, Result, ensure};

/// A part of each of the two tiles.
const TILES: [&str; 2] = ["520:500:40:100", "520:500:700:100"];

/// What is in a file.
pub(super) struct Film {
    /// How many pictures.
    pub(super) pictures: f64,
    /// Seconds in which one of the tiles did not move.
    pub(super) still: usize,
    /// Seconds that were looked at: all but the first and the last one.
    pub(super) seconds: usize,
}

/// Reads a file to its end.
pub(super) fn look(file: &Path) -> Result<Film> {
    let (mut pictures, mut still, mut seconds) = (0, 0, 0);
    for tile in TILES {
        let said = changes(file, tile)?;
        let changes: Vec<(f64, f64)> = said.lines().filter_map(change).collect();
        // the first picture has none to be compared with
        pictures = changes.len() + 1;
        let mut moved = BTreeMap::<u64, f64>::new();
        for (at, change) in changes {
            *moved.entry(at as u64).or_default() += change;
        }
        let whole = moved.keys().copied().max().unwrap_or(0);
        seconds = usize::try_from(whole.saturating_sub(1))?;
        let lies_still = |second: &u64| moved.get(second).is_none_or(|sum| *sum == 0.0);
        still = still.max((1..whole).filter(lies_still).count());
    }
    ensure!(seconds > 0, "{} is too short", file.display());
    Ok(Film {
        pictures: pictures as f64,
        still,
        seconds,
    })
}

/// What ffmpeg says of the differences between the pictures of a part.
fn changes(file: &Path, part: &str) -> Result<String> {
    let filter = format!("crop={part}:exact=1,format=gray,tblend=all_mode=difference,showinfo");
    let output = Command::new("ffmpeg")
        .args(["-hide_banner", "-nostats", "-i"])
        .arg(file)
        .args(["-an", "-vf", &filter, "-f", "null", "-"])
        .output()
        .context("start ffmpeg")?;
    ensure!(output.status.success(), "ffmpeg failed");
    Ok(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// When a picture came, and how much it differs from the one before.
fn change(line: &str) -> Option<(f64, f64)> {
    let number = |after: &str| {
        let (_, rest) = line.split_once(after)?;
        let rest = rest.trim_start();
        let end = rest.find(|c: char| c != '.' && !c.is_ascii_digit());
        rest[..end.unwrap_or(rest.len())].parse().ok()
    };
    Some((number("pts_time:")?, number("stdev:[")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_read_from_what_ffmpeg_says() {
        let line = "[Parsed_showinfo_3 @ 0x5] n:   1 pts:   33 pts_time:0.033   pos: 9 mean:[3] stdev:[7.5]";
        assert_eq!(change(line), Some((0.033, 7.5)));
        assert_eq!(change("Stream #0"), None);
    }
}
