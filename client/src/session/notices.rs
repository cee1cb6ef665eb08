//! Things to tell once.

use crate::model::{Notice, NoticeId, NoticeKind};

/// The most that wait to be seen; the oldest make room.
const NOTICES_MAX: usize = 20;

#[derive(Debug, Default)]
pub(super) struct Notices {
    last: NoticeId,
}

impl Notices {
    pub(super) fn push(&mut self, notices: &mut Vec<Notice>, kind: NoticeKind) {
        self.last = self.last.wrapping_add(1);
        if notices.len() >= NOTICES_MAX {
            notices.remove(0);
        }
        notices.push(Notice {
            id: self.last,
            kind,
        });
    }
}
