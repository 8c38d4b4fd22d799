//! The small parts, measured by criterion.

use std::{env, fs, process::Command};

use crate::{bench::Bench, programs::run, report::Unit};

pub(super) fn measure(bench: &mut Bench) -> Result<(), String> {
    bench.table.section("The small parts");
    let home = bench.store.join("criterion");
    let _ = fs::remove_dir_all(&home);
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args([
        "bench",
        "--quiet",
        "--package",
        "benches",
        "--no-default-features",
        "--features",
        "micro",
        "--bench",
        "micro",
        "--",
        "--noplot",
        "--quiet",
    ]);
    command.args(["--warm-up-time", "0.5", "--measurement-time", if bench.rounds(5) == 5 { "2" } else { "0.5" }]);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("CRITERION_HOME", &home);
    if let Err(reason) = run(&mut command) {
        bench.table.absent("coercion, tokenizer, number check", &reason);
        return Ok(());
    }
    let failed = |error: std::io::Error| format!("{}: {error}", home.display());
    let mut folders: Vec<_> = fs::read_dir(&home).map_err(failed)?.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    for folder in folders {
        let read = |file: &str| -> Option<serde_json::Value> {
            serde_json::from_slice(&fs::read(folder.join("new").join(file)).ok()?).ok()
        };
        let (Some(benchmark), Some(estimates)) = (read("benchmark.json"), read("estimates.json")) else { continue };
        let nanoseconds = estimates["median"]["point_estimate"].as_f64().unwrap_or(f64::NAN);
        let name = benchmark["title"].as_str().unwrap_or_default();
        bench.table.figure(name, Unit::Seconds, nanoseconds / 1e9, None);
    }
    Ok(())
}
