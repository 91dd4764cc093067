//! Connections to the API's host: direct, through an HTTP proxy's tunnel, or through SOCKS.
//! Loopback is never proxied, and a proxy's password is never shown.

use std::error::Error;
use std::fmt;
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

use super::config::{Proxies, ProxyUrl};
use super::dns::Resolver;
use super::tls::Roots;

/// A connection that is idle is kept alive on the way to the host.
const KEEPALIVE: Duration = Duration::from_secs(30);

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
        let given = ProxyUrl::split(given.expose()).encoded();
        match Matcher::builder().all(given).build().intercept(&uri) {
            Some(intercept) => Ok(Some(Self(intercept))),
            None => bail!(
                "HTTPS_PROXY or ALL_PROXY names no proxy that can be used: expected \
                 `http://host:port`, with `user:password@` before the host where needed"
            ),
        }
    }

    /// The proxy's address, without credentials.
    pub(super) fn address(&self) -> &str {
        self.0.uri().authority().map_or("", Authority::as_str)
    }
}

type Tcp = HttpConnector<Resolver>;

/// What went wrong between us and the proxy, or between the proxy and the host.
#[derive(Debug)]
pub(super) struct ProxyError(BoxError);

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for ProxyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// Connects to a host, through the proxy if there is one.
pub(super) async fn connect(
    proxy: Option<&Proxy>,
    roots: &Roots,
    uri: Uri,
) -> Result<Stream, BoxError> {
    let mut tcp = Tcp::new_with_resolver(Resolver);
    // We are handed https URLs, and do TLS above.
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(KEEPALIVE));
    tcp.set_connect_timeout(Some(CONNECT));
    match proxy {
        Some(proxy) => {
            let connected = proxy.connect(tcp, roots, uri).await;
            connected.map_err(|err| ProxyError(err).into())
        }
        None => Ok(MaybeHttpsStream::Http(tcp.call(uri).await?)),
    }
}

impl Proxy {
    async fn connect(&self, tcp: Tcp, roots: &Roots, uri: Uri) -> Result<Stream, BoxError> {
        let proxy = self.0.uri().clone();
        let scheme = proxy.scheme_str().unwrap_or_default();
        let stream = match scheme {
            "socks4" | "socks4a" => {
                let is_local = scheme == "socks4";
                SocksV4::new(proxy, tcp).local_dns(is_local).call(uri).await?
            }
            "socks5" | "socks5h" => {
                let is_local = scheme == "socks5";
                let socks = SocksV5::new(proxy, tcp).local_dns(is_local);
                let mut socks = match self.0.raw_auth() {
                    Some((user, password)) => socks.with_auth(user.to_owned(), password.to_owned()),
                    None => socks,
                };
                socks.call(uri).await?
            }
            "https" => {
                let https = HttpsConnector::from((tcp, roots.config().await?));
                return Ok(self.tunnel(proxy, https).call(uri).await?);
            }
            _ => self.tunnel(proxy, tcp).call(uri).await?,
        };
        Ok(MaybeHttpsStream::Http(stream))
    }

    fn tunnel<C>(&self, proxy: Uri, connector: C) -> Tunnel<C> {
        let tunnel = Tunnel::new(proxy, connector);
        match self.0.basic_auth() {
            Some(auth) => tunnel.with_auth(auth.clone()),
            None => tunnel,
        }
    }
}

/// Whether a URL is of this machine: no request to it leaves the machine, so it needs neither TLS
/// nor a proxy.
pub(crate) fn is_loopback(url: &Url) -> bool {
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
