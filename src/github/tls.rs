//! The certificates that are trusted: the built-in roots, the system's, and those that the user names, together; and a
//! certificate that the user names as itself.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use tokio::sync::{OnceCell, oneshot};
use tokio::time::timeout;
use tower::BoxError;

use super::certificates::Certificates;

/// A file that cannot be read at all (a dead network disk) holds nobody back for longer.
const LOAD_LIMIT: Duration = Duration::from_millis(2500);

/// Reads the roots when they are first needed, on a thread of its own while the connection is
/// made, since that takes milliseconds.
pub(super) struct Roots {
    file: Option<PathBuf>,
    directories: Option<PathBuf>,
    warn: fn(&str),
    config: OnceCell<Arc<ClientConfig>>,
}

impl Roots {
    /// `directories` may name several, as in `PATH`; `warn` is called for what was left out.
    pub(super) fn new(file: Option<PathBuf>, directories: Option<PathBuf>, warn: fn(&str)) -> Self {
        Self { file, directories, warn, config: OnceCell::new() }
    }

    pub(super) async fn config(&self) -> Result<Arc<ClientConfig>, BoxError> {
        self.config.get_or_try_init(|| self.load()).await.cloned()
    }

    async fn load(&self) -> Result<Arc<ClientConfig>, BoxError> {
        let (file, directories) = (self.file.clone(), self.directories.clone());
        let (sender, loaded) = oneshot::channel();
        thread::Builder::new().name("roots".to_owned()).spawn(move || {
            let certificates = Certificates::load(file.as_deref(), directories.as_deref());
            let warnings = certificates.warnings.clone();
            // The receiver is gone when the try has timed out.
            let _ = sender.send((config(certificates), warnings));
        })?;
        let (config, warnings) = if let Ok(loaded) = timeout(LOAD_LIMIT, loaded).await {
            loaded?
        } else {
            let why = "the system's roots, SSL_CERT_FILE and SSL_CERT_DIR are left out: to read \
                       them takes too long";
            (config(Certificates::default()), vec![why.to_owned()])
        };
        for warning in warnings {
            (self.warn)(&warning);
        }
        Ok(Arc::new(config))
    }
}

fn config(certificates: Certificates) -> ClientConfig {
    let Certificates { of_system, of_user, warnings: _ } = certificates;
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    roots.add_parsable_certificates(of_system);
    roots.add_parsable_certificates(of_user.iter().cloned());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let by_authority =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .expect("the built-in roots are roots");
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring knows every protocol version that rustls holds safe")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Verifier { by_authority, of_user }))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

/// Trusts a server as webpki does, and a self-signed certificate that the user names also where it
/// says that it is a CA's, which webpki refuses and curl and Node do not.
#[derive(Debug)]
struct Verifier {
    by_authority: Arc<WebPkiServerVerifier>,
    of_user: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.by_authority.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match verified {
            // webpki has looked at the dates before, and not yet at the name.
            Err(err) if is_ca(&err) && self.of_user.contains(end_entity) => {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.by_authority.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.by_authority.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.by_authority.supported_verify_schemes()
    }
}

/// The server's certificate is a CA's own.
pub(super) fn is_ca(err: &Error) -> bool {
    let Error::InvalidCertificate(CertificateError::Other(err)) = err else { return false };
    matches!(err.0.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity))
}
