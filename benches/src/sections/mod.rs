//! What is measured, a section of the table each.

mod cold;
mod warm;

use crate::stage::Stage;

/// How a section is measured.
type Measure = fn(&mut Stage) -> Result<(), String>;

/// The sections by name, in the table's order.
pub(crate) const SECTIONS: [(&str, Measure); 2] = [
    ("cold", cold::measure),
    ("warm", warm::measure),
];
