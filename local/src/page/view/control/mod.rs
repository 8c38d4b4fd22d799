//! The controls of a form.

mod rows;

use maud::{Markup, html};
use serde_json::Value;
use shared::{Field, Shape, catalog::Definition};

use super::{
    super::{
        form::{self, Entries, Kind, Problem},
        inputs::{Control, Input},
        pick_list::{Choice, PickLists},
    },
    prose::prose,
};

use self::rows::rows;

/// What the fields of a form show.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) entries: &'a Entries,
    pub(super) problems: &'a [Problem],
    pub(super) lists: &'a PickLists,
}

impl Fields<'_> {
    /// The first problem of the entry.
    pub(super) fn problem(&self, key: &str) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.key == key)
    }

    /// Whether the input or a part of it has a problem.
    pub(super) fn has_problem(&self, key: &str) -> bool {
        let is_below =
            |other: &str| other.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.problems.iter().any(|problem| is_below(&problem.key))
    }

    /// The text below a control that says what is wrong.
    pub(super) fn problem_text(&self, key: &str) -> Markup {
        html! {
            @if let Some(problem) = self.problem(key) {
                p.problem id={ (key) "-problem" } { (prose(&problem.message)) }
            }
        }
    }

    /// The value of `aria-describedby`: the problem first, then the help.
    fn described(&self, key: &str, has_help: bool) -> Option<String> {
        let problem = self.problem(key).map(|_| format!("{key}-problem"));
        let help = has_help.then(|| format!("{key}-help"));
        let texts: Vec<String> = problem.into_iter().chain(help).collect();
        (!texts.is_empty()).then(|| texts.join(" "))
    }

    fn invalid(&self, key: &str) -> Option<&'static str> {
        self.problem(key).map(|_| "true")
    }

    /// A control with its label, its help and its problem.
    pub(super) fn field(&self, input: &Input) -> Markup {
        let key = &input.key;
        match &input.control {
            Control::Rows(of) => rows(self, input, *of),
            Control::Ignored => html! {},
            Control::Inputs(inside) => html! {
                fieldset id=(key) tabindex="-1" {
                    legend { (input.label) (required(&input.field)) }
                    (help(key, &input.field))
                    (self.problem_text(key))
                    @for input in inside { (self.field(input)) }
                }
            },
            _ => html! {
                div.field {
                    label for=(key) { (input.label) (required(&input.field)) }
                    (self.control(input))
                    (self.problem_text(key))
                    (help(key, &input.field))
                }
            },
        }
    }

    /// A structure that is folded until something is in it.
    pub(super) fn folded(&self, input: &Input) -> Markup {
        let Control::Inputs(inside) = &input.control else { return self.field(input) };
        let key = &input.key;
        let is_used = self.entries.has(key) || self.has_problem(key);
        html! {
            details.others id=(key) open[is_used] {
                summary { (input.label) @if !is_used { span.hint { " left out" } } }
                (help(key, &input.field))
                (self.problem_text(key))
                @for input in inside { (self.field(input)) }
                button name="page.do" value="lists" { "Load the pick-lists with it" }
            }
        }
    }

    /// A JSON editor.
    pub(super) fn json(&self, key: &str, label: &str, help: &str) -> Markup {
        html! {
            div.field {
                label for=(key) { (label) }
                (self.editor(key, !help.is_empty()))
                (self.problem_text(key))
                @if !help.is_empty() { p.help id={ (key) "-help" } { (help) } }
            }
        }
    }

    fn editor(&self, key: &str, has_help: bool) -> Markup {
        let position = self.problem(key).and_then(|problem| problem.position);
        html! {
            textarea.json id=(key) name=(key) rows="5" spellcheck="false" aria-invalid=[self.invalid(key)]
                aria-describedby=[self.described(key, has_help)]
                data-line=[position.map(|(line, _)| line)] data-column=[position.map(|(_, column)| column)] {
                (lines(self.entries.get(key)))
            }
        }
    }

    fn control(&self, input: &Input) -> Markup {
        let Input { key, field, control, .. } = input;
        let text = self.entries.get(key);
        let described = self.described(key, has_help(field));
        let invalid = self.invalid(key);
        match control {
            Control::Text { is_long } if *is_long || text.contains('\n') => html! {
                textarea id=(key) name=(key) rows="2" spellcheck="false" aria-invalid=[invalid] aria-describedby=[described] {
                    (lines(text))
                }
            },
            Control::Text { .. } => html! {
                input id=(key) name=(key) value=(text) spellcheck="false" aria-invalid=[invalid] aria-describedby=[described];
            },
            Control::Number => html! {
                input id=(key) name=(key) value=(text) inputmode="numeric" aria-invalid=[invalid] aria-describedby=[described];
            },
            // The text of a secret is never sent back.
            Control::Secret => html! {
                input id=(key) name=(key) type="password" autocomplete="new-password" aria-invalid=[invalid]
                    aria-describedby=[described];
            },
            Control::Words(words) => {
                let choices: Vec<(&str, &str)> = words.iter().map(|word| (*word, *word)).collect();
                self.select(input, &choices)
            }
            Control::Boolean => self.select(input, &[("true", "Yes"), ("false", "No")]),
            Control::PickList(source) => self.pick_list(input, source),
            Control::Value => html! {
                div.value {
                    textarea id=(key) name=(key) rows="1" spellcheck="false" aria-invalid=[invalid]
                        aria-describedby=[described] { (lines(text)) }
                    (self.kind(&format!("{key}.type"), false, &format!("Type of {}", input.label)))
                }
                (self.problem_text(&format!("{key}.type")))
            },
            Control::Json | Control::Rows(_) | Control::Inputs(_) | Control::Ignored => {
                self.editor(key, has_help(field))
            }
        }
    }

    /// A choice. What was typed and is no choice is kept.
    fn select(&self, input: &Input, choices: &[(&str, &str)]) -> Markup {
        let Input { key, field, .. } = input;
        let given = self.entries.get(key);
        let is_known = given.is_empty() || choices.iter().any(|(choice, _)| choice.eq_ignore_ascii_case(given));
        html! {
            select id=(key) name=(key) aria-invalid=[self.invalid(key)]
                aria-describedby=[self.described(key, has_help(field))] {
                option value="" { (left_out(field)) }
                @for (choice, label) in choices {
                    option value=(choice) selected[choice.eq_ignore_ascii_case(given)] { (label) }
                }
                @if !is_known { option value=(given) selected { (given) } }
            }
        }
    }

    fn pick_list(&self, input: &Input, source: &Definition) -> Markup {
        let Input { key, field, label, .. } = input;
        let given = form::picked(self.entries, key);
        let none: &[Choice] = &[];
        let (choices, fault) = match self.lists.of(source) {
            Some(Ok(choices)) => (choices.as_slice(), None),
            Some(Err(fault)) => (none, Some(fault)),
            None => (none, None),
        };
        let is_known = choices.iter().any(|choice| choice.key == given);
        let other = if is_known { "" } else { given };
        html! {
            div.pick {
                select id=(key) name=(key) data-list=(source.name) data-reloads[source.has_connection()] aria-invalid=[self.invalid(key)]
                    aria-describedby=[self.described(key, has_help(field))] {
                    option value="" { (left_out(field)) }
                    @for Choice { key, label } in choices {
                        option value=(key) selected[key == given] { (label) @if !label.contains(key.as_str()) { " · " (key) } }
                    }
                }
                input id={ (key) ".other" } name={ (key) ".other" } value=(other) spellcheck="false"
                    placeholder="or another" aria-label={ (label) ", not in the list" };
            }
            @if let Some(fault) = fault { p.problem { "The list cannot be loaded. " (prose(fault)) } }
            @else if choices.is_empty() { p.help { "The list is empty." } }
        }
    }

    /// The type beside a value.
    pub(super) fn kind(&self, key: &str, with_types: bool, label: &str) -> Markup {
        let given = self.entries.get(key);
        let known = Kind::of_code(given);
        html! {
            select.kind id=(key) name=(key) aria-label=(label) aria-invalid=[self.invalid(key)] {
                @for kind in Kind::offered(with_types) {
                    option value=(kind.code()) selected[known == Some(*kind)] { (kind.label()) }
                }
                @if known.is_none_or(|kind| !Kind::offered(with_types).contains(&kind)) {
                    option value=(given) selected { (given) }
                }
            }
        }
    }
}

/// A text of the page's own.
pub(super) fn own(key: &str, label: &str, text: &str, help: &str) -> Markup {
    html! {
        div.field {
            label for=(key) { (label) }
            input id=(key) name=(key) value=(text) aria-describedby={ (key) "-help" } spellcheck="false";
            p.help id={ (key) "-help" } { (help) }
        }
    }
}

/// The text of a text area. A browser drops the first line break.
pub(super) fn lines(text: &str) -> Markup {
    html! { "\n" (text) }
}

pub(super) fn required(field: &Field) -> Markup {
    html! {
        @if field.required { span.required { " required" } }
        @else if !field.alternatives.is_empty() {
            span.required { " required, or " (field.alternatives.join(" or ")) }
        }
    }
}

/// What a choice of nothing means.
fn left_out(field: &Field) -> String {
    let default = field.default.as_ref().map(plain);
    match default.as_deref() {
        Some("true") => "left out (yes)".to_owned(),
        Some("false") => "left out (no)".to_owned(),
        Some(default) => format!("left out ({default})"),
        None if field.required => "choose one".to_owned(),
        None => "left out".to_owned(),
    }
}

/// A value of the catalog: a text without its quotes, and the start of a long value.
fn plain(value: &Value) -> String {
    const LONGEST: usize = 120;
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn has_help(field: &Field) -> bool {
    !field.summary.trim().is_empty()
}

/// The meaning of an input, its default and an example.
pub(super) fn help(key: &str, field: &Field) -> Markup {
    let summary = field.summary.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let is_chosen = matches!(field.shape, Shape::Boolean | Shape::Words(_));
    let default = field.default.as_ref().filter(|_| !is_chosen);
    html! {
        @if has_help(field) {
            p.help id={ (key) "-help" } {
                (prose(summary.trim()))
                @if let Some(default) = default { " Left out: " code { (plain(default)) } "." }
                @if let Some(example) = &field.example { " Example: " code { (plain(example)) } }
            }
        }
    }
}
