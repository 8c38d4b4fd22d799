//! Cold starts: from a process's start until it asks for its first event (init), and on to its first answer.

use crate::{
    bench::Bench,
    contenders::{Contender, Throttle},
    report::{Bar, Sample, Table, Unit},
    samples::GET_ITEM,
};

/// The event whose key has to be looked up. The first invocation makes two calls.
const GET_ITEM_BY_VALUE: &str = r#"{"tableName":"Customers","hashKeyValue":"C-1","outputFormat":"plain"}"#;

/// The cold starts of one contender. All times are in seconds.
#[derive(Debug)]
pub(super) struct Starts {
    contender: Contender,
    event: &'static str,
    pub(super) init: Vec<f64>,
    /// From sending the first event to its answer.
    pub(super) first_answer: Vec<f64>,
    /// Processor time until the process asked for its first event.
    pub(super) init_processor: Vec<f64>,
    /// Processor time from the first event to its answer.
    pub(super) first_answer_processor: Vec<f64>,
    /// In bytes.
    peak_memory: Vec<f64>,
}

impl Starts {
    pub(super) fn new(contender: Contender) -> Self {
        Self {
            contender,
            event: GET_ITEM,
            init: Vec::new(),
            first_answer: Vec::new(),
            init_processor: Vec::new(),
            first_answer_processor: Vec::new(),
            peak_memory: Vec::new(),
        }
    }

    /// Starts whose first event has a key that must be looked up.
    pub(super) fn by_value(contender: Contender) -> Self {
        Self { event: GET_ITEM_BY_VALUE, ..Self::new(contender) }
    }

    /// Init and first answer together.
    pub(super) fn whole(&self) -> Vec<f64> {
        self.init.iter().zip(&self.first_answer).map(|(init, first)| init + first).collect()
    }

    pub(super) fn median_peak_memory(&self) -> f64 {
        Sample::new(self.peak_memory.iter().copied()).median()
    }

    pub(super) fn name(&self) -> &'static str {
        self.contender.name
    }

    fn start(&mut self, bench: &Bench, throttled: bool) -> Result<(), String> {
        // Declared before the process, so that it is dropped after it: the group can be removed only when it is empty.
        let throttle = throttled.then(Throttle::new).transpose()?;
        let process = bench.start(&self.contender)?;
        let init = process.init()?;
        let processor = process.processor_time()?;
        if let Some(throttle) = &throttle {
            process.hold(throttle)?;
        }
        let (first_answer, answer) = process.invoke_once(self.event)?;
        if !String::from_utf8_lossy(&answer).contains("C-1") {
            return Err(format!("{} answers {}", self.contender.name, String::from_utf8_lossy(&answer)));
        }
        let processor_after = process.processor_time()?;
        self.init.push(init.as_secs_f64());
        self.first_answer.push(first_answer.as_secs_f64());
        self.init_processor.push(processor.as_secs_f64());
        self.first_answer_processor.push(processor_after.saturating_sub(processor).as_secs_f64());
        self.peak_memory.push(process.peak_memory()?);
        Ok(())
    }
}

/// Starts each contender once a round.
///
/// An extra round comes first and does not count: it reads files from the disk, and Python compiles them.
pub(super) fn start_in_turn(
    bench: &Bench,
    throttled: bool,
    rounds: usize,
    all: &mut [&mut Starts],
) -> Result<(), String> {
    for round in 0..=bench.rounds(rounds) {
        for starts in &mut *all {
            starts.start(bench, throttled)?;
            if round == 0 {
                **starts = Starts { event: starts.event, ..Starts::new(starts.contender.clone()) };
            }
        }
    }
    Ok(())
}

/// Adds the ratio of a peer's cold starts to ours, or the reason why the peer could not be measured.
pub(super) fn add_ratio(
    table: &mut Table,
    figure: &str,
    peer: &Result<Starts, String>,
    ours: &Starts,
    bar: Option<Bar>,
) {
    match peer {
        Ok(peer) => table.ratio(figure, Unit::Seconds, (&peer.whole(), &ours.whole()), bar),
        Err(reason) => table.absent(figure, reason),
    }
}
