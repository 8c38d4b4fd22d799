//! The requests of the page.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    middleware,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use maud::Markup;
use shared::catalog;

use super::{
    form::{Entries, Problem},
    guard::{self, Origins},
    site::Site,
    submission::Submission,
    view,
};
use crate::body;

/// The largest body of a form, in bytes: Lambda's largest event, with escapes for each of its bytes.
const LARGEST: usize = 3 * 6_291_456;

type Shared = State<Arc<Site>>;

pub(super) fn router(site: Arc<Site>, origins: Origins) -> Router {
    let asset = |kind: &'static str, text: &'static str| get(async move || ([(CONTENT_TYPE, kind)], text));
    Router::new()
        .route("/", get(functions))
        .route("/functions/{name}", get(empty_form).post(sent_form))
        .route("/page.css", asset("text/css; charset=utf-8", include_str!("assets/page.css")))
        .route("/page.js", asset("text/javascript; charset=utf-8", include_str!("assets/page.js")))
        .route("/icon.svg", asset("image/svg+xml", include_str!("assets/icon.svg")))
        .fallback(async || error_page(StatusCode::NOT_FOUND, "There is no such page."))
        .layer(middleware::from_fn_with_state(origins, guard::guard))
        .with_state(site)
}

fn html(markup: Markup) -> Html<String> {
    Html(markup.into_string())
}

fn error_page(status: StatusCode, message: &str) -> Response {
    (status, html(view::error(message))).into_response()
}

/// The value of a query's parameter.
fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs.find_map(|(other, value)| (other == name).then(|| value.into_owned()))
}

async fn functions(RawQuery(query): RawQuery) -> Html<String> {
    html(view::functions(&parameter(query.as_deref(), "q").unwrap_or_default()))
}

async fn empty_form(State(site): Shared, Path(name): Path<String>, RawQuery(query): RawQuery) -> Response {
    let Some(definition) = catalog::function(&name) else {
        return error_page(StatusCode::NOT_FOUND, "There is no such function.");
    };
    let mut form = Submission::new(&site, definition, Entries::default(), Vec::new());
    if let Some(sample) = parameter(query.as_deref(), "sample") {
        match site.sample(definition, &sample) {
            Some(event) => form.fill_from(&event),
            None => form.problems.push(Problem::of_form("there is no such sample")),
        }
    }
    form.page(StatusCode::OK).await
}

async fn sent_form(State(site): Shared, Path(name): Path<String>, headers: HeaderMap, body: Body) -> Response {
    let Some(definition) = catalog::function(&name) else {
        return error_page(StatusCode::NOT_FOUND, "There is no such function.");
    };
    let body = match body::read(body, LARGEST).await {
        Ok(body) if body.len() <= LARGEST => body,
        Ok(_) => return error_page(StatusCode::PAYLOAD_TOO_LARGE, "The form is too large."),
        Err(_) => return error_page(StatusCode::BAD_REQUEST, "The form did not come to its end."),
    };
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_form = kind.split(';').next().is_some_and(|kind| kind.trim() == "application/x-www-form-urlencoded");
    if !is_form {
        return error_page(StatusCode::UNSUPPORTED_MEDIA_TYPE, "A form of this page is expected.");
    }
    let (entries, problems) = Entries::parse(&body);
    Submission::new(&site, definition, entries, problems).answer().await
}
