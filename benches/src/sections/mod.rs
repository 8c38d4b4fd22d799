//! What is measured, a section of the table each.

mod bulk;
mod cold;
mod growth;
mod many;
mod micro;
mod turns;
mod warm;

use crate::stage::Stage;

/// How a section is measured.
type Measure = fn(&mut Stage) -> Result<(), String>;

/// The sections by name, in the table's order.
pub(crate) const SECTIONS: [(&str, Measure); 6] = [
    ("cold", cold::measure),
    ("warm", warm::measure),
    ("bulk", bulk::measure),
    ("growth", growth::measure),
    ("many", many::measure),
    ("micro", micro::measure),
];
