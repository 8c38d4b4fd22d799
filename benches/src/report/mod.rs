//! The table of results.

mod sample;
mod table;

pub(crate) use sample::{Sample, real};
pub(crate) use table::{Bar, Table, Unit};
