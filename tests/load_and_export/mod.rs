//! Files that are loaded into tables, and tables that are exported into files, by the library behind `cargo run -- load` and
//! `cargo run -- export`, through the function binaries.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use local::{
    Builder, DynamoDb, Lambda,
    bulk::{BulkError, Empty, Export, Exported, Format, Header, Load, Loaded, Types, Values, create, rejected_file},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{
    FUNCTIONS, Harness, external_engine,
    proxy::{Canned, Proxy},
};

mod round_trip;

/// The functions, a DynamoDB and a folder.
struct Bench {
    lambda: Lambda,
    proxy: Proxy,
    folder: TempDir,
    _engine: Option<DynamoDb>,
}

impl Bench {
    /// With the tables `Tab` (`id`, S) and `Ranged` (`id`, S, and `at`, N).
    async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    async fn with(set: impl FnOnce(Builder) -> Builder) -> Self {
        let engine = if external_engine().is_some() { None } else { Some(DynamoDb::memory().await.unwrap()) };
        let url = external_engine().unwrap_or_else(|| engine.as_ref().unwrap().url().to_owned());
        let proxy = Proxy::before(&url).await;
        let builder = Lambda::builder().functions(FUNCTIONS).dynamodb(proxy.url());
        let lambda = set(builder.env("AWS_ACCESS_KEY_ID", Harness::key())).start().await.unwrap();
        let bench = Self { lambda, proxy, folder: tempfile::tempdir().unwrap(), _engine: engine };
        let _running = bench.running();
        create(&bench.lambda, "Tab", &"id:S".parse().unwrap()).await.unwrap();
        create(&bench.lambda, "Ranged", &"id:S,at:N".parse().unwrap()).await.unwrap();
        bench
    }

    /// Lets the proxy check the calls by the permissions of the functions that load and export.
    fn running(&self) -> impl Sized + use<> {
        ["create-table", "describe-table", "batch-write-items", "scan-items"].map(|name| self.proxy.running(name))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Loads a file with the default options.
    async fn load(&self, file: &Path, table: &str) -> Result<Loaded, BulkError> {
        self.load_with(file, table, |_| {}).await
    }

    async fn load_with(&self, file: &Path, table: &str, set: impl FnOnce(&mut Load<'_>)) -> Result<Loaded, BulkError> {
        let _running = self.running();
        let types = Types::default();
        let rejected = rejected_file(file);
        let mut load = Load {
            file,
            format: Format::of(file).unwrap(),
            table,
            values: None,
            types: &types,
            empty: Empty::Omit,
            header: Header::Typed,
            rejected: &rejected,
        };
        set(&mut load);
        load.run(&self.lambda, &mut |_| {}).await
    }

    /// Exports a table with typed values.
    async fn export(&self, table: &str, file: &Path) -> Result<Exported, BulkError> {
        let _running = self.running();
        let format = Format::of(file).unwrap();
        let (values, header) = (Values::Typed, Header::Typed);
        Export { table, file, format, values, header, consistent: true }.run(&self.lambda, &mut |_, _| {}).await
    }

    /// The typed items of a table, in the order of their text.
    async fn items(&self, table: &str) -> Vec<Value> {
        let file = self.path("all.jsonl");
        self.export(table, &file).await.unwrap();
        let mut items: Vec<Value> =
            fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        items.sort_by_key(ToString::to_string);
        items
    }
}

/// The rejected rows of a file: row, line and reason.
fn rejected(file: &Path) -> Vec<(u64, u64, String)> {
    let text = fs::read_to_string(rejected_file(file)).unwrap();
    let entry = |line: &str| {
        let entry: Value = serde_json::from_str(line).unwrap();
        (entry["row"].as_u64().unwrap(), entry["line"].as_u64().unwrap(), entry["reason"].as_str().unwrap().to_owned())
    };
    let mut entries: Vec<_> = text.lines().map(entry).collect();
    entries.sort();
    entries
}

#[tokio::test]
async fn a_csv_file_with_a_mark_quotes_and_bad_rows_is_loaded_but_for_them() {
    let bench = Bench::new().await;
    let text = "\u{feff}id,at,age:N,tags:SS,name\r\n\
        a,1,30.50,\"[\"\"x\"\",\"\"y\"\"]\",\"Ann \"\"A\"\", Oslo\"\r\n\
        b,2,1e400,,Bob\r\n\
        c,3,40\r\n\
        \r\n\
        ,4,1,,x\r\n\
        d,five,1,,x\r\n\
        e,6,,,\"two\r\nlines\"\r\n\
        f,7,1,,\"x\"y\r\n\
        a,1.0,31,,last wins\r\n";
    let file = bench.file("rows.csv", text);
    let loaded = bench.load(&file, "Ranged").await.unwrap();
    assert_eq!((loaded.written, loaded.superseded, loaded.rejected), (2, 1, 5), "{loaded:?}");
    assert_eq!(loaded.rejected_file, Some(rejected_file(&file)));
    let items = bench.items("Ranged").await;
    assert_eq!(
        items,
        [
            json!({"age": {"N": "31"}, "at": {"N": "1"}, "id": {"S": "a"}, "name": {"S": "last wins"}}),
            json!({"at": {"N": "6"}, "id": {"S": "e"}, "name": {"S": "two\r\nlines"}}),
        ]
    );
    let rejected = rejected(&file);
    for ((row, line, reason), (expected_row, expected_line, part)) in rejected.iter().zip([
        (2, 3, "`age`: `\"1e400\"` is not a number that DynamoDB holds"),
        (3, 4, "it has 3 cells, and the header has 5"),
        (4, 6, "lacks `id`"),
        (5, 7, "`at`: `\"five\"`"),
        (7, 10, "text follows a closing quote in line 10"),
    ]) {
        assert_eq!((*row, *line), (expected_row, expected_line), "{reason}");
        assert!(reason.contains(part), "{reason}\nlacks {part}");
    }
    assert_eq!(rejected.len(), 5);
}

#[tokio::test]
async fn bad_lines_of_json_are_named_and_the_others_are_written() {
    let bench = Bench::new().await;
    let deep = |levels: usize| format!(r#"{{"id":"deep","l":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
    let rows = [
        r#"{"id":"a","n":1.5000000000000000000000000000000000001}"#.to_owned(),
        r#"{"id":"b","n":1e400}"#.to_owned(),
        format!(r#"{{"id":"large","text":"{}"}}"#, "x".repeat(410_000)),
        "not json".to_owned(),
        r#"{"id":"c"#.to_owned(),
        deep(40),
        deep(200),
        r#"{"id":"d","id":"e"}"#.to_owned(),
        format!(r#"{{"id":"huge","text":"{}"}}"#, "x".repeat(6_000_000)),
        r#"{"id":{"S":"typed"}}"#.to_owned(),
        r#" { "id" : "f" } "#.to_owned(),
    ];
    let file = bench.file("rows.jsonl", rows.join("\n"));
    let loaded = bench.load(&file, "Tab").await.unwrap();
    assert_eq!((loaded.written, loaded.superseded, loaded.rejected), (2, 0, 9), "{loaded:?}");
    let rejected = rejected(&file);
    for ((row, _, reason), (expected, part)) in rejected.iter().zip([
        (2, "`n`: `1e+400` is not a number"),
        (3, "409600 bytes (400 KB)"),
        (4, "no JSON object"),
        (5, "it is not JSON"),
        (6, "32 levels"),
        (7, "127 levels"),
        (8, "names `id` twice"),
        (9, "the row has 6000023 bytes"),
        (10, "`id`: `{\"S\":\"typed\"}`"),
    ]) {
        assert_eq!(*row, expected, "{reason}");
        assert!(reason.contains(part), "{reason}\nlacks {part}");
    }
    let items = bench.items("Tab").await;
    assert_eq!(items[0], json!({"id": {"S": "a"}, "n": {"N": "1.5000000000000000000000000000000000001"}}));
    assert_eq!(items[1], json!({"id": {"S": "f"}}));
    // Loaded again without bad rows, there is no file of rejected rows.
    let file = bench.file("rows.jsonl", r#"{"id":"f"}"#);
    assert_eq!(bench.load(&file, "Tab").await.unwrap().rejected_file, None);
    assert!(!rejected_file(&file).exists());
}

#[tokio::test]
async fn a_file_that_is_none_of_rows_is_an_error_that_names_what_it_is() {
    let bench = Bench::new().await;
    let utf16: Vec<u8> = "id,name\nå,ø\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, content, part) in [
        ("a.csv", utf16.clone(), "UTF-16LE"),
        ("b.csv", [b"\xFF\xFE".to_vec(), utf16].concat(), "UTF-16LE"),
        ("c.jsonl", b"\x1F\x8B\x08".to_vec(), "gzip"),
        ("d.jsonl", Vec::new(), "is empty"),
        ("e.jsonl", b"\xEF\xBB\xBF\n\n".to_vec(), "has no rows"),
        ("f.csv", b"id,name\n".to_vec(), "has no rows"),
        ("g.csv", b"\n\n".to_vec(), "has no header"),
        ("h.csv", b"name\nx\n".to_vec(), "no column `id`"),
        ("i.csv", b"id,x,x\n1,2,3\n".to_vec(), "`x` twice"),
        ("j.csv", b"id:N\n1\n".to_vec(), "`id` is given as N, and is S"),
        ("k.csv", b"id,\"x\n1,2\n".to_vec(), "the quote that opens in line 1 is not closed"),
        ("l.json", br#"[{"id":"a"}]"#.to_vec(), "is a JSON array"),
    ] {
        let file = bench.file(name, content);
        let error = bench.load(&file, "Tab").await.unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(part), "{name}: {error}");
    }
    let error = bench.load(&bench.path("missing.csv"), "Tab").await.unwrap_err().to_string();
    assert!(error.contains("missing.csv") && error.contains("No such file"), "{error}");
    let file = bench.file("m.jsonl", r#"{"id":"a"}"#);
    let error = bench.load(&file, "NoTable").await.unwrap_err().to_string();
    assert!(error.contains("ResourceNotFoundException") && error.contains("--create"), "{error}");
    assert!(bench.items("Tab").await.is_empty());
}

#[tokio::test]
async fn a_table_is_created_once_and_never_taken_for_another() {
    let bench = Bench::new().await;
    let _running = bench.running();
    create(&bench.lambda, "Ranged", &"id:S,at:N".parse().unwrap()).await.unwrap();
    let error = create(&bench.lambda, "Ranged", &"id:S".parse().unwrap()).await.unwrap_err().to_string();
    assert_eq!(error, "table `Ranged`: there is one already, with the key `id:S,at:N` and not `id:S`");
}

#[tokio::test]
async fn types_are_given_for_attributes_that_some_rows_have() {
    let bench = Bench::new().await;
    // More rows than an event has: the second event has no `tags`.
    let mut rows = vec![r#"{"id":"first","tags":["b","a"],"n":"1.50"}"#.to_owned()];
    rows.extend((0..1_500).map(|number| format!(r#"{{"id":"r{number:04}","n":"{number}"}}"#)));
    let file = bench.file("rows.jsonl", rows.join("\n"));
    let types = "tags:SS,n:N,gone:B".parse().unwrap();
    let types: &'static Types = Box::leak(Box::new(types));
    let loaded = bench.load_with(&file, "Tab", |load| load.types = types).await.unwrap();
    assert_eq!((loaded.written, loaded.unused_types), (1_501, vec!["gone".to_owned()]));
    let items = bench.items("Tab").await;
    assert_eq!(items.len(), 1_501);
    assert_eq!(items[0], json!({"id": {"S": "first"}, "n": {"N": "1.5"}, "tags": {"SS": ["a", "b"]}}));
    assert_eq!(items[1_500], json!({"id": {"S": "r1499"}, "n": {"N": "1499"}}));
}

#[tokio::test]
async fn an_empty_cell_is_left_out_or_an_empty_text() {
    let bench = Bench::new().await;
    let file = bench.file("rows.csv", "id,s,n:N\na,,\n");
    bench.load(&file, "Tab").await.unwrap();
    assert_eq!(bench.items("Tab").await, [json!({"id": {"S": "a"}})]);
    bench.load_with(&file, "Tab", |load| load.empty = Empty::Keep).await.unwrap();
    assert_eq!(bench.items("Tab").await, [json!({"id": {"S": "a"}, "s": {"S": ""}})]);
}

#[tokio::test]
async fn an_export_of_dynamodb_itself_is_loaded() {
    let bench = Bench::new().await;
    let file = bench.file("export.json", "{\"Item\":{\"id\":{\"S\":\"a\"},\"tags\":{\"SS\":[\"x\"]}}}\n");
    assert_eq!(bench.load(&file, "Tab").await.unwrap().written, 1);
    assert_eq!(bench.items("Tab").await, [json!({"id": {"S": "a"}, "tags": {"SS": ["x"]}})]);
}

#[tokio::test]
async fn what_csv_cannot_hold_is_refused_and_the_file_stays_as_it_was() {
    let bench = Bench::new().await;
    let row = r#"{"id":"a","address":{"zip":"5003"}}"#;
    let file = bench.file("rows.jsonl", row);
    bench.load(&file, "Tab").await.unwrap();
    let csv = bench.file("out.csv", "before");
    let error = bench.export("Tab", &csv).await.unwrap_err().to_string();
    assert!(error.contains("`address` is a map (M); CSV cannot hold it"), "{error}");
    assert_eq!(fs::read_to_string(&csv).unwrap(), "before");
    let mut names: Vec<_> = fs::read_dir(bench.folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["out.csv", "rows.jsonl"], "nothing is left behind");
}

#[tokio::test]
async fn a_table_of_many_pages_is_exported_whole() {
    let bench = Bench::new().await;
    // More than 1 MB, which is a page.
    let rows: Vec<String> =
        (0..40).map(|number| format!(r#"{{"id":"r{number}","text":"{}"}}"#, "x".repeat(60_000))).collect();
    let file = bench.file("rows.jsonl", rows.join("\n"));
    assert_eq!(bench.load(&file, "Tab").await.unwrap().written, 40);
    bench.proxy.take_seen();
    assert_eq!(bench.export("Tab", &bench.path("out.jsonl")).await.unwrap().items, 40);
    let scans = bench.proxy.take_operations().iter().filter(|operation| *operation == "Scan").count();
    assert!(scans >= 3, "{scans} pages");
}

#[tokio::test]
async fn rows_that_come_back_are_sent_again_until_they_are_written() {
    // The first call has no answer. Shortly before the deadline, its rows come back.
    let bench = Bench::with(|builder| builder.timeout(Duration::from_secs(3))).await;
    bench.proxy.next("BatchWriteItem", Canned::Silence);
    bench.proxy.next("BatchWriteItem", Canned::error(400, "ProvisionedThroughputExceededException"));
    let rows: Vec<String> = (0..60).map(|number| format!(r#" {{"id" : "r{number:02}", "n":1.0E1}}"#)).collect();
    let file = bench.file("rows.jsonl", rows.join("\n"));
    let loaded = bench.load(&file, "Tab").await.unwrap();
    assert_eq!((loaded.written, loaded.rejected), (60, 0));
    assert_eq!(bench.items("Tab").await.len(), 60);
}

#[tokio::test]
async fn a_row_that_only_dynamodb_refuses_is_found_and_the_others_are_written() {
    let bench = Bench::new().await;
    // The event, its first half, and the first row.
    for _ in 0..3 {
        bench.proxy.next("BatchWriteItem", Canned::error(400, "ValidationException"));
    }
    let file = bench.file("rows.jsonl", "{\"id\":\"a\"}\n{\"id\":\"b\"}\n{\"id\":\"c\"}\n{\"id\":\"d\"}\n");
    let loaded = bench.load(&file, "Tab").await.unwrap();
    assert_eq!((loaded.written, loaded.rejected), (3, 1));
    let rejected = rejected(&file);
    assert_eq!((rejected.len(), rejected[0].0), (1, 1));
    assert!(rejected[0].2.contains("canned"), "{rejected:?}");
}

#[tokio::test]
async fn an_error_that_no_row_caused_ends_the_load_with_the_row_to_go_on_from() {
    let bench = Bench::new().await;
    bench.proxy.next("BatchWriteItem", Canned::error(400, "AccessDeniedException"));
    let file = bench.file("rows.jsonl", "not json\n{\"id\":\"a\"}\n");
    let error = bench.load(&file, "Tab").await.unwrap_err().to_string();
    assert!(error.contains("AccessDeniedException") && error.contains("all rows before row 2"), "{error}");
    assert_eq!(rejected(&file).len(), 1, "what was rejected before is named");
}
