//! Where the contenders meet: binaries built, peers installed, one DynamoDB for all.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Instant, SystemTime},
};

use crate::{
    dynamodb::DynamoDb,
    function::{Contender, Function},
    options::Options,
    peers::{Peers, run},
    sections::SECTIONS,
    table::Table,
};

/// What every section works with.
#[derive(Debug)]
pub(crate) struct Stage {
    options: Options,
    /// The folder of our functions and of the other binaries.
    unpacked: PathBuf,
    /// Everything that is kept between runs, and may be deleted.
    pub(crate) store: PathBuf,
    pub(crate) peers: Peers,
    pub(crate) dynamodb: DynamoDb,
    pub(crate) table: Table,
}

impl Stage {
    /// Builds and installs what is missing.
    pub(crate) fn set(options: Options) -> Result<Self, String> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
        let release = target.join("release");
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let build = |package: &str, more: &[&str]| {
            let started = Instant::now();
            let status = Command::new(&cargo)
                .args(["build", "--release", "--quiet", "--package", package])
                .args(more)
                .current_dir(&workspace)
                .status();
            match status {
                Ok(status) if status.success() => {
                    eprintln!("built {package} {}: {:.0?}", more.join(" "), started.elapsed());
                    Ok(())
                }
                Ok(status) => Err(format!("building {package} failed: {status}")),
                Err(error) => Err(format!("cargo does not start: {error}")),
            }
        };
        // Each on its own, as the functions are built that are deployed: with no other's features.
        let functions = if let Some(folder) = &options.functions {
            folder.clone()
        } else {
            build("functions", &["--bins"])?;
            release.clone()
        };
        build("benches", &["--bins"])?;
        build("benches", &["--bin", "bench-sdk", "--features", "sdk"])?;
        let store = target.join("benches");
        fs::create_dir_all(store.join("logs")).map_err(|error| format!("{}: {error}", store.display()))?;
        // Node and Python are started from other folders.
        let store = fs::canonicalize(&store).map_err(|error| format!("{}: {error}", store.display()))?;
        let unpacked = store.join("unpacked");
        unpack(&functions, &unpacked, &["get-item", "create-item", "query-items"])?;
        unpack(&release, &unpacked, &["bench-echo", "bench-sdk", "bench-convert"])?;
        let peers = Peers::install(&store);
        for missing in [&peers.node, &peers.python].into_iter().filter_map(|peer| peer.as_ref().err()) {
            eprintln!("a peer is missing: {missing}");
        }
        let dynamodb = DynamoDb::start().map_err(|error| format!("no port on loopback: {error}"))?;
        Ok(Self { options, unpacked, store, peers, dynamodb, table: Table::default() })
    }

    /// Measures, and prints the table.
    pub(crate) fn run(&mut self) -> Result<(), String> {
        let started = Instant::now();
        for (name, measure) in SECTIONS {
            if self.options.wants(name) {
                measure(self)?;
            }
        }
        println!("{}\n\n{}\nEverything:\n\n{}", self.machine(), self.table.bars(), self.table);
        for missed in self.table.missed() {
            println!("- not met: {missed}");
        }
        eprintln!("\nmeasured in {:.0?}", started.elapsed());
        Ok(())
    }

    /// One of our functions.
    pub(crate) fn ours(&self, binary: &str) -> Contender {
        self.contender("ours", binary)
    }

    /// One of the contenders of this package.
    pub(crate) fn contender(&self, name: &'static str, binary: &str) -> Contender {
        Contender::binary(name, self.unpacked.join(binary))
    }

    /// Starts a process.
    pub(crate) fn start(&self, contender: &Contender) -> Result<Function, String> {
        Function::start(contender, &self.dynamodb.url(), &self.store.join("logs"))
    }

    /// So many rounds, or fewer in a hurry.
    pub(crate) fn rounds(&self, rounds: usize) -> usize {
        if self.options.quick { rounds.div_ceil(5) } else { rounds }
    }

    fn machine(&self) -> String {
        let cores = thread::available_parallelism().map_or(0, usize::from);
        let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
        let today = aws_smithy_types::DateTime::from(SystemTime::now())
            .fmt(aws_smithy_types::date_time::Format::DateTime)
            .unwrap_or_default();
        let version = |program: &str| {
            run(Command::new(program).arg("--version"))
                .map_or_else(|_| format!("no {program}"), |text| String::from_utf8_lossy(&text).trim().to_owned())
        };
        format!(
            "{}, {cores} cores ({}), {}, Node {}, {}{}.",
            today.split('T').next().unwrap_or_default(),
            model.unwrap_or("unknown"),
            version("rustc"),
            version("node"),
            version("python3"),
            if self.options.quick { ", **in a hurry: not to be quoted**" } else { "" }
        )
    }
}

/// Writes binaries from front to back, as Lambda does when it unpacks a zip. Linkers write theirs here and there, and what
/// they leave in the page cache is mapped page by page: a start takes a twentieth longer.
fn unpack(from: &Path, to: &Path, names: &[&str]) -> Result<(), String> {
    for name in names {
        let say = |error: std::io::Error| format!("{name} cannot be unpacked: {error}");
        fs::create_dir_all(to).map_err(say)?;
        let (from, to) = (from.join(name), to.join(name));
        let binary = fs::read(&from).map_err(say)?;
        let permissions = fs::metadata(&from).map_err(say)?.permissions();
        // A new file: an old one may be running still.
        let _ = fs::remove_file(&to);
        fs::write(&to, binary).and_then(|()| fs::set_permissions(&to, permissions)).map_err(say)?;
    }
    Ok(())
}
