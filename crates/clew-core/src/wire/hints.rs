//! User-agent client hints: what a Chromium browser states about itself in `Sec-CH-UA…` headers.
//!
//! Three of them (brands, mobile, platform) come with every request; the others only where the
//! page's server asked for them and delegated them to this one. Owns the reading of structured
//! header values; refuses to guess: a header that does not parse says nothing.

const TEXT_MAX: usize = 64;
/// Real lists have three entries.
const BRANDS_MAX: usize = 12;

/// Empty string = not stated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// The most specific brand: `Microsoft Edge` rather than `Chromium`.
    pub brand: String,
    /// Whole version of `brand`, or its major part when no more was stated.
    pub brand_version: String,
    /// Major version of the engine.
    pub chromium: String,
    pub platform: String,
    pub platform_version: String,
    pub mobile: Option<bool>,
    pub model: String,
    pub tablet: bool,
}

impl Hints {
    /// Reads the hints of a request; `None` when it states none.
    pub fn read<'a>(header: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let brands = header("sec-ch-ua").map(brands).unwrap_or_default();
        let whole = header("sec-ch-ua-full-version-list").map(self::brands);
        let text = |name| header(name).and_then(text).unwrap_or_default();
        let mut hints = Self {
            platform: text("sec-ch-ua-platform"),
            platform_version: text("sec-ch-ua-platform-version"),
            model: text("sec-ch-ua-model"),
            mobile: match header("sec-ch-ua-mobile").map(str::trim) {
                Some("?1") => Some(true),
                Some("?0") => Some(false),
                _ => None,
            },
            tablet: header("sec-ch-ua-form-factors")
                .is_some_and(|factors| brands_of(factors).any(|(name, _)| name == "Tablet")),
            ..Self::default()
        };
        let chromium = brands.iter().find(|(name, _)| name == "Chromium");
        chromium
            .map_or("", |(_, version)| version)
            .clone_into(&mut hints.chromium);
        let stated = whole.filter(|list| !list.is_empty()).unwrap_or(brands);
        if let Some((brand, version)) = most_specific(stated) {
            hints.brand = brand;
            hints.brand_version = version;
        }
        (hints != Self::default()).then_some(hints)
    }
}

fn most_specific(list: Vec<(String, String)>) -> Option<(String, String)> {
    let mut generic = None;
    for (name, version) in list {
        if name == "Chromium" {
            generic = Some((name, version));
        } else {
            return Some((name, version));
        }
    }
    generic
}

/// The brands of a list without the invented ones.
fn brands(list: &str) -> Vec<(String, String)> {
    brands_of(list)
        .filter(|(name, _)| !is_grease(name))
        .collect()
}

/// Browsers mix in brands such as `Not;A=Brand`, so that nobody relies on a fixed list.
fn is_grease(name: &str) -> bool {
    let letters: String = name.chars().filter(char::is_ascii_alphabetic).collect();
    letters == "NotABrand" || letters == "NotBrand"
}

/// `"name";v="1", "other";v="2"`: a list of strings with parameters (RFC 9651).
fn brands_of(list: &str) -> impl Iterator<Item = (String, String)> {
    let mut rest = list;
    std::iter::from_fn(move || {
        let (name, after) = quoted(rest.trim_start_matches([' ', '\t', ',']))?;
        rest = after.trim_start();
        let mut version = String::new();
        while let Some(parameter) = rest.strip_prefix(';') {
            let (key, value) = parameter.split_once('=')?;
            let (value, after) = quoted(value.trim_start())?;
            if key.trim() == "v" {
                version = value;
            }
            rest = after.trim_start();
        }
        Some((name, version))
    })
    .take(BRANDS_MAX)
}

fn text(header: &str) -> Option<String> {
    quoted(header.trim()).map(|(text, _)| text)
}

/// A quoted string at the start of `input`, and what follows it.
fn quoted(input: &str) -> Option<(String, &str)> {
    let inner = input.strip_prefix('"')?;
    let mut text = String::new();
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((text, &inner[at + 1..])),
            '\\' => text.push(chars.next()?.1),
            c if c.is_control() => return None,
            c if text.len() < TEXT_MAX => text.push(c),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(headers: &[(&str, &'static str)]) -> Option<Hints> {
        Hints::read(|name| {
            let found = headers.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| *value)
        })
    }

    #[test]
    fn the_most_specific_brand_counts_and_invented_ones_do_not() {
        for (list, brand, version, chromium) in [
            (
                r#""Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99""#,
                "Google Chrome",
                "142",
                "142",
            ),
            (
                r#""Not;A=Brand";v="8", "Chromium";v="141", "Microsoft Edge";v="141""#,
                "Microsoft Edge",
                "141",
                "141",
            ),
            (
                r#"" Not A;Brand";v="99", "Chromium";v="96""#,
                "Chromium",
                "96",
                "96",
            ),
            (
                r#""(Not(A:Brand";v="8","Chromium";v="98";x="y""#,
                "Chromium",
                "98",
                "98",
            ),
            (
                r#""Opera";v="126", "Not.A/Brand";v="24", "Chromium";v="142""#,
                "Opera",
                "126",
                "142",
            ),
        ] {
            let hints = read(&[("sec-ch-ua", list)]).unwrap();
            assert_eq!(
                (
                    hints.brand.as_str(),
                    hints.brand_version.as_str(),
                    hints.chromium.as_str()
                ),
                (brand, version, chromium),
                "{list}"
            );
        }
    }

    #[test]
    fn the_other_headers_are_read() {
        let hints = read(&[
            (
                "sec-ch-ua",
                r#""Chromium";v="142", "Google Chrome";v="142""#,
            ),
            (
                "sec-ch-ua-full-version-list",
                r#""Chromium";v="142.0.7444.60", "Google Chrome";v="142.0.7444.60""#,
            ),
            ("sec-ch-ua-mobile", "?0"),
            ("sec-ch-ua-platform", r#""Windows""#),
            ("sec-ch-ua-platform-version", r#""15.0.0""#),
            ("sec-ch-ua-model", r#""""#),
            ("sec-ch-ua-form-factors", r#""Tablet", "Desktop""#),
        ])
        .unwrap();
        assert_eq!(hints.brand_version, "142.0.7444.60");
        assert_eq!(
            (hints.platform.as_str(), hints.platform_version.as_str()),
            ("Windows", "15.0.0")
        );
        assert_eq!((hints.mobile, hints.tablet), (Some(false), true));
    }

    #[test]
    fn nonsense_says_nothing() {
        for list in [
            "",
            "Chrome",
            "\"open",
            "\"a\\",
            ";v=",
            "\"Not A Brand\";v=\"1\"",
        ] {
            assert_eq!(read(&[("sec-ch-ua", list)]), None, "{list}");
        }
        assert_eq!(read(&[]), None);
    }

    proptest! {
        #[test]
        fn no_header_breaks_the_reading(list in "[\"\\\\;=, a-zA-Z0-9\u{e4}]{0,80}") {
            for (name, version) in brands_of(&list) {
                prop_assert!(name.len() < TEXT_MAX + 4 && version.len() < TEXT_MAX + 4);
            }
        }
    }
}
