//! The page of `cargo run -- serve` runs the functions from their forms. `local/tests/local/page.rs` has what needs no
//! function, `tests/third-party/run page` a real browser.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use form_urlencoded::Serializer;
use http_body_util::BodyExt as _;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use local::{DynamoDb, Lambda, page::Page};
use serde_json::{Value, json};

use crate::harness::{FUNCTIONS, Harness};

/// The page with an empty database.
struct Site {
    page: Page,
    lambda: Lambda,
    _database: DynamoDb,
}

impl Site {
    async fn start() -> Self {
        let database = DynamoDb::memory().await.unwrap();
        let builder = Lambda::builder().functions(FUNCTIONS).dynamodb(database.url());
        let lambda = builder.env("AWS_ACCESS_KEY_ID", Harness::key()).start().await.unwrap();
        let page = Page::start(&lambda, concat!(env!("CARGO_MANIFEST_DIR"), "/../events"), 0).await.unwrap();
        Self { page, lambda, _database: database }
    }

    async fn with_table(name: &str) -> Self {
        let site = Self::start().await;
        let event = json!({
            "tableName": name,
            "attributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "at", "AttributeType": "N"}],
            "keySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
            "billingMode": "PAY_PER_REQUEST",
        });
        site.invoke("create-table", &event).await;
        site
    }

    async fn invoke(&self, function: &str, event: &Value) -> Value {
        let invocation = self.lambda.invoke(function, event.to_string()).await.unwrap();
        assert!(!invocation.failed, "{function} {event}: {:?}", invocation.payload);
        serde_json::from_slice(&invocation.payload).unwrap()
    }

    /// Sends the form of a function. Returns the status and the page.
    async fn send(&self, function: &str, button: &str, entries: &[(&str, &str)]) -> (StatusCode, String) {
        let body = Serializer::new(String::new()).append_pair("page.do", button).extend_pairs(entries).finish();
        let request = Request::post(format!("{}/functions/{function}", self.page.url()))
            .header(header::ORIGIN, self.page.url())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let answer = Client::builder(TokioExecutor::new()).build_http().request(request).await.unwrap();
        let status = answer.status();
        let page = answer.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(page.into()).unwrap())
    }

    /// The page after a run that must have been accepted.
    async fn run(&self, function: &str, entries: &[(&str, &str)]) -> String {
        let (status, page) = self.send(function, "run", entries).await;
        assert_eq!(status, StatusCode::OK, "{function} {entries:?}: {page}");
        page
    }
}

fn assert_has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "lacks {part}: {page}");
    }
}

/// The text of the first element that starts so, without its entities.
fn text_after<'p>(page: &'p str, start: &str) -> &'p str {
    let rest = &page[page.find(start).unwrap_or_else(|| panic!("{start}: {page}")) + start.len()..];
    &rest[..rest.find(['<', '"']).unwrap()]
}

fn plain(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

const ITEM: [(&str, &str); 7] = [
    ("tableName", "Tab"),
    ("item.0.name", "id"),
    ("item.0.value", "a"),
    ("item.1.name", "at"),
    ("item.1.value", "1"),
    ("item.1.type", "N"),
    ("returnValues", "ALL_OLD"),
];

#[tokio::test]
async fn a_run_shows_the_answer_the_figures_and_the_log() {
    let site = Site::with_table("Tab").await;
    site.run("create-item", &ITEM).await;
    let query = [
        ("tableName", "Tab"),
        ("keyConditionExpression", "id = :i"),
        ("expressionAttributeValues.0.name", ":i"),
        ("expressionAttributeValues.0.value", "a"),
    ];
    let page = site.run("query-items", &query).await;
    assert_has(
        &page,
        &[
            "<dt>Time</dt>",
            "<dt>Capacity units</dt><dd>0.5</dd>",
            "<dt>Attempts</dt><dd>1</dd>",
            "<dt>Count</dt><dd>1</dd>",
            "<th scope=\"col\">id</th>",
            "<td>a</td>",
            "&quot;at&quot;: 1",
            "REPORT RequestId: ",
            "INFO answered",
        ],
    );
    let typed = site.run("query-items", &[&query[..], &[("outputFormat", "typed")]].concat()).await;
    assert_has(&typed, &["&quot;at&quot;: {&quot;N&quot;: &quot;1&quot;}", "<td>1 <span class=\"code\""]);
}

#[tokio::test]
async fn pages_go_on_with_a_button() {
    let site = Site::with_table("Tab").await;
    for at in 1..=3 {
        site.invoke("create-item", &json!({"tableName": "Tab", "item": {"id": "a", "at": at}})).await;
    }
    let query = [
        ("tableName", "Tab"),
        ("keyConditionExpression", "id = :i"),
        ("expressionAttributeValues.0.name", ":i"),
        ("expressionAttributeValues.0.value", "a"),
        ("limit", "2"),
    ];
    let first = site.run("query-items", &query).await;
    assert_has(&first, &["value=\"next\"", "<td>1</td>", "<td>2</td>"]);
    let next = plain(text_after(&first, "name=\"page.next\" value=\""));
    let (status, second) = site.send("query-items", "next", &[&query[..], &[("page.next", &next)]].concat()).await;
    assert_eq!(status, StatusCode::OK, "{second}");
    // The form holds where it went on, so a run of it gives the same page.
    assert_has(&second, &["<td>3</td>", "name=\"exclusiveStartKey.0.name\"", "<dt>Count</dt><dd>1</dd>"]);
    assert!(!second.contains("<td>2</td>") && !second.contains("value=\"next\""), "{second}");
}

#[tokio::test]
async fn an_error_of_the_function_stands_at_the_row_that_it_names() {
    let site = Site::with_table("Tab").await;
    let row = [("item.4.name", "n"), ("item.4.value", "many"), ("item.4.type", "N")];
    let page = site.run("create-item", &[&ITEM[..], &row[..]].concat()).await;
    assert_has(
        &page,
        &[
            "Failed: <code>InvalidInput</code>",
            "aria-invalid=\"true\" aria-describedby=\"item.4.value-problem\"",
            "<p class=\"problem\" id=\"item.4.value-problem\"><code>item.n</code>",
            ">\nmany</textarea>",
        ],
    );
    let scan = site.invoke("raw-request", &json!({"statement": "SELECT * FROM Tab"})).await;
    assert_eq!(scan["data"]["Items"], json!([]));
    let refused = site.run("describe-table", &[("tableName.other", "nowhere")]).await;
    assert_has(&refused, &["Failed: <code>ResourceNotFoundException</code>", "REPORT RequestId: "]);
    let half = site.run("list-tables", &[("connection.accessKeyId", "ada")]).await;
    assert_has(&half, &["Failed: <code>InvalidConnection</code>", "id=\"connection.secretAccessKey-problem\""]);
}

#[tokio::test]
async fn an_answer_is_escaped() {
    let site = Site::with_table("Tab").await;
    let attack = "</pre><script>alert(1)</script>";
    let item = json!({"id": "a", "at": 1, attack: attack});
    site.invoke("create-item", &json!({"tableName": "Tab", "item": item})).await;
    for format in ["plain", "typed"] {
        let key = [("tableName", "Tab"), ("hashKeyValue", "a"), ("rangeKeyValue", "1"), ("outputFormat", format)];
        let page = site.run("get-item", &key).await;
        assert_has(&page, &["&lt;/pre&gt;&lt;script&gt;alert(1)"]);
        assert!(!page.contains("<script>alert"), "{page}");
    }
}

#[tokio::test]
async fn the_pick_lists_are_live() {
    let site = Site::with_table("Tab").await;
    let option = "<option value=\"Tab\"";
    let (_, page) = site.send("get-item", "lists", &[]).await;
    assert_has(&page, &[option, "<option value=\"eu-central-1\">Europe (Frankfurt) — eu-central-1</option>"]);
    // The connection and the region of the form decide.
    let (_, page) = site.send("get-item", "lists", &[("awsRegion.other", "no region!")]).await;
    assert_has(&page, &["The list cannot be loaded. InvalidInput: <code>awsRegion</code>"]);
    assert!(!page.contains(option), "{page}");
    let (_, page) = site.send("get-item", "lists", &[("connection.accessKeyId", "half")]).await;
    assert_has(&page, &["The list cannot be loaded. InvalidConnection: <code>connection.secretAccessKey</code>"]);
    site.invoke("delete-table", &json!({"tableName": "Tab", "waitUntilDeleted": true})).await;
    let (_, page) = site.send("get-item", "lists", &[("tableName", "Tab")]).await;
    // It was picked, so it is kept as a text.
    assert!(!page.contains(option) && page.contains("name=\"tableName.other\" value=\"Tab\""), "{page}");
}

#[tokio::test]
async fn the_event_that_is_taken_away_is_the_one_that_runs() {
    let site = Site::with_table("Tab").await;
    let row = [("item.2.name", "s"), ("item.2.value", "[\"x\"]"), ("item.2.type", "SS")];
    let entries = [&ITEM[..], &row[..]].concat();
    let (_, file) = site.send("create-item", "event", &entries).await;
    let event: Value = serde_json::from_str(&file).unwrap();
    let item = json!({"id": "a", "at": 1, "s": ["x"]});
    let expected = json!({"tableName": "Tab", "item": item, "itemTypes": {"s": "SS"}, "returnValues": "ALL_OLD"});
    assert_eq!(event, expected);
    site.invoke("create-item", &event).await;
    let page = site.run("create-item", &entries).await;
    let shown = plain(text_after(&page, "aria-label=\"Event\">"));
    assert_eq!(format!("{shown}\n"), file);
    // It replaced the item that the same event had written before.
    assert_has(&page, &["&quot;SS&quot;: [&quot;x&quot;]"]);
}

#[tokio::test]
async fn no_log_on_the_page_has_a_secret() {
    let site = Site::with_table("Tab").await;
    let connection = [
        ("connection.accessKeyId", "ada"),
        ("connection.secretAccessKey", "MARKED"),
        ("connection.sessionToken", "MARKED too"),
        ("debug", "true"),
    ];
    let page = site.run("list-tables", &connection).await;
    assert_has(&page, &["DEBUG", "REPORT RequestId: "]);
    assert!(!page.contains("MARKED"), "{page}");
}
