//! `cargo run -- serve`: serves the functions behind Lambda's Invoke API, their database, and the page to try them on, until
//! Ctrl-C.

use std::{
    env,
    io::{Write as _, stdout},
    net::SocketAddr,
    path::PathBuf,
    pin::pin,
    time::Duration,
};

use clap::Args;
use local::page::Page;

use super::{
    deployment::{Addresses, Deployment, Source},
    failure::Failure,
    interrupt::interrupted,
    tour,
    variables::Variables,
    workspace,
};

/// The arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The port of Lambda's API; without it, the system chooses
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// The port of the page to try the functions on, on loopback; without it, the system chooses
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    page: u16,
    /// The address at which DynamoDB listens, such as 172.17.0.1:8000 for Docker's containers; without it, loopback with a
    /// port that the system chooses. DynamoDB accepts any credentials: choose an address that strangers cannot reach
    #[arg(long, value_name = "ADDRESS:PORT", default_value_t = Addresses::LOOPBACK, hide_default_value = true)]
    dynamodb: SocketAddr,
    /// The address at which STS and Secrets Manager listen; without it, loopback with a port that the system chooses
    #[arg(long, value_name = "ADDRESS:PORT", default_value_t = Addresses::LOOPBACK, hide_default_value = true)]
    sts: SocketAddr,
    /// Keep the database in this file
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
    /// Leave a new database empty, without the tour's tables and items
    #[arg(long)]
    empty: bool,
    #[command(flatten)]
    variables: Variables,
    /// Build the functions as they are deployed
    #[arg(long)]
    release: bool,
    /// Kill an invocation after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=900))]
    timeout: u64,
}

/// Runs the command.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    // One wait for the whole command, so that no signal is lost between two waits.
    let mut interrupted = pin!(interrupted());
    let deployment = tokio::select! {
        deployment = start(options) => deployment?,
        () = &mut interrupted => return Err(Failure::Interrupted),
    };
    let page = Page::start(&deployment.lambda, workspace::root().join("events"), options.page).await?;
    print_addresses(&deployment, &page)?;
    interrupted.await;
    drop(page);
    deployment.stop().await;
    Ok(())
}

async fn start(options: &Options) -> Result<Deployment, Failure> {
    let addresses = Addresses { dynamodb: options.dynamodb, identity: options.sts };
    let source = Source::of(options.db.as_deref());
    let deployment = Deployment::start_at(addresses, source, options.release, |builder| {
        let builder = builder.port(options.port).timeout(Duration::from_secs(options.timeout)).show_logs(true);
        options.variables.set(builder)
    })
    .await?;
    if !options.empty {
        tour::seed(&deployment).await?;
    }
    Ok(deployment)
}

fn print_addresses(deployment: &Deployment, page: &Page) -> std::io::Result<()> {
    let functions: Vec<_> = deployment.lambda.functions().collect();
    let lambda = deployment.lambda.url();
    let root = workspace::root();
    let at_root = env::current_dir().is_ok_and(|folder| folder == root);
    let root = if at_root { PathBuf::new() } else { root };
    let event = root.join("events").join("get-item.json");
    let mut out = stdout().lock();
    writeln!(out, "Page       {}", page.url())?;
    writeln!(out, "Lambda     {lambda}")?;
    writeln!(out, "DynamoDB   {}", deployment.database_url())?;
    writeln!(out, "STS        {}", deployment.identity.url())?;
    writeln!(out, "Functions  {}", functions.join(", "))?;
    writeln!(out)?;
    // Both versions of the AWS CLI accept `fileb` and `AWS_DEFAULT_REGION`.
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
    fn listens_on_loopback_by_default() {
        let options = options(&[]);
        for address in [options.dynamodb, options.sts] {
            assert!(address.ip().is_loopback(), "{address}");
            assert_eq!(address.port(), 0);
        }
    }

    #[test]
    fn accepts_addresses_that_containers_can_reach() {
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
