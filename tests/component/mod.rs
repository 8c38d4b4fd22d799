//! Flows of the "Amazon DynamoDB" integration component, as its platform sends them.
//!
//! - `forms`: each action's inputs, as the component declares them
//! - `flow`: a day's work by all ten actions and both sources, with both connections
//! - `page`: the forms and the functions' inputs against `docs/coming-from-the-component.md`

mod flow;
pub(crate) mod forms;
mod page;
