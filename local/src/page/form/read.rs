//! Entries → the members of an event.

use std::collections::BTreeSet;

use shared::Json;

use super::{
    super::inputs::{self, Control, Input, Rows},
    Entries, OWN, Problem,
    typed_value::{Fault, Kind},
};

/// The largest number of a row.
const LAST_ROW: usize = 9_999;

/// Reads the members of an event. An input without text is left out. An input with a problem is left out, too, and the
/// problem is added.
pub(in crate::page) fn read(inputs: &[Input], entries: &Entries, problems: &mut Vec<Problem>) -> Vec<(String, Json)> {
    let mut reader = Reader { entries, problems };
    reader.members(inputs)
}

/// The text of a pick-list: what was typed beside it, or else what was picked.
pub(in crate::page) fn picked<'e>(entries: &'e Entries, key: &str) -> &'e str {
    let other = entries.get(&format!("{key}.other")).trim();
    if other.is_empty() { entries.get(key).trim() } else { other }
}

/// Whether the rows of the input are given as JSON.
pub(in crate::page) fn is_json(entries: &Entries, key: &str) -> bool {
    entries.get(&format!("{key}.mode")) == "json"
}

/// The numbers of the rows that have an entry.
pub(in crate::page) fn row_numbers(entries: &Entries, key: &str) -> BTreeSet<usize> {
    entries.names().filter_map(|name| row_number(name, key)).collect()
}

fn row_number(name: &str, key: &str) -> Option<usize> {
    let (number, part) = name.strip_prefix(key)?.strip_prefix('.')?.split_once('.')?;
    let is_plain = number.bytes().all(|digit| digit.is_ascii_digit()) && number.len() <= 4;
    let is_part = ["name", "value", "type"].contains(&part);
    (is_plain && is_part).then(|| number.parse().ok())?.filter(|number| *number <= LAST_ROW)
}

/// The problems of entries that no input of the form has.
pub(in crate::page) fn unknown(inputs: &[Input], entries: &Entries) -> Vec<Problem> {
    let inputs = inputs::all(inputs);
    let is_known = |name: &str| {
        name.starts_with(OWN)
            || inputs.iter().any(|Input { key, control, .. }| {
                let part = || name.strip_prefix(key.as_str())?.strip_prefix('.');
                match control {
                    Control::Text { .. }
                    | Control::Secret
                    | Control::Words(_)
                    | Control::Boolean
                    | Control::Number
                    | Control::Json => name == key,
                    Control::PickList(_) => name == key || part() == Some("other"),
                    Control::Value => name == key || part() == Some("type"),
                    Control::Rows(_) => {
                        matches!(part(), Some("mode" | "json" | "types")) || row_number(name, key).is_some()
                    }
                    Control::Inputs(_) | Control::Ignored => false,
                }
            })
    };
    let unknown = entries.names().filter(|name| !is_known(name));
    unknown.map(|name| Problem::of_form(format!("the form has no field `{}`", name.escape_debug()))).collect()
}

struct Reader<'r> {
    entries: &'r Entries,
    problems: &'r mut Vec<Problem>,
}

impl Reader<'_> {
    fn members(&mut self, inputs: &[Input]) -> Vec<(String, Json)> {
        let mut members = Vec::new();
        for input in inputs {
            self.input(input, &mut members);
        }
        members
    }

    fn input(&mut self, input: &Input, members: &mut Vec<(String, Json)>) {
        let Input { key, field, control, .. } = input;
        let name = field.name();
        let typed = self.entries.get(key);
        let value = match control {
            Control::Rows(rows) => return self.rows(key, name, *rows, members),
            Control::Inputs(inside) => {
                let inside = self.members(inside);
                (!inside.is_empty()).then_some(Json::Object(inside))
            }
            Control::PickList(_) => filled(picked(self.entries, key)).map(text),
            Control::Text { .. } | Control::Words(_) | Control::Secret => filled(typed).map(text),
            Control::Boolean => filled(typed).map(|typed| match typed.trim() {
                "true" => Json::Bool(true),
                "false" => Json::Bool(false),
                other => text(other),
            }),
            // The function says what is wrong with another text.
            Control::Number => filled(typed).map(|typed| match Json::parse(typed) {
                Ok(number @ Json::Number(_)) => number,
                _ => text(typed),
            }),
            Control::Json => filled(typed).and_then(|typed| self.parse(key, typed)),
            Control::Value => self.value(key),
            Control::Ignored => None,
        };
        members.extend(value.map(|value| (name.to_owned(), value)));
    }

    fn value(&mut self, key: &str) -> Option<Json> {
        let kind = self.kind(&format!("{key}.type"))?;
        let typed = self.entries.get(key);
        if typed.is_empty() && kind != Kind::Null {
            return None;
        }
        self.typed_value(key, kind, typed, false).map(|(value, _)| value)
    }

    fn rows(&mut self, key: &str, name: &str, rows: Rows, members: &mut Vec<(String, Json)>) {
        if is_json(self.entries, key) {
            for (place, name) in [("json", Some(name)), ("types", rows.types)] {
                let place = format!("{key}.{place}");
                let value = filled(self.entries.get(&place)).and_then(|typed| self.parse(&place, typed));
                members.extend(name.zip(value).map(|(name, value)| (name.to_owned(), value)));
            }
            return;
        }
        let (mut values, mut types) = (Vec::<(String, Json)>::new(), Vec::<(String, Json)>::new());
        for number in row_numbers(self.entries, key) {
            let place = |part: &str| format!("{key}.{number}.{part}");
            let (label, text_of_value) = (self.entries.get(&place("name")), self.entries.get(&place("value")));
            if label.is_empty() && text_of_value.is_empty() {
                let is_null = rows.is_typed && !rows.is_named && self.entries.get(&place("type")) == Kind::Null.code();
                if !is_null {
                    continue;
                }
            }
            if rows.is_named && label.is_empty() {
                self.problems.push(Problem::new(&place("name"), "the value has no name"));
                continue;
            }
            if rows.is_named && values.iter().any(|(other, _)| other == label) {
                let message = format!("the name `{}` is already there", label.escape_debug());
                self.problems.push(Problem::new(&place("name"), message));
                continue;
            }
            let kind = if rows.is_typed { self.kind(&place("type")) } else { Some(Kind::Text) };
            let value = kind.and_then(|kind| {
                let value = self.typed_value(&place("value"), kind, text_of_value, rows.types.is_some())?;
                Some((kind, value))
            });
            let Some((kind, (value, has_type))) = value else { continue };
            values.push((label.to_owned(), value));
            match (has_type, rows.is_named) {
                (true, _) => types.push((label.to_owned(), text(kind.code()))),
                (false, true) => {}
                // The types of a list stand at the places of their values.
                (false, false) => types.push((String::new(), Json::Null)),
            }
        }
        let collection = |values: Vec<(String, Json)>| {
            if rows.is_named {
                Json::Object(values)
            } else {
                Json::Array(values.into_iter().map(|(_, value)| value).collect())
            }
        };
        if !values.is_empty() {
            members.push((name.to_owned(), collection(values)));
        }
        if let Some(name) = rows.types
            && types.iter().any(|(_, code)| *code != Json::Null)
        {
            members.push((name.to_owned(), collection(types)));
        }
    }

    /// The type that the entry at `place` names.
    fn kind(&mut self, place: &str) -> Option<Kind> {
        let code = self.entries.get(place);
        let kind = Kind::of_code(code);
        if kind.is_none() {
            self.problems.push(Problem::new(place, format!("there is no type `{}`", code.escape_debug())));
        }
        kind
    }

    fn typed_value(&mut self, place: &str, kind: Kind, typed: &str, with_types: bool) -> Option<(Json, bool)> {
        let problem = match kind.value(typed, with_types) {
            Ok(value) => return Some(value),
            Err(Fault::NotJson(error)) => Problem::not_json(place, &error),
            Err(Fault::Other(message)) => Problem::new(place, message),
        };
        self.problems.push(problem);
        None
    }

    fn parse(&mut self, place: &str, typed: &str) -> Option<Json> {
        Json::parse(typed).map_err(|error| self.problems.push(Problem::not_json(place, &error))).ok()
    }
}

fn filled(text: &str) -> Option<&str> {
    (!text.trim().is_empty()).then_some(text)
}

fn text(text: &str) -> Json {
    Json::String(text.to_owned())
}

#[cfg(test)]
mod tests {
    use shared::catalog;

    use super::*;

    fn form(function: &str, body: &str) -> (String, Vec<Problem>) {
        let inputs = inputs::of_function(catalog::function(function).unwrap());
        let (entries, mut problems) = Entries::parse(body.as_bytes());
        problems.extend(unknown(&inputs, &entries));
        let event = Json::Object(read(&inputs, &entries, &mut problems));
        (event.to_string(), problems)
    }

    #[test]
    fn an_empty_form_is_an_empty_event() {
        for body in ["", "tableName=&limit=+&item=", "fetchAll=&page.do=run"] {
            assert_eq!(form("list-tables", body.trim_start_matches("tableName=&").trim_end_matches("&item=")).0, "{}");
        }
    }

    #[test]
    fn rows_become_values_and_types() {
        let body = "tableName=T&item.0.name=id&item.0.value=a&item.0.type=S&item.1.name=tags&item.1.type=SS\
                    &item.1.value=[%22x%22]&item.2.name=n&item.2.type=N&item.2.value=1.50&item.7.name=&item.7.value=";
        let (event, problems) = form("create-item", body);
        assert_eq!(problems, []);
        let expected = r#"{"tableName":"T","item":{"id":"a","tags":["x"],"n":1.50},"itemTypes":{"tags":"SS"}}"#;
        assert_eq!(event, expected);
    }

    #[test]
    fn the_types_of_a_list_stand_at_the_places_of_their_values() {
        let body =
            "statement=s&parameters.0.value=a&parameters.1.value=AAEC&parameters.1.type=B&parameters.2.type=NULL";
        let (event, problems) = form("raw-request", body);
        assert_eq!(problems, []);
        let expected = r#"{"statement":"s","parameters":["a","AAEC",null],"parameterTypes":[null,"B",null]}"#;
        assert_eq!(event, expected);
    }

    #[test]
    fn what_is_typed_beside_a_pick_list_wins() {
        let (event, _) = form("describe-table", "tableName=A&tableName.other=+B+");
        assert_eq!(event, r#"{"tableName":"B"}"#);
    }

    #[test]
    fn a_fault_is_a_problem_at_its_entry() {
        for (function, body, key, message) in [
            ("create-item", "item.3.value=x", "item.3.name", "the value has no name"),
            ("create-item", "item.0.name=a&item.1.name=a", "item.1.name", "the name `a` is already there"),
            ("create-item", "item.0.name=a&item.0.type=X", "item.0.type", "there is no type `X`"),
            ("get-item", "hashKeyValue=x&hashKeyValue.type=N", "hashKeyValue", "`x` is not a number"),
            ("get-item", "nonsense=1", "", "the form has no field `nonsense`"),
            ("get-item", "key.x.name=1", "", "the form has no field `key.x.name`"),
            ("get-item", "key.99999.name=1", "", "the form has no field `key.99999.name`"),
        ] {
            let (_, problems) = form(function, body);
            assert_eq!(problems, [Problem::new(key, message)], "{body}");
        }
    }

    #[test]
    fn a_text_that_is_not_json_has_the_place_of_its_fault() {
        let (_, problems) = form("query-items", "queryParameters=%7B%22Limit%22%3A+1%0A%7D%7D");
        assert_eq!((problems[0].key.as_str(), problems[0].position), ("queryParameters", Some((2, 2))));
        let (_, problems) = form("create-item", "item.mode=json&item.json=%7B");
        assert_eq!(problems[0].key, "item.json");
    }

    #[test]
    fn a_connection_is_an_object() {
        let body = "connection.accessKeyId=k&connection.secretAccessKey=s&connection.durationSeconds=900";
        let expected = r#"{"connection":{"accessKeyId":"k","secretAccessKey":"s","durationSeconds":900}}"#;
        assert_eq!(form("list-tables", body).0, expected);
    }
}
