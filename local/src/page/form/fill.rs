//! The members of an event → entries.

use shared::Json;

use super::{
    super::inputs::{Control, Input, Rows},
    Entries, Problem,
    typed_value::{Kind, text},
};
use crate::json::pretty;

/// Fills the entries of a form from an event. Each input that the event has replaces what was there. Secrets are not
/// taken over: they would have to be shown. What the form cannot take over is a problem.
pub(in crate::page) fn fill(inputs: &[Input], event: Vec<(String, Json)>, entries: &mut Entries) -> Vec<Problem> {
    let mut filler = Filler { entries, problems: Vec::new(), left: event };
    for input in inputs {
        filler.input(input);
    }
    let Filler { mut problems, left, .. } = filler;
    let unknown = left.iter().map(|(name, _)| format!("`{}`: unknown input", name.escape_debug()));
    problems.extend(unknown.map(Problem::of_form));
    problems
}

struct Filler<'f> {
    entries: &'f mut Entries,
    problems: Vec<Problem>,
    /// The members that no input has taken.
    left: Vec<(String, Json)>,
}

impl Filler<'_> {
    /// Takes the member with one of these names.
    fn take(&mut self, names: &[&str]) -> Option<Json> {
        let at = self.left.iter().position(|(name, _)| names.contains(&name.as_str()))?;
        Some(self.left.remove(at).1)
    }

    fn input(&mut self, input: &Input) {
        let Input { key, field, control, .. } = input;
        if let Control::Rows(rows) = control {
            let types = rows.types.and_then(|name| self.take(&[name, &alias_of_types(field.names)]));
            let values = self.take(field.names);
            if values.is_some() || types.is_some() {
                self.entries.clear(key);
                self.rows(key, *rows, values, types);
            }
            return;
        }
        let Some(value) = self.take(field.names) else { return };
        self.entries.clear(key);
        match control {
            Control::Secret => {
                let message = "an event's secret is not taken over; type it here";
                self.problems.push(Problem::new(key, message));
            }
            Control::Inputs(inside) => self.structure(key, inside, value),
            Control::PickList(_) => self.entries.set(format!("{key}.other"), text(&value)),
            Control::Json => self.entries.set(key, structure_text(value)),
            Control::Value => {
                self.entries.set(format!("{key}.type"), Kind::of_json(&value).code());
                self.entries.set(key, text(&value));
            }
            Control::Text { .. } | Control::Words(_) | Control::Boolean | Control::Number => {
                self.entries.set(key, text(&value));
            }
            Control::Rows(_) | Control::Ignored => {}
        }
    }

    fn structure(&mut self, key: &str, inside: &[Input], value: Json) {
        let Json::Object(mut members) = from_text(value) else {
            self.problems.push(Problem::new(key, "an object is expected"));
            return;
        };
        // The component's platform wraps a connection.
        if let Some(at) = members.iter().position(|(name, _)| name == "fields")
            && let Json::Object(fields) = from_text(members.remove(at).1)
        {
            members.retain(|(name, _)| name == "key");
            for (name, _) in &mut members {
                "type".clone_into(name);
            }
            members.extend(fields);
        }
        let problems = fill(inside, members, self.entries);
        self.problems.extend(problems);
    }

    fn rows(&mut self, key: &str, rows: Rows, values: Option<Json>, types: Option<Json>) {
        let values = values.map(from_text);
        let types = types.map(from_text);
        let Some(filled) = Filled::of(rows, values.as_ref(), types.as_ref()) else {
            self.entries.set(format!("{key}.mode"), "json");
            for (place, json) in [("json", values), ("types", types)] {
                self.entries.set(format!("{key}.{place}"), json.map(structure_text).unwrap_or_default());
            }
            return;
        };
        for (number, (name, kind, text)) in filled.0.into_iter().enumerate() {
            for (part, text) in [("name", name), ("value", text), ("type", kind.code().to_owned())] {
                let is_asked_for = match part {
                    "name" => rows.is_named,
                    "type" => rows.is_typed,
                    _ => true,
                };
                if is_asked_for {
                    self.entries.set(format!("{key}.{number}.{part}"), text);
                }
            }
        }
    }
}

/// Rows: the name, the type and the text of each value.
struct Filled(Vec<(String, Kind, String)>);

impl Filled {
    /// `None` if the values or their types do not fit into rows.
    fn of(rows: Rows, values: Option<&Json>, types: Option<&Json>) -> Option<Self> {
        let values = if rows.is_named { named(values?)? } else { listed(values?) };
        let types = match types {
            None => Vec::new(),
            Some(types) if rows.is_named => named(types)?,
            Some(types) => listed(types),
        };
        if !rows.is_named && types.len() > values.len() {
            return None;
        }
        let has_value = |name: &str| values.iter().any(|(other, _)| *other == name);
        if rows.is_named && !types.iter().all(|(name, _)| has_value(name)) {
            return None;
        }
        let row = |(at, (name, value)): (usize, &(&str, &Json))| {
            let given = if rows.is_named { types.iter().find(|(other, _)| other == name) } else { types.get(at) };
            let kind = match given {
                None | Some((_, Json::Null)) => Kind::of_json(value),
                Some((_, Json::String(code))) => Kind::of_code(code).filter(|kind| *kind != Kind::Json)?,
                // A type that mirrors the value's own shape.
                Some(_) => return None,
            };
            let is_text = matches!(value, Json::String(_));
            let text = text(value);
            // A blank row would be left out. A form changes line breaks: it has none in one line, and no CR in several.
            let is_blank = is_text && name.is_empty() && text.is_empty();
            let is_changed = name.contains(['\r', '\n']) || text.contains('\r');
            let is_no_line = !rows.is_typed && (!is_text || text.contains('\n'));
            (!is_blank && !is_changed && !is_no_line).then(|| ((*name).to_owned(), kind, text))
        };
        values.iter().enumerate().map(row).collect::<Option<Vec<_>>>().map(Self)
    }
}

/// The members of an object, or of a list of `{"key", "value"}`. `None` for anything else.
fn named(json: &Json) -> Option<Vec<(&str, &Json)>> {
    match json {
        Json::Object(members) => Some(members.iter().map(|(name, value)| (name.as_str(), value)).collect()),
        Json::Array(pairs) => pairs
            .iter()
            .map(|pair| match pair {
                Json::Object(members) => match &members[..] {
                    [(key, Json::String(name)), (value_key, value)] if key == "key" && value_key == "value" => {
                        Some((name.as_str(), value))
                    }
                    _ => None,
                },
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

/// The elements of a list. Anything else is the only element.
fn listed(json: &Json) -> Vec<(&str, &Json)> {
    match json {
        Json::Array(elements) => elements.iter().map(|element| ("", element)).collect(),
        only => vec![("", only)],
    }
}

/// `queryParams` has its types in `queryParamTypes`.
fn alias_of_types(names: &[&str]) -> String {
    let alias = names.get(1).copied().unwrap_or_default();
    format!("{}Types", alias.strip_suffix('s').unwrap_or(alias))
}

/// The structure that a text holds. Any other value as it is.
fn from_text(json: Json) -> Json {
    match json {
        Json::String(text) => match Json::parse(&text) {
            Ok(structure @ (Json::Array(_) | Json::Object(_))) => structure,
            _ => Json::String(text),
        },
        other => other,
    }
}

fn structure_text(json: Json) -> String {
    match from_text(json) {
        Json::String(text) => text,
        other => pretty(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use shared::catalog;

    use super::{super::super::inputs, *};
    use crate::page::form::read;

    /// The event that a form has after it was filled from this one.
    fn again(function: &str, event: &str) -> (String, Vec<Problem>) {
        let definition = catalog::function(function).unwrap();
        let inputs = inputs::of_function(definition);
        let members = match Json::parse(event) {
            Ok(Json::Object(members)) => members,
            Ok(list) => vec![(definition.event.list.unwrap().to_owned(), list)],
            Err(error) => panic!("{event}: {error}"),
        };
        let mut entries = Entries::default();
        let mut problems = fill(&inputs, members, &mut entries);
        let event = Json::Object(read(&inputs, &entries, &mut problems));
        (event.to_string(), problems)
    }

    #[test]
    fn a_filled_form_gives_the_event_again() {
        for (function, event) in [
            ("create-item", r#"{"tableName":"T","item":{"a":"x","n":1.50,"b":true,"z":null,"m":{"x":[1]},"e":""}}"#),
            ("create-item", r#"{"item":{"t":["a"],"p":"AAEC"},"itemTypes":{"t":"SS","p":"B"}}"#),
            ("create-item", r#"{"item":{"m":{"zip":"0150"}},"itemTypes":{"m":{"zip":"S"}}}"#),
            ("create-item", r#"{"item":{"l":[{"S":"a"}]},"itemTypes":{"l":"L"}}"#),
            ("create-item", r#"{"item":{"id":{"S":"C-1"},"note":{"Nul":true}},"inputFormat":"typed"}"#),
            ("create-item", r#"{"item":{"id":"a"},"expectedVersion":null}"#),
            ("create-item", r#"{"item":{"a\nb":"x"}}"#),
            ("create-item", r#"{"item":{"a":"x\r\ny"}}"#),
            ("create-item", r#"{"item":{"a":"x\ny"}}"#),
            ("raw-request", r#"{"statement":"s","parameters":["a",1,[2]],"parameterTypes":[null,null,"NS"]}"#),
            // A blank row would be left out, so this one is edited as JSON.
            ("raw-request", r#"{"statement":"s","parameters":["",1,[2]],"parameterTypes":["S",null,"NS"]}"#),
            ("get-item", r##"{"hashKeyValue":1001,"key":{"a":"b"},"expressionAttributeNames":{"#l":"lines"}}"##),
            ("query-items", r#"{"limit":1,"exclusiveStartKey":{"id":{"S":"a"}},"fetchAll":true}"#),
            ("update-item", r#"{"set":{"address.city":"Bergen"},"remove":["a","b"],"append":{"history":["moved"]}}"#),
            ("create-table", r#"{"onDemandThroughput":{"MaxReadRequestUnits":5},"tags":[{"Key":"a","Value":"b"}]}"#),
        ] {
            let (event_again, problems) = again(function, event);
            assert_eq!((event_again.as_str(), problems), (event, vec![]));
        }
    }

    #[test]
    fn other_spellings_are_taken_over_under_the_inputs_own_name() {
        let (event, problems) = again(
            "update-item",
            r#"{"value":"C-1","queryParams":[{"key":":t","value":"5"}],"queryParamTypes":[{"key":":t","value":"N"}]}"#,
        );
        assert_eq!(
            (event.as_str(), problems),
            (r#"{"hashKeyValue":"C-1","expressionAttributeValues":{":t":5}}"#, vec![])
        );
    }

    #[test]
    fn a_secret_is_not_taken_over() {
        let event = r#"{"connection":{"key":"apiKeySecret","fields":{"accessKeyId":"k","secretAccessKey":"MARKED"}}}"#;
        let (event, problems) = again("list-tables", event);
        assert_eq!(event, r#"{"connection":{"type":"apiKeySecret","accessKeyId":"k"}}"#);
        assert_eq!(problems[0].key, "connection.secretAccessKey");
    }

    #[test]
    fn an_unknown_input_is_named() {
        let (_, problems) = again("get-item", r#"{"tabelName":"T"}"#);
        assert_eq!(problems, [Problem::of_form("`tabelName`: unknown input")]);
    }

    #[test]
    fn every_sample_that_has_no_secret_fills_a_form_without_a_problem() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events");
        let mut count = 0;
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if let Some(function) = catalog::function(name.split('.').next().unwrap()) {
                let (event, problems) = again(function.name, &fs::read_to_string(&path).unwrap());
                let others = problems.iter().filter(|problem| problem.key != "connection.secretAccessKey");
                assert_eq!(others.collect::<Vec<_>>(), Vec::<&Problem>::new(), "{name}");
                function.event.check(&event).unwrap_or_else(|error| {
                    assert!(error.to_string().contains("secretAccessKey"), "{name}: {event}: {error}");
                });
                count += 1;
            }
        }
        assert!(count > 20, "{count} samples");
    }
}
