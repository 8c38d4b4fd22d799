//! The page, as browsers and other sites see it. `tests/page` runs the functions from their forms.

use std::path::Path;

use form_urlencoded::Serializer;
use local::{Lambda, page::Page};
use shared::catalog::FUNCTIONS;

use crate::{
    http_client::{self, Answer},
    lambda::puppet,
};

/// A part of every secret in these tests.
const MARK: &str = "MARKED";

/// The page over functions that fail with every event.
struct Site {
    page: Page,
    _lambda: Lambda,
}

impl Site {
    async fn start() -> Self {
        let functions = FUNCTIONS.iter().map(|function| (function.name, puppet()));
        let lambda = Lambda::builder().functions(functions).start().await.unwrap();
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events");
        Self { page: Page::start(&lambda, samples, 0).await.unwrap(), _lambda: lambda }
    }

    fn host(&self) -> String {
        self.page.url().trim_start_matches("http://").to_owned()
    }

    async fn get(&self, path: &str) -> Answer {
        http_client::send(&self.page.url(), "GET", path, &[("host", &self.host())], b"").await
    }

    async fn post(&self, path: &str, entries: &[(&str, &str)]) -> Answer {
        self.post_body(path, Serializer::new(String::new()).extend_pairs(entries).finish().as_bytes()).await
    }

    async fn post_body(&self, path: &str, body: &[u8]) -> Answer {
        let kind = ("content-type", "application/x-www-form-urlencoded");
        http_client::post(&self.page.url(), path, &[("origin", &self.page.url()), kind], body).await
    }
}

#[tokio::test]
async fn it_listens_on_loopback_only() {
    let site = Site::start().await;
    assert!(site.host().starts_with("127.0.0.1:"), "{}", site.host());
}

#[tokio::test]
async fn every_function_has_a_form_and_stands_in_the_list() {
    let site = Site::start().await;
    let list = site.get("/").await;
    assert_eq!(list.status, 200);
    for function in FUNCTIONS {
        let path = format!("/functions/{}", function.name);
        assert!(list.body.contains(&format!("href=\"{path}\"")), "{path}");
        let form = site.get(&path).await;
        assert_eq!(form.status, 200, "{path}");
        assert!(form.body.contains("value=\"run\""), "{path}");
    }
    assert_eq!(site.get("/functions/nothing").await.status, 404);
    assert_eq!(site.get("/nothing").await.status, 404);
}

#[tokio::test]
async fn a_request_for_another_host_is_refused() {
    let site = Site::start().await;
    let port = site.host().split_once(':').unwrap().1.to_owned();
    for host in ["evil.example".to_owned(), format!("evil.example:{port}"), "127.0.0.1".to_owned(), String::new()] {
        for path in ["/", "/functions/get-item", "/page.js", "/nothing"] {
            let answer = http_client::send(&site.page.url(), "GET", path, &[("host", &host)], b"").await;
            assert_eq!(answer.status, 403, "{host} {path}");
            assert!(!answer.body.contains("Get Item"), "{host} {path}");
        }
    }
    let localhost = format!("localhost:{port}");
    let answer = http_client::send(&site.page.url(), "GET", "/", &[("host", &localhost)], b"").await;
    assert_eq!(answer.status, 200);
    // A proxy's form of a request names the host twice.
    let answer = http_client::send(&site.page.url(), "GET", "http://evil.example/", &[("host", &localhost)], b"").await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn a_form_that_another_site_sends_is_refused() {
    let site = Site::start().await;
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let other_port = "http://127.0.0.1:1";
    for origin in [None, Some("null"), Some("http://evil.example"), Some(other_port)] {
        let headers: Vec<(&str, &str)> = origin.map(|origin| ("origin", origin)).into_iter().chain([kind]).collect();
        let body = b"page.do=run&tableName=Orders";
        let answer = http_client::post(&site.page.url(), "/functions/delete-table", &headers, body).await;
        assert_eq!(answer.status, 403, "{origin:?}");
        assert!(!answer.body.contains("RequestId"), "{origin:?} ran: {}", answer.body);
    }
}

#[tokio::test]
async fn every_answer_forbids_what_comes_from_elsewhere() {
    let site = Site::start().await;
    for path in ["/", "/functions/get-item", "/page.js", "/page.css", "/icon.svg", "/nothing"] {
        let answer = site.get(path).await;
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{policy}");
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
        for (name, value) in [("x-content-type-options", "nosniff"), ("cache-control", "no-store")] {
            assert_eq!(answer.header(name).unwrap(), value, "{path}");
        }
    }
    let form = site.get("/functions/create-item?sample=create-item").await.body;
    for inline in ["<style", " style=", " onclick=", " onload=", "<script>", "javascript:"] {
        assert!(!form.contains(inline), "{inline}");
    }
    let addresses = form.match_indices("src=\"").chain(form.match_indices("href=\""));
    for (at, name) in addresses {
        let address = &form[at + name.len()..];
        assert!(address.starts_with(['/', '#']) && !address.starts_with("//"), "{}", &address[..40]);
    }
}

#[tokio::test]
async fn what_was_typed_is_shown_again_and_escaped() {
    let site = Site::start().await;
    let attack = r#"'"><script>alert(1)</script><img src=x onerror=alert(1)>&amp;"#;
    let answer = site
        .post(
            "/functions/create-item",
            &[
                ("page.do", "run"),
                ("tableName.other", attack),
                ("item.0.name", attack),
                ("item.0.value", attack),
                ("item.0.type", attack),
                ("conditionExpression", attack),
                ("returnValues", attack),
                ("connection.accessKeyId", attack),
                ("page.function", attack),
                ("page.endpoint", attack),
                ("page.url", attack),
                (attack, attack),
            ],
        )
        .await;
    assert_eq!(answer.status, 422);
    assert!(!answer.body.contains("<script>alert") && !answer.body.contains("<img src=x"), "{}", answer.body);
    let escaped = "'&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&amp;amp;";
    let count = answer.body.matches(escaped).count();
    assert!(count >= 9, "{count} of nine: {}", answer.body);
}

#[tokio::test]
async fn a_malformed_form_is_answered_with_the_form_and_nothing_runs() {
    let site = Site::start().await;
    for (body, problem) in [
        ("page.do=run&tableName=Kept&tableName=Other", "the form has it twice"),
        ("page.do=run&tableName.other=Kept&limit=%FF", "the text is not UTF-8"),
        ("page.do=run&tableName.other=Kept&nonsense=1", "the form has no field <code>nonsense</code>"),
        ("page.do=run&tableName.other=Kept&exclusiveStartKey.x.name=1", "the form has no field"),
        (
            "page.do=run&tableName.other=Kept&queryParameters=%7B%22a%22%3A",
            "EOF while parsing a value at line 1 column 5",
        ),
        ("page.do=run&tableName.other=Kept&expressionAttributeValues.0.value=1", "the value has no name"),
        ("page.do=jump&tableName.other=Kept", "the form has no such button"),
        ("tableName.other=Kept", "the form has no such button"),
        ("page.do=add+nothing&tableName.other=Kept", "the form has no such rows"),
        ("page.do=next&tableName.other=Kept&page.next=x", "the form does not say where to go on"),
        ("page.do=paste&page.paste=%5B%5D&tableName.other=Kept", "an event is an object"),
    ] {
        let answer = site.post_body("/functions/query-items", body.as_bytes()).await;
        assert_eq!(answer.status, 422, "{body}");
        assert!(answer.body.contains(problem), "{body} lacks {problem}: {}", answer.body);
        assert!(answer.body.contains("value=\"Kept\""), "{body}");
        assert!(!answer.body.contains("Log of this invocation"), "{body} ran");
    }
}

#[tokio::test]
async fn an_error_stands_at_its_field_with_the_place_in_the_text() {
    let site = Site::start().await;
    let text = "{\n  \"Limit\": oops\n}";
    let answer = site.post("/functions/query-items", &[("page.do", "run"), ("queryParameters", text)]).await;
    assert_eq!(answer.status, 422);
    for part in [
        "<a href=\"#queryParameters\">",
        "aria-invalid=\"true\" aria-describedby=\"queryParameters-problem queryParameters-help\" data-line=\"2\"",
        "at line 2 column 12",
        "<mark>o</mark>",
    ] {
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_body_that_is_no_form_is_refused() {
    let site = Site::start().await;
    let headers = [("origin", site.page.url())];
    for (kind, status) in [("application/json", 415), ("multipart/form-data; boundary=x", 415), ("", 415)] {
        let headers = [("origin", headers[0].1.as_str()), ("content-type", kind)];
        let answer = http_client::post(&site.page.url(), "/functions/get-item", &headers, b"{}").await;
        assert_eq!(answer.status, status, "{kind}");
    }
    let large = vec![b'x'; 20 * 1024 * 1024];
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let url = site.page.url();
    let answer = http_client::post(&url, "/functions/get-item", &[("origin", &url), kind], &large).await;
    assert_eq!(answer.status, 413);
    assert_eq!(http_client::send(&url, "PUT", "/", &[("host", &site.host()), ("origin", &url)], b"").await.status, 405);
}

#[tokio::test]
async fn a_secret_is_never_sent_back() {
    let site = Site::start().await;
    let secret = |name: &str| format!("{name} {MARK}");
    let (key, token, id) = (secret("key"), secret("token"), secret("id"));
    let connection = [
        ("connection.accessKeyId", "ada"),
        ("connection.secretAccessKey", key.as_str()),
        ("connection.sessionToken", token.as_str()),
        ("connection.externalId", id.as_str()),
    ];
    // Also in an answer with problems, in rows that change, and in what is taken away.
    for more in [
        [("page.do", "run"), ("limit", "10")],
        [("page.do", "run"), ("queryParameters", "{")],
        [("page.do", "take-away"), ("limit", "10")],
        [("page.do", "event"), ("limit", "10")],
        [("page.do", "lists"), ("limit", "10")],
        [("page.do", "add expressionAttributeValues"), ("limit", "10")],
        [("page.do", "json expressionAttributeValues"), ("limit", "10")],
        [("page.do", "nonsense"), ("limit", "10")],
    ] {
        let answer = site.post("/functions/query-items", &[&connection[..], &more[..]].concat()).await;
        assert!(!answer.body.contains(MARK), "{more:?}: {}", answer.body);
        assert!(answer.body.contains("ada"), "{more:?}");
    }
    let event = format!(r#"{{"connection": {{"accessKeyId": "ada", "secretAccessKey": "{key}"}}, "limit": 10}}"#);
    let filled = site.post("/functions/list-tables", &[("page.do", "paste"), ("page.paste", &event)]).await;
    assert_eq!(filled.status, 200);
    assert!(filled.body.contains("is not taken over") && !filled.body.contains(MARK), "{}", filled.body);
    let broken = format!("{event}}}");
    let refused = site.post("/functions/list-tables", &[("page.do", "paste"), ("page.paste", &broken)]).await;
    assert_eq!(refused.status, 422);
    assert!(!refused.body.contains(MARK), "{}", refused.body);
}

#[tokio::test]
async fn a_secret_has_a_placeholder_in_what_is_taken_away() {
    let site = Site::start().await;
    let entries = [
        ("page.do", "take-away"),
        ("connection.accessKeyId", "ada"),
        ("connection.secretAccessKey", MARK),
        ("tableName.other", "Orders"),
    ];
    let answer = site.post("/functions/describe-table", &entries).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.body.contains("&quot;secretAccessKey&quot;: &quot;&lt;secretAccessKey&gt;&quot;"),
        "{}",
        answer.body
    );
    assert!(answer.body.contains("Put your secrets in the places of <code>&lt;secretAccessKey&gt;</code>."));
}

#[tokio::test]
async fn rows_are_added_and_edited_as_json_and_back() {
    let site = Site::start().await;
    let entries = [
        ("item.0.name", "tags"),
        ("item.0.value", "[\"a\"]"),
        ("item.0.type", "SS"),
        ("item.1.name", "n"),
        ("item.1.value", "1.50"),
        ("item.1.type", "N"),
    ];
    let add = site.post("/functions/create-item", &[&[("page.do", "add item")], &entries[..]].concat()).await;
    assert!(add.body.contains("name=\"item.2.name\"") && add.body.contains("value=\"tags\""), "{}", add.body);
    let json = site.post("/functions/create-item", &[&[("page.do", "json item")], &entries[..]].concat()).await;
    for part in ["&quot;tags&quot;: [&quot;a&quot;]", "&quot;n&quot;: 1.50", "{&quot;tags&quot;: &quot;SS&quot;}"] {
        assert!(json.body.contains(part), "{part}: {}", json.body);
    }
    let back = [
        ("page.do", "rows item"),
        ("item.mode", "json"),
        ("item.json", r#"{"tags": ["a"], "n": 1.50}"#),
        ("item.types", r#"{"tags": "SS"}"#),
    ];
    let rows = site.post("/functions/create-item", &back).await;
    assert!(rows.body.contains("<option value=\"SS\" selected>"), "{}", rows.body);
    let mirrored =
        [back[0], back[1], ("item.json", r#"{"m": {"zip": "0150"}}"#), ("item.types", r#"{"m": {"zip": "S"}}"#)];
    let refused = site.post("/functions/create-item", &mirrored).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("this does not fit into rows") && refused.body.contains("0150"), "{}", refused.body);
}

#[tokio::test]
async fn a_sample_is_found_by_its_name_and_by_no_path() {
    let site = Site::start().await;
    assert!(site.get("/functions/get-item?sample=get-item.plain").await.body.contains("value=\"#l\""));
    for name in ["create-item", "../Cargo", "..%2F..%2FCargo", "get-item.json", "/etc/passwd", "get-item.plain%00"] {
        let answer = site.get(&format!("/functions/get-item?sample={name}")).await;
        assert!(answer.body.contains("there is no such sample"), "{name}");
    }
}

#[tokio::test]
async fn a_search_works_without_a_script() {
    let site = Site::start().await;
    let found = site.get("/?q=partiql").await.body;
    assert!(found.contains("/functions/raw-request") && !found.contains("/functions/get-item"), "{found}");
    let nothing = site.get("/?q=%3Cscript%3Ealert(1)%3C/script%3E").await.body;
    assert!(nothing.contains("&lt;script&gt;") && !nothing.contains("<script>alert"), "{nothing}");
}
