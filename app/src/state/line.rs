//! A chat message as a signal: only its delivery ever changes.

use std::{collections::HashMap, sync::Arc};

use client::model::{ChatLine, Delivery};
use leptos::prelude::*;
use protocol::{ChatMessage, PeerId};

/// One line of the chat.
#[derive(Debug)]
pub(crate) struct Line {
    /// The message as it was first seen.
    pub(crate) message: ChatMessage,
    /// How far it got.
    pub(crate) delivery: ArcRwSignal<Delivery>,
}

impl Line {
    fn new(line: &ChatLine) -> Arc<Self> {
        Arc::new(Self {
            message: line.message.clone(),
            delivery: ArcRwSignal::new(line.delivery),
        })
    }

    fn shows(&self, line: &ChatLine) -> bool {
        self.message.from == line.message.from && self.message.nonce == line.message.nonce
    }

    fn take_over(&self, line: &ChatLine) {
        if self.delivery.get_untracked() != line.delivery {
            self.delivery.set(line.delivery);
        }
    }
}

/// Whether the same messages stand in the same order. Deliveries are brought
/// up to date on the way.
pub(super) fn same_lines(shown: &[Arc<Line>], chat: &[ChatLine]) -> bool {
    let same = shown.len() == chat.len() && shown.iter().zip(chat).all(|(a, b)| a.shows(b));
    if same {
        for (line, now) in shown.iter().zip(chat) {
            line.take_over(now);
        }
    }
    same
}

/// The lines of a chat, those that were shown before kept as they are.
pub(super) fn merge(shown: &[Arc<Line>], chat: &[ChatLine]) -> Vec<Arc<Line>> {
    let known: HashMap<(Option<&PeerId>, &str), &Arc<Line>> = shown
        .iter()
        .map(|line| (mark(&line.message), line))
        .collect();
    chat.iter()
        .map(|line| {
            known.get(&mark(&line.message)).map_or_else(
                || Line::new(line),
                |known| {
                    known.take_over(line);
                    Arc::clone(known)
                },
            )
        })
        .collect()
}

/// What a message is known by, over its whole way.
fn mark(message: &ChatMessage) -> (Option<&PeerId>, &str) {
    (message.from.as_ref(), message.nonce.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(nonce: &str, delivery: Delivery) -> ChatLine {
        ChatLine {
            message: ChatMessage {
                id: 0,
                from: PeerId::parse("a").ok(),
                display_name: "A".into(),
                text: "hello".into(),
                sent_at: 0,
                nonce: nonce.into(),
            },
            delivery,
        }
    }

    #[test]
    fn a_delivered_message_stays_the_same_line() {
        let sending = [line("1", Delivery::Sending)];
        let shown = merge(&[], &sending);
        let delivered = [line("1", Delivery::Delivered)];
        assert!(same_lines(&shown, &delivered));
        assert_eq!(shown[0].delivery.get_untracked(), Delivery::Delivered);
    }

    #[test]
    fn a_message_that_came_first_moves_the_own_one_and_keeps_it() {
        let shown = merge(&[], &[line("own", Delivery::Sending)]);
        let chat = [
            line("other", Delivery::Delivered),
            line("own", Delivery::Delivered),
        ];
        assert!(!same_lines(&shown, &chat));
        let merged = merge(&shown, &chat);
        assert!(Arc::ptr_eq(&merged[1], &shown[0]));
    }
}
