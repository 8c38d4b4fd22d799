//! The small parts, by criterion: `cargo bench -p benches --features micro` shows more of them.

use std::{env, fs, process::Command};

use crate::{peers::run, stage::Stage, table::Unit};

pub(super) fn measure(stage: &mut Stage) -> Result<(), String> {
    stage.table.section("The small parts");
    let home = stage.store.join("criterion");
    let _ = fs::remove_dir_all(&home);
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args([
        "bench",
        "--quiet",
        "--package",
        "benches",
        "--features",
        "micro",
        "--bench",
        "micro",
        "--",
        "--noplot",
        "--quiet",
    ]);
    command.args(["--warm-up-time", "0.5", "--measurement-time", if stage.rounds(5) == 5 { "2" } else { "0.5" }]);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("CRITERION_HOME", &home);
    if let Err(why) = run(&mut command) {
        stage.table.absent("coercion, tokenizer, number check", &why);
        return Ok(());
    }
    let say = |error: std::io::Error| format!("{}: {error}", home.display());
    let mut folders: Vec<_> = fs::read_dir(&home).map_err(say)?.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    for folder in folders {
        let read = |file: &str| -> Option<serde_json::Value> {
            serde_json::from_slice(&fs::read(folder.join("new").join(file)).ok()?).ok()
        };
        let (Some(benchmark), Some(estimates)) = (read("benchmark.json"), read("estimates.json")) else { continue };
        let nanoseconds = estimates["median"]["point_estimate"].as_f64().unwrap_or(f64::NAN);
        let name = benchmark["title"].as_str().unwrap_or_default();
        stage.table.figure(name, Unit::Seconds, nanoseconds / 1e9, None);
    }
    Ok(())
}
