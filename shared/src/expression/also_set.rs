//! One more assignment in an update expression.

use super::{
    Kind,
    grammar::{Role, roles},
    tokenizer::tokenize,
};

/// The update that also makes `assignment` (`#a = :a`): in its `SET` clause, or in one of its own behind the others.
#[must_use]
pub fn also_set(update: Option<&str>, assignment: &str) -> String {
    let Some(update) = update else { return format!("SET {assignment}") };
    let tokens = tokenize(update);
    let roles = roles(Kind::Update, &tokens);
    let clause = tokens.iter().zip(roles).find(|(token, role)| *role == Some(Role::Keyword) && token.is("SET"));
    match clause {
        Some((set, _)) => format!("{} {assignment},{}", &update[..set.end()], &update[set.end()..]),
        None => format!("{update} SET {assignment}"),
    }
}

#[cfg(test)]
mod tests {
    use super::also_set;

    #[test]
    fn adds_an_assignment_where_assignments_stand() {
        for (update, expected) in [
            (None, "SET #v = :v"),
            (Some("SET a = :a"), "SET #v = :v, a = :a"),
            (Some("ADD set :x set a = :a"), "ADD set :x set #v = :v, a = :a"),
            (Some("REMOVE a, set"), "REMOVE a, set SET #v = :v"),
            (Some("ADD n :one"), "ADD n :one SET #v = :v"),
        ] {
            assert_eq!(also_set(update, "#v = :v"), expected);
        }
    }
}
