//! Names as they are compared.

/// A name without case, blanks and signs: `Pusk. Sungai-Bening` and `PUSK SUNGAI BENING` are one.
pub fn folded(name: &str) -> String {
    name.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
