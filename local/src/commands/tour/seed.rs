//! Fills a new database with the tables and items of the tour.

use super::{
    super::{deployment::Deployment, failure::Failure},
    steps::STEPS,
};

/// Runs the steps that create tables and items, if the database is new. Leaves any other database as it is.
pub(in crate::commands) async fn seed(deployment: &Deployment) -> Result<(), Failure> {
    if !deployment.is_new {
        return Ok(());
    }
    for step in STEPS.iter().filter(|step| step.is_seed) {
        let event = step.event.text()?;
        let answer = deployment.lambda.invoke(step.function, event.clone()).await?;
        if let Some(error) = answer.error() {
            return Err(format!(
                "the database could not be filled: {} failed with {}: {}\n{event}",
                step.function, error.error_type, error.error_message
            )
            .into());
        }
    }
    Ok(())
}
