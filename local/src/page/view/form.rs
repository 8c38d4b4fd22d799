//! A function's form.

use maud::{Markup, html};
use shared::catalog::Definition;

use super::{
    super::{
        form::{Entries, Problem},
        inputs::{Control, Input, Part},
        pick_list::PickLists,
        take_away::{TakeAway, Target},
    },
    control::{Fields, own},
    layout,
    outcome::Run,
    prose::{excerpt, prose},
    take_away,
};

/// Everything that a form's page shows.
pub(in crate::page) struct FormPage<'a> {
    pub(in crate::page) definition: &'a Definition,
    pub(in crate::page) inputs: &'a [Input],
    pub(in crate::page) entries: &'a Entries,
    pub(in crate::page) problems: &'a [Problem],
    pub(in crate::page) notes: &'a [String],
    pub(in crate::page) lists: &'a PickLists,
    pub(in crate::page) samples: &'a [String],
    pub(in crate::page) target: &'a Target,
    pub(in crate::page) run: Option<Run<'a>>,
    pub(in crate::page) texts: &'a [TakeAway],
}

impl FormPage<'_> {
    pub(in crate::page) fn markup(&self) -> Markup {
        let Definition { name, action, label, summary, .. } = self.definition;
        let main = html! {
            h1 { (label) }
            p.summary { (summary) ". " code { (name) } @if name != action { ", as an action " code { (action) } } }
            (self.samples())
            // The button comes first, because Enter in a field presses the first button of a form.
            form #form.inputs method="post" action={ "/functions/" (name) "#outcome" } autocomplete="off" {
                button.default name="page.do" value="run" tabindex="-1" aria-hidden="true" { "Run" }
                (self.fields())
            }
            div.results {
                section #outcome aria-label="Outcome" tabindex="-1" {
                    (self.problem_list())
                    @for note in self.notes { p.note { (prose(note)) } }
                    @if let Some(run) = &self.run { (run.markup()) }
                }
                @if !self.texts.is_empty() { (take_away::markup(self.texts)) }
            }
        };
        layout(&format!("{label} – DynamoDB functions"), Some(self.definition), "", &main)
    }

    fn samples(&self) -> Markup {
        let name = self.definition.name;
        html! {
            @if !self.samples.is_empty() {
                p.samples {
                    "Samples: "
                    @for sample in self.samples {
                        a href={ "/functions/" (name) "?sample=" (sample) } { (sample) } " "
                    }
                    a href={ "/functions/" (name) } { "empty form" }
                }
            }
        }
    }

    fn fields(&self) -> Markup {
        let fields = Fields { entries: self.entries, problems: self.problems, lists: self.lists };
        let is_shown = |input: &&Input| !matches!(input.control, Control::Ignored);
        let of = |part: Part| self.inputs.iter().filter(move |input| input.part == part).filter(is_shown);
        let others: Vec<&Input> = of(Part::Other).collect();
        let is_used = |input: &&Input| self.entries.has(&input.key) || fields.has_problem(&input.key);
        html! {
            @for input in of(Part::Place) {
                @if let Control::Inputs(_) = input.control { (fields.folded(input)) } @else { (fields.field(input)) }
            }
            @for input in of(Part::Main) { (fields.field(input)) }
            @if !others.is_empty() {
                details.others #other-inputs open[others.iter().any(is_used)] {
                    summary { "Other inputs (" (others.len()) ")" }
                    @for input in others { (fields.field(input)) }
                }
            }
            (self.target())
            (Self::paste(&fields))
            @for input in of(Part::Answer) { (fields.field(input)) }
            div.actions {
                button.primary name="page.do" value="run" { "Run" }
                button name="page.do" value="take-away" { "Take away" }
                button name="page.do" value="event" data-download { "Save the event" }
            }
            @if let Some(next) = self.run.as_ref().and_then(Run::next) {
                input type="hidden" name="page.next" value=(next.to_string());
            }
        }
    }

    /// Where the function runs that the commands call.
    fn target(&self) -> Markup {
        let Target { function, endpoint, url, .. } = self.target;
        html! {
            details.others #target {
                summary { "Where the commands call the function" }
                (own("page.function", "Function", function, "The function's name or ARN. The default is the function on this machine."))
                (own("page.endpoint", "Endpoint of Lambda's API", endpoint, "Leave it empty for AWS. The default is this machine."))
                (own("page.url", "Function URL", url, "If it is given, curl calls it."))
            }
        }
    }

    fn paste(fields: &Fields<'_>) -> Markup {
        html! {
            details.others open[fields.has_problem("page.paste")] {
                summary { "Fill the form from an event" }
                (fields.json("page.paste", "Event", "JSON. It replaces what is in the form. Secrets are not taken over."))
                button name="page.do" value="paste" { "Fill the form" }
            }
        }
    }

    /// All problems, each with a link to its field.
    fn problem_list(&self) -> Markup {
        let is_failure = self.run.as_ref().is_some_and(Run::has_failed);
        html! {
            // A failed run shows its error itself.
            @if !self.problems.is_empty() && !is_failure {
                div.problems role="alert" {
                    h2 { @if self.problems.len() == 1 { "One problem" } @else { (self.problems.len()) " problems" } }
                    ul {
                        @for problem in self.problems {
                            li {
                                @if problem.key.is_empty() { (prose(&problem.message)) } @else {
                                    a href={ "#" (problem.key) } { (problem.key) } ": " (prose(&problem.message))
                                }
                                @if let Some(position) = problem.position {
                                    (excerpt(self.entries.get(&problem.key), position))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
