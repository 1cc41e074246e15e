//! Geo: from where the visitor came.
//!
//! An import states it, because nobody's address of a year ago is at hand. A live request states
//! nothing here: whatever a client says about its own place is not believed.

use super::{Context, Flow, RequestEvent, text};

const NAME_MAX: usize = 64;

/// Names as they are shown; empty = unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// ISO 3166-1 alpha-2, upper case.
    pub country: String,
    pub region: String,
    pub city: String,
}

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    if let Some(imported) = ctx.imported {
        let name = |name: &String| text::bounded(name.clone(), NAME_MAX);
        event.draft.country = country(&imported.place.country);
        event.draft.region = name(&imported.place.region);
        event.draft.city = name(&imported.place.city);
    }
    Flow::Continue
}

/// Anything but two letters is no country.
fn country(code: &str) -> String {
    if code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic()) {
        code.to_ascii_uppercase()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Profile::Gdpr;
    use crate::pipeline::tests::{Request, pageview};

    #[test]
    fn an_import_says_where_and_a_live_request_does_not() {
        let mut request = Request::new(Gdpr);
        let live = request.accepted(pageview("https://shop.example/"));
        assert_eq!((live.country.as_str(), live.city.as_str()), ("", ""));
        for (stated, country) in [
            ("de", "DE"),
            ("AT", "AT"),
            ("DEU", ""),
            ("4!", ""),
            ("", ""),
        ] {
            let place = Place {
                country: stated.to_owned(),
                region: "Bavaria\u{0}".to_owned(),
                city: "m".repeat(1_000),
            };
            request.imported = Some(place);
            let event = request.accepted(pageview("https://shop.example/"));
            assert_eq!(event.country, country, "{stated}");
            assert_eq!(
                (event.region.as_str(), event.city.len()),
                ("Bavaria", NAME_MAX)
            );
        }
    }
}
