//! The modules of `shared` import only lower layers, and no file of the workspace imports itself through others.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The modules of `shared/src` in layers, from top to bottom. Modules of one layer may not import each other, except
/// those in `BESIDE`.
const LAYERS: [&[&str]; 10] = [
    &["runtime"],
    &["envelope"],
    &["catalog"],
    &["sources"],
    &["actions"],
    &["keys", "answer"],
    &["dynamodb"],
    &["connection"],
    &["value", "expression"],
    &["input", "error", "json", "path", "settings", "time"],
];

/// The allowed imports between modules of one layer.
const BESIDE: [(&str, &str); 7] = [
    ("expression", "value"),
    ("json", "path"),
    ("input", "error"),
    ("input", "json"),
    ("input", "path"),
    ("error", "json"),
    ("error", "path"),
];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Every source file below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// A file's code without its tests. Tests may import any module.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Whether the file's name is that of a test.
fn is_test(path: &Path) -> bool {
    path.iter().any(|part| ["tests.rs", "properties.rs", "properties", "tests"].contains(&part.to_str().unwrap()))
}

/// The first names after `crate::` in the code: both names of `crate::{error::Error, json::Json}`.
fn imported(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => names.extend(word(rest)),
            Some(group) => {
                let mut depth = 0;
                let mut at_start = true;
                for (place, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => at_start = true,
                        c if depth == 0 && at_start && !c.is_whitespace() => {
                            names.extend(word(&group[place..]));
                            at_start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    names
}

fn word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

#[test]
fn a_module_imports_only_lower_layers() {
    let folder = root().join("shared/src");
    let layer = |room: &str| LAYERS.iter().position(|rooms| rooms.contains(&room));
    let mut wrong = Vec::new();
    for path in sources(&folder).into_iter().filter(|path| !is_test(path)) {
        let inside = path.strip_prefix(&folder).unwrap();
        let room = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        if room == "lib" {
            continue;
        }
        let Some(own) = layer(&room) else {
            wrong.push(format!("{}: no layer has the room {room}", inside.display()));
            continue;
        };
        for other in imported(&code(&path)) {
            let Some(others) = layer(&other) else { continue };
            let is_beside = own == others && BESIDE.contains(&(room.as_str(), other.as_str()));
            if other != room && others <= own && !is_beside {
                wrong.push(format!("{} imports {other}", inside.display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// The modules of a crate by their path from the crate's root, with the modules that each one imports.
fn imports(folder: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let files: Vec<PathBuf> = sources(folder).into_iter().filter(|path| !is_test(path)).collect();
    let name = |path: &Path| {
        let inside = path.strip_prefix(folder).unwrap().with_extension("");
        let parts: Vec<&str> = inside.iter().map(|part| part.to_str().unwrap()).filter(|part| *part != "mod").collect();
        parts.join("::")
    };
    let known: BTreeSet<String> = files.iter().map(|path| name(path)).collect();
    files
        .iter()
        .map(|path| {
            let own = name(path);
            let targets = use_paths(&code(path), &own, path.ends_with("mod.rs"))
                .into_iter()
                .filter_map(|target| longest_known(&target, &known))
                // A module and the modules inside it count as one: the outer one names the inner ones, and they use its
                // definitions.
                .filter(|target| !is_inside(target, &own) && !is_inside(&own, target))
                .collect();
            (own, targets)
        })
        .collect()
}

fn is_inside(inner: &str, outer: &str) -> bool {
    inner == outer || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with("::"))
}

fn longest_known(target: &str, known: &BTreeSet<String>) -> Option<String> {
    let mut parts: Vec<&str> = target.split("::").collect();
    while !parts.is_empty() {
        let name = parts.join("::");
        if known.contains(&name) {
            return Some(name);
        }
        parts.pop();
    }
    None
}

/// Every path that a `use` of the code names, from the crate's root.
fn use_paths(code: &str, own: &str, is_folder: bool) -> Vec<String> {
    let mut parent: Vec<&str> = own.split("::").collect();
    if !is_folder {
        parent.pop();
    }
    let mut paths = Vec::new();
    for part in code.split("use ").skip(1) {
        let tree = part.split(';').next().unwrap_or_default();
        expand(tree, "", &mut paths);
    }
    paths
        .into_iter()
        .filter_map(|path| {
            let mut here: Vec<&str> = parent.clone();
            let mut rest: Vec<&str> = path.split("::").collect();
            match rest[0] {
                "crate" => here.clear(),
                "self" if is_folder => {}
                "super" => {
                    if is_folder {
                        here.pop();
                    }
                    while rest.get(1) == Some(&"super") {
                        here.pop();
                        rest.remove(1);
                    }
                }
                _ => return None,
            }
            here.extend(&rest[1..]);
            Some(here.join("::"))
        })
        .collect()
}

/// `a::{b, c::{d, e}}` → `a::b`, `a::c::d`, `a::c::e`.
fn expand(tree: &str, before: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    match tree.split_once('{') {
        None => paths.push(format!("{before}{}", tree.split(" as ").next().unwrap_or_default().trim())),
        Some((prefix, rest)) => {
            let inside = rest.rsplit_once('}').map_or(rest, |(inside, _)| inside);
            let before = format!("{before}{}", prefix.trim());
            let (mut depth, mut start) = (0, 0);
            for (at, c) in inside.char_indices().chain([(inside.len(), ',')]) {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        if !inside[start..at].trim().is_empty() {
                            expand(&inside[start..at], &before, paths);
                        }
                        start = at + 1;
                    }
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn no_file_imports_itself_through_others() {
    for package in ["shared", "local", "benches"] {
        let imports = imports(&root().join(package).join("src"));
        let mut circles = BTreeSet::new();
        for start in imports.keys() {
            let mut reached: BTreeSet<&String> = BTreeSet::new();
            let mut open: Vec<&String> = imports[start].iter().collect();
            while let Some(next) = open.pop() {
                if reached.insert(next) {
                    open.extend(&imports[next]);
                }
            }
            if reached.contains(start) {
                circles.insert(start.clone());
            }
        }
        assert_eq!(circles, BTreeSet::new(), "{package}: these import each other");
    }
}

#[test]
fn reads_imports_as_the_compiler_does() {
    let code = "use super::{a::B, c};\nuse crate::{d::{E, f::G}, h};\nuse self::i::J;\nuse std::fmt;";
    let mut file = use_paths(code, "room::file", false);
    file.sort_unstable();
    assert_eq!(file, ["d::E", "d::f::G", "h", "room::a::B", "room::c"]);
    assert!(use_paths(code, "room", true).contains(&"room::i::J".to_owned()));
    assert_eq!(imported(code), BTreeSet::from(["d".to_owned(), "h".to_owned()]));
}
