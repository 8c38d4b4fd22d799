//! The conversion alone: a response's body to an answer's text. `bench-convert FORMAT FILE TIMES` prints the nanoseconds
//! of each, and the answer's length.

use std::{env, fs, hint::black_box, process::ExitCode, time::Instant};

use shared::internals::{
    answer::{
        LARGEST_ANSWER,
        page::{Bounds, Pages},
    },
    dynamodb::{Continuation, Reply},
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
        eprintln!("{file} cannot be read, or {times} is no number");
        return ExitCode::FAILURE;
    };
    for _ in 0..times {
        // The body moves in, as it does from the wire.
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
