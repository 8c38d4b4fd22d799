//! The inputs of a form: what the catalog says of a function, as controls.

mod control;
mod hints;

pub(super) use self::control::{Control, Rows};

use shared::{
    Field,
    catalog::{Definition, common_fields},
};

/// One input of a form.
#[derive(Debug)]
pub(super) struct Input {
    /// The name of the input's entries, and its path in an event: `tableName`, `connection.roleArn`.
    pub(super) key: String,
    /// The input's name for a person: `Table Name`.
    pub(super) label: String,
    pub(super) field: Field,
    pub(super) control: Control,
    /// The part of the form that shows the input.
    pub(super) part: Part,
}

/// The parts of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Where the call goes and who signs it.
    Place,
    /// What most events have.
    Main,
    /// How the answer comes back. It stands beside the button that runs the function.
    Answer,
    /// Everything else, folded.
    Other,
}

/// What the controls of a function's form depend on.
struct Form<'a> {
    definition: &'a Definition,
    /// The inputs that every function has.
    common: Vec<&'static str>,
}

/// The inputs of a function, in the order of its definition.
pub(super) fn of_function(definition: &Definition) -> Vec<Input> {
    let fields = (definition.event.fields)();
    let form = Form { definition, common: common_fields().iter().map(Field::name).collect() };
    inputs(&form, "", &fields)
}

impl Form<'_> {
    fn part(&self, field: &Field, control: &Control) -> Part {
        let is_required = field.required || !field.alternatives.is_empty();
        match field.name() {
            "connection" | "awsRegion" => Part::Place,
            "outputFormat" if self.definition.output_format.is_some() => Part::Answer,
            name if self.common.contains(&name) => Part::Other,
            _ if is_required => Part::Main,
            _ => match control {
                Control::Rows(Rows { types: Some(_), .. }) | Control::Value => Part::Main,
                Control::Text { .. } | Control::Rows(_) if field.example.is_some() => Part::Main,
                _ => Part::Other,
            },
        }
    }
}

/// The inputs of one structure. `prefix`: the path of the structure, with a dot at its end.
fn inputs(form: &Form<'_>, prefix: &str, fields: &[Field]) -> Vec<Input> {
    let input = |field: &Field| {
        let key = format!("{prefix}{}", field.name());
        let control = Control::of(form, &key, field, fields);
        Input { label: field.label(), part: form.part(field, &control), control, field: field.clone(), key }
    };
    let mut inputs: Vec<Input> = fields.iter().map(input).collect();
    // A row shows its type itself.
    let types: Vec<&str> = inputs
        .iter()
        .filter_map(|input| match input.control {
            Control::Rows(rows) => rows.types,
            _ => None,
        })
        .collect();
    inputs.retain(|input| !types.contains(&input.field.name()));
    inputs
}

/// All inputs, with those inside of structures.
pub(super) fn all(inputs: &[Input]) -> Vec<&Input> {
    let mut all = Vec::new();
    for input in inputs {
        all.push(input);
        if let Control::Inputs(inside) = &input.control {
            all.extend(self::all(inside));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use shared::catalog::{self, FUNCTIONS};

    use super::*;

    fn input(function: &str, key: &str) -> Input {
        let inputs = of_function(catalog::function(function).unwrap());
        inputs.into_iter().find(|input| input.key == key).unwrap_or_else(|| panic!("{function} has no input {key}"))
    }

    #[test]
    fn every_input_of_every_function_has_a_control_or_is_the_types_of_another() {
        for function in FUNCTIONS {
            let inputs = of_function(function);
            let types: Vec<&str> = all(&inputs)
                .into_iter()
                .filter_map(|input| match &input.control {
                    Control::Rows(rows) => rows.types,
                    _ => None,
                })
                .collect();
            for field in (function.event.fields)() {
                let has_control = inputs.iter().any(|input| input.key == field.name());
                assert!(has_control != types.contains(&field.name()), "{}: {}", function.name, field.name());
            }
        }
    }

    #[test]
    fn an_item_is_rows_with_a_type_beside_each_value() {
        let Control::Rows(rows) = input("create-item", "item").control else { panic!("no rows") };
        assert_eq!((rows.is_named, rows.is_typed, rows.types), (true, true, Some("itemTypes")));
        let Control::Rows(rows) = input("raw-request", "parameters").control else { panic!("no rows") };
        assert_eq!((rows.is_named, rows.is_typed, rows.types), (false, true, Some("parameterTypes")));
        // Its types are those of the attributes of every key, and not of the rows.
        let Control::Rows(rows) = input("batch-get-items", "keys").control else { panic!("no rows") };
        assert_eq!((rows.is_named, rows.types), (false, None));
        let Control::Rows(rows) = input("update-item", "remove").control else { panic!("no rows") };
        assert_eq!((rows.is_named, rows.is_typed, rows.types), (false, false, None));
        let Control::Rows(rows) = input("update-item", "expressionAttributeValues").control else { panic!("no rows") };
        assert_eq!(rows.types, Some("expressionAttributeValueTypes"));
    }

    #[test]
    fn a_connection_is_a_group_with_passwords() {
        let Control::Inputs(inside) = input("get-item", "connection").control else { panic!("no group") };
        let secrets: Vec<&str> = inside
            .iter()
            .filter(|input| matches!(input.control, Control::Secret))
            .map(|input| input.key.as_str())
            .collect();
        assert_eq!(secrets, ["connection.secretAccessKey", "connection.sessionToken", "connection.externalId"]);
        assert!(
            inside.iter().any(|input| matches!(input.control, Control::Words(_)) && input.key == "connection.type")
        );
    }

    #[test]
    fn a_table_and_a_region_are_picked_and_the_name_of_a_new_table_is_typed() {
        let source = |key| match input("get-item", key).control {
            Control::PickList(source) => source.name,
            other => panic!("{key}: {other:?}"),
        };
        assert_eq!((source("tableName"), source("awsRegion")), ("select-table", "select-region"));
        assert!(matches!(input("create-table", "tableName").control, Control::Text { .. }));
    }

    #[test]
    fn a_structure_of_structures_is_json() {
        assert!(matches!(input("create-table", "globalSecondaryIndexes").control, Control::Json));
        assert!(matches!(input("query-items", "queryParameters").control, Control::Json));
        assert!(matches!(input("create-table", "onDemandThroughput").control, Control::Inputs(_)));
    }
}
