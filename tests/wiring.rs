//! Compares the binaries, the template, the events and the README. The error names missing parts.

use std::{collections::BTreeSet, fs, path::Path};

use crate::{
    events,
    harness::{FUNCTIONS, permission::resource},
};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_binary_has_its_event_resource_row_and_test() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin");
    let binaries: BTreeSet<String> = fs::read_dir(sources)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap().trim_end_matches(".rs").to_owned())
        .collect();
    let in_harness: BTreeSet<String> = FUNCTIONS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(binaries, in_harness, "functions/src/bin and the harness of the tests");

    let (events, template, readme) = (events::names(), read("template.yaml"), read("README.md"));
    let mut forgotten = Vec::new();
    for binary in &binaries {
        let module = binary.replace('-', "_");
        let mut needs = |what: String, there: bool| {
            if !there {
                forgotten.push(what);
            }
        };
        needs(format!("events/{binary}.json"), events.contains(&format!("{binary}.json")));
        needs(
            format!("a resource {} in template.yaml", resource(binary)),
            template.contains(&format!("\n  {}:\n", resource(binary))),
        );
        needs(format!("Binary: {binary} in template.yaml"), template.contains(&format!("Binary: {binary}\n")));
        needs(
            format!("a row for `{binary}` in README.md"),
            readme.lines().any(|line| line.starts_with(&format!("| `{binary}` |"))),
        );
        if !binary.starts_with("select-") {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../tests/actions/{module}.rs"));
            needs(format!("tests/actions/{module}.rs"), file.exists());
        }
    }
    assert_eq!(forgotten, Vec::<String>::new());
    let resources = template.matches("Type: AWS::Serverless::Function").count();
    assert_eq!(resources, binaries.len(), "functions in template.yaml");
    for event in events {
        let function = event.split('.').next().unwrap().to_owned();
        assert!(binaries.contains(&function), "events/{event} is for no function");
    }
}
