//! What the pages of accounts say, in two languages.

use crate::domain::{Language, PasswordError};

/// A text in Bahasa Indonesia and in English.
#[derive(Debug, Clone, Copy)]
pub(in crate::serve) struct Text(&'static str, &'static str);

impl Text {
    /// The text in a language.
    pub(in crate::serve) fn say(self, language: Language) -> &'static str {
        match language {
            Language::Indonesian => self.0,
            Language::English => self.1,
        }
    }
}

pub(in crate::serve) const SIGN_IN: Text = Text("Masuk", "Sign in");
pub(in crate::serve) const SIGN_OUT: Text = Text("Keluar", "Sign out");
pub(in crate::serve) const NAME: Text = Text("Nama akun", "Account name");
pub(in crate::serve) const PASSWORD: Text = Text("Kata sandi", "Password");
pub(in crate::serve) const OLD_PASSWORD: Text = Text("Kata sandi lama", "Old password");
pub(in crate::serve) const NEW_PASSWORD: Text = Text(
    "Kata sandi baru, paling sedikit 10 karakter",
    "New password, at least 10 characters",
);
pub(in crate::serve) const AGAIN: Text = Text("Sekali lagi", "Once more");
pub(in crate::serve) const SET_PASSWORD: Text = Text("Tetapkan kata sandi", "Set a password");
pub(in crate::serve) const CHANGE_PASSWORD: Text = Text("Ganti kata sandi", "Change the password");
pub(in crate::serve) const LINK_OVER: Text = Text(
    "Tautan ini tidak berlaku lagi: tautan berlaku sekali, selama sehari. Mintalah yang baru kepada admin.",
    "This link works no longer: it works once, and for a day. Ask an admin for a new one.",
);
pub(in crate::serve) const ACCOUNT: Text = Text("Akun", "Account");
pub(in crate::serve) const ROLE: Text = Text("Peran", "Role");
pub(in crate::serve) const SCOPE: Text = Text("Cakupan", "Scope");
pub(in crate::serve) const RIGHTS: Text = Text("Hak", "Rights");
pub(in crate::serve) const TRAIL: Text = Text("Jejak audit", "Audit trail");
pub(in crate::serve) const NEXT: Text = Text("Berikutnya", "Next");
pub(in crate::serve) const WHEN: Text = Text("Waktu (UTC)", "When (UTC)");
pub(in crate::serve) const WHO: Text = Text("Siapa", "Who");
pub(in crate::serve) const WHAT: Text = Text("Tindakan", "What");
pub(in crate::serve) const TO_WHAT: Text = Text("Objek", "To what");
pub(in crate::serve) const DETAILS: Text = Text("Rincian", "Details");

/// Why a form leads back to its page; the word that its address then holds, and what the page says.
const PROBLEMS: [(&str, Text); 8] = [
    (
        "refused",
        Text(
            "Nama atau kata sandi tidak benar.",
            "Name or password are not right.",
        ),
    ),
    (
        "wait",
        Text(
            "Terlalu banyak percobaan gagal. Tunggu sebentar, lalu coba lagi.",
            "Too many attempts failed. Wait a while, then try again.",
        ),
    ),
    ("link", LINK_OVER),
    (
        "again",
        Text(
            "Kedua kata sandi tidak sama.",
            "The two passwords are not the same.",
        ),
    ),
    (
        "short",
        Text(
            "Kata sandi paling sedikit 10 karakter.",
            "A password has at least 10 characters.",
        ),
    ),
    (
        "long",
        Text("Kata sandi terlalu panjang.", "The password is too long."),
    ),
    (
        "name",
        Text(
            "Kata sandi tidak boleh nama akun.",
            "A password is not the account's name.",
        ),
    ),
    (
        "common",
        Text(
            "Kata sandi ini termasuk yang paling dulu dicoba orang.",
            "This password is among those that are tried first.",
        ),
    ),
];

/// The words for the address, each with itself.
pub(super) fn problem_choices() -> Vec<(&'static str, Text)> {
    PROBLEMS.to_vec()
}

/// The word of a password that may not be chosen.
pub(super) fn of_password(error: PasswordError) -> &'static str {
    match error {
        PasswordError::TooShort => "short",
        PasswordError::TooLong => "long",
        PasswordError::IsName => "name",
        PasswordError::Common => "common",
    }
}
