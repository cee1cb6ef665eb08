//! Every code that the REST API refuses with: one table, from which the answers,
//! `/api/errors` and the tests of `docs/REST.md` come.

use axum::http::StatusCode;

/// What is said of a code.
#[derive(Debug, Clone, Copy)]
pub struct Meaning {
    /// The code on the wire.
    pub name: &'static str,
    /// The status that it usually comes with.
    pub status: StatusCode,
    /// A short sentence, the same each time.
    pub title: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

/// A row for each code: name, status, title, advice.
macro_rules! codes {
    ($($code:ident: $name:literal, $status:ident, $title:literal, $advice:literal;)*) => {
        /// Why a request was refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $title] $code,)*
        }

        impl Code {
            /// All of them, in the order of their status.
            pub const ALL: &[Self] = &[$(Self::$code),*];

            /// What the code means.
            #[must_use]
            pub fn meaning(self) -> Meaning {
                match self {
                    $(Self::$code => Meaning {
                        name: $name,
                        status: StatusCode::$status,
                        title: $title,
                        advice: $advice,
                    },)*
                }
            }
        }
    };
}

codes! {
    BadRequest: "bad_request", BAD_REQUEST,
        "The request cannot be understood",
        "detail says which part is wrong.";
    Unauthorized: "unauthorized", UNAUTHORIZED,
        "No good token was given",
        "Send Authorization: Bearer with a token that has not ended and was not revoked.";
    WrongLogin: "wrong_login", UNAUTHORIZED,
        "The name or the password is wrong",
        "Which of them it is is told to nobody.";
    PasswordEnded: "password_ended", UNAUTHORIZED,
        "The one-time password was not used in time",
        "The operator gives another one: meetframe user passwd NAME.";
    RefreshReused: "refresh_reused", UNAUTHORIZED,
        "The refresh token was used before",
        "Somebody else may have it, so the login has ended. Log in again.";
    Forbidden: "forbidden", FORBIDDEN,
        "The token is not good for this",
        "detail names the scope that is needed.";
    WrongTenant: "wrong_tenant", FORBIDDEN,
        "The token is another tenant's",
        "Call the host that the token was made for.";
    LinkExpired: "link_expired", FORBIDDEN,
        "The address was good once",
        "Ask for the video again: its addresses are signed for a while.";
    MoreThanOwn: "more_than_own", FORBIDDEN,
        "A token cannot grant what it has not itself",
        "detail says what is too much.";
    WrongPassword: "wrong_password", FORBIDDEN,
        "The current password is another one",
        "Send the password that was logged in with.";
    PasswordChangeRequired: "password_change_required", FORBIDDEN,
        "The password has to be changed first",
        "Send the one-time password and one of your own to POST /auth/password.";
    NotFound: "not_found", NOT_FOUND,
        "There is no such thing",
        "Check the address and the ids in it.";
    RoomNotFound: "room_not_found", NOT_FOUND,
        "There is no such room",
        "A room is there while somebody is in it.";
    PeerNotFound: "peer_not_found", NOT_FOUND,
        "There is no such participant in the room",
        "The participant may have left.";
    MethodNotAllowed: "method_not_allowed", METHOD_NOT_ALLOWED,
        "The address does not take this method",
        "The header Allow names those that it takes.";
    Conflict: "conflict", CONFLICT,
        "It does not fit what is there already",
        "detail says what is in the way.";
    KeyInUse: "key_in_use", CONFLICT,
        "The first request with this Idempotency-Key is under way",
        "Send the same request again in a moment: it is answered like the first one.";
    ShownOnce: "shown_once", CONFLICT,
        "The request was done, and its answer held a secret",
        "Secrets are shown once and not kept. Take back what was made, and ask with a new key.";
    TooLarge: "too_large", PAYLOAD_TOO_LARGE,
        "The body is too long",
        "Send less at a time.";
    UnsupportedMediaType: "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE,
        "The body is of another kind",
        "Send JSON, with Content-Type: application/json.";
    KeyReused: "key_reused", UNPROCESSABLE_ENTITY,
        "The Idempotency-Key was used for another request",
        "Make up a new key for each request that is not a repetition.";
    RateLimited: "rate_limited", TOO_MANY_REQUESTS,
        "Too many requests",
        "Wait as long as the header Retry-After says, in seconds.";
    Internal: "internal", INTERNAL_SERVER_ERROR,
        "The server failed",
        "Try again; the server's log says more.";
    Unavailable: "unavailable", SERVICE_UNAVAILABLE,
        "The server cannot do this now",
        "Try again in a moment.";
}
