//! Text that must not be printed: passwords, tokens, keys on their way in or out.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Passes through JSON as plain text; its `Debug` shows nothing.
#[derive(Clone, Deserialize, Serialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(..)")
    }
}
