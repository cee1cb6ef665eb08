//! The certificate of this process and the handshake settings made from it.

use std::{sync::Arc, time::Duration};

use ring::digest::{SHA256, digest};
use rtc_crypto::RTCCryptoProvider;
use rtc_dtls::{
    config::{ClientAuthType, ConfigBuilder, ExtendedMasterSecretType, HandshakeConfig},
    crypto::Certificate,
    extension::extension_use_srtp::SrtpProtectionProfile,
};

use crate::{sdp::Fingerprint, srtp::Profile};

/// First wait before a flight is sent again; it doubles each time. Less makes
/// up for loss sooner and repeats more on slow paths.
pub(super) const FLIGHT_INTERVAL: Duration = Duration::from_millis(150);

/// Largest DTLS datagram: fits every path that WebRTC meets.
const MTU: usize = 1_200;

/// What DTLS may fail with. Texts come from the DTLS implementation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DtlsError {
    /// Certificate or settings could not be made.
    #[error("DTLS setup: {0}")]
    Setup(String),
    /// The peer's message was refused; it may send a better one.
    #[error("DTLS: {0}")]
    Refused(String),
    /// The peer sent more than any handshake needs.
    #[error("more or longer DTLS messages than a handshake has")]
    Flood,
    /// The peer's certificate is not the one that its SDP announced.
    #[error("the peer's certificate is not that of its offer")]
    WrongCertificate,
    /// No SRTP profile in common.
    #[error("no SRTP protection profile in common")]
    NoProfile,
    /// The peer ended the association, or it took too long.
    #[error("the DTLS association is closed")]
    Closed,
}

/// A certificate with its private key (ECDSA P-256), made at start and shared
/// by all connections. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Identity {
    provider: Arc<dyn RTCCryptoProvider>,
    #[cfg(any(test, feature = "client"))]
    certificate: Certificate,
    fingerprint: Fingerprint,
    /// For servers, by what the client offers.
    gcm: Arc<HandshakeConfig>,
    cm: Arc<HandshakeConfig>,
}

impl Identity {
    /// Makes a self-signed certificate.
    pub(crate) fn generate() -> Result<Self, DtlsError> {
        let setup = |error: &dyn std::fmt::Display| DtlsError::Setup(error.to_string());
        let provider = rtc_crypto::default_provider().map_err(|e| setup(&e))?;
        let certificate =
            Certificate::generate_self_signed(vec!["meetframe".to_owned()], provider.crypto())
                .map_err(|e| setup(&e))?;
        let der = certificate
            .certificate
            .first()
            .ok_or_else(|| setup(&"the certificate is empty"))?;
        let fingerprint = fingerprint(der);
        let server = |profile| {
            config(&provider, &certificate, &[profile]).and_then(|config| {
                let config = config.with_client_auth(ClientAuthType::RequireAnyClientCert);
                config.build(false, None).map_err(|e| setup(&e))
            })
        };
        Ok(Self {
            gcm: Arc::new(server(Profile::AeadAes128Gcm)?),
            cm: Arc::new(server(Profile::AesCm128HmacSha1_80)?),
            fingerprint,
            provider,
            #[cfg(any(test, feature = "client"))]
            certificate,
        })
    }

    /// The certificate's fingerprint for SDP.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The cryptography that STUN and DTLS share.
    pub(crate) fn provider(&self) -> &Arc<dyn RTCCryptoProvider> {
        &self.provider
    }

    /// The server's settings for one profile. The DTLS crate would take the
    /// client's first profile, and browsers put AES-CM first.
    pub(super) fn server_config(&self, profile: Profile) -> Arc<HandshakeConfig> {
        match profile {
            Profile::AeadAes128Gcm => Arc::clone(&self.gcm),
            Profile::AesCm128HmacSha1_80 => Arc::clone(&self.cm),
        }
    }

    /// A client's settings, its profiles in order of preference.
    #[cfg(any(test, feature = "client"))]
    pub(super) fn client_config(
        &self,
        profiles: &[Profile],
    ) -> Result<Arc<HandshakeConfig>, DtlsError> {
        config(&self.provider, &self.certificate, profiles)?
            .with_server_name("meetframe".to_owned())
            .build(true, None)
            .map(Arc::new)
            .map_err(|error| DtlsError::Setup(error.to_string()))
    }
}

/// The SHA-256 fingerprint of a certificate.
pub(super) fn fingerprint(der: &[u8]) -> Fingerprint {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, der).as_ref());
    Fingerprint(bytes)
}

fn config(
    provider: &Arc<dyn RTCCryptoProvider>,
    certificate: &Certificate,
    profiles: &[Profile],
) -> Result<ConfigBuilder, DtlsError> {
    let profiles = profiles.iter().map(|profile| match profile {
        Profile::AeadAes128Gcm => SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm,
        Profile::AesCm128HmacSha1_80 => SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80,
    });
    Ok(ConfigBuilder::default()
        .with_crypto_provider(Arc::clone(provider))
        .with_certificates(vec![certificate.clone()])
        .with_srtp_protection_profiles(profiles.collect())
        // no chain of trust: the fingerprint in the SDP is what counts
        .with_insecure_skip_verify(true)
        .with_extended_master_secret(ExtendedMasterSecretType::Require)
        .with_flight_interval(FLIGHT_INTERVAL)
        .with_mtu(MTU))
}
