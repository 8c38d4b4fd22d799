//! What a table is: asks DynamoDB for everything that an update compares.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::{
    Input,
    description::{Recovery, Table, TimeToLive},
};
use crate::{
    actions::descriptions,
    dynamodb::{Calls, Reply},
    error::Error,
};

/// Everything that an update compares. What its inputs do not need is not asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Described {
    pub(super) table: Table,
    pub(super) time_to_live: TimeToLive,
    pub(super) recovery: Recovery,
    /// Tags by key.
    pub(super) tags: BTreeMap<String, String>,
}

impl Described {
    /// Asks for the table, and for the other descriptions that the inputs need. Also returns the table's reply: see
    /// [`Table::of`].
    pub(super) async fn ask(calls: &Calls, input: &Input) -> Result<(Self, Reply), Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct OfTimeToLive {
            time_to_live_description: TimeToLive,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct OfBackups {
            continuous_backups_description: Backups,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase", default)]
        #[derive(Default)]
        struct Backups {
            point_in_time_recovery_description: Recovery,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct OfTags {
            tags: Vec<Tag>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase", default)]
        #[derive(Default)]
        struct Tag {
            key: String,
            value: String,
        }

        let name = input.table_name.as_str();
        let (table, reply) = Table::ask(calls, name).await?;
        let mut described = Self { table, ..Self::default() };
        if input.time_to_live_attribute.is_some() {
            let of: OfTimeToLive = read(&descriptions::time_to_live(calls, name).await?)?;
            described.time_to_live = of.time_to_live_description;
        }
        if input.point_in_time_recovery.is_some() || input.recovery_period_in_days.is_some() {
            let of: OfBackups = read(&descriptions::continuous_backups(calls, name).await?)?;
            described.recovery = of.continuous_backups_description.point_in_time_recovery_description;
        }
        if input.tags.is_some() || input.remove_tags.is_some() {
            let of: OfTags = read(&descriptions::tags(calls, &described.table.arn).await?)?;
            described.tags = of.tags.into_iter().map(|Tag { key, value }| (key, value)).collect();
        }
        Ok((described, reply))
    }
}

fn read<T: DeserializeOwned>(reply: &Reply) -> Result<T, Error> {
    serde_json::from_slice(&reply.body).map_err(Error::broken_answer)
}

impl Table {
    /// Describes the table. The reply's body has the form of an `UpdateTable` answer.
    pub(super) async fn ask(calls: &Calls, table: &str) -> Result<(Self, Reply), Error> {
        #[derive(Deserialize)]
        struct Body<'a> {
            #[serde(borrow, rename = "Table")]
            table: &'a RawValue,
        }

        let reply = calls.describe_table(table).await?;
        let body: Body<'_> = serde_json::from_slice(&reply.body).map_err(Error::broken_answer)?;
        let body = format!(r#"{{"TableDescription":{}}}"#, body.table.get()).into_bytes();
        let reply = Reply { body, ..reply };
        Ok((Self::of(&reply)?, reply))
    }

    /// The table in the answer of an `UpdateTable`.
    pub(super) fn of(reply: &Reply) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Body {
            #[serde(rename = "TableDescription")]
            table: Table,
        }

        read(reply).map(|Body { table }| table)
    }
}

/// The state after a change, for the property tests.
#[cfg(test)]
impl Described {
    pub(super) fn set_on_demand(&mut self, on_demand: bool) {
        let mode = if on_demand { "PAY_PER_REQUEST" } else { "PROVISIONED" };
        mode.clone_into(&mut self.table.billing_mode_summary.billing_mode);
    }

    pub(super) fn set_class(&mut self, class: &str) {
        class.clone_into(&mut self.table.class_summary.table_class);
    }

    pub(super) fn set_time_to_live(&mut self, attribute: Option<&str>) {
        let status = if attribute.is_some() { "ENABLED" } else { "DISABLED" };
        status.clone_into(&mut self.time_to_live.time_to_live_status);
        attribute.unwrap_or_default().clone_into(&mut self.time_to_live.attribute_name);
    }

    pub(super) fn set_recovery(&mut self, enabled: bool, days: Option<i64>) {
        let status = if enabled { "ENABLED" } else { "DISABLED" };
        status.clone_into(&mut self.recovery.point_in_time_recovery_status);
        self.recovery.recovery_period_in_days = if enabled { days.unwrap_or(35) } else { 0 };
    }
}
