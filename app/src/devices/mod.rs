//! The participant's devices, as the welcome screen and the settings show
//! them: choice, level, switches, and words for what fails.

mod level;
mod problems;
mod select;
mod switch;

pub(crate) use level::LevelMeter;
pub(crate) use problems::DeviceProblems;
pub(crate) use select::DeviceSelects;
pub(crate) use switch::Switch;
