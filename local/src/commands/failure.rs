//! Why a command ends with an exit code other than 0.

/// Why a command ends with an exit code other than 0.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command has printed the reason.
    Reported,
    /// The user pressed Ctrl-C.
    Interrupted,
    /// An error that is still to be printed.
    Error(Box<dyn std::error::Error + Send + Sync>),
}

impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}
