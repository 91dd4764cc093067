//! The certificates that are trusted beside the built-in roots, read within bounds: a path that a
//! variable names may be a pipe that nobody writes to, or a directory of anything.

use std::env;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_native_certs::load_native_certs;

/// Where systems keep their roots. `rustls-native-certs` leaves the system's out as soon as
/// `SSL_CERT_FILE` or `SSL_CERT_DIR` is set.
const SYSTEM_BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// All files together; in bytes. A system's bundle has a quarter of a MiB, and what is decoded of
/// a file takes twice its size.
const MAX_BYTES: u64 = 4 << 20;

/// A system's directory has some 300 files.
const MAX_FILES: usize = 2000;

/// A disk that is slower than this holds the deploy back.
const MAX_TIME: Duration = Duration::from_secs(2);

/// What was read, and what was not.
#[derive(Debug, Default)]
pub(super) struct Certificates {
    pub(super) of_system: Vec<CertificateDer<'static>>,
    /// From `SSL_CERT_FILE` and `SSL_CERT_DIR`.
    pub(super) of_user: Vec<CertificateDer<'static>>,
    /// Sentences about what was left out.
    pub(super) warnings: Vec<String>,
}

impl Certificates {
    /// `directories` may name several, as in `PATH`.
    pub(super) fn load(file: Option<&Path>, directories: Option<&Path>) -> Self {
        let mut certificates = Self::default();
        if file.is_none() && directories.is_none() {
            certificates.of_system = load_native_certs().certs;
            return certificates;
        }
        certificates.of_system = windows_store();
        let mut reader = Reader::default();
        if let Some(bundle) = SYSTEM_BUNDLES.iter().find(|path| Path::new(path).is_file()) {
            certificates.of_system.extend(reader.read(Path::new(bundle)).unwrap_or_default());
        }
        if let Some(file) = file {
            certificates.take(&mut reader, "SSL_CERT_FILE", file);
        }
        for directory in directories.iter().flat_map(env::split_paths) {
            certificates.take_directory(&mut reader, &directory);
        }
        certificates
    }

    fn take(&mut self, reader: &mut Reader, variable: &str, file: &Path) {
        match reader.read(file) {
            Ok(found) => self.of_user.extend(found),
            Err(err) => self.warnings.push(left_out(variable, file, &err)),
        }
    }

    fn take_directory(&mut self, reader: &mut Reader, directory: &Path) {
        let entries = match fs::read_dir(directory) {
            Ok(entries) => entries,
            Err(err) => {
                self.warnings.push(left_out("SSL_CERT_DIR", directory, &err));
                return;
            }
        };
        for entry in entries {
            if let Some(bound) = reader.bound() {
                let err = io::Error::other(format!("more than {bound}"));
                self.warnings.push(left_out("the rest of SSL_CERT_DIR", directory, &err));
                return;
            }
            // Other files lie there too: what cannot be read is no certificate.
            let path: Option<PathBuf> = entry.ok().map(|entry| entry.path());
            self.of_user.extend(path.and_then(|path| reader.read(&path).ok()).unwrap_or_default());
        }
    }
}

fn left_out(what: &str, path: &Path, err: &io::Error) -> String {
    let why = err.to_string();
    let why = why.split(" (os error").next().unwrap_or_default();
    format!("{what} (`{}`) is left out: {why}", path.display())
}

/// Reads files until there were too many, or too large ones, or it took too long.
struct Reader {
    begun: Instant,
    files: usize,
    bytes: u64,
}

impl Default for Reader {
    fn default() -> Self {
        Self { begun: Instant::now(), files: 0, bytes: 0 }
    }
}

impl Reader {
    /// The bound that was reached, in words.
    fn bound(&self) -> Option<String> {
        if self.files >= MAX_FILES {
            return Some(format!("{MAX_FILES} files"));
        }
        if self.bytes >= MAX_BYTES {
            return Some(format!("{} MiB", MAX_BYTES >> 20));
        }
        (self.begun.elapsed() >= MAX_TIME).then(|| format!("{MAX_TIME:?} to read"))
    }

    fn read(&mut self, path: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
        if let Some(bound) = self.bound() {
            return Err(io::Error::other(format!("more than {bound}")));
        }
        self.files += 1;
        // To open a pipe would wait for whoever writes to it.
        let metadata = fs::metadata(path)?;
        if !metadata.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        let left = MAX_BYTES - self.bytes;
        let mut pem = Vec::new();
        File::open(path)?.take(left + 1).read_to_end(&mut pem)?;
        let read = u64::try_from(pem.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(read);
        if read > left {
            return Err(io::Error::other(format!("more than {} MiB", MAX_BYTES >> 20)));
        }
        // A damaged one takes nothing away from the others.
        Ok(CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok).collect())
    }
}

/// The roots of the current user, which `rustls-native-certs` passes over as soon as a variable
/// names others.
#[cfg(windows)]
fn windows_store() -> Vec<CertificateDer<'static>> {
    use schannel::cert_context::ValidUses;
    use schannel::cert_store::CertStore;

    const SERVER_AUTHENTICATION: &str = "1.3.6.1.5.5.7.3.1";

    let Ok(store) = CertStore::open_current_user("ROOT") else { return Vec::new() };
    let is_usable = |uses| match uses {
        ValidUses::All => true,
        ValidUses::Oids(uses) => uses.iter().any(|oid| oid == SERVER_AUTHENTICATION),
    };
    store
        .certs()
        .filter(|root| root.valid_uses().is_ok_and(is_usable))
        .filter(|root| root.is_time_valid().unwrap_or(false))
        .map(|root| CertificateDer::from(root.to_der().to_vec()))
        .collect()
}

#[cfg(not(windows))]
fn windows_store() -> Vec<CertificateDer<'static>> {
    Vec::new()
}
