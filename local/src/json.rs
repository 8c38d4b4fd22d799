//! Formats JSON text for people and for machines.
//!
//! Numbers and strings are copied and members keep their order, so that the text shows exactly what a function sent.

/// `text` on several lines: indented by two spaces a level, with short lists and objects on one line.
#[must_use]
pub fn pretty(text: &str) -> String {
    let compact = compact(text);
    let mut out = String::with_capacity(2 * compact.len());
    let mut depth: usize = 0;
    let mut rest = compact.as_str();
    while let Some(token) = token(rest) {
        rest = &rest[token.len()..];
        match token {
            "{" | "[" => {
                if let Some(inner) = short(token, rest) {
                    rest = &rest[inner.len()..];
                    out.push_str(&on_one_line(token, inner));
                } else {
                    depth += 1;
                    out.push_str(token);
                    break_line(&mut out, depth);
                }
            }
            "}" | "]" => {
                depth = depth.saturating_sub(1);
                break_line(&mut out, depth);
                out.push_str(token);
            }
            "," => {
                out.push_str(token);
                break_line(&mut out, depth);
            }
            ":" => out.push_str(": "),
            scalar => out.push_str(scalar),
        }
    }
    out
}

/// `text` without the blanks between its tokens. It is one line, because a JSON string holds no line breaks.
#[must_use]
pub fn compact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.trim_ascii_start();
    while let Some(token) = token(rest) {
        out.push_str(token);
        rest = rest[token.len()..].trim_ascii_start();
    }
    out
}

/// The longest list or object that stays on one line, in bytes.
const SHORT: usize = 60;

/// The text after an opening bracket up to its closing bracket. `None` if it is long or nested.
fn short<'a>(open: &str, rest: &'a str) -> Option<&'a str> {
    let (mut length, close) = (0, if open == "{" { "}" } else { "]" });
    while let Some(token) = token(&rest[length..]) {
        length += token.len();
        match token {
            _ if length > SHORT => return None,
            "{" | "[" => return None,
            _ if token == close => return Some(&rest[..length]),
            _ => {}
        }
    }
    None
}

fn on_one_line(open: &str, inner: &str) -> String {
    let mut line = open.to_owned();
    let mut rest = inner;
    while let Some(token) = token(rest) {
        rest = &rest[token.len()..];
        line.push_str(token);
        if matches!(token, "," | ":") {
            line.push(' ');
        }
    }
    line
}

fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// The first token of `text`: a bracket, a comma, a colon, a string, a word or a number.
fn token(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let length = match bytes.first()? {
        b'"' => {
            let mut end = 1;
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            end + 1
        }
        b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
        _ => {
            let ends = |byte: &u8| byte.is_ascii_whitespace() || b"{}[],:\"".contains(byte);
            bytes.iter().position(ends).unwrap_or(bytes.len()).max(1)
        }
    };
    // Text that is not JSON may end within a token.
    text.get(..length).or(Some(text))
}

#[cfg(test)]
mod tests {
    use super::{compact, pretty};

    #[test]
    fn formatting_changes_only_blanks() {
        let text = r#"{"b":{"N":"1.50"},"a":[1.0000000000000000000000001,{"x":[]}, "{\"[,: \\"],"long":[true,false,null,"éééééééééééééééééééééééééééééé"], "empty" : { }}"#;
        let expected = r#"{
  "b": {"N": "1.50"},
  "a": [
    1.0000000000000000000000001,
    {
      "x": []
    },
    "{\"[,: \\"
  ],
  "long": [
    true,
    false,
    null,
    "éééééééééééééééééééééééééééééé"
  ],
  "empty": {}
}"#;
        assert_eq!(pretty(text), expected);
        assert_eq!(compact(&pretty(text)), compact(text));
    }

    #[test]
    fn accepts_text_that_is_not_json() {
        for text in ["", "word", "\"open", "\"open\\", "{", "é\"é"] {
            assert_eq!(compact(text), text);
            assert!(pretty(text).len() >= text.len());
        }
        assert_eq!(pretty("}"), "\n}");
    }
}
