//! What is measured: our functions, and what a user could deploy instead.

pub(crate) mod binaries;
mod contender;
mod peers;
mod process;
mod throttle;
mod usage;

pub(crate) use self::{
    contender::Contender,
    peers::Peers,
    process::{Environment, Process},
    throttle::Throttle,
    usage::processor_time,
};
