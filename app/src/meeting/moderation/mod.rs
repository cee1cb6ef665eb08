//! What moderators do: with one person, with the room, and what they are
//! asked before it is done. Offers only; the server decides.

mod confirm;
mod deeds;
mod labels;
mod person_menu;
mod room_controls;

pub(crate) use confirm::Confirm;
pub(super) use confirm::ConfirmDialog;
pub(super) use person_menu::{MenuButton, MenuTarget, PersonMenu};
pub(super) use room_controls::RoomControls;
