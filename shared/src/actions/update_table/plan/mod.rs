//! The plan of an update: from what a table is and what it should be, the changes that lead there. It is pure.
//!
//! Each change is one request. DynamoDB takes one index to create or delete in a request, and refuses several kinds of
//! changes together, so each kind is a change of its own. Settings that take effect at once come first. The indexes to
//! delete come before the capacity, and those to create come last, because they can take hours.
//!
//! - `capacity`: the changes of the billing mode and of throughputs
//! - `indexes`: global secondary indexes to create, delete and change
//! - `throughput`: what the inputs ask for, and whether a table has it

mod capacity;
mod indexes;
#[cfg(test)]
mod properties;
mod throughput;

use std::collections::BTreeMap;

use self::indexes::Indexes;
use super::{
    Input, TimeToLiveInput,
    described::Described,
    description::{Attribute, Index, OnDemand, Table, Throughput, Warm},
};
use crate::{
    actions::table_settings::{SseKind, StreamView, TableClass},
    error::Error,
    json::Json,
    path::Path,
};

/// A change that one request makes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    /// The inputs that ask for it.
    pub(super) inputs: Vec<&'static str>,
    pub(super) kind: Kind,
}

/// What a change does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    DeletionProtection(bool),
    /// Removes the tags with these keys.
    Untag(Vec<String>),
    /// Adds or replaces these tags.
    Tag(BTreeMap<String, String>),
    Recovery {
        enabled: bool,
        days: Option<i64>,
    },
    TimeToLive {
        attribute: String,
        enabled: bool,
    },
    DeleteIndex(String),
    PayPerRequest,
    /// The provisioned throughput of the table and of indexes by name.
    Provisioned {
        changes_mode: bool,
        table: Option<Throughput>,
        indexes: Vec<(String, Throughput)>,
    },
    /// The maximum on-demand throughput of the table and of indexes by name.
    OnDemand {
        table: Option<OnDemand>,
        indexes: Vec<(String, OnDemand)>,
    },
    /// The warm throughput of the table.
    Warm(Warm),
    /// The warm throughput of an index.
    WarmIndex(String, Warm),
    /// Switches the stream off.
    StreamOff,
    /// Switches the stream on.
    Stream(StreamView),
    Sse {
        enabled: bool,
        kind: Option<SseKind>,
        key: Option<String>,
    },
    TableClass(TableClass),
    CreateIndex {
        index: Index,
        /// The definitions of the attributes in its key.
        attributes: Vec<Attribute>,
    },
}

impl Change {
    fn of(inputs: &[&'static str], kind: Kind) -> Self {
        Self { inputs: inputs.to_vec(), kind }
    }

    /// Whether an `UpdateTable` makes the change. Such a change takes an active table.
    pub(super) fn is_of_table(&self) -> bool {
        !matches!(self.kind, Kind::Untag(_) | Kind::Tag(_) | Kind::Recovery { .. } | Kind::TimeToLive { .. })
    }

    /// Whether DynamoDB takes the change while the table is in this state.
    pub(super) fn can_start(&self, table: &Table) -> bool {
        match &self.kind {
            _ if !self.is_of_table() => !matches!(table.status.as_str(), "CREATING" | "DELETING"),
            Kind::DeleteIndex(name) if table.index(name).is_some_and(Index::is_being_filled) => true,
            Kind::DeleteIndex(_) | Kind::CreateIndex { .. } => !table.is_changing() && !table.has_changing_index(),
            _ => !table.is_changing(),
        }
    }

    /// Whether the change creates or deletes an index. DynamoDB makes only one such change at a time.
    pub(super) fn is_of_index(&self) -> bool {
        matches!(self.kind, Kind::DeleteIndex(_) | Kind::CreateIndex { .. })
    }
}

/// The changes that lead from what is to what the inputs ask for, in order. Empty if it is so already.
///
/// # Errors
/// Returns [`Error::InvalidInput`] if the inputs contradict each other or the table.
pub(super) fn plan(is: &Described, input: &Input) -> Result<Vec<Change>, Error> {
    let indexes = Indexes::compare(&is.table, input)?;
    let mut changes = Vec::new();
    changes.extend(deletion_protection(&is.table, input));
    changes.extend(tags(is, input)?);
    changes.extend(recovery(is, input)?);
    changes.extend(time_to_live(is, input)?);
    changes.extend(indexes.deletions());
    changes.extend(capacity::billing(&is.table, input, &indexes)?);
    changes.extend(capacity::on_demand(&is.table, input, &indexes)?);
    changes.extend(capacity::warm(&is.table, input, &indexes));
    changes.extend(stream(&is.table, input)?);
    changes.extend(sse(&is.table, input)?);
    changes.extend(table_class(&is.table, input));
    changes.extend(indexes.creations(&is.table, input)?);
    Ok(changes)
}

fn deletion_protection(is: &Table, input: &Input) -> Option<Change> {
    let wanted = input.deletion_protection_enabled?;
    (wanted != is.deletion_protection_enabled)
        .then(|| Change::of(&["deletionProtectionEnabled"], Kind::DeletionProtection(wanted)))
}

fn tags(is: &Described, input: &Input) -> Result<Vec<Change>, Error> {
    let wanted = input.tags.as_ref().map_or(&[][..], |tags| &tags.0);
    let unwanted = input.remove_tags.as_ref().map_or(&[][..], |keys| &keys.0);
    if let Some(at) = unwanted.iter().position(|key| wanted.iter().any(|(wanted, _)| *wanted == key.0)) {
        return Err(Error::input(
            &Path::Input("removeTags").element(at),
            "`tags` has a tag with this key; give the key in one of them",
        ));
    }
    let mut removed: Vec<String> =
        unwanted.iter().map(|key| key.0.clone()).filter(|key| is.tags.contains_key(key)).collect();
    removed.sort_unstable();
    removed.dedup();
    let added: BTreeMap<String, String> =
        wanted.iter().filter(|(key, value)| is.tags.get(key) != Some(value)).cloned().collect();
    let mut changes = Vec::new();
    if !removed.is_empty() {
        changes.push(Change::of(&["removeTags"], Kind::Untag(removed)));
    }
    if !added.is_empty() {
        changes.push(Change::of(&["tags"], Kind::Tag(added)));
    }
    Ok(changes)
}

fn recovery(is: &Described, input: &Input) -> Result<Option<Change>, Error> {
    let days = input.recovery_period_in_days.map(super::Days::get);
    let enabled = input.point_in_time_recovery.unwrap_or(is.recovery.is_enabled());
    if days.is_some() && !enabled {
        let problem = "point-in-time recovery is off; give `pointInTimeRecovery` true";
        return Err(Error::input(&Path::Input("recoveryPeriodInDays"), problem));
    }
    let switches = enabled != is.recovery.is_enabled();
    let resizes = days.is_some_and(|days| switches || days != is.recovery.recovery_period_in_days);
    let inputs: Vec<_> = [("pointInTimeRecovery", switches), ("recoveryPeriodInDays", resizes)]
        .into_iter()
        .filter_map(|(input, changes)| changes.then_some(input))
        .collect();
    Ok((switches || resizes).then_some(Change { inputs, kind: Kind::Recovery { enabled, days } }))
}

fn time_to_live(is: &Described, input: &Input) -> Result<Option<Change>, Error> {
    const INPUT: &str = "timeToLiveAttribute";
    let change = |attribute: &str, enabled| {
        Some(Change::of(&[INPUT], Kind::TimeToLive { attribute: attribute.to_owned(), enabled }))
    };
    Ok(match (&input.time_to_live_attribute, is.time_to_live.attribute()) {
        (None, _) | (Some(TimeToLiveInput::Off), None) => None,
        (Some(TimeToLiveInput::Off), Some(is)) => change(is, false),
        (Some(TimeToLiveInput::On(wanted)), None) => change(wanted, true),
        (Some(TimeToLiveInput::On(wanted)), Some(is)) if wanted == is => None,
        (Some(TimeToLiveInput::On(_)), Some(is)) => {
            let problem = format!(
                "the table's time to live is on with the attribute `{is}`, and DynamoDB takes one change within an hour; \
                 switch it off first (`false`), then on with the other attribute"
            );
            return Err(Error::input(&Path::Input(INPUT), problem));
        }
    })
}

fn stream(is: &Table, input: &Input) -> Result<Vec<Change>, Error> {
    const INPUT: &str = "streamSpecification";
    let Some(wanted) = &input.stream_specification else { return Ok(Vec::new()) };
    let is_on = is.stream_specification.stream_enabled;
    let off = Change::of(&[INPUT], Kind::StreamOff);
    Ok(match (wanted.enabled, wanted.view) {
        (false, _) if is_on => vec![off],
        (false, _) => Vec::new(),
        (true, None) if is_on => Vec::new(),
        (true, None) => return Err(Error::missing(&Path::Input(INPUT).member("StreamViewType"))),
        (true, Some(view)) if is_on && view.as_str() == is.stream_specification.stream_view_type => Vec::new(),
        (true, Some(view)) => {
            let on = Change::of(&[INPUT], Kind::Stream(view));
            // DynamoDB does not change a stream's view: the old stream ends, and a new one begins.
            if is_on { vec![off, on] } else { vec![on] }
        }
    })
}

fn sse(is: &Table, input: &Input) -> Result<Option<Change>, Error> {
    let Some(wanted) = &input.sse_specification else { return Ok(None) };
    let path = Path::Input("sseSpecification");
    let enabled = wanted.enabled.unwrap_or(false);
    if !enabled && (wanted.key.is_some() || wanted.r#type.is_some()) {
        return Err(Error::input(&path, "a type or key is for `Enabled` true"));
    }
    if let Some(alias) = wanted.key.as_ref().filter(|key| key.starts_with("alias/") || key.contains(":alias/")) {
        let rule = "the id or ARN of a key: what an alias names cannot be compared with the table's key";
        return Err(Error::invalid(&path.member("KMSMasterKeyId"), &Json::String(alias.clone()), rule));
    }
    let is = &is.sse_description;
    let holds = if enabled {
        is.is_enabled()
            && wanted.r#type.is_none_or(|kind| kind.as_str() == is.kind)
            && wanted.key.as_ref().is_none_or(|key| is.has_key(key))
    } else {
        !is.is_enabled()
    };
    let kind = Kind::Sse { enabled, kind: wanted.r#type, key: wanted.key.clone() };
    Ok((!holds).then(|| Change::of(&["sseSpecification"], kind)))
}

fn table_class(is: &Table, input: &Input) -> Option<Change> {
    let wanted = input.table_class?;
    (wanted.as_str() != is.class()).then(|| Change::of(&["tableClass"], Kind::TableClass(wanted)))
}
