//! Which request a line belongs to: whatever logs while one is answered finds
//! its number here, however deep it stands.

use std::sync::Arc;

tokio::task_local! {
    static REQUEST: Arc<str>;
}

/// Does the work under that request's number.
pub async fn during<F: Future>(request: Arc<str>, work: F) -> F::Output {
    REQUEST.scope(request, work).await
}

/// The number of the request that is being answered, if one is.
pub fn current() -> Option<Arc<str>> {
    REQUEST.try_with(Arc::clone).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_has_its_number_however_deep_and_others_have_theirs() {
        async fn deep() -> Option<Arc<str>> {
            tokio::task::yield_now().await;
            current()
        }
        assert_eq!(current(), None);
        let (one, two) =
            tokio::join!(during("1f-1".into(), deep()), during("1f-2".into(), deep()),);
        assert_eq!(one.as_deref(), Some("1f-1"));
        assert_eq!(two.as_deref(), Some("1f-2"));
        assert_eq!(current(), None);
    }
}
