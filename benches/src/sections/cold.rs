//! Cold start: from a process's start to its first question for an event (init), and to its first answer.

use std::{fs, path::Path, process::Command};

use crate::{
    function::Contender,
    peers::{find, run},
    samples::{DESCRIBE_TABLE_BODY, GET_ITEM, get_item_body},
    stage::Stage,
    table::{Bar, Sample, Unit, real},
    throttle::Throttle,
};

/// The event whose key has to be looked up: two calls the first time.
const GET_ITEM_BY_VALUE: &str = r#"{"tableName":"Customers","hashKeyValue":"C-1","outputFormat":"plain"}"#;

/// What the starts of one contender took, in seconds.
#[derive(Debug)]
struct Starts {
    contender: Contender,
    event: &'static str,
    init: Vec<f64>,
    first: Vec<f64>,
    /// The processor time of both.
    processor: [Vec<f64>; 2],
    memory: Vec<f64>,
}

impl Starts {
    fn new(contender: Contender) -> Self {
        Self {
            contender,
            event: GET_ITEM,
            init: Vec::new(),
            first: Vec::new(),
            processor: Default::default(),
            memory: Vec::new(),
        }
    }

    fn once(&mut self, stage: &Stage, throttled: bool) -> Result<(), String> {
        // Dropped in reverse: the process ends before its group does.
        let throttle = throttled.then(Throttle::new).transpose()?;
        let function = stage.start(&self.contender)?;
        let init = function.init()?;
        let processor = function.processor_time()?;
        if let Some(throttle) = &throttle {
            function.hold(throttle)?;
        }
        let (first, answer) = function.invoke_once(self.event)?;
        if !String::from_utf8_lossy(&answer).contains("C-1") {
            return Err(format!("{} answers {}", self.contender.name, String::from_utf8_lossy(&answer)));
        }
        self.init.push(init.as_secs_f64());
        self.first.push(first.as_secs_f64());
        self.processor[0].push(processor.as_secs_f64());
        self.processor[1].push(function.processor_time()?.saturating_sub(processor).as_secs_f64());
        self.memory.push(function.peak_memory()?);
        Ok(())
    }

    fn whole(&self) -> Vec<f64> {
        self.init.iter().zip(&self.first).map(|(init, first)| init + first).collect()
    }
}

pub(super) fn measure(stage: &mut Stage) -> Result<(), String> {
    stage.dynamodb.answer("GetItem", &get_item_body());
    stage.dynamodb.answer("DescribeTable", DESCRIBE_TABLE_BODY);
    stage.table.section("Cold start, `getItem`");
    starts(stage, false, "", 21)?;
    match Throttle::new() {
        Ok(_) => {
            stage.table.section("Cold start, 1/14 of a core after init");
            starts(stage, true, ", throttled", 11)?;
        }
        Err(why) => stage.table.absent("Cold start, 1/14 of a core after init", &why),
    }
    zip(stage)
}

/// `what` tells these rows from those of the other run.
fn starts(stage: &mut Stage, throttled: bool, what: &str, rounds: usize) -> Result<(), String> {
    // What starts in a millisecond or two is measured with nobody else between: a big process takes the caches from the next.
    let mut bare = Starts::new(stage.contender("bare runtime", "bench-echo"));
    let mut ours = Starts::new(stage.ours("get-item"));
    let mut by_value = Starts { event: GET_ITEM_BY_VALUE, ..Starts::new(stage.ours("get-item")) };
    start_in_turn(stage, throttled, rounds * 5, &mut [&mut bare, &mut ours, &mut by_value])?;

    let mut beside = Starts::new(stage.ours("get-item"));
    let mut node = stage.peers.node.as_ref().map(|peer| Starts::new(peer.function("Node", "get-item")));
    let mut python = stage.peers.python.as_ref().map(|peer| Starts::new(peer.function("Python", "get-item")));
    let mut all = vec![&mut beside];
    all.extend(node.as_mut().ok());
    all.extend(python.as_mut().ok());
    start_in_turn(stage, throttled, rounds, &mut all)?;

    let cold = beside.whole();
    let table = &mut stage.table;
    if !throttled {
        table.ratio("init, ours / bare runtime", Unit::Seconds, (&ours.init, &bare.init), Some(Bar::AtMost(1.6)));
        let [init, first] = [0, 1].map(|part| (&*ours.processor[part], &*bare.processor[part]));
        table.ratio("init, ours / bare runtime: processor time", Unit::Seconds, init, None);
        table.ratio("first answer, ours / bare runtime: processor time", Unit::Seconds, first, None);
    }
    let first = format!("first answer{what}, ours / bare runtime (which calls nobody)");
    table.ratio(&first, Unit::Seconds, (&ours.first, &bare.first), None);
    let first = format!("first answer{what}, ours with the key to be looked up / given");
    table.ratio(&first, Unit::Seconds, (&by_value.first, &ours.first), None);
    for (peer, name, bar) in [(&node, "Node with AWS's SDK v3", 25.0), (&python, "Python with boto3", 30.0)] {
        let figure = format!("init and first answer{what}, {name} / ours");
        match peer {
            Ok(peer) => table.ratio(&figure, Unit::Seconds, (&peer.whole(), &cold), Some(Bar::AtLeast(bar))),
            Err(why) => table.absent(&figure, why),
        }
    }
    if !throttled {
        for starts in [Some(&bare), Some(&ours), node.as_ref().ok(), python.as_ref().ok()].into_iter().flatten() {
            let figure = format!("peak memory after the first answer, {}", starts.contender.name);
            let bar = (starts.contender.name == "ours").then_some(Bar::AtMost(9.0));
            table.figure(&figure, Unit::Bytes, Sample::new(starts.memory.iter().copied()).median(), bar);
        }
    }
    Ok(())
}

/// Starts each once a round. The first of each reads its files from the disk, and Python compiles them: that is no round.
fn start_in_turn(stage: &Stage, throttled: bool, rounds: usize, all: &mut [&mut Starts]) -> Result<(), String> {
    for round in 0..=stage.rounds(rounds) {
        for starts in &mut *all {
            starts.once(stage, throttled)?;
            if round == 0 {
                **starts = Starts { event: starts.event, ..Starts::new(starts.contender.clone()) };
            }
        }
    }
    Ok(())
}

/// The zip of one function, as it is uploaded.
fn zip(stage: &mut Stage) -> Result<(), String> {
    let figure = "zip of `get-item`";
    let contender = stage.ours("get-item");
    let binary = Path::new(&contender.command[0]);
    stage.table.figure("binary of `get-item`", Unit::Bytes, size(binary)?, None);
    let file = stage.store.join("function.zip");
    let _ = fs::remove_file(&file);
    let zipped = match find("zip") {
        Ok(zip) => run(Command::new(zip).args(["-9", "-j", "-q"]).arg(&file).arg(binary)),
        // The same deflate.
        Err(_) => find("python3").and_then(|python| {
            let code = "import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED, compresslevel=9)\
                        .write(sys.argv[2], 'bootstrap')";
            run(Command::new(python).args(["-c", code]).arg(&file).arg(binary))
        }),
    };
    match zipped.and_then(|_| size(&file)) {
        Ok(zip) => stage.table.figure(figure, Unit::Bytes, zip, Some(Bar::AtMost(3.5))),
        Err(why) => stage.table.absent(figure, &why),
    }
    Ok(())
}

fn size(file: &Path) -> Result<f64, String> {
    let bytes = fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?.len();
    usize::try_from(bytes).map(real).map_err(|error| error.to_string())
}
