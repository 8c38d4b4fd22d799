//! A page to try the functions on: a form for each function, made from the catalog.
//!
//! A request passes through these modules:
//!
//! 1. `guard` refuses requests of other hosts and sites.
//! 2. `requests` finds the function. `submission` does what the pressed button says.
//! 3. `inputs` has the controls of the function's form. `form` reads the sent entries into an event.
//! 4. `outcome` runs the function with the event. `pick_list` fills the pick-lists. `take_away` writes what calls the
//!    function elsewhere.
//! 5. `view` writes the HTML. `answer` finds the tables and the figures of an answer.
//!
//! Nothing is kept between two requests, and no entry is logged. The pages work without the script, which only saves
//! the user from reloading them.

mod answer;
mod form;
mod guard;
mod inputs;
mod outcome;
mod pick_list;
mod requests;
mod site;
mod submission;
mod take_away;
mod view;

use std::{path::PathBuf, sync::Arc};

use self::site::Site;
use crate::{
    error::StartError,
    lambda::Lambda,
    server::{self, Server},
};

/// The page's server. Dropping it stops it.
#[derive(Debug)]
pub struct Page {
    server: Server,
}

impl Page {
    /// Serves the page for the functions of `lambda` on this loopback port. With port 0 the system chooses one.
    ///
    /// `samples` is the folder with the sample events.
    pub async fn start(lambda: &Lambda, samples: impl Into<PathBuf>, port: u16) -> Result<Self, StartError> {
        let site = Site { invoker: lambda.invoker(), lambda_url: lambda.url(), samples: samples.into() };
        let router = |address| requests::router(Arc::new(site), guard::Origins::of(address));
        Ok(Self { server: Server::start_knowing_address(server::loopback(port), router).await? })
    }

    /// The page's address, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }
}
