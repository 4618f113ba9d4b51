//! Passwords into hashes, and back to yes or no.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use super::AppError;
use crate::domain::Password;

/// Passwords hashed at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;

static PERMITS: Semaphore = Semaphore::const_new(AT_ONCE);

/// The hash of a password that nobody has, so that an unknown name costs what a known one does.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash(b"a password of nobody").ok());

/// The hash of a password, with its salt and its parameters, in the form of the PHC.
///
/// Argon2id with 19 MiB, two passes and one lane.
///
/// # Errors
/// The system gives no random numbers or no memory.
///
/// # References
/// OWASP, Password Storage Cheat Sheet; RFC 9106.
pub(super) async fn hash_password(password: &Password) -> Result<String, AppError> {
    let bytes = password.as_bytes().to_vec();
    blocking(move || hash(&bytes)).await?
}

/// Whether a text is the password of a stored hash; never where there is none, and only after the same work.
///
/// # Errors
/// The system fails.
pub(super) async fn is_password(text: &str, stored: Option<String>) -> Result<bool, AppError> {
    let bytes = text.as_bytes().to_vec();
    blocking(move || {
        let nobody = LazyLock::force(&NOBODY);
        let is_known = stored.is_some();
        let Some(hash) = stored.as_ref().or(nobody.as_ref()) else {
            return false;
        };
        let is_right = PasswordHash::new(hash)
            .is_ok_and(|hash| Argon2::default().verify_password(&bytes, &hash).is_ok());
        is_known && is_right
    })
    .await
}

fn hash(bytes: &[u8]) -> Result<String, AppError> {
    let hashed: Result<PasswordHash, _> = Argon2::default().hash_password(bytes);
    match hashed {
        Ok(hash) => Ok(hash.to_string()),
        Err(cause) => Err(failed(cause)),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    let permit = PERMITS.acquire().await.map_err(failed)?;
    let done = tokio::task::spawn_blocking(work).await.map_err(failed);
    drop(permit);
    done
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn failed(cause: impl ToString) -> AppError {
    AppError::System {
        doing: "hash a password",
        cause: cause.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_is_the_password() {
        let password = Password::parse("sepuluh katak di sawah", "siti").unwrap();
        let stored = hash_password(&password).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let again = hash_password(&password).await.unwrap();
        assert_ne!(stored, again, "each has its own salt");
        let stored = Some(stored);
        let right = is_password("sepuluh katak di sawah", stored.clone()).await;
        assert!(right.unwrap());
        let wrong = is_password("sepuluh katak di sawa", stored).await;
        assert!(!wrong.unwrap());
        let of_nobody = is_password("a password of nobody", None).await;
        assert!(!of_nobody.unwrap());
    }
}
