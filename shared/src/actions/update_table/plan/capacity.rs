//! The billing mode, and the throughputs of the table and its indexes.

use super::{
    Change, Kind,
    indexes::{Indexes, UPDATE_INDEXES},
};
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

const BILLING_MODE: &str = "billingMode";
const READ: &str = "readCapacityUnits";
const WRITE: &str = "writeCapacityUnits";

/// The rule for a maximum on-demand throughput, as an error shows it.
pub(super) const ON_DEMAND_ONLY: &str = "a maximum on-demand throughput is for the billing mode PAY_PER_REQUEST";

/// Whether the table will be billed on demand.
fn will_be_on_demand(is: &Table, input: &Input) -> bool {
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

/// The change of the billing mode or of provisioned throughputs.
pub(super) fn billing(is: &Table, input: &Input, indexes: &Indexes<'_>) -> Result<Option<Change>, Error> {
    let Some(target) = target(is, input)? else {
        if input.billing_mode.is_none() {
            refuse_units(input, indexes)?;
        }
        return Ok((!is.is_on_demand()).then(|| Change::of(&[BILLING_MODE], Kind::PayPerRequest)));
    };
    let changes_mode = is.is_on_demand();
    let now = is.provisioned_throughput;
    let mut inputs = Vec::new();
    if changes_mode {
        inputs.push(BILLING_MODE);
    }
    if changes_mode || target.read_capacity_units != now.read_capacity_units {
        inputs.push(READ);
    }
    if changes_mode || target.write_capacity_units != now.write_capacity_units {
        inputs.push(WRITE);
    }
    let table = (!inputs.is_empty()).then_some(target);
    let mut of_indexes = Vec::new();
    for index in &indexes.kept {
        let own = index.wanted.map(|wanted| wanted.throughput()).transpose()?.flatten();
        let throughput = match own {
            Some(own) if changes_mode || own != index.is.provisioned_throughput => {
                inputs.extend(index.wanted.map(|wanted| wanted.input));
                own
            }
            // With a new mode, every index needs a throughput.
            None if changes_mode => target,
            _ => continue,
        };
        of_indexes.push((index.is.index_name.clone(), throughput));
    }
    inputs.dedup();
    let kind = Kind::Provisioned { changes_mode, table, indexes: of_indexes };
    Ok((!inputs.is_empty()).then_some(Change { inputs, kind }))
}

/// Refuses provisioned units for a table that is billed on demand and stays so. The 0 of a description is no unit. The
/// units of an index to create are ignored, as `createTable` does.
fn refuse_units(input: &Input, indexes: &Indexes<'_>) -> Result<(), Error> {
    const PROBLEM: &str = "the table's billing mode is PAY_PER_REQUEST; give `billingMode` PROVISIONED with the units";
    let is_some = |units: Option<Units>| units.is_some_and(|units| units.get() > 0);
    for (name, units) in [(READ, input.read_capacity_units), (WRITE, input.write_capacity_units)] {
        if is_some(units) {
            return Err(Error::input(&Path::Input(name), PROBLEM));
        }
    }
    for wanted in indexes.kept.iter().filter_map(|index| index.wanted).filter(|wanted| wanted.input == UPDATE_INDEXES) {
        if wanted.provisioned.is_some_and(|of| is_some(Some(of.read)) || is_some(Some(of.write))) {
            return Err(wanted.problem("ProvisionedThroughput", PROBLEM));
        }
    }
    Ok(())
}

/// The change of maximum on-demand throughputs.
pub(super) fn on_demand(is: &Table, input: &Input, indexes: &Indexes<'_>) -> Result<Option<Change>, Error> {
    const INPUT: &str = "onDemandThroughput";
    let is_possible = will_be_on_demand(is, input);
    let mut inputs = Vec::new();
    let mut table = None;
    if let Some(wanted) = input.on_demand_throughput.as_ref().map(OnDemand::from)
        && !wanted.holds(is.on_demand_throughput)
    {
        if !is_possible {
            return Err(Error::input(&Path::Input(INPUT), ON_DEMAND_ONLY));
        }
        inputs.push(INPUT);
        table = Some(wanted);
    }
    let mut of_indexes = Vec::new();
    for index in &indexes.kept {
        let Some(wanted) = index.wanted else { continue };
        let Some(maximum) = wanted.on_demand.map(OnDemand::from) else { continue };
        if maximum.holds(index.is.on_demand_throughput) {
            continue;
        }
        if !is_possible {
            return Err(wanted.problem("OnDemandThroughput", ON_DEMAND_ONLY));
        }
        inputs.push(wanted.input);
        of_indexes.push((index.is.index_name.clone(), maximum));
    }
    inputs.dedup();
    Ok((!inputs.is_empty()).then_some(Change { inputs, kind: Kind::OnDemand { table, indexes: of_indexes } }))
}

/// The changes of warm throughputs.
pub(super) fn warm(is: &Table, input: &Input, indexes: &Indexes<'_>) -> Vec<Change> {
    let of_table = input.warm_throughput.as_ref().and_then(|wanted| Warm::from(wanted).above(is.warm_throughput));
    let of_table = of_table.map(|warm| Change::of(&["warmThroughput"], Kind::Warm(warm)));
    let of_indexes = indexes.kept.iter().filter_map(|index| {
        let wanted = index.wanted?;
        let warm = Warm::from(wanted.warm?).above(index.is.warm_throughput)?;
        Some(Change::of(&[wanted.input], Kind::WarmIndex(index.is.index_name.clone(), warm)))
    });
    of_table.into_iter().chain(of_indexes).collect()
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
    fn above(self, is: Self) -> Option<Self> {
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
