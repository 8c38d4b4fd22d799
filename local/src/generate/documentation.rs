//! The tables of the documentation.

use shared::{
    Field, Shape,
    catalog::{Definition, FUNCTIONS, common_fields},
    internals::envelope::status::{DOCUMENTED, Documented},
    operation::Resource,
};

/// The parts of `README.md`.
pub(super) fn readme() -> Vec<(String, String)> {
    let mut table = String::from("| function | action | what it does |\n|---|---|---|\n");
    for Definition { name, action, summary, .. } in FUNCTIONS {
        table.push_str(&format!("| `{name}` | [{action}](docs/inputs.md#{name}) | {summary}. |\n"));
    }
    vec![("functions".into(), table)]
}

/// The parts of `docs/inputs.md`.
pub(super) fn inputs() -> Vec<(String, String)> {
    let common = common_fields();
    let is_common = |field: &Field| common.iter().any(|known| known.name() == field.name());
    let of_function = FUNCTIONS.iter().map(|function| {
        let mut fields = (function.event.fields)();
        fields.retain(|field| !is_common(field));
        (format!("inputs {}", function.name), table(&fields))
    });
    std::iter::once(("inputs common".to_owned(), table(&common))).chain(of_function).collect()
}

/// The parts of `docs/deploy.md`.
pub(super) fn deploy() -> Vec<(String, String)> {
    let mut table = String::from("| function | on the tables | on `*` |\n|---|---|---|\n");
    for function in FUNCTIONS {
        let list = |wanted: fn(Resource) -> bool| {
            let mut names: Vec<String> = function
                .iam_actions()
                .into_iter()
                .filter(|action| wanted(action.resource))
                .map(|action| match action.resource {
                    Resource::TableOrIndex => format!("`dynamodb:{}` (indexes too)", action.name),
                    Resource::Any | Resource::Table => format!("`dynamodb:{}`", action.name),
                })
                .collect();
            names.sort_unstable();
            names.join(", ")
        };
        let tables = list(|resource| resource != Resource::Any);
        let any = list(|resource| resource == Resource::Any);
        table.push_str(&format!("| `{}` | {tables} | {any} |\n", function.name));
    }
    vec![("permissions".into(), table)]
}

/// The parts of `docs/callers.md`.
pub(super) fn callers() -> Vec<(String, String)> {
    let mut table = String::from("| status | meaning | `errorType` |\n|---|---|---|\n| 200 | The answer. | none |\n");
    for Documented { status, meaning, error_types, .. } in DOCUMENTED {
        let mut types: Vec<String> = error_types.iter().take(4).map(|name| format!("`{name}`")).collect();
        match (status, error_types.len() > 4) {
            (400, _) => types.push("and every code that is not below".into()),
            (_, true) => types.push("…".into()),
            (_, false) => {}
        }
        table.push_str(&format!("| {status} | {meaning} | {} |\n", types.join(", ")));
    }
    vec![("statuses".into(), table)]
}

fn table(fields: &[Field]) -> String {
    if fields.is_empty() {
        return "It has no inputs of its own.\n".to_owned();
    }
    let mut table = String::from("| input | type | left out | meaning |\n|---|---|---|---|\n");
    for field in fields {
        let aliases = field.names[1..].iter().map(|alias| format!(", also `{alias}`")).collect::<String>();
        let summary = field.summary.lines().map(str::trim).collect::<Vec<_>>().join(" ").replace('|', "\\|");
        let row = format!("| `{}`{aliases} | {} | {} | {summary} |\n", field.name(), kind(&field.shape), absent(field));
        table.push_str(&row);
    }
    table
}

/// What it means that an input is left out.
fn absent(field: &Field) -> String {
    match (&field.default, field.alternatives) {
        (Some(default), _) => format!("`{}`", default.as_str().map_or_else(|| default.to_string(), str::to_owned)),
        (None, [_, ..]) => {
            let others: Vec<String> = field.alternatives.iter().map(|name| format!("`{name}`")).collect();
            format!("required, or {}", others.join(" or "))
        }
        (None, []) if field.required => "required".to_owned(),
        (None, []) => String::new(),
    }
}

fn kind(shape: &Shape) -> String {
    match shape {
        Shape::Text | Shape::Verbatim => "text".to_owned(),
        Shape::Secret => "secret text".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Whole { least, most: i64::MAX } => format!("whole number from {least}"),
        Shape::Whole { least, most } => format!("whole number, {least} to {most}"),
        Shape::Words(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        Shape::Value => "value".to_owned(),
        Shape::List(element) => format!("list of {}", plural(element)),
        Shape::Collection(element) => format!("{} by name", plural(element)),
        Shape::Structure(_) | Shape::Document => "object".to_owned(),
        Shape::Types | Shape::Named("types", _) => "type".to_owned(),
        Shape::Named(name, _) => format!("[{name}]({name}s.md)"),
        Shape::OneOf(shapes) => shapes.iter().map(kind).collect::<Vec<_>>().join(", or "),
        Shape::Ignored => "anything".to_owned(),
    }
}

fn plural(element: &Shape) -> String {
    match element {
        Shape::Structure(fields) => {
            let fields = fields.iter().filter(|field| !matches!(field.shape, Shape::Ignored));
            let names: Vec<String> = fields.map(|field| format!("`{}`", field.name())).collect();
            format!("objects with {}", names.join(", "))
        }
        Shape::Text | Shape::Verbatim => "texts".to_owned(),
        other => format!("{}s", kind(other)),
    }
}
