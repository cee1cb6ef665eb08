//! The words by the place where they stand: one struct per place, whose fields
//! are the keys of the text files, and methods that choose among them.

mod attributes;
mod devices;
mod ended;
mod lobby;
mod meeting;
mod moderation;
mod notice;
mod pages;
mod recording;

pub(crate) use attributes::{Page, Player, Private};
pub(crate) use devices::{Devices, Which};
pub(crate) use ended::Ended;
pub(crate) use lobby::Lobby;
pub(crate) use meeting::{Chat, Help, Meeting, People, Prejoin, Settings, Tile};
pub(crate) use moderation::{Asked, Moderation, Tools};
pub(crate) use notice::Notice;
pub(crate) use pages::{Common, Home, Problem};
pub(crate) use recording::{Recording, Watch};
