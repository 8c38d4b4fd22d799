//! The commands of `cargo run`, and what they share.

mod cargo;
pub(crate) mod check;
mod database;
mod deployment;
pub(crate) mod export;
pub(crate) mod failure;
pub(crate) mod generate;
pub(crate) mod interrupt;
pub(crate) mod invoke;
pub(crate) mod load;
pub(crate) mod serve;
pub(crate) mod tour;
mod variables;
mod words;
mod workspace;
