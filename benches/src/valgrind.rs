//! Instructions and allocations, counted by valgrind. Other work on the machine does not change them.
//!
//! Each count is the difference between a short run and a longer one, so that the start is not counted.

use std::{fs, process::Command};

use crate::{
    bench::Bench,
    contenders::Contender,
    programs::{find, run},
    report::real,
};

/// The number of instructions of one warm invocation.
pub(crate) fn instructions_of_invocation(bench: &Bench, contender: &Contender, event: &str) -> Result<f64, String> {
    const FEW: usize = 50;
    const MORE: usize = 150;
    let valgrind = find("valgrind")?;
    let file = bench.store.join("callgrind.out");
    let count = |times| {
        let mut watched = contender.clone();
        let mut command = vec![valgrind.clone().into(), "--quiet".into(), "--tool=callgrind".into()];
        command.push(format!("--callgrind-out-file={}", file.display()).into());
        command.append(&mut watched.command);
        watched.command = command;
        let process = bench.start(&watched)?;
        process.invoke(&[event], times, 1)?;
        process.terminate()?;
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let total = text.lines().find_map(|line| line.strip_prefix("totals:")?.trim().parse::<f64>().ok());
        total.ok_or_else(|| "callgrind counted nothing".to_owned())
    };
    Ok((count(MORE)? - count(FEW)?) / real(MORE - FEW))
}

/// The cost of one conversion of ours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) instructions: f64,
    pub(crate) allocations: f64,
    /// The number of bytes allocated.
    pub(crate) bytes: f64,
}

/// The cost of one conversion: what `command` costs more with 3 conversions than with 2.
pub(crate) fn cost(command: impl Fn() -> Vec<std::ffi::OsString>) -> Result<Cost, String> {
    let valgrind = find("valgrind")?;
    let watch = |tool: &str, out: &str, times: &str| {
        let mut watched = Command::new(&valgrind);
        watched.arg(format!("--tool={tool}")).arg(out).args(command()).arg(times);
        let output = watched.output().map_err(|error| error.to_string())?;
        Ok::<_, String>(String::from_utf8_lossy(&output.stderr).replace(',', ""))
    };
    let instructions = |times| {
        let output = watch("callgrind", "--callgrind-out-file=/dev/null", times)?;
        number_after(&output, "Collected :")
    };
    let allocated = |times| {
        let output = watch("dhat", "--dhat-out-file=/dev/null", times)?;
        let total = output.split_once("Total:").map_or("", |(_, rest)| rest);
        Ok::<_, String>((number_after(total, "")?, number_after(total, " in ")?))
    };
    let (before, after) = (allocated("2")?, allocated("3")?);
    Ok(Cost {
        instructions: instructions("3")? - instructions("2")?,
        allocations: after.1 - before.1,
        bytes: after.0 - before.0,
    })
}

fn number_after(text: &str, mark: &str) -> Result<f64, String> {
    let rest = text.split_once(mark).map_or("", |(_, rest)| rest.trim_start());
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().map_err(|_| format!("valgrind printed no number after `{mark}`"))
}

/// Runs a command of the conversion alone. Returns the time of each conversion in seconds.
pub(crate) fn conversions(command: &mut Command) -> Result<Vec<f64>, String> {
    let printed = run(command)?;
    let text = String::from_utf8_lossy(&printed);
    let times = text.lines().map(|line| line.split(' ').next().unwrap_or_default().parse::<f64>());
    times.map(|time| time.map(|nanoseconds| nanoseconds / 1e9).map_err(|error| error.to_string())).collect()
}
