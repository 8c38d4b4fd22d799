//! The HTML of the pages. `maud` escapes every text.

mod control;
mod form;
mod outcome;
mod prose;
mod take_away;

use maud::{DOCTYPE, Markup, html};
use shared::catalog::{Definition, FUNCTIONS};

pub(super) use self::{form::FormPage, outcome::Run};

/// A whole page. `current`: the function that it is about. `search`: what to search for.
fn layout(title: &str, current: Option<&Definition>, search: &str, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" href="/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/page.css";
                script src="/page.js" defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header {
                    a.home href="/" { img src="/icon.svg" alt="" width="28" height="28"; "DynamoDB functions" }
                    span { "on this machine" }
                }
                div.page.with-form[current.is_some()] {
                    nav aria-label="Functions" { (list(current, search)) }
                    main #main tabindex="-1" { (main) }
                }
            }
        }
    }
}

/// The functions, with a search for them.
fn list(current: Option<&Definition>, search: &str) -> Markup {
    let found: Vec<&Definition> = FUNCTIONS.iter().copied().filter(|function| matches(function, search)).collect();
    html! {
        form.search role="search" action="/" {
            label for="search" { "Search" }
            input #search type="search" name="q" value=(search) autocomplete="off";
            button { "Find" }
        }
        ul.functions {
            @for function in &found {
                @let is_current = current.is_some_and(|current| current.name == function.name);
                li data-words=(words(function)) {
                    a href={ "/functions/" (function.name) } aria-current=[is_current.then_some("page")] {
                        strong { (function.label) }
                        span { (function.summary) "." }
                    }
                }
            }
        }
        p.nothing role="status" hidden[!found.is_empty()] { "No function has these words." }
    }
}

/// What a search finds a function by.
fn words(function: &Definition) -> String {
    let Definition { name, action, label, summary, .. } = function;
    let operations: Vec<&str> = function.operations.iter().map(|operation| operation.name()).collect();
    format!("{name} {action} {label} {summary} {}", operations.join(" ")).to_lowercase()
}

fn matches(function: &Definition, search: &str) -> bool {
    let words = words(function);
    search.to_lowercase().split_whitespace().all(|word| words.contains(word))
}

/// The list of all functions.
pub(super) fn functions(search: &str) -> Markup {
    let main = html! {
        h1 { "Try a function" }
        p {
            "Choose a function, fill in its form and run it on this machine. Then take away what you need: the event, "
            "the Step Functions task, a command, the IAM policy."
        }
    };
    layout("DynamoDB functions", None, search, &main)
}

/// A page that only says what is wrong.
pub(super) fn error(message: &str) -> Markup {
    let main = html! {
        h1 { "This does not work" }
        p { (message) }
        p { a href="/" { "All functions" } }
    };
    layout("DynamoDB functions", None, "", &main)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_functions_by_all_its_words() {
        let found = |search: &str| -> Vec<&str> {
            FUNCTIONS.iter().filter(|function| matches(function, search)).map(|function| function.name).collect()
        };
        assert!(found("putitem").contains(&"create-item"));
        assert_eq!(found("  PartiQL statement ").first(), Some(&"raw-request"));
        assert_eq!(found("nonsense item"), Vec::<&str>::new());
        assert_eq!(found("").len(), FUNCTIONS.len());
    }

    #[test]
    fn what_was_searched_for_is_escaped() {
        let page = functions("\"><script>alert(1)</script>").into_string();
        assert!(!page.contains("<script>alert") && page.contains("&lt;script&gt;"), "{page}");
    }
}
