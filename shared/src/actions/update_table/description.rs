//! What a table is: the members of DynamoDB's descriptions that an update compares.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::Input;
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

/// The description of a table.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Table {
    pub(super) table_arn: String,
    pub(super) table_status: String,
    pub(super) attribute_definitions: Vec<Attribute>,
    pub(super) key_schema: Vec<KeyElement>,
    billing_mode_summary: BillingModeSummary,
    pub(super) provisioned_throughput: Throughput,
    pub(super) on_demand_throughput: OnDemand,
    pub(super) warm_throughput: Warm,
    pub(super) local_secondary_indexes: Vec<LocalIndex>,
    pub(super) global_secondary_indexes: Vec<Index>,
    pub(super) stream_specification: Stream,
    #[serde(rename = "SSEDescription")]
    pub(super) sse_description: Sse,
    table_class_summary: TableClassSummary,
    pub(super) deletion_protection_enabled: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Attribute {
    pub(super) attribute_name: String,
    pub(super) attribute_type: String,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct KeyElement {
    pub(super) attribute_name: String,
    pub(super) key_type: String,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct BillingModeSummary {
    billing_mode: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Throughput {
    pub(super) read_capacity_units: i64,
    pub(super) write_capacity_units: i64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct OnDemand {
    pub(super) max_read_request_units: Option<i64>,
    pub(super) max_write_request_units: Option<i64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Warm {
    pub(super) read_units_per_second: Option<i64>,
    pub(super) write_units_per_second: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct LocalIndex {
    pub(super) index_name: String,
    pub(super) key_schema: Vec<KeyElement>,
}

/// A global secondary index.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Index {
    pub(super) index_name: String,
    pub(super) index_status: String,
    pub(super) backfilling: bool,
    pub(super) key_schema: Vec<KeyElement>,
    pub(super) projection: Projection,
    pub(super) provisioned_throughput: Throughput,
    pub(super) on_demand_throughput: OnDemand,
    pub(super) warm_throughput: Warm,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Projection {
    pub(super) projection_type: Option<String>,
    pub(super) non_key_attributes: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Stream {
    pub(super) stream_enabled: bool,
    pub(super) stream_view_type: String,
}

/// The encryption at rest. Without it, AWS owns the key.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Sse {
    #[serde(rename = "Status")]
    pub(super) status: String,
    #[serde(rename = "SSEType")]
    pub(super) kind: String,
    #[serde(rename = "KMSMasterKeyArn")]
    pub(super) key: String,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct TableClassSummary {
    table_class: String,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct TimeToLive {
    time_to_live_status: String,
    attribute_name: String,
}

/// Point-in-time recovery.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Recovery {
    point_in_time_recovery_status: String,
    pub(super) recovery_period_in_days: i64,
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
            let of: OfTags = read(&descriptions::tags(calls, &described.table.table_arn).await?)?;
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

    pub(super) fn is_on_demand(&self) -> bool {
        self.billing_mode_summary.billing_mode == "PAY_PER_REQUEST"
    }

    pub(super) fn class(&self) -> &str {
        match self.table_class_summary.table_class.as_str() {
            "" => "STANDARD",
            class => class,
        }
    }

    /// The index of this name. `None` for an index that is being deleted.
    pub(super) fn index(&self, name: &str) -> Option<&Index> {
        self.global_secondary_indexes.iter().find(|index| index.index_name == name && !index.is_going())
    }

    /// Whether the table is being created or changed.
    pub(super) fn is_changing(&self) -> bool {
        matches!(self.table_status.as_str(), "CREATING" | "UPDATING" | "DELETING")
    }

    /// Whether an index is being created, changed or deleted. The table itself is active while an index is filled.
    pub(super) fn has_changing_index(&self) -> bool {
        self.global_secondary_indexes.iter().any(|index| !matches!(index.index_status.as_str(), "" | "ACTIVE"))
    }

    /// Whether all changes have come to their end.
    pub(super) fn is_settled(&self) -> bool {
        let is_encrypting = matches!(self.sse_description.status.as_str(), "ENABLING" | "DISABLING" | "UPDATING");
        !self.is_changing() && !self.has_changing_index() && !is_encrypting
    }
}

impl Index {
    fn is_going(&self) -> bool {
        self.index_status == "DELETING"
    }

    /// Whether the index is being filled with the table's items. Only then can an index be deleted before it is active.
    pub(super) fn is_being_filled(&self) -> bool {
        self.index_status == "CREATING" && self.backfilling
    }

    /// Whether the other index has the same key and holds the same attributes.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let keys = |index: &Self, part: &str| -> Vec<String> {
            let of_part = index.key_schema.iter().filter(|element| element.key_type == part);
            of_part.map(|element| element.attribute_name.clone()).collect()
        };
        let attributes = |index: &Self| {
            let mut names = index.projection.non_key_attributes.clone();
            names.sort_unstable();
            names
        };
        ["HASH", "RANGE"].iter().all(|part| keys(self, part) == keys(other, part))
            && self.projection.projection_type == other.projection.projection_type
            && attributes(self) == attributes(other)
    }
}

impl Sse {
    /// Whether a key in AWS KMS encrypts the table.
    pub(super) fn is_enabled(&self) -> bool {
        matches!(self.status.as_str(), "ENABLED" | "ENABLING" | "UPDATING")
    }

    /// Whether the table's key has this id or ARN.
    pub(super) fn has_key(&self, key: &str) -> bool {
        self.key == key || self.key.rsplit_once('/').is_some_and(|(_, id)| id == key)
    }
}

impl TimeToLive {
    /// The attribute with the time at which an item expires. `None` if the time to live is off or going off.
    pub(super) fn attribute(&self) -> Option<&str> {
        matches!(self.time_to_live_status.as_str(), "ENABLED" | "ENABLING").then_some(self.attribute_name.as_str())
    }
}

impl Recovery {
    pub(super) fn is_enabled(&self) -> bool {
        self.point_in_time_recovery_status == "ENABLED"
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
        class.clone_into(&mut self.table.table_class_summary.table_class);
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
