//! Which layers of a picture are sent, and how they share what it may take.

/// A layer that would get less than this part of what it is worth is not sent:
/// it would look worse than the one below it.
const WORTHWHILE: f64 = 0.4;

/// The fewest pixels of a picture of which libwebrtc sends three layers, and
/// two (`kSimulcastFormats` in its simulcast.cc).
const FOR_THREE: f64 = 960.0 * 540.0;
const FOR_TWO: f64 = 480.0 * 270.0;

/// By how much each layer of a picture divides its width and height; those that
/// are missing are not sent.
///
/// Browsers send fewer layers of small pictures than were asked for, and leave
/// out the last ones. So the whole picture has to be among the first: else a
/// camera of 640×480 is seen with 320×240 at best.
#[must_use]
pub(crate) fn scales(width: f64, height: f64) -> &'static [f64] {
    let pixels = width * height;
    if pixels >= FOR_THREE {
        &[4.0, 2.0, 1.0]
    } else if pixels >= FOR_TWO {
        &[2.0, 1.0]
    } else {
        &[1.0]
    }
}

/// How much each layer may take, in bits per second, when all together may take
/// no more than `limit`; none is not sent. The smallest comes first, is served
/// first, and is always sent.
#[must_use]
pub(crate) fn shares(layers: &[f64], limit: Option<u32>) -> Vec<Option<f64>> {
    let Some(limit) = limit else {
        return layers.iter().copied().map(Some).collect();
    };
    let mut left = f64::from(limit);
    let mut shares = Vec::new();
    for (place, wanted) in layers.iter().copied().enumerate() {
        let share = wanted.min(left);
        let sent = place == 0 || share >= wanted * WORTHWHILE;
        shares.push(sent.then_some(share));
        // above a layer that is not sent there is none
        left = if sent { left - share } else { 0.0 };
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::{scales, shares};

    const CAMERA: [f64; 3] = [150.0, 500.0, 1_700.0];

    #[test]
    fn the_whole_picture_is_always_sent() {
        for (width, height, layers) in [
            (1_280.0, 720.0, 3),
            (720.0, 1_280.0, 3),
            (960.0, 540.0, 3),
            (640.0, 480.0, 2),
            (480.0, 640.0, 2),
            (320.0, 240.0, 1),
        ] {
            let scales = scales(width, height);
            assert_eq!(scales.len(), layers, "{width}×{height}");
            assert_eq!(scales.last(), Some(&1.0), "{width}×{height}");
        }
    }

    #[test]
    fn without_a_limit_every_layer_takes_what_it_is_worth() {
        assert_eq!(shares(&CAMERA, None), CAMERA.map(Some));
        assert_eq!(shares(&CAMERA, Some(9_000)), CAMERA.map(Some));
    }

    #[test]
    fn small_layers_are_served_first_and_together_they_keep_the_limit() {
        assert_eq!(shares(&CAMERA, Some(400)), [Some(150.0), Some(250.0), None]);
        assert_eq!(
            shares(&CAMERA, Some(1_400)),
            [Some(150.0), Some(500.0), Some(750.0)]
        );
    }

    #[test]
    fn a_layer_that_is_worth_nothing_is_not_sent_and_the_smallest_always_is() {
        assert_eq!(shares(&CAMERA, Some(300)), [Some(150.0), None, None]);
        assert_eq!(shares(&CAMERA, Some(50)), [Some(50.0), None, None]);
    }
}
