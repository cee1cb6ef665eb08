//! The accent colours of a tenant: one is given, the page needs eight.
//!
//! Whatever colour a tenant has, text in it and text on it can be read: it is
//! made darker for light pages and lighter for dark ones until that is so.

use super::colour::Colour;
#[cfg(feature = "ssr")]
use super::of_request;

/// The least contrast of text (WCAG 2.2, 1.4.3).
const READABLE: f64 = 4.5;

/// A step towards it, in hundredths.
const STEP: usize = 4;

/// What the page looks like in light or in dark.
struct Scheme {
    /// Behind everything; `--surface-2`, the least contrast that texts have.
    ground: Colour,
    /// Where colours get more contrast.
    towards: Colour,
}

const LIGHT: Scheme = Scheme {
    ground: Colour::new(0xe9, 0xee, 0xec),
    towards: Colour::BLACK,
};
const DARK: Scheme = Scheme {
    ground: Colour::new(0x22, 0x2b, 0x28),
    towards: Colour::WHITE,
};

/// The colours of one scheme.
#[derive(Debug, Clone, Copy)]
struct Palette {
    accent: Colour,
    hover: Colour,
    soft: Colour,
    on_accent: Colour,
}

impl Scheme {
    fn palette(&self, given: Colour) -> Palette {
        let soft = self.ground.mixed(given, 14);
        let accent = (0..=100)
            .step_by(STEP)
            .map(|share| given.mixed(self.towards, share))
            .find(|accent| {
                accent.contrast(self.ground) >= READABLE && accent.contrast(soft) >= READABLE
            })
            .unwrap_or(self.towards);
        Palette {
            accent,
            hover: accent.mixed(self.towards, 16),
            soft,
            on_accent: readable_on(accent),
        }
    }
}

/// Black or white, whichever can be read better.
fn readable_on(ground: Colour) -> Colour {
    if ground.contrast(Colour::WHITE) >= ground.contrast(Colour::BLACK) {
        Colour::WHITE
    } else {
        Colour::BLACK
    }
}

/// The style of the document in the tenant's colour; none where the tenant has
/// none, or none that can be understood.
#[cfg(feature = "ssr")]
pub(crate) fn style() -> Option<String> {
    of_request().accent.as_deref().and_then(style_of)
}

#[cfg_attr(
    not(any(feature = "ssr", test)),
    expect(dead_code, reason = "only the server writes documents")
)]
fn style_of(accent: &str) -> Option<String> {
    let given = Colour::parse(accent)?;
    let (light, dark) = (LIGHT.palette(given), DARK.palette(given));
    let pair = |name: &str, of: fn(Palette) -> Colour| {
        format!("--{name}:light-dark({},{});", of(light), of(dark))
    };
    Some(
        [
            pair("accent", |palette| palette.accent),
            pair("accent-hover", |palette| palette.hover),
            pair("accent-soft", |palette| palette.soft),
            pair("on-accent", |palette| palette.on_accent),
        ]
        .concat(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_can_be_read_in_light_and_in_dark() {
        let steps = (0..=255).step_by(51);
        for red in steps.clone() {
            for green in steps.clone() {
                for blue in steps.clone() {
                    let given = Colour::new(red, green, blue);
                    for scheme in [LIGHT, DARK] {
                        let palette = scheme.palette(given);
                        let text = palette.accent.contrast(scheme.ground);
                        let on_soft = palette.accent.contrast(palette.soft);
                        let on_accent = palette.accent.contrast(palette.on_accent);
                        let on_hover = palette.hover.contrast(palette.on_accent);
                        assert!(text.min(on_soft) >= READABLE, "{given}: {palette:?}");
                        assert!(on_accent.min(on_hover) >= READABLE, "{given}: {palette:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_colour_that_can_be_read_already_stays_as_it_is() {
        let style = style_of("#0b3d91").unwrap();
        assert!(
            style.starts_with("--accent:light-dark(#0b3d91,#"),
            "{style}"
        );
        assert!(
            style.contains("--on-accent:light-dark(#ffffff,#000000)"),
            "{style}"
        );
    }

    #[test]
    fn what_is_no_colour_is_left_alone() {
        assert_eq!(style_of("red;background:url(x)"), None);
    }
}
