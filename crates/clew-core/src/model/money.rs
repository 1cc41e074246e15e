//! Money is i64 minor units with an ISO 4217 code; floating point ends at the edge.

/// Digits after the point for currencies that do not have two (ISO 4217, list one, 2024).
const EXPONENTS: &[(&str, i32)] = &[
    ("BHD", 3),
    ("BIF", 0),
    ("CLF", 4),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("IQD", 3),
    ("ISK", 0),
    ("JOD", 3),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("PYG", 0),
    ("RWF", 0),
    ("TND", 3),
    ("UGX", 0),
    ("UYI", 0),
    ("UYW", 4),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
    ("XPF", 0),
];

/// Upper-case ISO 4217 code, or `None` when `code` cannot be one.
pub fn currency_code(code: &str) -> Option<String> {
    let code = code.trim();
    (code.len() == 3 && code.bytes().all(|b| b.is_ascii_alphabetic()))
        .then(|| code.to_ascii_uppercase())
}

/// `major` units (19.99 EUR) in minor units (1999), rounded half away from zero.
/// `None` when it is not a number or does not fit.
pub fn minor_units(major: f64, currency: &str) -> Option<i64> {
    let digits = EXPONENTS
        .iter()
        .find(|(code, _)| *code == currency)
        .map_or(2, |(_, digits)| *digits);
    let minor = (major * 10f64.powi(digits)).round();
    // 2^53: beyond it a float no longer counts in ones.
    (minor.abs() <= 9_007_199_254_740_992.0).then_some(minor as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_become_minor_units_of_their_currency() {
        assert_eq!(minor_units(19.99, "EUR"), Some(1999));
        assert_eq!(minor_units(0.1 + 0.2, "USD"), Some(30));
        assert_eq!(minor_units(1500.0, "JPY"), Some(1500));
        assert_eq!(minor_units(1.234, "KWD"), Some(1234));
        assert_eq!(minor_units(-5.0, "EUR"), Some(-500));
        assert_eq!(minor_units(1e300, "EUR"), None);
        assert_eq!(minor_units(f64::NAN, "EUR"), None);
    }

    #[test]
    fn codes_are_three_letters() {
        assert_eq!(currency_code(" eur ").as_deref(), Some("EUR"));
        assert_eq!(currency_code("€"), None);
        assert_eq!(currency_code("EURO"), None);
    }
}
