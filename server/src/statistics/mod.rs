//! Statistics: who was in a room, for how long, and how long the room was
//! active.
//!
//! Pure: visits and a period go in, figures come out. The journal writes the
//! visits down, `db` finds them, `tidying` forgets them.

mod attendance;
mod csv;
mod period;
mod summary;

pub use attendance::attendance;
pub use csv::line;
pub use period::{BadPeriod, Period};
pub use summary::{Session, Stay, Summary, Visit};
