//! The conversion alone: from the body of DynamoDB's response to the text of the answer.
//!
//! `bench-convert FORMAT FILE TIMES` prints a line for each conversion: its time in nanoseconds and the length of the answer.

use std::{env, fs, hint::black_box, process::ExitCode, time::Instant};

use shared::internals::{
    answer::page::{Bounds, Pages},
    dynamodb::{Continuation, Reply},
    settings::LARGEST_ANSWER,
    value::Format,
};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [format, file, times] = &arguments[..] else {
        eprintln!("usage: bench-convert FORMAT FILE TIMES");
        return ExitCode::FAILURE;
    };
    let format = if format == "plain" { Format::Plain } else { Format::Typed };
    let (Ok(body), Ok(times)) = (fs::read(file), times.parse::<usize>()) else {
        eprintln!("cannot read {file}, or {times} is not a number");
        return ExitCode::FAILURE;
    };
    for _ in 0..times {
        // The copy is made before the clock starts: in a function, the body comes from the network.
        let reply = Reply { status: 200, attempts: 1, body: body.clone(), ..Reply::default() };
        let start = Instant::now();
        let mut pages = Pages::new(format, Bounds { bytes: LARGEST_ANSWER, items: None }, Continuation::Key);
        let answer = pages.add(reply, None).map(|_| pages.into_answer());
        let took = start.elapsed();
        match black_box(answer) {
            Ok(answer) => println!("{} {}", took.as_nanos(), answer.size()),
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
