//! Builds events from `schemas/manifest.json` alone, as a connector or a form does.
//!
//! A sample event is taken apart into what a person would fill in: a text for each input, rows for a collection. The event
//! that is built of these has each input under its own name, and each value as its type says. An input that the manifest does
//! not have, or whose type does not allow what the sample holds, fails the test.

use std::{fs, path::Path, sync::LazyLock};

use serde_json::{Map, Value, json};

static MANIFEST: LazyLock<Value> = LazyLock::new(|| {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/manifest.json");
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
});

/// The part of the manifest for a function.
fn action(function: &str) -> &'static Value {
    let actions = MANIFEST["actions"].as_array().unwrap();
    actions.iter().find(|action| action["function"] == function).unwrap_or_else(|| panic!("no function {function}"))
}

/// What a person fills in for one input.
enum Entry {
    Text(String),
    /// The entries of a list.
    List(Vec<Entry>),
    /// The entries of named values.
    Rows(Vec<(String, Entry)>),
    /// The entries of another form, by the names of its inputs.
    Form(Vec<(String, Entry)>),
}

/// The event that is built for the sample `name` (`get-item.plain.json`), whose text is `sample`.
pub(crate) fn build(name: &str, sample: &str) -> String {
    let action = action(name.split('.').next().unwrap());
    let mut sample: Value = serde_json::from_str(sample).unwrap();
    if let (Some(input), true) = (action.get("list"), sample.is_array()) {
        sample = json!({input.as_str().unwrap(): sample});
    }
    let inputs = &action["inputs"];
    let form = fill_form(inputs, &sample).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    build_form(inputs, form).to_string()
}

/// The entries for the members of an object.
fn fill_form(inputs: &Value, given: &Value) -> Result<Vec<(String, Entry)>, String> {
    let Value::Object(given) = given else { return Err(format!("{given} is no object")) };
    let inputs = inputs.as_array().unwrap();
    let mut form = Vec::new();
    for (name, value) in given {
        let is_named = |input: &&Value| {
            input["name"] == **name || input["aliases"].as_array().is_some_and(|aliases| aliases.contains(&json!(name)))
        };
        let input = inputs.iter().find(is_named).ok_or_else(|| format!("no input {name}"))?;
        let entry = fill(input, value).map_err(|problem| format!("{name}: {problem}"))?;
        form.push((input["name"].as_str().unwrap().to_owned(), entry));
    }
    for input in inputs.iter().filter(|input| input["required"] == true) {
        if !form.iter().any(|(name, _)| input["name"] == **name) {
            return Err(format!("the required input {} is missing", input["name"]));
        }
    }
    Ok(form)
}

/// What a person fills in so that an input of this type has this value.
fn fill(of: &Value, value: &Value) -> Result<Entry, String> {
    let kind = of["type"].as_str().unwrap();
    // A structure may be given as text.
    let parsed = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let structure = parsed.as_ref().filter(|json| json.is_object() || json.is_array()).unwrap_or(value);
    let wrong = || Err(format!("{value} is no {kind}"));
    let text = |text: &str| Ok(Entry::Text(text.to_owned()));
    match kind {
        "text" | "secret" => match (value.as_str(), of["choices"].as_array()) {
            (Some(given), choices) if choices.is_none_or(|choices| choices.contains(value)) => text(given),
            _ => wrong(),
        },
        "choice" if of["choices"].as_array().unwrap().contains(value) => text(value.as_str().unwrap()),
        "boolean" => {
            let word = value.as_str().map_or_else(|| value.to_string(), str::to_lowercase);
            let means = |words: [&str; 3]| words.contains(&word.as_str());
            match (means(["true", "yes", "1"]), means(["false", "no", "0"])) {
                (true, _) => text("true"),
                (_, true) => text("false"),
                _ => wrong(),
            }
        }
        "integer" => match value.as_i64().or_else(|| value.as_str()?.parse().ok()) {
            Some(given) if (of["minimum"].as_i64()..=of["maximum"].as_i64()).contains(&Some(given)) => {
                text(&given.to_string())
            }
            _ => wrong(),
        },
        "value" | "ignored" => text(&value.to_string()),
        "types" if value.is_string() || structure.is_object() || structure.is_array() => text(&value.to_string()),
        "document" if structure.is_object() => text(&structure.to_string()),
        "list" => match structure {
            Value::Array(elements) => {
                elements.iter().map(|element| fill(&of["items"], element)).collect::<Result<_, _>>().map(Entry::List)
            }
            // A list of names may be one name.
            Value::String(_) => Ok(Entry::List(vec![fill(&of["items"], value)?])),
            _ => wrong(),
        },
        "collection" => {
            let pairs: Vec<(String, &Value)> = match structure {
                Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
                Value::Array(pairs) => pairs
                    .iter()
                    .map(|pair| Some((pair["key"].as_str()?.to_owned(), pair.get("value")?)))
                    .collect::<Option<_>>()
                    .ok_or("a pair has a key and a value")?,
                _ => return wrong(),
            };
            let row = |(name, value): (String, &Value)| Ok((name, fill(&of["values"], value)?));
            pairs.into_iter().map(row).collect::<Result<_, String>>().map(Entry::Rows)
        }
        "object" => fill_form(&of["inputs"], structure).map(Entry::Form),
        "oneOf" => {
            let mut fits = of["types"].as_array().unwrap().iter().filter_map(|one| fill(one, value).ok());
            fits.next().ok_or_else(|| format!("{value} is none of the types"))
        }
        _ => wrong(),
    }
}

fn build_form(inputs: &Value, form: Vec<(String, Entry)>) -> Value {
    let inputs = inputs.as_array().unwrap();
    let of = |name: &str| inputs.iter().find(|input| input["name"] == name).unwrap();
    form.into_iter().map(|(name, entry)| (name.clone(), build_value(of(&name), entry))).collect::<Map<_, _>>().into()
}

/// The value that an entry makes.
fn build_value(of: &Value, entry: Entry) -> Value {
    match (of["type"].as_str().unwrap(), entry) {
        ("oneOf", entry) => {
            let fits = |one: &&Value| match &entry {
                Entry::Text(text) => match one["type"].as_str().unwrap() {
                    "text" => serde_json::from_str::<Value>(text).is_err(),
                    "integer" => text.parse::<i64>().is_ok(),
                    "list" | "collection" | "object" | "oneOf" => false,
                    _ => true,
                },
                Entry::List(_) => one["type"] == "list",
                Entry::Rows(_) => one["type"] == "collection",
                Entry::Form(_) => one["type"] == "object",
            };
            let one = of["types"].as_array().unwrap().iter().find(fits).unwrap();
            build_value(one, entry)
        }
        ("text" | "secret" | "choice", Entry::Text(text)) => text.into(),
        (_, Entry::Text(text)) => serde_json::from_str(&text).unwrap(),
        (_, Entry::List(entries)) => entries.into_iter().map(|entry| build_value(&of["items"], entry)).collect(),
        (_, Entry::Rows(rows)) => rows
            .into_iter()
            .map(|(name, entry)| json!({"key": name, "value": build_value(&of["values"], entry)}))
            .collect(),
        (_, Entry::Form(form)) => build_form(&of["inputs"], form),
    }
}

/// A person can tell inputs apart, and what each of them is for.
#[test]
fn every_action_and_input_has_words_for_a_person() {
    for action in MANIFEST["actions"].as_array().unwrap() {
        let mut labels = std::collections::BTreeSet::new();
        for input in action["inputs"].as_array().unwrap() {
            for name in ["label", "help"] {
                assert!(input[name].as_str().is_some_and(|text| !text.is_empty()), "{}: {input}", action["name"]);
            }
            assert!(labels.insert(input["label"].as_str().unwrap()), "{}: {input}", action["name"]);
        }
        for name in ["label", "description"] {
            assert!(action[name].as_str().is_some_and(|text| !text.is_empty()), "{action}");
        }
    }
}

/// The component's users find its labels again, but for three that say less than the input's name.
#[test]
fn labels_are_those_of_the_component() {
    use crate::component::forms::{COMMON, FORMS};
    for form in FORMS {
        let inputs = action(form.function)["inputs"].as_array().unwrap();
        for (label, name) in form.inputs.iter().chain(COMMON) {
            if ["item", "itemTypes", "attributeDefinition"].contains(name) {
                continue;
            }
            let names = |input: &&Value| {
                input["name"] == *name || input["aliases"].as_array().is_some_and(|all| all.contains(&json!(name)))
            };
            if let Some(input) = inputs.iter().find(names) {
                assert_eq!(input["label"], *label, "{}: {name}", form.function);
            }
        }
    }
}

/// A data source takes what the form that it fills has, so that it can list what is there.
#[test]
fn a_data_source_takes_the_inputs_that_every_action_has() {
    let mut filled = 0;
    for action in MANIFEST["actions"].as_array().unwrap() {
        for input in action["inputs"].as_array().unwrap() {
            let Some(source) = input["dataSource"]["function"].as_str() else { continue };
            let source = self::action(source);
            assert_eq!(source["kind"], "dataSource");
            let takes: Vec<&Value> = source["inputs"].as_array().unwrap().iter().map(|input| &input["name"]).collect();
            for name in ["connection", "awsRegion"] {
                assert!(takes.contains(&&json!(name)), "{source}");
            }
            filled += 1;
        }
    }
    assert!(filled > 20, "{filled}");
}

#[test]
fn what_the_manifest_does_not_allow_is_not_built() {
    let get_item = &action("get-item")["inputs"];
    for wrong in [
        json!({"tableName": "T", "haskKeyValue": "a"}),
        json!({"hashKeyValue": "a"}),
        json!({"tableName": 7}),
        json!({"tableName": "T", "consistentRead": "perhaps"}),
        json!({"tableName": "T", "outputFormat": "xml"}),
        json!({"tableName": "T", "key": 7}),
        json!({"tableName": "T", "connection": {"type": "password"}}),
    ] {
        assert!(fill_form(get_item, &wrong).is_err(), "{wrong}");
    }
}
