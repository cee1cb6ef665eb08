//! Parts that several pages share. They know signals and callbacks, but
//! nothing of a meeting.

mod bars;
mod copy_button;
mod floating_menu;
mod icon;
mod language_choice;
mod logo;
mod menu;
mod modal;
mod segmented;
mod video;

pub(crate) use bars::Bars;
pub(crate) use copy_button::CopyButton;
pub(crate) use floating_menu::{FloatingMenu, MenuLine};
pub(crate) use icon::{Glyph, Icon};
pub(crate) use language_choice::{LanguageChoice, LanguageFoot};
pub(crate) use logo::Logo;
pub(crate) use menu::{Menu, MenuItem};
pub(crate) use modal::Modal;
pub(crate) use segmented::{Segment, Segmented};
pub(crate) use video::StreamVideo;
