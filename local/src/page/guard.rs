//! Refuses requests of other sites, since the page can run functions.
//!
//! The server listens on loopback, but a browser on this machine also sends it what other sites ask for. A name of
//! theirs may even resolve to loopback (DNS rebinding). So the `Host` must be this server's own address, and a request
//! that can change something must come from a page of this server: browsers send an `Origin` with each `POST`.

use std::net::SocketAddr;

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Nothing comes from elsewhere, no script or style stands in the page, and no other site shows the page in a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The origins of the server at this address.
#[derive(Debug, Clone)]
pub(super) struct Origins(Vec<String>);

impl Origins {
    pub(super) fn of(address: SocketAddr) -> Self {
        let port = address.port();
        let hosts = [address.ip().to_string(), "localhost".to_owned()];
        // Browsers leave out the port of the scheme.
        let origin = |host: &String| if port == 80 { host.clone() } else { format!("{host}:{port}") };
        Self(hosts.iter().map(origin).collect())
    }

    /// Why the request is refused. `None` if it may pass.
    fn refuses(&self, method: &Method, authority: Option<&str>, headers: &HeaderMap) -> Option<&'static str> {
        let only = |name: &HeaderName| {
            let mut values = headers.get_all(name).iter();
            (values.next(), values.next())
        };
        let is_known = |host: &str| self.0.iter().any(|known| known.eq_ignore_ascii_case(host));
        let host = match only(&HOST) {
            (Some(host), None) => host.to_str().ok().filter(|host| is_known(host)),
            _ => None,
        };
        let Some(host) = host else { return Some("the request is for another host") };
        if authority.is_some_and(|authority| !authority.eq_ignore_ascii_case(host)) {
            return Some("the request is for another host");
        }
        match only(&ORIGIN) {
            (None, None) if [Method::GET, Method::HEAD].contains(method) => None,
            (Some(origin), None) => {
                let own = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
                let is_own = own.is_some_and(|own| own.eq_ignore_ascii_case(host));
                (!is_own).then_some("the request comes from another site")
            }
            _ => Some("the request does not say which site it comes from"),
        }
    }
}

/// Refuses requests of other sites, and adds the headers that protect the page.
pub(super) async fn guard(State(origins): State<Origins>, request: Request, next: Next) -> Response {
    let authority = request.uri().authority().map(|authority| authority.as_str().to_owned());
    let mut response = match origins.refuses(request.method(), authority.as_deref(), request.headers()) {
        None => next.run(request).await,
        Some(reason) => (StatusCode::FORBIDDEN, format!("Refused: {reason}.\n")).into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // With `no-referrer`, browsers would hide the origin of the page's own forms.
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(method: &Method, headers: &[(HeaderName, &'static str)]) -> Option<&'static str> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, HeaderValue::from_static(value));
        }
        Origins::of(([127, 0, 0, 1], 8000).into()).refuses(method, None, &map)
    }

    #[test]
    fn lets_the_servers_own_pages_pass() {
        for host in ["127.0.0.1:8000", "localhost:8000", "LOCALHOST:8000"] {
            assert_eq!(refuses(&Method::GET, &[(HOST, host)]), None, "{host}");
        }
        let own = [(HOST, "localhost:8000"), (ORIGIN, "http://localhost:8000")];
        assert_eq!(refuses(&Method::POST, &own), None);
    }

    #[test]
    fn refuses_other_hosts_and_origins() {
        let own = (HOST, "127.0.0.1:8000");
        for (method, headers) in [
            (Method::GET, vec![]),
            (Method::GET, vec![(HOST, "evil.example:8000")]),
            (Method::GET, vec![(HOST, "127.0.0.1")]),
            (Method::GET, vec![(HOST, "127.0.0.1:8001")]),
            (Method::GET, vec![(HOST, "127.0.0.1:8000.evil.example")]),
            (Method::GET, vec![own.clone(), own.clone()]),
            (Method::GET, vec![own.clone(), (ORIGIN, "http://evil.example")]),
            (Method::POST, vec![own.clone()]),
            (Method::POST, vec![own.clone(), (ORIGIN, "null")]),
            (Method::POST, vec![own.clone(), (ORIGIN, "https://127.0.0.1:8000")]),
            (Method::POST, vec![own.clone(), (ORIGIN, "http://localhost:8000")]),
            (Method::POST, vec![own.clone(), (ORIGIN, "http://127.0.0.1:8001")]),
            (Method::POST, vec![own.clone(), (ORIGIN, "http://evil.example")]),
            (Method::DELETE, vec![own.clone()]),
        ] {
            assert!(refuses(&method, &headers).is_some(), "{method} {headers:?}");
        }
    }

    #[test]
    fn the_port_of_the_scheme_is_left_out() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("localhost"));
        assert_eq!(Origins::of(([127, 0, 0, 1], 80).into()).refuses(&Method::GET, None, &headers), None);
    }
}
