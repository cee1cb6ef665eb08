//! A still picture of a stream.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, HtmlMediaElement, HtmlVideoElement, MediaStream,
};

use super::{
    js,
    listener::{Listener, window},
};

/// `HTMLMediaElement.HAVE_CURRENT_DATA`: there is a picture.
const HAS_PICTURE: u16 = 2;

/// How good the picture is, of one.
const QUALITY: f64 = 0.9;

/// Takes a picture: a JPEG as a data URL. Waits for the first one of a stream
/// that has shown none yet.
///
/// # Errors
/// What the browser says when it has no canvas, or cannot play the stream.
pub(crate) async fn of(stream: &MediaStream) -> Result<String, JsValue> {
    match shown(stream) {
        Some(video) => draw(&video),
        None => {
            let video = Hidden::play(stream).await?;
            draw(&video.0)
        }
    }
}

/// A video of the page that shows the stream.
fn shown(stream: &MediaStream) -> Option<HtmlVideoElement> {
    let videos = window().document()?.get_elements_by_tag_name("video");
    let videos = (0..videos.length()).filter_map(|index| videos.item(index));
    let mut videos = videos.filter_map(|video| video.dyn_into::<HtmlVideoElement>().ok());
    videos.find(|video| {
        let shows = video.src_object().as_ref() == Some(stream);
        shows && has_picture(video)
    })
}

fn has_picture(video: &HtmlVideoElement) -> bool {
    video.ready_state() >= HAS_PICTURE && video.video_width() > 0
}

/// A video that is in no page; it ends on drop.
struct Hidden(HtmlVideoElement);

impl Hidden {
    async fn play(stream: &MediaStream) -> Result<Self, JsValue> {
        let document = window().document().ok_or(JsValue::NULL)?;
        let video = document.create_element("video")?;
        let video = Self(video.unchecked_into());
        video.0.set_muted(true);
        js::set(&video.0, "playsInline", true);
        video.0.set_src_object(Some(stream));
        JsFuture::from(video.0.play()?).await?;
        while !has_picture(&video.0) {
            next_event(&video.0, "resize").await?;
        }
        Ok(video)
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // it may never have played
        let _ = self.0.pause();
        self.0.set_src_object(None);
    }
}

async fn next_event(video: &HtmlMediaElement, event: &'static str) -> Result<(), JsValue> {
    let mut listener = None;
    let happened = Promise::new(&mut |resolve, _| {
        listener = Some(Listener::new(video, event, move |_| {
            // a resolver takes anything, and a second call does nothing
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }));
    });
    let outcome = JsFuture::from(happened).await;
    drop(listener);
    outcome.map(|_| ())
}

fn draw(video: &HtmlVideoElement) -> Result<String, JsValue> {
    let document = window().document().ok_or(JsValue::NULL)?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
    canvas.set_width(video.video_width());
    canvas.set_height(video.video_height());
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: CanvasRenderingContext2d = context.unchecked_into();
    context.draw_image_with_html_video_element(video, 0.0, 0.0)?;
    canvas.to_data_url_with_type_and_encoder_options("image/jpeg", &QUALITY.into())
}
