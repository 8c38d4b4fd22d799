//! Evaluates `template.yaml` for given parameters, to show what is deployed.

use std::{fs, path::Path, sync::OnceLock};

use saphyr::{LoadableYamlNode as _, ScalarOwned, YamlOwned};
use serde_json::{Map, Value, json};

/// The template as JSON: `!Ref X` is `{"Ref": "X"}`, `!Sub x` is `{"Fn::Sub": "x"}`.
pub(crate) fn template() -> &'static Value {
    static TEMPLATE: OnceLock<Value> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml");
        json_of(&YamlOwned::load_from_str(&fs::read_to_string(file).unwrap()).unwrap()[0])
    })
}

fn json_of(node: &YamlOwned) -> Value {
    match node {
        YamlOwned::Value(ScalarOwned::Null) => Value::Null,
        YamlOwned::Value(ScalarOwned::Boolean(boolean)) => json!(boolean),
        YamlOwned::Value(ScalarOwned::Integer(number)) => json!(number),
        YamlOwned::Value(ScalarOwned::String(text)) => json!(text),
        YamlOwned::Sequence(nodes) => nodes.iter().map(json_of).collect(),
        YamlOwned::Mapping(members) => {
            members.iter().map(|(name, node)| (name.as_str().unwrap().to_owned(), json_of(node))).collect()
        }
        YamlOwned::Tagged(tag, node) => match tag.suffix.as_str() {
            "Ref" => json!({"Ref": json_of(node)}),
            // The short form holds `Function.Arn` as one word. The long form is a list.
            "GetAtt" => json!({"Fn::GetAtt": node.as_str().unwrap().split('.').collect::<Vec<_>>()}),
            function => json!({format!("Fn::{function}"): json_of(node)}),
        },
        other => panic!("nothing that CloudFormation knows: {other:?}"),
    }
}

/// The template with values for its parameters.
pub(crate) struct Deployment(Map<String, Value>);

impl Deployment {
    /// The template with these parameters, and the defaults of all others.
    pub(crate) fn with(parameters: &[(&str, &str)]) -> Self {
        let declared = template()["Parameters"].as_object().unwrap();
        for (name, _) in parameters {
            assert!(declared.contains_key(*name), "template.yaml has no parameter {name}");
        }
        let value = |name: &str, parameter: &Value| {
            let given = parameters.iter().find(|(given, _)| *given == name).map(|(_, value)| json!(value));
            // `TablePattern` has no default: every deployment must set it.
            let otherwise = if name == "TablePattern" { json!("*") } else { parameter["Default"].clone() };
            let value = given.unwrap_or(otherwise);
            match parameter["Type"].as_str().unwrap() {
                "CommaDelimitedList" => value.as_str().unwrap().split(',').map(str::trim).collect(),
                _ => value,
            }
        };
        let mut values: Map<String, Value> =
            declared.iter().map(|(name, parameter)| (name.clone(), value(name, parameter))).collect();
        for (name, value) in [
            ("AWS::Partition", "aws"),
            ("AWS::Region", "us-east-1"),
            ("AWS::AccountId", "123456789012"),
            ("AWS::StackName", "stack"),
        ] {
            values.insert(name.to_owned(), json!(value));
        }
        Self(values)
    }

    /// A resource or an output. `None` if its condition does not hold.
    pub(crate) fn get(&self, section: &str, name: &str) -> Option<Value> {
        let resource = template()[section].get(name)?;
        let there = resource.get("Condition").is_none_or(|condition| self.condition(condition.as_str().unwrap()));
        there.then(|| self.value(resource)).flatten()
    }

    /// The names in a section of the template, except those whose condition does not hold.
    pub(crate) fn names(&self, section: &str) -> Vec<String> {
        let names = template()[section].as_object().unwrap().keys();
        names.filter(|name| self.get(section, name).is_some()).cloned().collect()
    }

    /// A function's properties, including those of `Globals`.
    pub(crate) fn function(&self, resource: &str) -> Value {
        let mut all = self.value(&template()["Globals"]["Function"]).unwrap();
        let own = self.get("Resources", resource).unwrap_or_else(|| panic!("template.yaml has no {resource}"));
        merge(&mut all, &own["Properties"]);
        all
    }

    fn condition(&self, name: &str) -> bool {
        self.holds(&template()["Conditions"][name])
    }

    fn holds(&self, condition: &Value) -> bool {
        match intrinsic(condition) {
            Some(("Fn::Not", of)) => !self.holds(&of[0]),
            Some(("Fn::And", of)) => of.as_array().unwrap().iter().all(|condition| self.holds(condition)),
            Some(("Fn::Equals", of)) => self.value(&of[0]) == self.value(&of[1]),
            _ => panic!("no condition: {condition}"),
        }
    }

    /// A value without intrinsic functions. `None` for `AWS::NoValue`. A value that only an account knows becomes a
    /// placeholder text.
    fn value(&self, node: &Value) -> Option<Value> {
        Some(match (intrinsic(node), node) {
            (Some(("Ref", name)), _) => match name.as_str().unwrap() {
                "AWS::NoValue" => return None,
                name => self.0.get(name).cloned().unwrap_or_else(|| json!(format!("Ref {name}"))),
            },
            (Some(("Fn::GetAtt", of)), _) => json!(format!("{} of {}", of[1].as_str()?, of[0].as_str()?)),
            (Some(("Fn::If", of)), _) => return self.value(&of[if self.condition(of[0].as_str()?) { 1 } else { 2 }]),
            (Some(("Fn::Join", of)), _) => {
                let parts = self.value(&of[1])?;
                let parts: Vec<_> = parts.as_array()?.iter().map(|part| part.as_str().unwrap()).collect();
                json!(parts.join(of[0].as_str()?))
            }
            (Some(("Fn::Sub", text)), _) => {
                let mut parts = text.as_str()?.split("${");
                let mut result = parts.next()?.to_owned();
                for part in parts {
                    let (name, rest) = part.split_once('}').unwrap();
                    result.push_str(self.0[name].as_str().unwrap());
                    result.push_str(rest);
                }
                json!(result)
            }
            (Some((name, _)), _) => panic!("no value for {name}"),
            (None, Value::Array(nodes)) => nodes.iter().filter_map(|node| self.value(node)).collect(),
            (None, Value::Object(members)) => {
                members.iter().filter_map(|(name, node)| Some((name.clone(), self.value(node)?))).collect()
            }
            (None, scalar) => scalar.clone(),
        })
    }
}

/// `{"Fn::Sub": "x"}` → `Fn::Sub` and `x`
fn intrinsic(node: &Value) -> Option<(&str, &Value)> {
    let members = node.as_object().filter(|members| members.len() == 1)?;
    let (name, of) = members.iter().next()?;
    (name == "Ref" || name.starts_with("Fn::")).then_some((name, of))
}

/// Merges a function's properties into those of `Globals`, as SAM does.
fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}
