//! What a form sent: the entries of an HTML form, by their names.

use std::collections::BTreeMap;

use super::Problem;

/// The entries of a form. A name that was not sent has the empty text.
#[derive(Debug, Clone, Default)]
pub(in crate::page) struct Entries(BTreeMap<String, String>);

/// The most entries of one form.
const MOST: usize = 20_000;

impl Entries {
    /// Reads a body of the type `application/x-www-form-urlencoded`. What cannot be read as text, and a name that comes
    /// twice, is a problem. The other entries are kept.
    pub(in crate::page) fn parse(body: &[u8]) -> (Self, Vec<Problem>) {
        let (mut entries, mut problems) = (Self::default(), Vec::new());
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let Some((name, value)) = form_urlencoded::parse(pair).next() else { continue };
            if entries.0.len() == MOST {
                problems.push(Problem::of_form(format!("the form has more than {MOST} entries")));
                break;
            }
            // Browsers send every line break as CR LF.
            let (name, value) = (name.into_owned(), value.replace("\r\n", "\n"));
            // The decoder puts this character in the place of bytes that are not UTF-8.
            let says_replaced = |text: &str| text.contains('\u{fffd}');
            if says_replaced(&name) || (says_replaced(&value) && !has_replacement_character(pair)) {
                problems.push(Problem::new(&name, "the text is not UTF-8"));
            }
            if entries.0.contains_key(&name) {
                problems.push(Problem::new(&name, "the form has it twice"));
                continue;
            }
            entries.0.insert(name, value);
        }
        (entries, problems)
    }

    /// The text as it was typed.
    pub(in crate::page) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub(in crate::page) fn set(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.0.insert(name.into(), text.into());
    }

    /// Removes every entry of the input at `key`.
    pub(in crate::page) fn clear(&mut self, key: &str) {
        self.0.retain(|name, _| name != key && !is_below(name, key));
    }

    pub(in crate::page) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether the input at `key` has an entry that is not blank.
    pub(in crate::page) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(name, text)| {
            // A type and a mode are chosen from the start.
            let is_chosen = name.rsplit('.').next().is_some_and(|part| ["type", "mode"].contains(&part));
            (name == key || (is_below(name, key) && !is_chosen)) && !text.trim().is_empty()
        })
    }
}

/// Whether `name` is a part of the input at `key`: `item.0.value` of `item`.
fn is_below(name: &str, key: &str) -> bool {
    name.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'))
}

/// Whether the sender itself wrote U+FFFD.
fn has_replacement_character(pair: &[u8]) -> bool {
    let text = String::from_utf8_lossy(pair).to_ascii_uppercase();
    text.contains("%EF%BF%BD") || str::from_utf8(pair).is_ok_and(|pair| pair.contains('\u{fffd}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_browser_sends() {
        let body = "item.0.name=a%20b&item.0.value=%C3%A9+%26&empty=&=x&lines=a%0D%0Ab";
        let (entries, problems) = Entries::parse(body.as_bytes());
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(entries.get("lines"), "a\nb");
        assert_eq!(entries.get("item.0.name"), "a b");
        assert_eq!(entries.get("item.0.value"), "é &");
        assert_eq!(entries.get("nothing"), "");
        assert!(entries.has("item") && !entries.has("empty") && !entries.has("ite"));
    }

    #[test]
    fn keeps_the_first_of_a_name_that_comes_twice_and_tells() {
        let (entries, problems) = Entries::parse(b"a=1&a=2");
        assert_eq!(entries.get("a"), "1");
        assert_eq!((problems[0].key.as_str(), problems[0].message.as_str()), ("a", "the form has it twice"));
    }

    #[test]
    fn tells_bytes_that_are_not_text_from_the_character_that_stands_for_them() {
        let (_, problems) = Entries::parse(b"a=%FF");
        assert_eq!((problems[0].key.as_str(), problems[0].message.as_str()), ("a", "the text is not UTF-8"));
        let (entries, problems) = Entries::parse(b"a=%EF%BF%BD");
        assert_eq!((entries.get("a"), problems.len()), ("\u{fffd}", 0));
    }

    #[test]
    fn a_form_is_bounded() {
        let body = (0..=MOST).map(|number| format!("a{number}=")).collect::<Vec<_>>().join("&");
        let (_, problems) = Entries::parse(body.as_bytes());
        assert_eq!(problems.len(), 1);
    }
}
