//! The way to GitHub: straight, through an HTTP proxy's tunnel, or through SOCKS.
//! Loopback is never proxied, and a proxy's password is never shown.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use anyhow::bail;
use http::Uri;
use http::uri::Authority;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV4, SocksV5, Tunnel};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower::{BoxError, Service};
use url::{Host, Url};

use super::config::Proxies;
use super::dns::Resolver;
use super::tls::Roots;

/// All of a host's addresses together get this long, so that a dead one leaves time for a retry.
const CONNECT: Duration = Duration::from_secs(5);

pub(super) type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// The proxy to take for a URL, if any.
#[derive(Clone, Debug)]
pub(super) struct Proxy(Intercept);

impl Proxy {
    /// Fails on a proxy that would be used but cannot be understood.
    pub(super) fn choose(proxies: &Proxies, url: &Url) -> anyhow::Result<Option<Self>> {
        let given = match url.scheme() {
            "https" => proxies.https.as_ref().or(proxies.all.as_ref()),
            _ => proxies.http.as_ref().or(proxies.all.as_ref()),
        };
        let Some(given) = given.filter(|_| !is_loopback(url)) else { return Ok(None) };
        let uri: Uri = url.as_str().parse()?;
        let exempt = exempt(proxies.none.as_deref().unwrap_or_default(), url);
        if Matcher::builder().all("http://proxy").no(exempt).build().intercept(&uri).is_none() {
            return Ok(None);
        }
        match Matcher::builder().all(given.expose()).build().intercept(&uri) {
            Some(intercept) => Ok(Some(Self(intercept))),
            None => bail!(
                "HTTPS_PROXY or ALL_PROXY names no proxy that can be used: expected \
                 `http://host:port`, with user name and password percent-encoded"
            ),
        }
    }

    /// The proxy's address, without credentials.
    pub(super) fn address(&self) -> &str {
        self.0.uri().authority().map_or("", Authority::as_str)
    }
}

type Tcp = HttpConnector<Resolver>;

/// Connects to a host by the way that was chosen.
#[derive(Clone)]
pub(super) enum Transport {
    Straight(Tcp),
    Tunnel(Tunnel<HttpsConnector<Tcp>>),
    Socks4(SocksV4<Tcp>),
    Socks5(SocksV5<Tcp>),
}

impl Transport {
    pub(super) fn new(proxy: Option<&Proxy>, roots: &Roots) -> Self {
        let mut tcp = Tcp::new_with_resolver(Resolver);
        // We are handed https URLs, and do TLS above.
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT));
        let Some(Proxy(proxy)) = proxy else { return Self::Straight(tcp) };
        let uri = proxy.uri().clone();
        let scheme = uri.scheme_str().unwrap_or_default();
        match scheme {
            "socks4" | "socks4a" => {
                Self::Socks4(SocksV4::new(uri.clone(), tcp).local_dns(scheme == "socks4"))
            }
            "socks5" | "socks5h" => {
                let socks = SocksV5::new(uri.clone(), tcp).local_dns(scheme == "socks5");
                Self::Socks5(match proxy.raw_auth() {
                    Some((user, password)) => socks.with_auth(user.to_owned(), password.to_owned()),
                    None => socks,
                })
            }
            _ => {
                let tunnel = Tunnel::new(uri, HttpsConnector::from((tcp, roots.config())));
                Self::Tunnel(match proxy.basic_auth() {
                    Some(auth) => tunnel.with_auth(auth.clone()),
                    None => tunnel,
                })
            }
        }
    }
}

impl Service<Uri> for Transport {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        // None of the connectors makes anybody wait here.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        match self {
            Self::Straight(tcp) => {
                let connecting = tcp.call(uri);
                Box::pin(async move { Ok(MaybeHttpsStream::Http(connecting.await?)) })
            }
            Self::Tunnel(tunnel) => {
                let connecting = tunnel.call(uri);
                Box::pin(async move { Ok(connecting.await?) })
            }
            Self::Socks4(socks) => {
                let connecting = socks.call(uri);
                Box::pin(async move { Ok(MaybeHttpsStream::Http(connecting.await?)) })
            }
            Self::Socks5(socks) => {
                let connecting = socks.call(uri);
                Box::pin(async move { Ok(MaybeHttpsStream::Http(connecting.await?)) })
            }
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// `NO_PROXY` in the words that the matcher knows: it takes neither `*.host`, nor `host:port`, nor
/// blanks between hosts.
fn exempt(none: &str, url: &Url) -> String {
    let port = url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
    none.split(|c: char| c == ',' || c.is_whitespace())
        .map(|host| host.strip_suffix(&port).unwrap_or(host))
        .map(|host| host.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(host))
        .collect::<Vec<_>>()
        .join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::Secret;

    const PROXY: &str = "http://proxy.corp:3128";

    /// The proxy that is chosen for the URL with this `NO_PROXY`.
    #[track_caller]
    fn check(https: &str, none: &str, url: &str, expected: Option<&str>) {
        let proxies = Proxies {
            https: Some(Secret::new(https)),
            none: Some(none.to_owned()),
            ..Proxies::default()
        };
        let url = Url::parse(url).expect("this is a URL");
        let proxy = Proxy::choose(&proxies, &url).expect("this is a proxy");
        assert_eq!(proxy.as_ref().map(Proxy::address), expected, "{url} with NO_PROXY={none}");
    }

    #[test]
    fn a_proxy_is_taken_unless_the_host_is_exempt() {
        let exempt = [
            "*",
            "api.github.com",
            "github.com",
            ".github.com",
            "*.github.com",
            "a.test, api.github.com",
            "a.test api.github.com",
            "api.github.com:443",
        ];
        for none in exempt {
            check(PROXY, none, "https://api.github.com", None);
        }
        for none in ["", "hub.com", "api.github.com:8443", "10.0.0.0/8", "gist.github.com"] {
            check(PROXY, none, "https://api.github.com", Some("proxy.corp:3128"));
        }
        check(PROXY, "10.0.0.0/8", "https://10.1.2.3", None);
        check(PROXY, "fd00::/8", "https://[fd00::1]", None);
    }

    #[test]
    fn loopback_is_never_proxied() {
        let loopback = ["localhost", "api.localhost", "127.0.0.1", "127.9.9.9", "[::1]"];
        for host in loopback {
            check(PROXY, "", &format!("https://{host}:8443"), None);
            check(PROXY, "", &format!("http://{host}:8080"), None);
        }
    }

    #[test]
    fn an_address_has_no_credentials_and_may_lack_a_scheme() {
        check(
            "http://user:secret@proxy.corp:3128",
            "",
            "https://github.test",
            Some("proxy.corp:3128"),
        );
        check("proxy.corp:3128", "", "https://github.test", Some("proxy.corp:3128"));
        check("socks5h://proxy.corp:1080", "", "https://github.test", Some("proxy.corp:1080"));
    }

    #[test]
    fn all_proxy_stands_in_for_https_proxy() {
        let proxies = Proxies { all: Some(Secret::new(PROXY)), ..Proxies::default() };
        let url = Url::parse("https://github.test").expect("this is a URL");
        let proxy = Proxy::choose(&proxies, &url).expect("this is a proxy");
        assert_eq!(proxy.as_ref().map(Proxy::address), Some("proxy.corp:3128"));
    }

    #[test]
    fn what_is_no_proxy_is_an_error_that_does_not_show_it() {
        let proxies =
            Proxies { https: Some(Secret::new("ftp://u:secret@p")), ..Proxies::default() };
        let url = Url::parse("https://github.test").expect("this is a URL");
        let err = Proxy::choose(&proxies, &url).expect_err("ftp is no proxy");
        assert!(!err.to_string().contains("secret"), "{err}");
    }
}
