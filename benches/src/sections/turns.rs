//! Contenders that take turns: each runs a few invocations, then the next does.

use crate::{
    function::{Contender, Function},
    stage::Stage,
    table::{Sample, real},
};

/// Invocations before the first turn, at least: Node compiles meanwhile.
const WARM: usize = 8;

/// What a contender's turns came to.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// The median of each turn's invocations, in seconds.
    pub(super) took: Vec<f64>,
    /// Processor time for each invocation of a turn, in seconds.
    pub(super) processor: Vec<f64>,
}

impl Turns {
    fn turn(&mut self, function: &Function, event: &str, times: usize) -> Result<(), String> {
        let before = function.processor_time()?;
        let series = function.invoke(&[event], times, 1)?;
        let processor = function.processor_time()?.saturating_sub(before);
        self.took.push(Sample::times(&series.took).median());
        self.processor.push(processor.as_secs_f64() / real(times));
        Ok(())
    }
}

/// Has each of the contenders invoked so many times in a turn, for so many rounds. What nobody looks at comes
/// first: caches and connections are warm then.
pub(super) fn in_turn(
    stage: &Stage,
    contenders: &[Contender],
    event: &str,
    times: usize,
    rounds: usize,
) -> Result<Vec<Turns>, String> {
    let mut functions = Vec::new();
    for contender in contenders {
        let function = stage.start(contender)?;
        function.init()?;
        function.invoke(&[event], times.max(WARM), 1)?;
        functions.push((function, Turns::default()));
    }
    for _ in 0..rounds {
        for (function, turns) in &mut functions {
            turns.turn(function, event, times)?;
        }
    }
    Ok(functions.into_iter().map(|(_, turns)| turns).collect())
}
