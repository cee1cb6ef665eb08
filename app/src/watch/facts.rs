//! What there is to know of a recording: where, when, how long; the file to
//! keep; its other volumes.

use leptos::prelude::*;
use protocol::{RecordingState, Video, VideoVolume};

use crate::{
    browser::clock,
    components::Icon,
    text::{Text, text},
};

/// Room, time, length, and the file.
#[component]
pub(super) fn Facts(video: Video) -> impl IntoView {
    let words = text();
    let room = video.room_id.to_string();
    let when = RwSignal::new(None);
    let created = video.created;
    // by the clock of who reads it: the server knows no time zone
    Effect::new(move |_| {
        when.set(Some((
            clock::machine_time(created),
            clock::day_and_time(created, words.lang),
        )));
    });
    let length = video.duration.map(length);
    view! {
        <header class="watch__head">
            <div class="watch__facts">
                <h1>
                    {words.watch.title} " " <bdi>{room}</bdi>
                </h1>
                <p>
                    {move || when.get().map(|(machine, shown)| view! { <time datetime=machine>{shown}</time> })}
                    {length
                        .map(|length| {
                            view! {
                                <span class="watch__length">
                                    <Icon glyph=icondata::LuClock />
                                    <span class="visually-hidden">{words.watch.length}</span>
                                    <span dir="ltr">{length}</span>
                                </span>
                            }
                        })}
                </p>
            </div>
            {video
                .download
                .map(|address| {
                    view! { <Download address=address size=video.size words=words /> }
                })}
        </header>
    }
}

/// The file to keep. Its name comes from the server.
#[component]
fn Download(address: String, size: Option<u64>, words: &'static Text) -> impl IntoView {
    view! {
        <a class="button" href=address download rel="external">
            <Icon glyph=icondata::LuDownload />
            {words.watch.download}
            {size.map(|size| view! { <span class="watch__size" dir="ltr">{bytes(size)}</span> })}
        </a>
    }
}

/// The other volumes of a long recording.
#[component]
pub(super) fn Volumes(video: Video) -> impl IntoView {
    let words = &text().watch;
    let several = video.volumes.len() > 1;
    let own = video.id;
    several.then(move || {
        let items = video.volumes.into_iter().map(|volume| {
            let current = volume.id == own;
            view! { <Volume volume=volume current=current /> }
        });
        view! {
            <nav class="watch__volumes" aria-label=words.parts>
                <h2>{words.parts}</h2>
                <ol>{items.collect_view()}</ol>
            </nav>
        }
    })
}

#[component]
fn Volume(volume: VideoVolume, current: bool) -> impl IntoView {
    let words = &text().watch;
    let says = words.part.with(volume.volume.to_string());
    let more = match volume.state {
        RecordingState::Ready => volume.duration.map(length),
        RecordingState::Failed => Some(words.failed.title.to_owned()),
        _ => Some(words.processing.title.to_owned()),
    };
    view! {
        <li>
            // another page, and not another state of this one
            <a
                class="watch__volume"
                href=address(&volume)
                rel="external"
                aria-current=current.then_some("page")
            >
                <span>{says}</span>
                <small dir="auto">{more}</small>
            </a>
        </li>
    }
}

fn address(volume: &VideoVolume) -> String {
    match volume.query.as_str() {
        "" => format!("/recordings/{}", volume.id),
        query => format!("/recordings/{}?{query}", volume.id),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a volume is between 0 and some thousand seconds long"
)]
fn length(seconds: f64) -> String {
    clock::duration(seconds.round() as u64)
}

/// A size as file managers show it.
fn bytes(size: u64) -> String {
    const GB: u64 = 1_000_000_000;
    match size {
        0..1_000 => format!("{size} B"),
        1_000..1_000_000 => format!("{} KB", size.div_ceil(1_000)),
        1_000_000..GB => format!("{} MB", size.div_ceil(1_000_000)),
        _ => format!("{}.{} GB", size / GB, size % GB / (GB / 10)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_the_unit_that_fits() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(15_400), "16 KB");
        assert_eq!(bytes(7_600_000), "8 MB");
        assert_eq!(bytes(2_340_000_000), "2.3 GB");
    }

    #[test]
    fn a_length_is_told_as_a_clock_does() {
        assert_eq!(length(61.4), "1:01");
        assert_eq!(length(14_400.0), "4:00:00");
    }
}
