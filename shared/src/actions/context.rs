//! What an action works with besides its own inputs: the inputs that every action has, and one invocation's calls.

use std::{sync::Arc, time::Instant};

use crate::{
    connection::{Clients, Connection, Region},
    dynamodb::Calls,
    error::Error,
    input::{Field, FromInputs, Inputs},
    inputs,
    keys::Schemas,
    value::Format,
};

inputs! {
    /// The inputs that every action has.
    pub struct CommonInputs {
        /// The identity that signs. Left out: the function's own execution role.
        pub connection: Connection = ["connection", "awsConnection"],
        /// The DynamoDB region. Left out: the function's `AWS_REGION`.
        pub region: Option<Region> = ["awsRegion", "region"] { example: "eu-central-1" },
        /// How the event's values are written: `plain` JSON, typed by the rules for values, or `typed`, DynamoDB's own JSON.
        pub input_format: Option<Format> = ["inputFormat"] { default: "plain" },
        /// How items come back: as `plain` JSON or as `typed`, DynamoDB's own JSON.
        pub output_format: Option<Format> = ["outputFormat"],
        /// Whether this event's calls, refusals, waits and renewals are logged at DEBUG, whatever the log level is.
        pub debug: Option<bool> = ["debug"] { default: false },
    }
}

/// An event for an action with the inputs `I`.
#[derive(Debug)]
pub struct Event<I> {
    /// The inputs that every action has.
    pub common: CommonInputs,
    /// The action's own.
    pub input: I,
}

impl<I: FromInputs> FromInputs for Event<I> {
    fn fields(fields: &mut Vec<Field>) {
        I::fields(fields);
        CommonInputs::fields(fields);
    }

    fn names(names: &mut Vec<&'static [&'static str]>) {
        I::names(names);
        CommonInputs::names(names);
    }

    fn read(inputs: &mut Inputs<'_>) -> Result<Self, Error> {
        Ok(Self { common: CommonInputs::read(inputs)?, input: I::read(inputs)? })
    }
}

/// What an invocation may take and give.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The most bytes that the answer may have.
    pub answer_bytes: usize,
    /// When the answer must be there.
    pub deadline: Option<Instant>,
    /// X-Ray's name of the trace that the invocation belongs to, as Lambda gives it.
    pub trace_id: Option<String>,
    /// What a repetition of the event has too: the id of the message, notification or bus event that it is, else of the
    /// invocation.
    pub id: String,
}

/// What an action works with, besides its own inputs.
#[derive(Debug)]
pub struct Context {
    /// The invocation's calls.
    pub calls: Calls,
    /// The key schemas that the process has seen.
    pub schemas: Arc<Schemas>,
    /// How the event's values are written.
    pub input_format: Format,
    /// The most bytes that the answer may have.
    pub answer_bytes: usize,
    /// What a repetition of the event has too: see [`Limits::id`].
    pub id: String,
    connection: &'static str,
    output_format: Option<Format>,
}

impl Context {
    /// One invocation.
    ///
    /// # Errors
    /// As [`Clients::get`].
    pub fn new(
        common: &CommonInputs,
        clients: &Clients,
        schemas: Arc<Schemas>,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let client = clients.get(&common.connection, common.region.as_ref())?;
        Ok(Self {
            calls: Calls::new(client, limits.trace_id.as_deref(), limits.deadline),
            schemas,
            input_format: common.input_format.unwrap_or(Format::Plain),
            answer_bytes: limits.answer_bytes,
            id: limits.id.clone(),
            connection: common.connection.kind(),
            output_format: common.output_format,
        })
    }

    /// DynamoDB, to build requests with.
    #[must_use]
    pub fn dynamodb(&self) -> &aws_sdk_dynamodb::Client {
        self.calls.dynamodb()
    }

    /// The kind of connection.
    #[must_use]
    pub fn connection(&self) -> &'static str {
        self.connection
    }

    /// How items are written in the answer.
    #[must_use]
    pub fn output_format(&self, default: Format) -> Format {
        self.output_format.unwrap_or(default)
    }
}
