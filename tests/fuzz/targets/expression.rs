//! Any text is rewritten or rejected. Rewriting a rewritten text changes nothing. Any text is a path or an error.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use shared::internals::expression::{DocumentPath, Kind, LARGEST_EXPRESSION, Placeholders};

const KINDS: [Kind; 5] = [Kind::KeyCondition, Kind::Filter, Kind::Condition, Kind::Update, Kind::Projection];

/// The placeholders in `text`. A placeholder is the sign and the letters, digits and `_` after it.
fn placeholders(text: &str, sign: char) -> BTreeSet<String> {
    text.match_indices(sign)
        .map(|(at, _)| {
            let rest = &text[at + 1..];
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            text[at..=at + end].to_owned()
        })
        .filter(|placeholder| placeholder.len() > 1)
        .collect()
}

fn rewrite(kind: Kind, text: &str) -> String {
    let names = placeholders(text, '#').into_iter().map(|name| (name, "given".to_owned())).collect();
    let values = placeholders(text, ':').into_iter().map(|value| (value, ())).collect();
    let mut placeholders = Placeholders::new(names, values).expect("placeholders of the right shape");
    placeholders.rewrite("expression", kind, text).expect("every placeholder was given")
}

fuzz_target!(|text: &str| {
    // Placeholders make a text longer, and a text above 4 KB is rejected.
    if text.len() > LARGEST_EXPRESSION / 4 {
        return;
    }
    for kind in KINDS {
        let rewritten = rewrite(kind, text);
        assert_eq!(rewrite(kind, &rewritten), rewritten);
        let mut none = Placeholders::<()>::new(vec![], vec![]).expect("nothing is wrong with nothing");
        drop(none.rewrite("expression", kind, text));
    }
    if let Ok(path) = DocumentPath::parse(text) {
        let mut placeholders = Placeholders::<()>::new(vec![], vec![]).expect("nothing is wrong with nothing");
        let written = path.placeholders(&mut placeholders);
        assert!(written.starts_with('#') && written.is_ascii(), "{written}");
    }
});
