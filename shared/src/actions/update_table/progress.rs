//! An update under way: makes the changes of a plan, each once the table takes it.

use super::{
    Input,
    described::Described,
    description::Table,
    plan::{Change, plan},
    request,
};
use crate::{
    actions::waiting::Pauses,
    dynamodb::{Calls, Reply},
    error::{Error, code},
};

/// An update under way.
pub(super) struct Update<'a> {
    calls: &'a Calls,
    /// The table's name or ARN.
    name: &'a str,
    /// The table as it was last described.
    table: Table,
    /// The reply with that description.
    pub(super) reply: Reply,
    /// The attempts and waits of the requests for changes.
    pub(super) sent: Reply,
}

impl<'a> Update<'a> {
    pub(super) fn new(calls: &'a Calls, name: &'a str, table: Table, reply: Reply) -> Self {
        Self { calls, name, table, reply, sent: Reply::default() }
    }

    /// The changes to make. Waits while the table is being changed and there is something to change: what the table is
    /// then decides.
    pub(super) async fn planned(&mut self, mut described: Described, input: &Input) -> Result<Vec<Change>, Error> {
        let mut pauses = Pauses::default();
        loop {
            let changes = plan(&described, input)?;
            let can_start = changes.first().is_none_or(|first| first.can_start(&self.table));
            if can_start && !(self.table.is_changing() && changes.iter().any(Change::is_of_table)) {
                return Ok(changes);
            }
            pauses.next().await;
            self.describe().await?;
            described.table.clone_from(&self.table);
        }
    }

    /// Makes a change. Waits until the table takes it.
    pub(super) async fn make(&mut self, change: &Change) -> Result<(), Error> {
        /// `DescribeTable` is eventually consistent: for some seconds, it may say that a table takes a change while it
        /// does not.
        const REFUSALS: u32 = 8;

        let mut refusals = 0;
        let mut pauses = Pauses::default();
        loop {
            self.wait(|table| change.can_start(table)).await?;
            match request::send(self.calls, self.name, &self.table.arn, &change.kind).await {
                Ok(reply) => return self.note(change, reply),
                Err(error) if refusals < REFUSALS && is_busy(&error, change) => {
                    // Backups of a new table are prepared for longer than some seconds, and nothing else says so.
                    refusals += u32::from(!error.is_refusal(code::CONTINUOUS_BACKUPS_UNAVAILABLE));
                    pauses.next().await;
                    self.describe().await?;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Remembers the reply to a change.
    fn note(&mut self, change: &Change, reply: Reply) -> Result<(), Error> {
        let attempts = Reply { attempts: reply.attempts, waited: reply.waited, ..Reply::default() };
        self.sent = attempts.after(&self.sent);
        if change.is_of_table() {
            self.table = Table::of(&reply)?;
            self.reply =
                Reply { status: reply.status, request_id: reply.request_id, body: reply.body, ..Reply::default() };
        }
        Ok(())
    }

    /// Describes the table until it is `ready`.
    pub(super) async fn wait(&mut self, ready: impl Fn(&Table) -> bool) -> Result<(), Error> {
        let mut pauses = Pauses::default();
        while !ready(&self.table) {
            pauses.next().await;
            self.describe().await?;
        }
        Ok(())
    }

    async fn describe(&mut self) -> Result<(), Error> {
        (self.table, self.reply) = Table::ask(self.calls, self.name).await?;
        Ok(())
    }
}

/// Whether DynamoDB refused the change because of another one that is under way.
fn is_busy(error: &Error, change: &Change) -> bool {
    error.is_refusal(code::RESOURCE_IN_USE)
        || error.is_refusal(code::CONTINUOUS_BACKUPS_UNAVAILABLE)
        || (change.is_of_index() && error.is_refusal(code::LIMIT_EXCEEDED))
}
