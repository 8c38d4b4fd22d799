//! What the page shows of an answer: its tables, its figures, and how it goes on.

use shared::{Format, Json, catalog::Definition};

/// The most rows of a table that are shown.
const ROWS: usize = 200;
/// The most columns of a table that are shown.
const COLUMNS: usize = 40;

/// A part of an answer as a table.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub(super) title: String,
    pub(super) columns: Vec<&'a str>,
    /// A cell for each column. `None` if the row has no such attribute.
    pub(super) rows: Vec<Vec<Option<Cell<'a>>>>,
    /// How many rows and columns the answer has.
    pub(super) size: (usize, usize),
}

/// A value in a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'a> {
    pub(super) value: &'a Json,
    /// DynamoDB's type, if the answer is typed.
    pub(super) code: Option<&'a str>,
}

/// An answer in parts.
#[derive(Debug, Default)]
pub(super) struct Parts<'a> {
    pub(super) tables: Vec<Table<'a>>,
    /// Pairs of a label and a value.
    pub(super) figures: Vec<(String, String)>,
    /// The inputs with which the function goes on after this answer.
    pub(super) next: Option<Json>,
}

/// The member of an object.
pub(super) fn member<'a>(json: &'a Json, name: &str) -> Option<&'a Json> {
    match json {
        Json::Object(members) => members.iter().find_map(|(other, value)| (other == name).then_some(value)),
        _ => None,
    }
}

/// The parts of an answer. `format`: the format of its items.
pub(super) fn parts<'a>(definition: &Definition, answer: &'a Json, format: Format) -> Parts<'a> {
    let mut parts = Parts::default();
    let data = member(answer, "data").unwrap_or(answer);
    let result = member(data, "result");
    let root = result.filter(|result| matches!(result, Json::Object(_))).unwrap_or(data);
    let Json::Object(members) = root else {
        parts.tables.extend(table("Answer", root, false));
        return parts;
    };
    if let Some(metadata) = member(root, "$metadata") {
        for (name, label) in
            [("attempts", "Attempts"), ("totalRetryDelay", "Waited, in ms"), ("requestId", "Request ID")]
        {
            parts.figures.extend(member(metadata, name).map(|value| (label.to_owned(), scalar(value))));
        }
    }
    if let Some(consumed) = member(root, "ConsumedCapacity") {
        parts.figures.insert(0, ("Capacity units".to_owned(), capacity(consumed)));
    }
    if result.is_some()
        && let Some(found) = member(data, "found")
    {
        parts.figures.push(("Found".to_owned(), scalar(found)));
    }
    for (name, value) in members.iter().filter(|(name, _)| !["$metadata", "ConsumedCapacity"].contains(&name.as_str()))
    {
        let is_typed = format == Format::Typed || name.ends_with("Key");
        match table(name, value, is_typed) {
            Some(table) => parts.tables.push(table),
            None => parts.figures.push((name.clone(), scalar(value))),
        }
    }
    parts.next = next(definition, root);
    parts
}

/// Where the function goes on. The first that both the answer and the function know.
fn next(definition: &Definition, root: &Json) -> Option<Json> {
    let fields = (definition.event.fields)();
    [
        ("NextToken", "nextToken"),
        ("LastEvaluatedKey", "exclusiveStartKey"),
        ("LastEvaluatedTableName", "exclusiveStartTableName"),
    ]
    .into_iter()
    .filter(|(_, input)| fields.iter().any(|field| field.name() == *input))
    .find_map(|(name, input)| {
        let value = member(root, name).filter(|value| **value != Json::Null)?;
        Some(Json::Object(vec![(input.to_owned(), value.clone())]))
    })
}

/// A list or an object as a table. `None` for anything else.
fn table<'a>(title: &str, value: &'a Json, is_typed: bool) -> Option<Table<'a>> {
    let title = title.to_owned();
    match value {
        Json::Array(elements) => {
            let mut columns: Vec<&str> = Vec::new();
            for element in elements {
                match element {
                    Json::Object(members) => {
                        let new = members.iter().map(|(name, _)| name.as_str());
                        for name in new {
                            if !columns.contains(&name) && columns.len() <= 4 * COLUMNS {
                                columns.push(name);
                            }
                        }
                    }
                    _ if !columns.contains(&"") => columns.insert(0, ""),
                    _ => {}
                }
            }
            let size = (elements.len(), columns.len());
            columns.truncate(COLUMNS);
            let row = |element: &'a Json| {
                let cell = |column: &&str| match element {
                    Json::Object(_) => member(element, column).map(|value| cell(value, is_typed)),
                    scalar => column.is_empty().then_some(cell(scalar, is_typed)),
                };
                columns.iter().map(cell).collect()
            };
            let rows = elements.iter().take(ROWS).map(row).collect();
            Some(Table { title, columns, rows, size })
        }
        Json::Object(members) => {
            let columns: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).take(COLUMNS).collect();
            let row = members.iter().take(COLUMNS).map(|(_, value)| Some(cell(value, is_typed))).collect();
            Some(Table { title, columns, rows: vec![row], size: (1, members.len()) })
        }
        _ => None,
    }
}

fn cell(value: &Json, is_typed: bool) -> Cell<'_> {
    const CODES: [&str; 10] = ["S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"];
    if is_typed
        && let Json::Object(members) = value
        && let [(code, inside)] = &members[..]
        && CODES.contains(&code.as_str())
    {
        return Cell { value: inside, code: Some(code) };
    }
    Cell { value, code: None }
}

/// The value as a person reads it.
pub(super) fn scalar(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The consumed capacity: of one table, or of several.
fn capacity(consumed: &Json) -> String {
    let of_table = |table: &Json| member(table, "CapacityUnits").map(scalar).unwrap_or_default();
    match consumed {
        Json::Array(tables) => {
            let named =
                |table| format!("{} {}", member(table, "TableName").map(scalar).unwrap_or_default(), of_table(table));
            tables.iter().map(named).collect::<Vec<_>>().join(", ")
        }
        table => of_table(table),
    }
}

#[cfg(test)]
mod tests {
    use shared::catalog;

    use super::*;

    #[test]
    fn an_answer_has_its_items_its_figures_and_its_next_page() {
        let answer = Json::parse(
            r#"{"data":{"$metadata":{"httpStatusCode":200,"requestId":"R","attempts":2,"totalRetryDelay":7},
                "Items":[{"id":"a","n":1},{"id":"b","m":{"x":1}}],"Count":2,
                "ConsumedCapacity":{"TableName":"T","CapacityUnits":0.5},"LastEvaluatedKey":{"id":{"S":"b"}}}}"#,
        )
        .unwrap();
        let parts = parts(catalog::function("query-items").unwrap(), &answer, Format::Plain);
        assert_eq!(parts.tables[0].columns, ["id", "n", "m"]);
        assert_eq!(parts.tables[0].rows.len(), 2);
        assert!(parts.tables[0].rows[1][1].is_none());
        assert_eq!(parts.tables[1].rows[0][0].unwrap().code, Some("S"));
        let figures: Vec<String> = parts.figures.iter().map(|(label, value)| format!("{label} {value}")).collect();
        assert_eq!(figures, ["Capacity units 0.5", "Attempts 2", "Waited, in ms 7", "Request ID R", "Count 2"]);
        assert_eq!(parts.next.unwrap().to_string(), r#"{"exclusiveStartKey":{"id":{"S":"b"}}}"#);
    }

    #[test]
    fn a_large_answer_is_cut_in_its_tables() {
        let items = (0..500).map(|number| format!(r#"{{"a{number}":1}}"#)).collect::<Vec<_>>().join(",");
        let answer = Json::parse(&format!(r#"{{"data":{{"Items":[{items}]}}}}"#)).unwrap();
        let parts = parts(catalog::function("query-items").unwrap(), &answer, Format::Plain);
        let table = &parts.tables[0];
        assert_eq!((table.rows.len(), table.columns.len()), (ROWS, COLUMNS));
        assert_eq!(table.size.0, 500);
    }
}
