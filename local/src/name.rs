//! A function's name, in every form in which Lambda's Invoke API and this repository's users write it.

/// The binary's name behind `text`, as far as `text` alone tells it:
///
/// | `text` | example |
/// |---|---|
/// | binary | `get-item` |
/// | action | `getItem` |
/// | template resource | `GetItemFunction` |
/// | ARN | `arn:aws:lambda:us-east-1:123456789012:function:get-item` |
/// | partial ARN | `123456789012:function:get-item` |
///
/// Each may end in `:` and a version or an alias. There is one version here, so that is dropped.
pub(crate) fn binary(text: &str) -> String {
    let parts: Vec<&str> = text.split(':').collect();
    let name = match parts.iter().position(|part| *part == "function") {
        // `function` before another part is an ARN's.
        Some(at) if at + 1 < parts.len() => parts[at + 1],
        _ => parts[0],
    };
    kebab(name)
}

fn kebab(name: &str) -> String {
    let camel = match name.strip_suffix("Function") {
        Some(action) if !action.is_empty() => action,
        _ => name,
    };
    let mut kebab = String::with_capacity(camel.len() + 2);
    for (at, letter) in camel.char_indices() {
        if letter.is_ascii_uppercase() {
            if at > 0 && !kebab.ends_with('-') {
                kebab.push('-');
            }
            kebab.push(letter.to_ascii_lowercase());
        } else {
            kebab.push(letter);
        }
    }
    kebab
}

#[cfg(test)]
mod tests {
    use super::binary;

    #[test]
    fn every_form_leads_to_the_binary() {
        for (text, expected) in [
            ("get-item", "get-item"),
            ("getItem", "get-item"),
            ("GetItem", "get-item"),
            ("GetItemFunction", "get-item"),
            ("get-item:$LATEST", "get-item"),
            ("getItem:7", "get-item"),
            ("GetItemFunction:live", "get-item"),
            ("123456789012:function:get-item", "get-item"),
            ("123456789012:function:get-item:1", "get-item"),
            ("arn:aws:lambda:us-east-1:123456789012:function:get-item", "get-item"),
            ("arn:aws:lambda:us-east-1:123456789012:function:get-item:$LATEST", "get-item"),
            ("arn:aws-cn:lambda:cn-north-1:123456789012:function:getItem:live", "get-item"),
            ("arn:aws:lambda:us-east-1:123456789012:function:GetItemFunction", "get-item"),
            ("function:get-item", "get-item"),
            ("selectRegion", "select-region"),
            ("raw-request", "raw-request"),
            ("function", "function"),
            ("Function", "function"),
            ("", ""),
            (":", ""),
        ] {
            assert_eq!(binary(text), expected, "{text}");
        }
    }
}
