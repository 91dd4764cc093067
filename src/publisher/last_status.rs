//! The last status of a deployment: what is tried when GitHub refuses it.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::StatusPublisher;
use crate::deployment::{NewStatus, Status};
use crate::github::{ApiError, ErrorKind};

/// A 401, 403 or 404 that passes, as GitHub's replicas give now and then, has passed by then.
const DENIED_RETRY_DELAY: Duration = Duration::from_secs(2);

impl StatusPublisher<'_> {
    /// Posts by `post`. Where GitHub denies it although it has taken an earlier status, it is
    /// tried once more; where GitHub calls it invalid, it is posted once more without URLs and
    /// description, since the state is what counts.
    ///
    /// # Errors
    /// Those of `post`.
    pub(super) async fn with_fallbacks(
        &self,
        status: &NewStatus,
        deadline: Instant,
        mut post: impl AsyncFnMut(&NewStatus) -> Result<Status, ApiError>,
    ) -> Result<Status, ApiError> {
        let mut posted = post(status).await;
        if let Err(error) = &posted
            && error.is_denied()
            && self.latest().is_some()
            && Instant::now() + DENIED_RETRY_DELAY < deadline
        {
            sleep(DENIED_RETRY_DELAY).await;
            posted = post(status).await;
        }
        let bare = status.state_alone();
        match posted {
            Err(error) if error.kind() == ErrorKind::Invalid && bare != *status => {
                post(&bare).await.map_err(|_| error)
            }
            posted => posted,
        }
    }
}
