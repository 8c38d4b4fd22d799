//! `--env NAME=VALUE`: variables of the functions' environment.

use clap::Args;
use local::Builder;

#[derive(Debug, Args)]
pub(super) struct Variables {
    /// Set a variable of the functions' environment; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse)]
    env: Vec<(String, String)>,
}

impl Variables {
    /// Adds the variables to the environment of all functions.
    pub(super) fn set(&self, builder: Builder) -> Builder {
        self.env.iter().fold(builder, |builder, (name, value)| builder.env(name, value))
    }
}

fn parse(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("give it as NAME=VALUE".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_variable_is_split_at_its_first_equals_sign() {
        assert_eq!(parse("A=b=c"), Ok(("A".to_owned(), "b=c".to_owned())));
        assert_eq!(parse("A="), Ok(("A".to_owned(), String::new())));
    }

    #[test]
    fn refuses_a_variable_without_a_name_or_a_value() {
        for text in ["", "A", "=b"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
