//! The pages, one per address.

mod bad_room;
mod home;
mod links;
mod new;
mod not_found;
mod private_room;
mod recorded;
mod room;
mod room_links;
mod status;

pub(crate) use home::Home;
pub(crate) use new::New;
pub(crate) use not_found::NotFound;
pub(crate) use recorded::Recorded;
pub(crate) use room::{Call, Webinar};
