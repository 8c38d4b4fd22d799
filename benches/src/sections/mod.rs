//! The sections of the table.

mod batch;
mod bulk;
mod cold;
mod growth;
mod many;
mod micro;
mod scale;
mod starts;
mod tls;
mod turns;
mod warm;

use crate::{bench::Bench, options::Section};

/// Measures a section and adds its rows to the table.
pub(crate) fn measure(section: Section, bench: &mut Bench) -> Result<(), String> {
    match section {
        Section::Cold => cold::measure(bench),
        Section::Tls => tls::measure(bench),
        Section::Warm => warm::measure(bench),
        Section::Bulk => bulk::measure(bench),
        Section::Batch => batch::measure(bench),
        Section::Scale => scale::measure(bench),
        Section::Growth => growth::measure(bench),
        Section::Many => many::measure(bench),
        Section::Micro => micro::measure(bench),
    }
}
