//! The members of DynamoDB's descriptions that an update compares.

use serde::Deserialize;

/// The description of a table.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Table {
    #[serde(rename = "TableArn")]
    pub(super) arn: String,
    #[serde(rename = "TableStatus")]
    pub(super) status: String,
    pub(super) attribute_definitions: Vec<Attribute>,
    pub(super) key_schema: Vec<KeyElement>,
    pub(super) billing_mode_summary: BillingModeSummary,
    pub(super) provisioned_throughput: Throughput,
    pub(super) on_demand_throughput: OnDemand,
    pub(super) warm_throughput: Warm,
    pub(super) local_secondary_indexes: Vec<LocalIndex>,
    pub(super) global_secondary_indexes: Vec<Index>,
    pub(super) stream_specification: Stream,
    #[serde(rename = "SSEDescription")]
    pub(super) sse_description: Sse,
    #[serde(rename = "TableClassSummary")]
    pub(super) class_summary: TableClassSummary,
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
pub(super) struct BillingModeSummary {
    pub(super) billing_mode: String,
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
    #[serde(rename = "IndexName")]
    pub(super) name: String,
    pub(super) key_schema: Vec<KeyElement>,
}

/// A global secondary index.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Index {
    #[serde(rename = "IndexName")]
    pub(super) name: String,
    #[serde(rename = "IndexStatus")]
    pub(super) status: String,
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
pub(super) struct TableClassSummary {
    pub(super) table_class: String,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct TimeToLive {
    pub(super) time_to_live_status: String,
    pub(super) attribute_name: String,
}

/// Point-in-time recovery.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Recovery {
    pub(super) point_in_time_recovery_status: String,
    pub(super) recovery_period_in_days: i64,
}

impl Table {
    pub(super) fn is_on_demand(&self) -> bool {
        self.billing_mode_summary.billing_mode == "PAY_PER_REQUEST"
    }

    pub(super) fn class(&self) -> &str {
        match self.class_summary.table_class.as_str() {
            "" => "STANDARD",
            class => class,
        }
    }

    /// The index of this name. `None` for an index that is being deleted.
    pub(super) fn index(&self, name: &str) -> Option<&Index> {
        self.global_secondary_indexes.iter().find(|index| index.name == name && !index.is_going())
    }

    /// Whether the table is being created or changed.
    pub(super) fn is_changing(&self) -> bool {
        matches!(self.status.as_str(), "CREATING" | "UPDATING" | "DELETING")
    }

    /// Whether an index is being created, changed or deleted. The table itself is active while an index is filled.
    pub(super) fn has_changing_index(&self) -> bool {
        self.global_secondary_indexes.iter().any(|index| !matches!(index.status.as_str(), "" | "ACTIVE"))
    }

    /// Whether all changes have come to their end.
    pub(super) fn is_settled(&self) -> bool {
        let is_encrypting = matches!(self.sse_description.status.as_str(), "ENABLING" | "DISABLING" | "UPDATING");
        !self.is_changing() && !self.has_changing_index() && !is_encrypting
    }
}

impl Index {
    fn is_going(&self) -> bool {
        self.status == "DELETING"
    }

    /// Whether the index is being filled with the table's items. Only then can an index be deleted before it is active.
    pub(super) fn is_being_filled(&self) -> bool {
        self.status == "CREATING" && self.backfilling
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
