//! Tests every function through its real binary. Events arrive through Lambda's Runtime API, and a local engine takes
//! DynamoDB's place.
//!
//! The engine is the embedded one, or the one at `DYNAMODB_ENDPOINT_URL` (AWS's DynamoDB Local). The same tests run on
//! both. Every test has its own access key ID, and so its own database.
//!
//! - `harness`: the functions, the engine, and the proxy between them
//! - `actions`: each action's success, required inputs, rejected inputs, service errors and spellings
//! - `sources`: the pick-lists
//! - `bad_input`: payloads that no action accepts
//! - `inputs`: inputs as flows, forms and serializers send them
//! - `component`: flows of the component that the functions implement, and the page that compares them
//! - `conditions`: the item that made a condition fail
//! - `values`, `expressions`, `connections`: behaviour that all actions share
//! - `faults`: failing connections and answers, the largest payloads, a soak test
//! - `reserved_words`: every reserved word, in every position
//! - `values_page`: the examples of the page "Values"
//! - `identities`: roles and secrets, with every signature checked
//! - `leaks`: no log or answer contains a secret
//! - `start`: the work of a function before its first event
//! - `tls`: the certificates that a function accepts
//! - `logs`: the line of each event, the metrics, the trace header
//! - `load_and_export`: files into tables and tables into files
//! - `many`: concurrent events in one process
//! - `runtime_api`: a Runtime API that fails
//! - `ministack`: connections in an account that checks them (third-party suite only)
//! - `page`: the page to try the functions on
//! - `envelopes`: HTTP requests, queues, topics and buses
//! - `events`: every sample event
//! - `agent_tools`: what agents are offered
//! - `editor`: the schemas that an editor uses, and the events that `check` checks
//! - `openapi`: the description of the functions behind HTTP
//! - `manifest`: the sample events, built from `schemas/manifest.json`
//! - `pipe`: the pipe in `template.yaml`
//! - `template`: the permissions in `template.yaml`, compared with the calls of each function
//! - `wiring`: binaries, template, events and README name the same functions

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod actions;
mod agent_tools;
mod bad_input;
mod component;
mod conditions;
mod connections;
mod editor;
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
mod load_and_export;
mod logs;
mod manifest;
mod many;
mod ministack;
mod openapi;
mod page;
mod pipe;
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
