//! What an integrator's server tells a room: in the room itself, and through
//! its door while people are in it.

#[path = "../support/meeting.rs"]
mod meeting;
#[path = "../support/pure.rs"]
mod pure;
#[path = "../support/mod.rs"]
mod support;

mod chat;
mod people;
mod plans;
mod sockets;

use pure::Room;
use server::room::{Command, Effect, Order, OrderId, OrderRefused, Reply};

/// Gives an order, with 9 as its id.
fn order(room: &mut Room, order: Order) -> Vec<Effect> {
    room.apply(Command::Order(OrderId(9), Box::new(order)))
}

/// The answer to it, if it has come.
fn answer(effects: &[Effect]) -> Option<Result<Reply, OrderRefused>> {
    effects.iter().find_map(|effect| match effect {
        Effect::Answer(OrderId(9), answer) => Some((**answer).clone()),
        _ => None,
    })
}

/// Gives an order that has to be done at once.
fn done(room: &mut Room, what: Order) -> Vec<Effect> {
    let effects = order(room, what);
    assert_eq!(answer(&effects), Some(Ok(Reply::Done)), "{effects:?}");
    effects
}

/// The code of a refusal.
fn refused(effects: &[Effect]) -> Option<protocol::ErrorCode> {
    match answer(effects) {
        Some(Err(OrderRefused::Refused { code, .. })) => Some(code),
        _ => None,
    }
}
