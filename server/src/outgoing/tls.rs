//! Whom the server trusts when it asks others.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::CertificateDer};
use tracing::warn;

use super::OutgoingError;

/// Which certificate authorities are trusted.
#[derive(Debug, Clone)]
pub enum Roots {
    /// Those of this machine, or of `SSL_CERT_FILE` and `SSL_CERT_DIR`, so that
    /// an operator's own authority counts. Where there are none, Mozilla's.
    Machine,
    /// These, in DER, and no others.
    Only(Vec<Vec<u8>>),
}

/// Settings of TLS, with ring.
pub(crate) fn config(roots: Roots) -> Result<ClientConfig, OutgoingError> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| OutgoingError::Setup(error.to_string()))?
        .with_root_certificates(store(roots)?)
        .with_no_client_auth();
    Ok(config)
}

fn store(roots: Roots) -> Result<RootCertStore, OutgoingError> {
    let mut store = RootCertStore::empty();
    match roots {
        Roots::Machine => fill_from_machine(&mut store),
        Roots::Only(certificates) => {
            for certificate in certificates {
                store
                    .add(CertificateDer::from(certificate))
                    .map_err(|error| OutgoingError::Setup(error.to_string()))?;
            }
        }
    }
    Ok(store)
}

fn fill_from_machine(store: &mut RootCertStore) {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        warn!(%error, "Some of this machine's certificate authorities cannot be read");
    }
    // what is too old or odd to be understood is passed over
    store.add_parsable_certificates(found.certs);
    if store.is_empty() {
        store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
}
