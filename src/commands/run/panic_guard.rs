//! A panic in what is done for GitHub or for the URL costs the status or the URL, not the deploy.

use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::FutureExt as _;

use crate::output::console::{Console, Level};

/// The future's output, or the fallback and an annotation where it panics.
pub(super) async fn guarded<T>(
    console: &Console,
    lost: &str,
    fallback: T,
    future: impl Future<Output = T>,
) -> T {
    AssertUnwindSafe(future).catch_unwind().await.unwrap_or_else(|_| {
        annotate(console, lost);
        fallback
    })
}

/// The same for what does not wait.
pub(super) fn guarded_now<T: Default>(
    console: &Console,
    lost: &str,
    call: impl FnOnce() -> T,
) -> T {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|_| {
        annotate(console, lost);
        T::default()
    })
}

fn annotate(console: &Console, lost: &str) {
    let text = format!(
        "an error inside deployment-status cost {lost}; the command is not affected\n\
         help: please report it, with the line above: {}/issues",
        env!("CARGO_PKG_REPOSITORY")
    );
    console.annotate(Level::Warning, &text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_gives_the_fallback() {
        let console = Console::new(false, false);
        let panics = async { panic!("this is tested") };
        assert_eq!(guarded(&console, "a status", 7, panics).await, 7);
        assert_eq!(guarded(&console, "a status", 7, async { 8 }).await, 8);
        let panics = || -> u8 { panic!("this is tested") };
        assert_eq!(guarded_now(&console, "the URL", panics), 0);
    }
}
