//! `name:N,tags:SS`: the types of attributes.

use std::str::FromStr;

/// The types that a value of a row may have.
const CODES: [&str; 10] = ["S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"];

/// The types of attributes, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Types(pub(super) Vec<(String, &'static str)>);

impl Types {
    /// The type of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&'static str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, code)| *code)
    }
}

impl FromStr for Types {
    type Err = String;

    /// Reads `name:N,tags:SS`. A name may hold colons.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut types: Vec<(String, &'static str)> = Vec::new();
        for part in text.split(',') {
            let (name, code) = part.trim().rsplit_once(':').ok_or_else(|| format!("`{part}`: give it as NAME:TYPE"))?;
            let code = code_of(&code.trim().to_ascii_uppercase())
                .ok_or_else(|| format!("`{code}` is no type; the types are {}", CODES.join(", ")))?;
            let name = name.trim();
            if name.is_empty() {
                return Err(format!("`{part}`: the name is missing"));
            }
            if types.iter().any(|(known, _)| known == name) {
                return Err(format!("`{name}` is given twice"));
            }
            types.push((name.to_owned(), code));
        }
        Ok(Self(types))
    }
}

/// The type with exactly this code.
pub(super) fn code_of(code: &str) -> Option<&'static str> {
    CODES.into_iter().find(|known| *known == code)
}

/// Splits a name of a typed header, such as `age:N`. A name without a type has none.
pub(super) fn typed_name(cell: &str) -> (&str, Option<&'static str>) {
    match cell.rsplit_once(':') {
        Some((name, code)) if !name.is_empty() => match code_of(code) {
            Some(code) => (name, Some(code)),
            None => (cell, None),
        },
        _ => (cell, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_with_types() {
        let types: Types = "age:N, tags:ss,a:b:BOOL".parse().unwrap();
        assert_eq!(types.0, [("age".to_owned(), "N"), ("tags".to_owned(), "SS"), ("a:b".to_owned(), "BOOL")]);
        for (text, part) in
            [("age", "NAME:TYPE"), ("age:X", "`X` is no type"), (":N", "missing"), ("a:N,a:S", "given twice")]
        {
            let error = text.parse::<Types>().unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn a_header_cell_may_end_with_a_type() {
        assert_eq!(typed_name("age:N"), ("age", Some("N")));
        assert_eq!(typed_name("a:N:S"), ("a:N", Some("S")));
        for plain in ["age", "age:n", ":N", "when:utc", ""] {
            assert_eq!(typed_name(plain), (plain, None));
        }
    }
}
