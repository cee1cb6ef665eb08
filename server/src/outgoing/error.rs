//! Why a request to an integrator failed. No text names the address: it may
//! hold a secret.

use std::{error::Error, io};

use rustls::CertificateError;

use super::Forbidden;

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutgoingError {
    /// The URL cannot be read, or is neither https nor http.
    #[error("the URL is not valid")]
    BadUrl,
    /// The URL is http, which is for private targets only.
    #[error("the URL is not https")]
    Insecure,
    /// The address is not public.
    #[error("the address is not public, and allow_private_targets is off")]
    Forbidden,
    /// The authorization cannot stand in a header.
    #[error("the authorization has characters that no header may have")]
    BadAuthorization,
    /// The answer took too long.
    #[error("no answer came in time")]
    TimedOut,
    /// The server's certificate is not trusted, or TLS failed otherwise.
    #[error("TLS failed: {0}")]
    Tls(&'static str),
    /// Nobody answers there, or the name is unknown.
    #[error("no connection could be made")]
    Unreachable,
    /// The answer is too long.
    #[error("the answer is too long")]
    TooLarge,
    /// The answer is no HTTP, or was cut off.
    #[error("the answer is broken")]
    BadReply,
    /// TLS could not be set up on this machine.
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
}

impl From<reqwest::Error> for OutgoingError {
    fn from(error: reqwest::Error) -> Self {
        if let Some(known) = first_known(&error) {
            return known;
        }
        if error.is_timeout() {
            Self::TimedOut
        } else if error.is_connect() {
            Self::Unreachable
        } else {
            Self::BadReply
        }
    }
}

/// The first error in the chain of causes that says more than the kind. An
/// io::Error that wraps another passes over it when asked for its cause.
fn first_known(error: &(dyn Error + 'static)) -> Option<OutgoingError> {
    let wrapped = || error.downcast_ref::<io::Error>()?.get_ref();
    known(error)
        .or_else(|| first_known(wrapped()?))
        .or_else(|| first_known(error.source()?))
}

fn known(error: &(dyn Error + 'static)) -> Option<OutgoingError> {
    if error.is::<Forbidden>() {
        return Some(OutgoingError::Forbidden);
    }
    let tls = error.downcast_ref::<rustls::Error>()?;
    Some(OutgoingError::Tls(reason(tls)))
}

/// What is wrong, without the names that stand in certificates.
fn reason(error: &rustls::Error) -> &'static str {
    let rustls::Error::InvalidCertificate(error) = error else {
        return "the handshake failed";
    };
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the certificate has expired"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the certificate is not valid yet"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the certificate is for another name"
        }
        CertificateError::UnknownIssuer => "the certificate's issuer is not trusted",
        CertificateError::Revoked => "the certificate was revoked",
        _ => "the certificate is not good",
    }
}
