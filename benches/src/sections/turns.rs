//! Contenders in turn: each runs a few invocations, then the next one does.

use crate::{
    bench::Bench,
    contenders::{Contender, Process},
    report::{Sample, real},
};

/// The fewest invocations before the first turn. Node compiles meanwhile.
const WARM: usize = 8;

/// The turns of a contender.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// The median of each turn's invocations, in seconds.
    pub(super) times: Vec<f64>,
    /// The processor time of an invocation in each turn, in seconds.
    pub(super) processor: Vec<f64>,
}

impl Turns {
    fn turn(&mut self, process: &Process, event: &str, times: usize) -> Result<(), String> {
        let before = process.processor_time()?;
        let series = process.invoke(&[event], times, 1)?;
        let processor = process.processor_time()?.saturating_sub(before);
        self.times.push(Sample::times(&series.times).median());
        self.processor.push(processor.as_secs_f64() / real(times));
        Ok(())
    }
}

/// Invokes each of the contenders `times` times a turn, for this many rounds.
///
/// Invocations that do not count come first, to warm caches and connections.
pub(super) fn in_turn(
    bench: &Bench,
    contenders: &[Contender],
    event: &str,
    times: usize,
    rounds: usize,
) -> Result<Vec<Turns>, String> {
    let mut processes = Vec::new();
    for contender in contenders {
        let process = bench.start(contender)?;
        process.init()?;
        process.invoke(&[event], times.max(WARM), 1)?;
        processes.push((process, Turns::default()));
    }
    for _ in 0..rounds {
        for (process, turns) in &mut processes {
            turns.turn(process, event, times)?;
        }
    }
    Ok(processes.into_iter().map(|(_, turns)| turns).collect())
}
