//! What every section works with: the binaries, the peers, the servers and the table.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    contenders::{Contender, Environment, Peers, Process, binaries},
    options::Options,
    report::Table,
    servers::Servers,
};

#[derive(Debug)]
pub(crate) struct Bench {
    quick: bool,
    /// The folder of our functions and of the other binaries.
    binaries: PathBuf,
    /// The folder for everything that is kept between runs. It may be deleted.
    pub(crate) store: PathBuf,
    pub(crate) peers: Peers,
    pub(crate) servers: Servers,
    pub(crate) table: Table,
}

impl Bench {
    /// Builds and installs the contenders and starts the servers.
    pub(crate) fn prepare(options: &Options) -> Result<Self, String> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
        let store = target.join("benches");
        let failed = |error: std::io::Error| format!("{}: {error}", store.display());
        fs::create_dir_all(store.join("logs")).map_err(failed)?;
        // Node and Python run in other folders.
        let store = fs::canonicalize(&store).map_err(failed)?;
        let binaries = binaries::prepare(&workspace, &target.join("release"), options.functions.as_deref(), &store)?;
        let peers = Peers::install(&store);
        for missing in [&peers.node, &peers.python].into_iter().filter_map(|peer| peer.as_ref().err()) {
            eprintln!("a peer is missing: {missing}");
        }
        let servers = Servers::start(&store)?;
        Ok(Self { quick: options.quick, binaries, store, peers, servers, table: Table::default() })
    }

    /// One of our functions.
    pub(crate) fn ours(&self, binary: &str) -> Contender {
        self.contender("ours", binary)
    }

    /// A binary under the name that the table shows.
    pub(crate) fn contender(&self, name: &'static str, binary: &str) -> Contender {
        Contender::binary(name, self.binaries.join(binary))
    }

    /// Starts a process of a contender.
    pub(crate) fn start(&self, contender: &Contender) -> Result<Process, String> {
        let environment = Environment { servers: &self.servers, logs: &self.store.join("logs") };
        Process::start(contender, &environment)
    }

    /// The number of rounds to measure: fewer with `--quick`.
    pub(crate) fn rounds(&self, rounds: usize) -> usize {
        if self.quick { rounds.div_ceil(5) } else { rounds }
    }
}
