//! Lists in pages. A cursor says where the page before ended; it is opaque.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::{Code, Problem};

const DEFAULT: u32 = 50;
const MOST: u32 = 200;

/// Which page of a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// How many at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

impl PageQuery {
    /// How many at most.
    pub(super) fn limit(&self) -> Result<u32, Problem> {
        let limit = self.limit.unwrap_or(DEFAULT);
        if (1..=MOST).contains(&limit) {
            return Ok(limit);
        }
        let why = format!("limit is a number from 1 to {MOST}");
        Err(Problem::new(Code::BadRequest, why))
    }

    /// After which text the page begins; empty at the start.
    pub(super) fn after_text(&self) -> Result<String, Problem> {
        let Some(cursor) = &self.cursor else {
            return Ok(String::new());
        };
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok();
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        // places are ids and numbers: none has control characters
        let text = text.filter(|text| !text.contains(char::is_control));
        text.ok_or_else(|| Problem::new(Code::BadRequest, "cursor is not one of this list"))
    }

    /// After which place the page begins; 0 at the start.
    pub(super) fn after_place(&self) -> Result<u64, Problem> {
        let text = self.after_text()?;
        if text.is_empty() {
            return Ok(0);
        }
        let place = text.parse();
        place.map_err(|_| Problem::new(Code::BadRequest, "cursor is not one of this list"))
    }
}

/// The cursor of what follows.
pub(super) fn cursor(last: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(last)
}

/// Cuts a list of one more than a page, and gives the cursor of the rest.
pub(super) fn cut<T>(
    list: &mut Vec<T>,
    limit: u32,
    place: impl Fn(&T) -> String,
) -> Option<String> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if list.len() <= limit {
        return None;
    }
    list.truncate(limit);
    list.last().map(|last| cursor(&place(last)))
}
