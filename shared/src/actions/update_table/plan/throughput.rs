//! Throughputs: what the inputs ask for, and whether a table has it.

use crate::{
    actions::{
        table_settings::{BillingMode, MostUnits, OnDemand as OnDemandInput, Units, Warm as WarmInput, provisioned},
        update_table::{
            Input,
            description::{OnDemand, Table, Throughput, Warm},
        },
    },
    error::Error,
    path::Path,
};

pub(super) const READ: &str = "readCapacityUnits";
pub(super) const WRITE: &str = "writeCapacityUnits";

/// The rule for a maximum on-demand throughput, as an error shows it.
pub(super) const ON_DEMAND_ONLY: &str = "a maximum on-demand throughput is for the billing mode PAY_PER_REQUEST";

/// Whether the table will be billed on demand.
pub(super) fn will_be_on_demand(is: &Table, input: &Input) -> bool {
    match input.billing_mode {
        Some(mode) => mode == BillingMode::PayPerRequest,
        None => is.is_on_demand(),
    }
}

/// The provisioned throughput that the table will have. `None` on demand.
pub(super) fn target(is: &Table, input: &Input) -> Result<Option<Throughput>, Error> {
    if will_be_on_demand(is, input) {
        return Ok(None);
    }
    let units = |given: Option<Units>, name, now| {
        let path = Path::Input(name);
        match given.map(Units::get) {
            Some(units) => provisioned(units, &path),
            None if is.is_on_demand() => Err(Error::missing(&path)),
            None => Ok(now),
        }
    };
    let now = is.provisioned_throughput;
    Ok(Some(Throughput {
        read_capacity_units: units(input.read_capacity_units, READ, now.read_capacity_units)?,
        write_capacity_units: units(input.write_capacity_units, WRITE, now.write_capacity_units)?,
    }))
}

impl OnDemand {
    /// Whether a table with the maximum `is` has all that this one names. DynamoDB writes no maximum as -1, or leaves it
    /// out.
    pub(super) fn holds(self, is: Self) -> bool {
        let holds = |wanted: Option<i64>, is: Option<i64>| wanted.is_none_or(|wanted| wanted == is.unwrap_or(-1));
        holds(self.max_read_request_units, is.max_read_request_units)
            && holds(self.max_write_request_units, is.max_write_request_units)
    }
}

impl Warm {
    /// The throughput to ask for, so that what is warm does not shrink: DynamoDB only takes more. `None` if that much is
    /// warm already.
    pub(super) fn above(self, is: Self) -> Option<Self> {
        let more = |wanted: Option<i64>, is: Option<i64>| wanted.is_some_and(|wanted| wanted > is.unwrap_or(0));
        let is_more = more(self.read_units_per_second, is.read_units_per_second)
            || more(self.write_units_per_second, is.write_units_per_second);
        let most = |wanted: Option<i64>, is: Option<i64>| wanted.map(|wanted| wanted.max(is.unwrap_or(0)));
        is_more.then(|| Self {
            read_units_per_second: most(self.read_units_per_second, is.read_units_per_second),
            write_units_per_second: most(self.write_units_per_second, is.write_units_per_second),
        })
    }
}

impl From<&OnDemandInput> for OnDemand {
    fn from(input: &OnDemandInput) -> Self {
        Self {
            max_read_request_units: input.read.map(MostUnits::get),
            max_write_request_units: input.write.map(MostUnits::get),
        }
    }
}

impl From<&WarmInput> for Warm {
    fn from(input: &WarmInput) -> Self {
        Self { read_units_per_second: input.read.map(Units::get), write_units_per_second: input.write.map(Units::get) }
    }
}
