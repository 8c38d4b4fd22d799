//! Every function through its real binary: events go in by Lambda's Runtime API, answers come back, and DynamoDB is an
//! engine of its own.
//!
//! The engine is the embedded one, or the one at `DYNAMODB_ENDPOINT_URL` (AWS's DynamoDB Local): the same tests run on
//! both. Every test has an access key id of its own, and so a database of its own.
//!
//! - `harness`: the functions, the engine, and what stands between them
//! - `actions`: each action's happy path, least input, refused input, service errors, both spellings
//! - `sources`: the pick-lists
//! - `bad_input`: what no action may be given
//! - `inputs`: what flows, forms and serializers really send
//! - `component`: flows of the component that the functions implement, and the page that compares them
//! - `conditions`: the item that made a condition fail
//! - `values`, `expressions`, `connections`: what all actions have in common
//! - `faults`: what goes wrong on the way; the largest payloads; a soak
//! - `reserved_words`: each of them, everywhere
//! - `values_page`: the examples of the page "Values"
//! - `identities`: roles and secrets, with every signature checked
//! - `leaks`: no secret in a log or an answer
//! - `start`: what a function does before its first event
//! - `tls`: which certificates it accepts
//! - `logs`: the line of each event, the metrics, the trace
//! - `many`: many events at once in one process
//! - `runtime_api`: a Runtime API that fails
//! - `ministack`: connections in an account that checks them (third-party suite only)
//! - `envelopes`: HTTP requests, queues, topics and buses
//! - `events`: every sample event, run
//! - `template`: what `template.yaml` lets each function do, against what it does
//! - `wiring`: binaries, template, events and README held against each other

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod actions;
mod bad_input;
mod component;
mod conditions;
mod connections;
mod envelopes;
mod events;
mod expressions;
mod faults;
mod generated;
mod harness;
mod identities;
mod inputs;
mod layers;
mod leaks;
mod logs;
mod many;
mod ministack;
mod reserved_words;
mod runtime_api;
mod safe_writes;
mod sources;
mod start;
mod template;
mod tls;
mod values;
mod values_page;
mod wiring;
