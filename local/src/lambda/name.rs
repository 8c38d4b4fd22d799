//! The names of a function: every form that Lambda's Invoke API and the users of this repository write.

/// The ARN of a function in this Lambda's account.
pub(super) fn arn(region: &str, name: &str) -> String {
    format!("arn:aws:lambda:{region}:123456789012:function:{name}")
}

/// The name of the binary for any form of a function's name:
///
/// | form | example |
/// |---|---|
/// | binary | `get-item` |
/// | action | `getItem` |
/// | template resource | `GetItemFunction` |
/// | ARN | `arn:aws:lambda:us-east-1:123456789012:function:get-item` |
/// | partial ARN | `123456789012:function:get-item` |
///
/// Each form may end in `:` and a version or an alias. It is dropped, because there is only one version.
pub(super) fn binary(text: &str) -> String {
    let parts: Vec<&str> = text.split(':').collect();
    let name = match parts.iter().position(|part| *part == "function") {
        // In an ARN, the name follows the part `function`. A name without a following part may itself be `function`.
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
    fn every_form_gives_the_name_of_the_binary() {
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
