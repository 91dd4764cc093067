//! Why TLS failed, in words. It never shows a library's debug text.

use rustls::{CertificateError, Error, InvalidMessage};

use super::TransportFailure;
use crate::github::quote::quote;
use crate::github::tls::is_ca;

/// No more of the names in a certificate are shown.
const MAX_NAMES: usize = 5;

const FOR_AN_AUTHORITY: &str = "name the file with your CA's certificate in `SSL_CERT_FILE`";

const FOR_A_SERVER: &str = "whoever runs the server has to renew its certificate";

/// Explains an error of the handshake with `whose`: a host, or a proxy that is reached by https.
pub(super) fn explain(whose: &str, err: &Error, is_proxys: bool) -> TransportFailure {
    let (why, help) = match err {
        Error::InvalidCertificate(certificate) => certificate_words(err, certificate, is_proxys),
        _ => handshake_words(err, is_proxys),
    };
    // A certificate stays what it is; anything else may be better the next time.
    let is_final = matches!(err, Error::InvalidCertificate(_));
    TransportFailure { why: format!("no secure connection to {whose}: {why}"), help, is_final }
}

fn certificate_words(
    err: &Error,
    certificate: &CertificateError,
    is_proxys: bool,
) -> (String, Option<&'static str>) {
    let address = if is_proxys { "check HTTPS_PROXY" } else { "check `api-url`" };
    let (why, help) = match certificate {
        _ if is_ca(err) => (
            "its certificate is a CA's own, which is trusted only where it is named as it is",
            "name the file with that very certificate in `SSL_CERT_FILE`",
        ),
        CertificateError::UnknownIssuer => {
            ("its certificate comes from an authority that is not trusted here", FOR_AN_AUTHORITY)
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            "its certificate has expired",
            "check this machine's clock; if that is right, the certificate has to be renewed",
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            ("its certificate is not valid yet", "check this machine's clock")
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            return (for_names(presented), Some(address));
        }
        CertificateError::NotValidForName => ("its certificate is for another name", address),
        CertificateError::Revoked => ("its certificate was revoked", FOR_A_SERVER),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            ("its certificate is not one for servers", FOR_A_SERVER)
        }
        CertificateError::BadSignature
        | CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => (
            "its certificate is signed in a way that cannot be checked: is it signed with SHA-1?",
            FOR_A_SERVER,
        ),
        _ => ("its certificate cannot be read, or breaks a rule of certificates", FOR_A_SERVER),
    };
    (why.to_owned(), Some(help))
}

fn for_names(presented: &[String]) -> String {
    let names = presented.iter().take(MAX_NAMES).map(|name| quote(bare(name)));
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        return "its certificate is for no name at all".to_owned();
    }
    let more = if presented.len() > MAX_NAMES { " and more" } else { "" };
    format!("its certificate is for {}{more}", names.join(", "))
}

/// webpki shows a name as `DnsName("a.test")`.
fn bare(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"')
}

/// Explains a connection that ended before the handshake with `whose` did.
pub(super) fn explain_end(whose: &str, is_proxys: bool) -> TransportFailure {
    TransportFailure {
        why: format!(
            "no secure connection to {whose}: it closed the connection during the handshake"
        ),
        help: Some(for_no_tls(is_proxys)),
        is_final: false,
    }
}

fn for_no_tls(is_proxys: bool) -> &'static str {
    if is_proxys {
        "if the proxy speaks plain HTTP, begin HTTPS_PROXY with `http://`"
    } else {
        "check `api-url`, and that nothing on the way answers in the host's place"
    }
}

fn handshake_words(err: &Error, is_proxys: bool) -> (String, Option<&'static str>) {
    let plain = for_no_tls(is_proxys);
    let (why, help) = match err {
        Error::InvalidMessage(
            InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
        ) => ("it does not speak TLS on that port", Some(plain)),
        Error::InvalidMessage(_)
        | Error::InappropriateMessage { .. }
        | Error::InappropriateHandshakeMessage { .. }
        | Error::PeerMisbehaved(_)
        | Error::PeerSentOversizedRecord
        | Error::DecryptError => ("what it sent is not TLS as it should be", Some(plain)),
        Error::PeerIncompatible(_) | Error::NoApplicationProtocol => (
            "it speaks no version of TLS, or no cipher, that is safe today (TLS 1.2 and 1.3 are)",
            Some("whoever runs the server has to allow TLS 1.2 or 1.3"),
        ),
        Error::NoCertificatesPresented => ("it shows no certificate", Some(FOR_A_SERVER)),
        Error::AlertReceived(alert) => return (alert_words(*alert), None),
        _ => ("the handshake failed", None),
    };
    (why.to_owned(), help)
}

fn alert_words(alert: rustls::AlertDescription) -> String {
    use rustls::AlertDescription as Alert;
    let why = match alert {
        Alert::CertificateRequired | Alert::NoCertificate => {
            "it wants a client certificate, and we have none"
        }
        Alert::UnrecognisedName => "it does not know the name that it was asked for",
        Alert::ProtocolVersion | Alert::InsufficientSecurity | Alert::HandshakeFailure => {
            "it has no version of TLS and no cipher in common with us"
        }
        _ => return format!("it broke the handshake off (alert {})", u8::from(alert)),
    };
    why.to_owned()
}
