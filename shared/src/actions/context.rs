//! What an action works with besides its own inputs: the inputs that every action has, and the calls of one invocation.

use std::{sync::Arc, time::Instant};

use crate::{
    connection::{Clients, Connection, Region},
    dynamodb::Calls,
    error::Error,
    input::{Field, FromInputs, Ignored, Inputs},
    inputs,
    keys::Schemas,
    value::Format,
};

inputs! {
    /// The inputs that every action has.
    pub struct CommonInputs {
        /// The identity that signs the calls. If it is left out, the function's own execution role signs.
        pub connection: Connection = ["connection", "awsConnection"],
        /// The DynamoDB region. If it is left out, the function's `AWS_REGION` is used.
        pub region: Option<Region> = ["awsRegion", "region"] { example: "eu-central-1", source: "selectRegion" },
        /// The format of the event's values: `plain` JSON, which the rules for values type, or `typed`, DynamoDB's own
        /// JSON.
        pub input_format: Option<Format> = ["inputFormat"] { default: "plain" },
        /// The format of returned items: `plain` JSON or `typed`, DynamoDB's own JSON.
        pub output_format: Option<Format> = ["outputFormat"],
        /// Whether the function logs this event's calls, refusals, waits and renewals at DEBUG, independently of the
        /// log level.
        pub debug: Option<bool> = ["debug"] { default: false },
    }
}

inputs! {
    #[expect(dead_code, reason = "read so that the names are known, and ignored")]
    /// The inputs that every form sends, of a function that makes no calls. They are ignored.
    pub struct UnusedInputs {
        /// An input that every form sends. It is accepted and not read.
        connection: Option<Ignored> = ["connection", "awsConnection"],
        /// An input that every form sends. It is accepted and not read.
        region: Option<Ignored> = ["awsRegion", "region"],
        /// An input that every form sends. It is accepted and not read.
        input_format: Option<Ignored> = ["inputFormat"],
        /// An input that every form sends. It is accepted and not read.
        output_format: Option<Ignored> = ["outputFormat"],
        /// An input that every form sends. It is accepted and not read, because there are no calls to log.
        debug: Option<Ignored> = ["debug"],
    }
}

/// An event for an action with the inputs `I`.
#[derive(Debug)]
pub struct Event<I> {
    /// The inputs that every action has.
    pub common: CommonInputs,
    /// The inputs of this action.
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

    fn texts(names: &mut Vec<&'static str>) {
        I::texts(names);
        CommonInputs::texts(names);
    }

    fn read(inputs: &mut Inputs<'_>) -> Result<Self, Error> {
        Ok(Self { common: CommonInputs::read(inputs)?, input: I::read(inputs)? })
    }
}

/// The limits of one invocation.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The largest answer, in bytes.
    pub answer_bytes: usize,
    /// The time by which the answer must be ready.
    pub deadline: Option<Instant>,
    /// The X-Ray trace header of the invocation, as Lambda gives it.
    pub trace_id: Option<String>,
    /// An id that stays the same when the event is sent again: the id of the message, notification or bus event. For
    /// other events, the id of the invocation.
    pub id: String,
}

/// What an action works with besides its own inputs.
#[derive(Debug)]
pub struct Context {
    /// The calls of this invocation.
    pub calls: Calls,
    /// The key schemas that this process has looked up.
    pub schemas: Arc<Schemas>,
    /// The format of the event's values.
    pub input_format: Format,
    /// The largest answer, in bytes.
    pub answer_bytes: usize,
    /// An id that stays the same when the event is sent again: see [`Limits::id`].
    pub id: String,
    connection: &'static str,
    output_format: Option<Format>,
}

impl Context {
    /// The context of one invocation.
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

    /// The DynamoDB client, to build requests with.
    #[must_use]
    pub fn dynamodb(&self) -> &aws_sdk_dynamodb::Client {
        self.calls.dynamodb()
    }

    /// The kind of connection, for a log line.
    #[must_use]
    pub fn connection(&self) -> &'static str {
        self.connection
    }

    /// The format of the items in the answer.
    #[must_use]
    pub fn output_format(&self, default: Format) -> Format {
        self.output_format.unwrap_or(default)
    }
}
