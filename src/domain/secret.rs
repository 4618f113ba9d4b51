//! What proves who asks: random secrets that are kept as hashes only, and passwords that are worth the name.

use std::fmt;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// 32 random bytes that are shown once.
///
/// `Debug` hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

/// How the text of every secret starts, so that people and programs that look for secrets find it.
pub const SECRET_MARK: &str = "jgk_";

impl Secret {
    /// A secret of bytes that nobody can guess.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The secret that a text says, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(SECRET_MARK)?.as_bytes();
        let mut bytes = [0; 32];
        if digits.len() != 2 * bytes.len() {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = 16 * digit(pair[0])? + digit(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// Its text: `jgk_` and 64 hexadecimal digits.
    pub fn text(&self) -> String {
        let mut text = SECRET_MARK.to_owned();
        for byte in self.0 {
            // Writing into a text cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// What is stored, and looked up: SHA-256. Of 32 random bytes nobody finds the secret again, and how long the
    /// search for a hash takes says nothing about it.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
}

/// A password that may be chosen.
///
/// Invariant: 10 characters to 1,000 bytes, neither the account's name nor one of the commonest. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// A password that may not be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short.
    #[error("a password has at least 10 characters")]
    TooShort,
    /// Too long.
    #[error("a password has at most 1,000 bytes")]
    TooLong,
    /// The account's name.
    #[error("a password is not the account's name")]
    IsName,
    /// Among those that are tried first.
    #[error("this password is among those that are tried first")]
    Common,
}

/// Fewest characters of a password.
const MIN_CHARACTERS: usize = 10;

/// Most bytes of a password, so that nobody has a book hashed.
pub const MAX_PASSWORD_BYTES: usize = 1000;

/// Passwords of ten characters and more that are tried first, in small letters.
const COMMONEST: &[&str] = &[
    "0123456789",
    "0987654321",
    "1122334455",
    "12345678900",
    "1234567890",
    "1234567891",
    "12345678910",
    "123456789a",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "9876543210",
    "abcdefghij",
    "admin12345",
    "admin123456",
    "administrator",
    "adminadmin",
    "asdfghjkl123",
    "bismillah123",
    "changeme123",
    "indonesia1",
    "indonesia123",
    "indonesia45",
    "indonesia1945",
    "iloveyou123",
    "jakarta123",
    "kabupaten123",
    "letmein123",
    "merdeka1945",
    "p@ssw0rd123",
    "passw0rd123",
    "password10",
    "password12",
    "password123",
    "password1234",
    "password12345",
    "passwordpassword",
    "q1w2e3r4t5",
    "qazwsxedcrfv",
    "qwerty1234",
    "qwerty12345",
    "qwerty123456",
    "qwertyuiop",
    "rahasia123",
    "sayangku123",
    "welcome123",
    "zxcvbnm123",
];

impl Password {
    /// A password for an account of this name.
    ///
    /// # Errors
    /// It is too short, too long, the name, or too common.
    pub fn parse(text: &str, account: &str) -> Result<Self, PasswordError> {
        if MAX_PASSWORD_BYTES < text.len() {
            return Err(PasswordError::TooLong);
        }
        let small = text.to_lowercase();
        // Ten times one name is still the name.
        if !account.is_empty()
            && small
                .replace(account, "")
                .chars()
                .all(|c| !c.is_alphabetic())
            && small.contains(account)
        {
            return Err(PasswordError::IsName);
        }
        if text.chars().count() < MIN_CHARACTERS {
            return Err(PasswordError::TooShort);
        }
        let mut characters = small.chars();
        let first = characters.next();
        let is_one_character = characters.all(|character| Some(character) == first);
        if is_one_character || COMMONEST.contains(&small.as_str()) {
            return Err(PasswordError::Common);
        }
        Ok(Self(text.to_owned()))
    }

    /// Its bytes, to be hashed.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_as_it_was_shown_and_nothing_else_is() {
        let secret = Secret::new(Sha256::digest(b"nobody knows").into());
        let text = secret.text();
        assert_eq!(text.len(), "jgk_".len() + 64);
        assert_eq!(Secret::parse(&text), Some(secret.clone()));
        for bad in [
            "",
            "jgk_",
            &text[4..],
            &text[..67],
            &text.to_uppercase(),
            &format!("{text}0"),
            &text.replace('0', "é"),
        ] {
            assert_eq!(Secret::parse(bad), None, "{bad}");
        }
        assert!(!format!("{secret:?}").contains(&text[4..12]));
    }

    #[test]
    fn a_password_that_is_tried_first_is_refused() {
        let refused = |text: &str| Password::parse(text, "siti.aminah").unwrap_err();
        assert_eq!(refused("kurang10!"), PasswordError::TooShort);
        assert_eq!(refused(&"panjang ".repeat(126)), PasswordError::TooLong);
        for name in ["siti.aminah", "Siti.Aminah", "Siti.Aminah2026"] {
            assert_eq!(refused(name), PasswordError::IsName, "{name}");
        }
        for common in ["1234567890", "Password123", "aaaaaaaaaaaa"] {
            assert_eq!(refused(common), PasswordError::Common, "{common}");
        }
        assert!(Password::parse("sepuluh katak di sawah", "siti.aminah").is_ok());
        assert!(
            Password::parse("éééééééééà", "siti").is_ok(),
            "10 characters"
        );
    }
}
