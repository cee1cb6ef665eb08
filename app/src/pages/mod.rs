//! The pages, one per address.

mod bad_room;
mod home;
mod new;
mod not_found;
mod room;
mod status;

pub(crate) use home::Home;
pub(crate) use new::New;
pub(crate) use not_found::NotFound;
pub(crate) use room::{Call, Webinar};
