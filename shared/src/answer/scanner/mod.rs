//! Reads JSON text from front to back without building values. Each part is returned as a slice of the text.
//!
//! `serde_json` spends most of its time for a large page on steps between our visitors. This scanner finds the end of a
//! string or number and copies the bytes. It still checks everything: text that passes is valid JSON.
//!
//! A page holds a hundred thousand strings, most of them shorter than this line. The common cases are therefore inlined
//! and take a few instructions. Blanks, escapes and errors are handled in separate functions.

use std::{borrow::Cow, fmt};

use crate::value::number;

/// The error for text that is not the expected JSON.
#[derive(Debug)]
pub(super) struct Broken(Box<str>);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The deepest nesting of objects and arrays. It is more than four times what DynamoDB stores.
const DEEPEST: usize = 255;

/// A reader with its position in a text.
pub(super) struct Scanner<'j> {
    rest: &'j str,
    length: usize,
    depth: usize,
}

impl<'j> Scanner<'j> {
    /// A scanner at the beginning of a text.
    pub(super) fn new(text: &'j str) -> Self {
        Self { rest: text, length: text.len(), depth: 0 }
    }

    /// An error at the current position.
    #[cold]
    pub(super) fn broken(&self, what: impl fmt::Display) -> Broken {
        Broken(format!("{what} at byte {}", self.length - self.rest.len()).into())
    }

    /// Reads an object. Calls `member` for each name. `member` must read the value.
    #[inline]
    pub(super) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Text<'j>) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        self.enter(b'{', "an object is expected")?;
        if self.peek() != Some(b'}') {
            loop {
                let name = self.string()?;
                self.step_over(b':', "a colon is expected")?;
                member(self, name)?;
                if self.peek() != Some(b',') {
                    break;
                }
                self.step();
            }
        }
        self.leave(b'}', "a comma or the object's end is expected")
    }

    /// Reads an object with exactly one member. `member` must read the value.
    #[inline]
    pub(super) fn object_of_one(
        &mut self,
        member: impl FnOnce(&mut Self, Text<'j>) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        self.enter(b'{', "an object is expected")?;
        let name = self.string()?;
        self.step_over(b':', "a colon is expected")?;
        member(self, name)?;
        self.leave(b'}', "the end of an object of one member is expected")
    }

    /// Reads `{"S":"text"}`: an object with one member whose name is one of these characters and whose value is a
    /// string. Returns `None` and reads nothing if the text is anything else, or has a blank or an escape.
    #[inline]
    pub(super) fn text_of_one(&mut self, names: &[u8]) -> Option<(u8, Text<'j>)> {
        let [b'{', b'"', name, b'"', b':', b'"', text @ ..] = self.rest.as_bytes() else { return None };
        let inside = plain_bytes(text);
        let [b'"', b'}', ..] = text.get(inside..)? else { return None };
        if !names.contains(name) {
            return None;
        }
        let (quoted, rest) = self.rest.get(5..)?.split_at(inside + 2);
        self.rest = &rest[1..];
        Some((*name, Text { quoted, escapes: Escapes::None }))
    }

    /// Reads an array. Calls `element` for each element. `element` must read it.
    #[inline]
    pub(super) fn array(&mut self, mut element: impl FnMut(&mut Self) -> Result<(), Broken>) -> Result<(), Broken> {
        self.enter(b'[', "an array is expected")?;
        if self.peek() != Some(b']') {
            loop {
                element(self)?;
                if self.peek() != Some(b',') {
                    break;
                }
                self.step();
            }
        }
        self.leave(b']', "a comma or the array's end is expected")
    }

    /// Reads a string.
    #[expect(clippy::inline_always, reason = "measured: a page in nine tenths of the time")]
    #[inline(always)]
    pub(super) fn string(&mut self) -> Result<Text<'j>, Broken> {
        if self.peek() != Some(b'"') {
            return Err(self.broken("a string is expected"));
        }
        let inside = plain_bytes(&self.rest.as_bytes()[1..]);
        if self.rest.as_bytes().get(inside + 1) != Some(&b'"') {
            return self.string_with_escapes(inside + 1);
        }
        let (quoted, rest) = self.rest.split_at(inside + 2);
        self.rest = rest;
        Ok(Text { quoted, escapes: Escapes::None })
    }

    /// Reads a string with escapes. `before`: number of bytes up to the first escape, including the opening quote.
    #[cold]
    fn string_with_escapes(&mut self, before: usize) -> Result<Text<'j>, Broken> {
        let whole = self.rest;
        let mut escapes = Escapes::None;
        self.rest = &whole[before..];
        loop {
            match self.rest.as_bytes() {
                [b'"', ..] => {
                    self.step();
                    let quoted = &whole[..whole.len() - self.rest.len()];
                    return Ok(Text { quoted, escapes });
                }
                [b'\\', after @ ..] => {
                    let length = match after {
                        [b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't', ..] => {
                            escapes = escapes.max(Escapes::Own);
                            2
                        }
                        [b'/', ..] => {
                            escapes = Escapes::Other;
                            2
                        }
                        [b'u', a, b, c, d, ..] if [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit) => {
                            escapes = Escapes::Other;
                            6
                        }
                        _ => return Err(self.broken("an escape that JSON does not know")),
                    };
                    self.rest = &self.rest[length..];
                }
                [_, ..] => return Err(self.broken("a control character in a string")),
                [] => return Err(self.broken("a string without an end")),
            }
            self.rest = &self.rest[plain_bytes(self.rest.as_bytes())..];
        }
    }

    /// Reads any value. Returns its text, including the blanks inside it.
    pub(super) fn value(&mut self) -> Result<&'j str, Broken> {
        let first = self.peek();
        let before = self.rest;
        match first {
            Some(b'{') => self.object(|scanner, _| scanner.value().map(drop))?,
            Some(b'[') => self.array(|scanner| scanner.value().map(drop))?,
            Some(b'"') => drop(self.string()?),
            _ => {
                let word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
                let end = before.as_bytes().iter().position(|byte| !word(byte)).unwrap_or(before.len());
                let (text, rest) = before.split_at(end);
                if !matches!(text, "null" | "true" | "false") && !number::is_json(text.as_bytes()) {
                    return Err(self.broken("a value is expected"));
                }
                self.rest = rest;
            }
        }
        Ok(&before[..before.len() - self.rest.len()])
    }

    /// Returns an error if the text does not end here.
    pub(super) fn end(&mut self) -> Result<(), Broken> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.broken("more than one value")),
        }
    }

    #[inline]
    fn enter(&mut self, open: u8, what: &str) -> Result<(), Broken> {
        self.step_over(open, what)?;
        self.depth += 1;
        if self.depth > DEEPEST { Err(self.broken("nested too deep")) } else { Ok(()) }
    }

    #[inline]
    fn leave(&mut self, close: u8, what: &str) -> Result<(), Broken> {
        self.depth -= 1;
        self.step_over(close, what)
    }

    #[inline]
    fn step_over(&mut self, byte: u8, what: &str) -> Result<(), Broken> {
        if self.peek() != Some(byte) {
            return Err(self.broken(what));
        }
        self.step();
        Ok(())
    }

    /// Skips one byte, which must be a whole character.
    #[inline]
    fn step(&mut self) {
        self.rest = &self.rest[1..];
    }

    /// The next byte that is not a blank.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        match self.rest.as_bytes().first() {
            Some(byte) if *byte > b' ' => Some(*byte),
            _ => self.peek_after_blanks(),
        }
    }

    #[cold]
    fn peek_after_blanks(&mut self) -> Option<u8> {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t']);
        self.rest.as_bytes().first().copied()
    }
}

/// The number of bytes before the first quote, backslash or control character. It looks at eight bytes at a time,
/// because most of a page is strings.
#[inline(never)]
fn plain_bytes(text: &[u8]) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // The lowest high bit that is set marks the first byte below `least`. Higher bits may be wrong.
    let below = |word: u64, least: u8| word.wrapping_sub(ONES * u64::from(least)) & !word;
    let mut rest = text;
    while let Some((bytes, after)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(*bytes);
        let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
        let stops = (is(b'"') | is(b'\\') | below(word, 0x20)) & HIGH;
        if stops != 0 {
            return text.len() - rest.len() + (stops.trailing_zeros() / 8) as usize;
        }
        rest = after;
    }
    let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20)).unwrap_or(rest.len());
    text.len() - rest.len() + end
}

/// The escapes in a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Escapes {
    None,
    /// Only the two-character escapes that our output uses, too: `\n`, but not `\u000a`.
    Own,
    Other,
}

/// A string as it stands in the text.
#[derive(Clone, Copy)]
pub(super) struct Text<'j> {
    quoted: &'j str,
    escapes: Escapes,
}

impl<'j> Text<'j> {
    /// The string without quotes and escapes.
    #[inline]
    pub(super) fn decode(self) -> Result<Cow<'j, str>, Broken> {
        match self.escapes {
            Escapes::None => Ok(Cow::Borrowed(&self.quoted[1..self.quoted.len() - 1])),
            Escapes::Own | Escapes::Other => self.unescape().map(Cow::Owned),
        }
    }

    /// Writes the string as a JSON string.
    #[inline]
    pub(super) fn write(self, out: &mut String) -> Result<(), Broken> {
        match self.escapes {
            Escapes::None | Escapes::Own => out.push_str(self.quoted),
            Escapes::Other => out.push_str(&serde_json::Value::from(self.unescape()?).to_string()),
        }
        Ok(())
    }

    #[cold]
    fn unescape(self) -> Result<String, Broken> {
        // The scanner has not checked surrogate pairs. `serde_json` rejects an unpaired one.
        serde_json::from_str(self.quoted).map_err(|error| Broken(error.to_string().into()))
    }
}

#[cfg(test)]
mod tests;
