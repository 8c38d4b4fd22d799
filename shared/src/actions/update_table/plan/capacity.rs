//! The billing mode, and the throughputs of the table and its indexes.

use super::{
    Change, Kind,
    indexes::{Indexes, UPDATE_INDEXES},
    throughput::{ON_DEMAND_ONLY, READ, WRITE, target, will_be_on_demand},
};
use crate::{
    actions::{
        table_settings::Units,
        update_table::{
            Input,
            description::{OnDemand, Table, Warm},
        },
    },
    error::Error,
    path::Path,
};

const BILLING_MODE: &str = "billingMode";

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
        of_indexes.push((index.is.name.clone(), throughput));
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
        of_indexes.push((index.is.name.clone(), maximum));
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
        Some(Change::of(&[wanted.input], Kind::WarmIndex(index.is.name.clone(), warm)))
    });
    of_table.into_iter().chain(of_indexes).collect()
}
