//! `cargo run -- serve`: the functions behind Lambda's Invoke API, and their database, until Ctrl-C.

use std::{
    env,
    io::{Write as _, stdout},
    net::SocketAddr,
    path::PathBuf,
    pin::pin,
    time::Duration,
};

use clap::Args;

use super::{
    Failure, interrupted,
    stage::{Addresses, Source, Stage},
    workspace,
};

/// What is served, and how.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The port of Lambda's API; without it, the system chooses
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Where DynamoDB listens, such as 172.17.0.1:8000 for Docker's containers; without it, on loopback, at a port that the
    /// system chooses. It takes any credentials: choose no address that strangers reach
    #[arg(long, value_name = "ADDRESS:PORT", default_value_t = Addresses::LOOPBACK, hide_default_value = true)]
    dynamodb: SocketAddr,
    /// Where STS and Secrets Manager listen; without it, on loopback, at a port that the system chooses
    #[arg(long, value_name = "ADDRESS:PORT", default_value_t = Addresses::LOOPBACK, hide_default_value = true)]
    sts: SocketAddr,
    /// Keep the database in this file
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
    /// Leave a new database empty, instead of putting the tour's tables and items into it
    #[arg(long)]
    empty: bool,
    /// Build the functions as they are deployed
    #[arg(long)]
    release: bool,
    /// Kill an invocation after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=900))]
    timeout: u64,
}

/// Runs the command.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    // One from the beginning to the end, so that no signal falls between two.
    let mut interrupted = pin!(interrupted());
    let stage = tokio::select! {
        stage = open(options) => stage?,
        () = &mut interrupted => return Err(Failure::Interrupted),
    };
    say(&stage)?;
    interrupted.await;
    stage.close().await;
    Ok(())
}

async fn open(options: &Options) -> Result<Stage, Failure> {
    let addresses = Addresses { dynamodb: options.dynamodb, identity: options.sts };
    let stage = Stage::open_at(addresses, Source::of(options.db.as_deref()), options.release, |builder| {
        builder.port(options.port).timeout(Duration::from_secs(options.timeout)).show_logs(true)
    })
    .await?;
    if !options.empty {
        stage.seed().await?;
    }
    Ok(stage)
}

fn say(stage: &Stage) -> std::io::Result<()> {
    let functions: Vec<_> = stage.lambda.functions().collect();
    let lambda = stage.lambda.url();
    let at_root = env::current_dir().is_ok_and(|folder| folder == workspace());
    let root = if at_root { PathBuf::new() } else { workspace() };
    let event = root.join("events").join("get-item.json");
    let mut out = stdout().lock();
    writeln!(out, "Lambda     {lambda}")?;
    writeln!(out, "DynamoDB   {}", stage.database_url())?;
    writeln!(out, "STS        {}", stage.identity.url())?;
    writeln!(out, "Functions  {}", functions.join(", "))?;
    writeln!(out)?;
    // `fileb` and `AWS_DEFAULT_REGION` are what both versions of the AWS CLI take.
    writeln!(
        out,
        "AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1 \
         aws lambda invoke --endpoint-url {lambda} --function-name get-item --payload fileb://{} /dev/stdout",
        event.display()
    )?;
    writeln!(out)?;
    writeln!(out, "Ctrl-C ends it.")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Arguments {
        #[command(flatten)]
        options: Options,
    }

    fn options(arguments: &[&str]) -> Options {
        Arguments::try_parse_from([&["serve"], arguments].concat()).unwrap().options
    }

    #[test]
    fn nothing_leaves_loopback_unless_told() {
        let options = options(&[]);
        for address in [options.dynamodb, options.sts] {
            assert!(address.ip().is_loopback(), "{address}");
            assert_eq!(address.port(), 0);
        }
    }

    #[test]
    fn takes_addresses_that_containers_reach() {
        let options = options(&["--dynamodb", "172.17.0.1:8000", "--sts", "172.17.0.1:8001"]);
        assert_eq!(options.dynamodb.to_string(), "172.17.0.1:8000");
        assert_eq!(options.sts.to_string(), "172.17.0.1:8001");
    }

    #[test]
    fn refuses_an_address_without_a_port() {
        let error = Arguments::try_parse_from(["serve", "--dynamodb", "172.17.0.1"]).unwrap_err().to_string();
        assert!(error.contains("--dynamodb <ADDRESS:PORT>"), "{error}");
    }
}
