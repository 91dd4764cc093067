//! Whom we trust: the built-in roots, the system's, and those that the user names, together.
//! A file that is missing or malformed takes nothing away from the others.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::{ClientConfig, RootCertStore};
use rustls_native_certs::{load_certs_from_paths, load_native_certs};

/// Where systems keep their roots. `rustls-native-certs` leaves the system's out as soon as
/// `SSL_CERT_FILE` or `SSL_CERT_DIR` is set.
const SYSTEM_BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Reads the roots when they are first needed, since that takes milliseconds.
#[derive(Debug, Default)]
pub(super) struct Roots {
    file: Option<PathBuf>,
    directory: Option<PathBuf>,
    config: OnceLock<Arc<ClientConfig>>,
}

impl Roots {
    /// `directory` may name several, as in `PATH`.
    pub(super) fn new(file: Option<PathBuf>, directory: Option<PathBuf>) -> Self {
        Self { file, directory, config: OnceLock::new() }
    }

    pub(super) fn config(&self) -> Arc<ClientConfig> {
        Arc::clone(self.config.get_or_init(|| Arc::new(self.load())))
    }

    fn load(&self) -> ClientConfig {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        roots.add_parsable_certificates(load_native_certs().certs);
        for file in self.files() {
            roots.add_parsable_certificates(load_certs_from_paths(Some(file), None).certs);
        }
        for directory in self.directory.iter().flat_map(env::split_paths) {
            roots.add_parsable_certificates(load_certs_from_paths(None, Some(&directory)).certs);
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring knows every protocol version that rustls holds safe")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config
    }

    fn files(&self) -> impl Iterator<Item = &Path> {
        let is_named = self.file.is_some() || self.directory.is_some();
        let system = SYSTEM_BUNDLES.iter().map(Path::new).find(|path| is_named && path.exists());
        self.file.as_deref().into_iter().chain(system)
    }
}
