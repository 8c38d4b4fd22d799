//! The answer to a batch of writes.

use super::{
    Checked, EmptyValues, Source, TableInputs, TypeInputs, UnusedTypes,
    prepare::{Element, List, State, source},
    writing::Writing,
};
use crate::{
    answer::{
        Answer,
        batch::{Joined, write_elements},
    },
    dynamodb::batch::{Ended, can_go_on},
    error::Error,
    input::Collection,
    json::Json,
    value::Types,
};

/// The bytes reserved for what the answer holds besides the elements.
const FRAME: usize = 4_096;

/// Checks that the answer has room for all elements, which may all come back in it.
///
/// # Errors
/// Returns [`Error::InvalidInput`] with the size and the limit.
pub(super) fn check_room(
    tables: &[TableInputs],
    checked: &Checked,
    returns_elements: bool,
    most: usize,
) -> Result<(), Error> {
    let elements = checked.elements.iter().map(|element| match &element.state {
        State::Unprocessed => text_of(tables, element).len() + 1,
        State::Rejected(reason) => {
            let element = if returns_elements { text_of(tables, element).len() } else { 0 };
            2 * reason.len() + 80 + element
        }
        State::Done | State::Superseded => 0,
    });
    let types = tables.iter().map(|table| table.table_name.len() + 80 + types_text(table).len());
    let size = elements.sum::<usize>() + types.sum::<usize>() + FRAME;
    if size > most {
        return Err(Error::event(format!(
            "an answer that hands everything back would have {size} bytes, more than the {most} allowed; give fewer \
             elements, or raise `MAX_RESPONSE_BYTES`"
        )));
    }
    Ok(())
}

/// The answer: what was written, and what was not.
///
/// # Errors
/// Returns the error that ended the batch if nothing was written, or if the others cannot be written either.
pub(super) fn answer(
    writing: Writing<'_>,
    ended: Ended,
    is_list: bool,
    returns_elements: bool,
) -> Result<Answer, Error> {
    let elements = &writing.checked.elements;
    let count =
        |list, state: &State| elements.iter().filter(|element| element.list == list && element.state == *state).count();
    let (written, deleted) = (count(List::Put, &State::Done), count(List::Delete, &State::Done));
    let done = written + deleted;
    // If the only calls have an unknown outcome, so has the batch.
    let unknown = ended.no_answer.filter(|_| done == 0 && !ended.uncertain.is_empty());
    if let Some(error) = ended.error.or(unknown) {
        if done == 0 {
            return Err(error);
        }
        if !can_go_on(&error) {
            return Err(after_writes(error, done, elements.len()));
        }
    }
    let superseded = count(List::Put, &State::Superseded) + count(List::Delete, &State::Superseded);
    let mut joined = Joined::new(&writing.last());
    joined.member("Written", &written.to_string());
    joined.member("Deleted", &deleted.to_string());
    joined.member("Superseded", &superseded.to_string());
    let rejected: Vec<String> = elements
        .iter()
        .filter_map(|element| {
            let text = returns_elements.then(|| text_of(writing.tables, element));
            rejected(element, text, is_list)
        })
        .collect();
    joined.list("Rejected", rejected.iter().map(String::as_str));
    joined.member("Unprocessed", &unprocessed(writing.tables, elements, is_list));
    if let Some(collections) = writing.collections {
        let members = collections.into_iter().map(|(table, metrics)| (table, Json::Array(metrics)));
        joined.member("ItemCollectionMetrics", &Json::Object(members.collect()).to_string());
    }
    Ok(joined.finish(&writing.capacities))
}

/// `error`, with the number of writes that were made before it.
fn after_writes(error: Error, done: usize, all: usize) -> Error {
    let remark = format!(
        "; {done} of {all} writes were made before it; when the reason is gone, give the same event again: it repeats them \
         without harm"
    );
    match error {
        Error::Service(mut refusal) => {
            refusal.message.push_str(&remark);
            Error::Service(refusal)
        }
        Error::OutcomeUnknown(message) | Error::ConnectionFailed(message) => Error::OutcomeUnknown(message + &remark),
        other => other,
    }
}

/// `{"index", "list", "errorMessage"}` of a rejected element, its `request` if the event has several, and the `element`
/// itself if it is given.
fn rejected(element: &Element, text: Option<&str>, is_list: bool) -> Option<String> {
    let State::Rejected(reason) = &element.state else { return None };
    let request = if is_list { format!(r#""request":{},"#, element.table) } else { String::new() };
    let text = text.map_or_else(String::new, |text| format!(r#","element":{text}"#));
    Some(format!(
        r#"{{{request}"index":{},"list":"{}","errorMessage":{}{text}}}"#,
        element.index,
        element.list.name(),
        serde_json::Value::from(&**reason)
    ))
}

/// The unprocessed elements as they came: `{"put", "delete"}`, or a list of requests.
fn unprocessed(tables: &[TableInputs], elements: &[Element], is_list: bool) -> String {
    let lists = |table: usize| {
        let mut text = String::new();
        let mut any = false;
        for list in [List::Put, List::Delete] {
            let of_list = |element: &&Element| {
                element.table == table && element.list == list && element.state == State::Unprocessed
            };
            let texts: Vec<&str> = elements.iter().filter(of_list).map(|element| text_of(tables, element)).collect();
            any |= !texts.is_empty();
            text.extend([if text.is_empty() { "" } else { "," }, "\"", list.name(), "\":["]);
            write_elements(&mut text, texts.into_iter());
            text.push(']');
        }
        (text, any)
    };
    if !is_list {
        return format!("{{{}}}", lists(0).0);
    }
    let requests: Vec<String> = tables
        .iter()
        .enumerate()
        .filter_map(|(number, table)| {
            let (lists, any) = lists(number);
            let name = serde_json::Value::from(table.table_name.as_str());
            any.then(|| format!(r#"{{"tableName":{name},{lists}{}}}"#, types_text(table)))
        })
        .collect();
    format!("[{}]", requests.join(","))
}

/// The types of a request as members after others.
fn types_text(table: &TableInputs) -> String {
    let text = |name: &str, types: Option<&Collection<Types>>| {
        let Some(Collection(types)) = types else { return String::new() };
        let types = types.iter().map(|(name, types)| (name.clone(), types.to_json())).collect();
        format!(r#","{name}":{}"#, Json::Object(types))
    };
    let TypeInputs { item_types, empty_values, unused_types, key_types } = &table.types;
    let mut texts = text("itemTypes", item_types.as_ref()) + &text("keyTypes", key_types.as_ref());
    if let Some(EmptyValues::Omit) = empty_values {
        texts += r#","emptyValues":"omit""#;
    }
    if let Some(UnusedTypes::Allow) = unused_types {
        texts += r#","unusedTypes":"allow""#;
    }
    texts
}

/// An element as it came, as JSON text.
fn text_of<'t>(tables: &'t [TableInputs], element: &Element) -> &'t str {
    source(tables, element).map_or("null", Source::text)
}
