//! What the buttons of a form do.

use axum::{
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{Html, IntoResponse, Response},
};
use shared::{Json, catalog::Definition};

use super::{
    answer, form,
    form::{Entries, Problem},
    inputs::{self, Control, Input},
    outcome::Outcome,
    pick_list::PickLists,
    site::Site,
    take_away::{self, Target},
    view::{FormPage, Run},
};
use crate::json::pretty;

/// A form on its way from its entries to the page that answers them.
pub(super) struct Submission<'a> {
    site: &'a Site,
    definition: &'static Definition,
    inputs: Vec<Input>,
    entries: Entries,
    pub(super) problems: Vec<Problem>,
    /// Something that the user should know and that is no problem.
    notes: Vec<String>,
    run: Option<Outcome>,
    /// Whether to show what can be taken away.
    takes_away: bool,
}

impl<'a> Submission<'a> {
    pub(super) fn new(
        site: &'a Site,
        definition: &'static Definition,
        entries: Entries,
        mut problems: Vec<Problem>,
    ) -> Self {
        let inputs = inputs::of_function(definition);
        problems.extend(form::unknown(&inputs, &entries));
        Self { site, definition, inputs, entries, problems, notes: Vec::new(), run: None, takes_away: false }
    }

    /// Does what the pressed button says.
    pub(super) async fn answer(mut self) -> Response {
        let button = self.entries.get("page.do").to_owned();
        match button.split_once(' ').unwrap_or((&button, "")) {
            ("run", "") => self.run(false).await,
            ("next", "") => self.run(true).await,
            ("take-away", "") => {
                self.takes_away = true;
                self.checked().await
            }
            ("event", "") => self.event_file().await,
            ("add", key) => self.change(key, Self::add_row).await,
            ("json", key) => self.change(key, Self::as_json).await,
            ("rows", key) => self.change(key, Self::as_rows).await,
            ("lists", "") => self.page_unless_malformed().await,
            ("paste", "") => {
                self.paste();
                self.page_unless_malformed().await
            }
            _ => {
                self.problems.push(Problem::of_form("the form has no such button"));
                self.page_unless_malformed().await
            }
        }
    }

    /// The event of the form. Adds the problems of its entries.
    fn event(&mut self) -> Vec<(String, Json)> {
        form::read(&self.inputs, &self.entries, &mut self.problems)
    }

    async fn run(mut self, goes_on: bool) -> Response {
        let mut event = self.event();
        if goes_on {
            match Json::parse(self.entries.get("page.next")) {
                Ok(Json::Object(next)) => {
                    self.problems.extend(form::fill(&self.inputs, next.clone(), &mut self.entries));
                    event.retain(|(name, _)| next.iter().all(|(other, _)| other != name));
                    event.extend(next);
                }
                _ => self.problems.push(Problem::of_form("the form does not say where to go on")),
            }
        }
        if !self.problems.is_empty() {
            return self.page(StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        match Outcome::of(self.site, self.definition, &event).await {
            Ok(outcome) => self.run = Some(outcome),
            Err(message) => self.problems.push(Problem::of_form(message)),
        }
        let error = self.run.as_ref().and_then(|run| run.error.as_ref());
        if let Some(error) = error
            && let Some(key) = form::locate(&error.error_message, &self.inputs, &self.entries)
        {
            self.problems.push(Problem::new(&key, error.error_message.clone()));
        }
        self.takes_away = true;
        self.page(StatusCode::OK).await
    }

    /// The page, with all problems of the entries.
    async fn checked(mut self) -> Response {
        self.event();
        self.page_unless_malformed().await
    }

    async fn page_unless_malformed(self) -> Response {
        let status = if self.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        self.page(status).await
    }

    async fn event_file(mut self) -> Response {
        let event = self.event();
        if !self.problems.is_empty() {
            return self.page(StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        let text = take_away::event_file(&self.inputs, event) + "\n";
        let name = format!("attachment; filename=\"{}.json\"", self.definition.name);
        ([(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, name)], text).into_response()
    }

    /// Changes the rows of the input at `key`.
    async fn change(mut self, key: &str, change: fn(&mut Self, &str)) -> Response {
        let is_rows = |input: &&Input| input.key == key && matches!(input.control, Control::Rows(_));
        if inputs::all(&self.inputs).iter().any(is_rows) {
            change(&mut self, key);
        } else {
            self.problems.push(Problem::of_form("the form has no such rows"));
        }
        self.page_unless_malformed().await
    }

    fn add_row(&mut self, key: &str) {
        let next = form::row_numbers(&self.entries, key).last().map_or(1, |last| last + 1);
        // The view adds one row after these.
        self.entries.set(format!("{key}.{next}.value"), "");
    }

    fn as_json(&mut self, key: &str) {
        let (event, names) = self.members_of(key);
        if !self.problems.is_empty() {
            return;
        }
        self.entries.clear(key);
        self.entries.set(format!("{key}.mode"), "json");
        for (place, name) in ["json", "types"].into_iter().zip(names) {
            let member = event.iter().find(|(other, _)| Some(other.as_str()) == name);
            let text = member.map(|(_, value)| pretty(&value.to_string())).unwrap_or_default();
            self.entries.set(format!("{key}.{place}"), text);
        }
    }

    fn as_rows(&mut self, key: &str) {
        let (event, _) = self.members_of(key);
        if !self.problems.is_empty() {
            return;
        }
        if event.is_empty() {
            self.entries.clear(key);
            return;
        }
        self.problems.extend(form::fill(&self.inputs, event, &mut self.entries));
        if form::is_json(&self.entries, key) {
            let message = "this does not fit into rows: a type mirrors its value's shape, or a name has no value";
            self.problems.push(Problem::new(&format!("{key}.json"), message));
        }
    }

    /// The members of the event that the rows at `key` make, and the names of these members.
    fn members_of(&mut self, key: &str) -> (Vec<(String, Json)>, [Option<&'static str>; 2]) {
        let mut problems = Vec::new();
        let event = form::read(&self.inputs, &self.entries, &mut problems);
        self.problems.extend(problems.into_iter().filter(|problem| problem.key.starts_with(&format!("{key}."))));
        let names = self.inputs.iter().find(|input| input.key == key).map_or([None, None], |input| {
            let types = match &input.control {
                Control::Rows(rows) => rows.types,
                _ => None,
            };
            [Some(input.field.name()), types]
        });
        let event = event.into_iter().filter(|(name, _)| names.contains(&Some(name.as_str()))).collect();
        (event, names)
    }

    /// Fills the form from the event that the user pasted.
    fn paste(&mut self) {
        const PLACE: &str = "page.paste";
        let text = self.entries.get(PLACE).to_owned();
        match Json::parse(&text).map(|event| self.members(event)) {
            Ok(Some(event)) => {
                // Not the target, which is not a part of the event.
                let target = ["page.function", "page.endpoint", "page.url"];
                let kept = target.map(|name| (name, self.entries.get(name).to_owned()));
                self.entries = Entries::default();
                kept.into_iter()
                    .filter(|(_, text)| !text.is_empty())
                    .for_each(|(name, text)| self.entries.set(name, text));
                self.fill(event);
            }
            Ok(None) => self.problems.push(Problem::new(PLACE, "an event is an object")),
            Err(error) => self.problems.push(Problem::not_json(PLACE, &error)),
        }
        // What is not JSON may hold a secret, and a secret is never shown.
        let names: Vec<&str> = inputs::all(&self.inputs)
            .iter()
            .filter(|input| matches!(input.control, Control::Secret))
            .flat_map(|input| input.field.names)
            .copied()
            .collect();
        if names.iter().any(|name| text.contains(name)) {
            self.entries.set(PLACE, "");
        }
    }

    /// Fills the form from a sample event.
    pub(super) fn fill_from(&mut self, event: &str) {
        match Json::parse(event).map(|event| self.members(event)) {
            Ok(Some(event)) => self.fill(event),
            _ => self.problems.push(Problem::of_form("the sample is no event")),
        }
    }

    /// The members of an event. Some functions take a list for the event with one input.
    fn members(&self, event: Json) -> Option<Vec<(String, Json)>> {
        match (event, self.definition.event.list) {
            (Json::Object(members), _) => Some(members),
            (list @ Json::Array(_), Some(input)) => Some(vec![(input.to_owned(), list)]),
            _ => None,
        }
    }

    fn fill(&mut self, event: Vec<(String, Json)>) {
        for problem in form::fill(&self.inputs, event, &mut self.entries) {
            let is_secret = |input: &&Input| input.key == problem.key && matches!(input.control, Control::Secret);
            if inputs::all(&self.inputs).iter().any(is_secret) {
                self.notes.push(format!("`{}`: {}.", problem.key, problem.message));
            } else {
                self.problems.push(problem);
            }
        }
    }

    fn target(&self) -> Target {
        let local = self.site.target(self.definition);
        let is_sent = self.entries.names().any(|name| name == "page.endpoint");
        if !is_sent {
            return local;
        }
        let text = |name: &str| self.entries.get(name).trim().to_owned();
        let function = Some(text("page.function")).filter(|name| !name.is_empty()).unwrap_or(local.function);
        let endpoint = text("page.endpoint");
        Target { is_local: endpoint == local.endpoint, function, endpoint, url: text("page.url") }
    }

    /// The page that shows the form as it is now.
    pub(super) async fn page(self, status: StatusCode) -> Response {
        // Problems were told already.
        let event = form::read(&self.inputs, &self.entries, &mut Vec::new());
        let lists = PickLists::load(self.site, &self.inputs, &event).await;
        let target = self.target();
        let has_bad_entries = status == StatusCode::UNPROCESSABLE_ENTITY;
        let texts = if self.takes_away && !has_bad_entries {
            take_away::texts(self.definition, &self.inputs, event, &target)
        } else {
            Vec::new()
        };
        let run = self.run.as_ref().map(|outcome| Run {
            outcome,
            parts: outcome.answer.as_ref().map(|answer| answer::parts(self.definition, answer, outcome.format)),
        });
        let page = FormPage {
            definition: self.definition,
            inputs: &self.inputs,
            entries: &self.entries,
            problems: &self.problems,
            notes: &self.notes,
            lists: &lists,
            samples: &self.site.samples(self.definition),
            target: &target,
            run,
            texts: &texts,
        };
        (status, Html(page.markup().into_string())).into_response()
    }
}
