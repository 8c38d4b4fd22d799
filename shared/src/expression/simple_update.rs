//! An update without an expression: changes by path.
//!
//! | input | does | becomes |
//! |---|---|---|
//! | `set` | writes a value | `SET #a = :a` |
//! | `append` | adds elements at a list's end, and makes the list where there is none | `SET #a = list_append(if_not_exists(#a, :empty), :a)` |
//! | `remove` | removes an attribute or an element | `REMOVE #a` |
//! | `add` | adds to a number, or elements to a set | `ADD #a :a` |
//! | `deleteFromSet` | removes elements from a set | `DELETE #a :a` |
//!
//! DynamoDB checks what a path may be used for and that no two overlap:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html>.

use super::{
    DocumentPath, Placeholders,
    limits::{LARGEST_EXPRESSION, MOST_SEGMENTS},
    problem::Problem,
};
use crate::{
    error::{Error, shorten},
    path::Path,
};

/// An update by path. Each path is written as a [`DocumentPath`].
#[derive(Debug, Clone)]
pub struct SimpleUpdate<V> {
    /// Values to write.
    pub set: Vec<(String, V)>,
    /// What to remove.
    pub remove: Vec<String>,
    /// Numbers or sets to add.
    pub add: Vec<(String, V)>,
    /// Sets of the elements to remove from sets.
    pub delete_from_set: Vec<(String, V)>,
    /// Lists of the elements to append to lists.
    pub append: Vec<(String, V)>,
}

impl<V> Default for SimpleUpdate<V> {
    fn default() -> Self {
        Self { set: Vec::new(), remove: Vec::new(), add: Vec::new(), delete_from_set: Vec::new(), append: Vec::new() }
    }
}

/// The most bytes of all paths together for which placeholders are named after attributes. Above, they are numbered, so that
/// about 240 attributes of any length fit into an expression.
const READABLE: usize = 1_200;

impl<V> SimpleUpdate<V> {
    /// Whether this would change nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths().next().is_none()
    }

    /// The update expression. Its names and values are added to `placeholders`.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if a path cannot be read (at `set.<path>`, `remove[0]`), if there is nothing to do, and if the
    /// expression is larger than DynamoDB's 4 KB.
    pub fn into_expression(
        self,
        placeholders: &mut Placeholders<V>,
        empty_list: impl FnOnce() -> V,
    ) -> Result<String, Error> {
        if self.is_empty() {
            return Err(Error::event(
                "nothing to update: give `updateExpression`, or at least one of `set`, `remove`, `add`, \
                 `deleteFromSet`, `append`; give a `conditionExpression` to only check the item and make sure that it is there",
            ));
        }
        check_path_count(self.paths().count())?;
        let is_readable = self.paths().map(str::len).sum::<usize>() <= READABLE;
        let mut writer = Writer { placeholders, is_readable };
        let mut set = writer.assign("set", self.set, |path, value| format!("{path} = {value}"))?;
        if !self.append.is_empty() {
            let empty = writer.placeholders.value("empty", empty_list());
            let append =
                |path: &str, value: &str| format!("{path} = list_append(if_not_exists({path}, {empty}), {value})");
            set.extend(writer.assign("append", self.append, append)?);
        }
        let input = Path::Input("remove");
        let remove: Vec<String> = self
            .remove
            .iter()
            .enumerate()
            .map(|(place, path)| {
                let parsed = parse(&input.element(place), path)?;
                Ok(writer.path(&parsed))
            })
            .collect::<Result<_, Error>>()?;
        let pair = |path: &str, value: &str| format!("{path} {value}");
        let add = writer.assign("add", self.add, pair)?;
        let delete = writer.assign("deleteFromSet", self.delete_from_set, pair)?;
        let clauses: Vec<String> = [("SET", set), ("REMOVE", remove), ("ADD", add), ("DELETE", delete)]
            .into_iter()
            .filter(|(_, actions)| !actions.is_empty())
            .map(|(keyword, actions)| format!("{keyword} {}", actions.join(", ")))
            .collect();
        let expression = clauses.join(" ");
        if expression.len() > LARGEST_EXPRESSION {
            return Err(Error::event(Problem::UpdateTooLong(expression.len()).to_string()));
        }
        Ok(expression)
    }

    fn paths(&self) -> impl Iterator<Item = &str> {
        [&self.set, &self.add, &self.delete_from_set, &self.append]
            .into_iter()
            .flatten()
            .map(|(path, _)| path)
            .chain(&self.remove)
            .map(String::as_str)
    }
}

/// Checks that an expression has room for this many paths.
pub(super) fn check_path_count(count: usize) -> Result<(), Error> {
    if count > MOST_SEGMENTS {
        return Err(Error::event(Problem::TooManyPaths(count).to_string()));
    }
    Ok(())
}

struct Writer<'p, V> {
    placeholders: &'p mut Placeholders<V>,
    is_readable: bool,
}

impl<V> Writer<'_, V> {
    /// The actions for the paths and values of one input.
    fn assign(
        &mut self,
        input: &str,
        values: Vec<(String, V)>,
        action: impl Fn(&str, &str) -> String,
    ) -> Result<Vec<String>, Error> {
        let input = Path::Input(input);
        let mut actions = Vec::with_capacity(values.len());
        for (path, value) in values {
            let parsed = parse(&input.member(&shorten(&path)), &path)?;
            let target = self.path(&parsed);
            let hint = if self.is_readable { parsed.last_name() } else { "v" };
            let value = self.placeholders.value(hint, value);
            actions.push(action(&target, &value));
        }
        Ok(actions)
    }

    fn path(&mut self, path: &DocumentPath) -> String {
        path.write(|name| {
            let hint = if self.is_readable { name } else { "n" };
            self.placeholders.name_like(name, hint)
        })
    }
}

fn parse(place: &Path<'_>, text: &str) -> Result<DocumentPath, Error> {
    DocumentPath::parse(text).map_err(|error| Problem::NotAPath(shorten(text), error).at(place))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::expression::Kind;

    fn values<'v>(values: &[(&str, &'v str)]) -> Vec<(String, &'v str)> {
        values.iter().map(|(path, value)| ((*path).to_owned(), *value)).collect()
    }

    /// The expression with its names and values.
    fn express(update: SimpleUpdate<&str>) -> (String, BTreeMap<String, String>, BTreeMap<String, &str>) {
        let mut placeholders = Placeholders::new(vec![], vec![]).unwrap();
        let text = update.into_expression(&mut placeholders, || "[]").unwrap();
        let sent = placeholders.finish().unwrap();
        let (names, values) = (sent.names.unwrap_or_default(), sent.values.unwrap_or_default());
        (text, names.into_iter().collect(), values.into_iter().collect())
    }

    fn error_of(update: SimpleUpdate<&str>) -> String {
        let mut placeholders = Placeholders::new(vec![], vec![]).unwrap();
        update.into_expression(&mut placeholders, || "[]").unwrap_err().to_string()
    }

    #[test]
    fn writes_all_five_inputs_as_one_expression() {
        let (text, names, values) = express(SimpleUpdate {
            set: values(&[("Name", "Ann"), ("address.zip", "1"), ("scores[2].value", "7")]),
            remove: vec!["old".to_owned(), "list[0]".to_owned()],
            add: values(&[("count", "1")]),
            delete_from_set: values(&[("tags", "x")]),
            append: values(&[("log", "[a]"), ("address.log", "[b]")]),
        });
        assert_eq!(
            text,
            "SET #Name = :Name, #address.#zip = :zip, #scores[2].#value = :value, \
             #log = list_append(if_not_exists(#log, :empty), :log), \
             #address.#log = list_append(if_not_exists(#address.#log, :empty), :log_1) \
             REMOVE #old, #list[0] ADD #count :count DELETE #tags :tags"
        );
        assert!(names.iter().all(|(placeholder, attribute)| *placeholder == format!("#{attribute}")));
        assert_eq!(names.len(), 10);
        assert_eq!(values[":value"], "7");
        assert_eq!((values[":empty"], values[":log"], values[":log_1"]), ("[]", "[a]", "[b]"));
    }

    #[test]
    fn takes_an_attribute_of_any_name() {
        for name in ["Status", "first-name", "first name", "2nd", "_id", "größe", "日本", "$x", "#a", ":b", "and", "\""]
        {
            let (text, names, values) =
                express(SimpleUpdate { set: vec![(name.to_owned(), "v")], ..SimpleUpdate::default() });
            let ([(name_sent, attribute)], [(value_sent, _)]) = (
                names.iter().collect::<Vec<_>>()[..].try_into().unwrap(),
                values.iter().collect::<Vec<_>>()[..].try_into().unwrap(),
            );
            assert_eq!((text, attribute.as_str()), (format!("SET {name_sent} = {value_sent}"), name));
            assert!(
                Placeholders::new(vec![(name_sent.clone(), String::new())], vec![(value_sent.clone(), ())]).is_ok()
            );
        }
    }

    #[test]
    fn keeps_clear_of_the_callers_placeholders() {
        let given = ("#Name".to_owned(), "other".to_owned());
        let mut placeholders = Placeholders::new(vec![given], vec![(":Name".to_owned(), "x")]).unwrap();
        let update = SimpleUpdate { set: values(&[("Name", "Ann")]), ..SimpleUpdate::default() };
        let text = update.into_expression(&mut placeholders, || "[]").unwrap();
        assert_eq!(text, "SET #Name_1 = :Name_1");
        let condition = placeholders.rewrite("conditionExpression", Kind::Condition, "Name = :Name OR #Name = :Name");
        assert_eq!(condition.unwrap(), "#Name_1 = :Name OR #Name = :Name");
        assert!(placeholders.finish().is_ok());
    }

    #[test]
    fn a_form_of_many_fields_fits_into_an_expression() {
        let paths: Vec<String> = (0..230).map(|field| format!("a_field_with_quite_a_long_name_{field}")).collect();
        let (text, names, values) = express(SimpleUpdate {
            set: paths.into_iter().map(|path| (path, "v")).collect(),
            ..SimpleUpdate::default()
        });
        assert!(text.starts_with("SET #n = :v, #n_1 = :v_1, "), "{text}");
        assert!(text.len() <= 4_096, "{}", text.len());
        assert_eq!((names.len(), values.len()), (230, 230));
    }

    #[test]
    fn rejects_an_update_that_does_not_fit_into_an_expression() {
        let set = |count: usize| SimpleUpdate {
            set: (0..count).map(|field| (format!("field_{field}"), "v")).collect(),
            ..SimpleUpdate::default()
        };
        let error = error_of(set(400));
        assert!(error.starts_with("the update expression would have "), "{error}");
        assert!(error.ends_with("bytes; DynamoDB takes 4096 bytes (4 KB); make several updates"), "{error}");
        assert!(error_of(set(300_000)).starts_with("300000 paths; an update expression has 4096 bytes"));
        let deep = SimpleUpdate { remove: vec![vec!["a"; 1_300].join("."); 2], ..SimpleUpdate::default() };
        assert!(error_of(deep).starts_with("the update expression would have "));
        let long = SimpleUpdate { remove: vec!["a".repeat(6_000_000)], ..SimpleUpdate::default() };
        assert_eq!(express(long).0, "REMOVE #n");
    }

    #[test]
    fn says_which_path_is_wrong() {
        let update = SimpleUpdate { set: values(&[("a", "1"), ("a..b", "2")]), ..SimpleUpdate::default() };
        let error = error_of(update);
        assert!(error.starts_with("`set.a..b`: `a..b` is not a path: a name is empty; "), "{error}");
        let update = SimpleUpdate { remove: vec!["a".to_owned(), "b[x]".to_owned()], ..SimpleUpdate::default() };
        let error = error_of(update);
        assert!(error.starts_with("`remove[1]`: `b[x]` is not a path: `[x]` is not "), "{error}");
        let update = SimpleUpdate { delete_from_set: values(&[("", "1")]), ..SimpleUpdate::default() };
        assert!(error_of(update).starts_with("`deleteFromSet.`: `` is not a path: "));
    }

    #[test]
    fn rejects_an_update_of_nothing() {
        let error = error_of(SimpleUpdate::default());
        assert!(error.starts_with("nothing to update: "), "{error}");
    }
}
