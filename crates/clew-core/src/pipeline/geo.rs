//! Geo: from where the visitor came, and how that is known.
//!
//! An import states it, because nobody's address of a year ago is at hand. A live request has it
//! from its address ([`super::Origin`]); where that says nothing, the browser's time zone gives a
//! country and no more. Whatever else a client says about its own place is not believed.

use super::{Context, Flow, RequestEvent, text};
use crate::model::PlaceSource;

const NAME_MAX: usize = 64;

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    let (place, mut source) = match ctx.imported {
        Some(imported) => (imported.place, PlaceSource::Import),
        None => (&ctx.origin.place, ctx.origin.source),
    };
    let draft = &mut event.draft;
    draft.country = country(&place.country);
    if !draft.country.is_empty() {
        let name = |name: &String| text::bounded(name.clone(), NAME_MAX);
        draft.region = name(&place.region);
        if ctx.site.profile.keeps_city() {
            draft.city = name(&place.city);
        }
    } else if ctx.imported.is_none()
        && let Some(country) = ctx.resources.zones.country(&draft.time_zone)
    {
        country.clone_into(&mut draft.country);
        source = PlaceSource::TimeZone;
    } else {
        source = PlaceSource::None;
    }
    draft.set_place_source(source);
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
    use crate::geo::testing;
    use crate::model::Place;
    use crate::model::Profile::{self, Exempt, Gdpr, Hipaa, Standard};
    use crate::pipeline::tests::{Request, pageview};
    use crate::wire::WireEvent;

    fn place(country: &str) -> Place {
        Place {
            country: country.to_owned(),
            region: "Bavaria\u{0}".to_owned(),
            city: "m".repeat(1_000),
        }
    }

    fn zoned(zone: &str) -> WireEvent {
        WireEvent {
            time_zone: Some(zone.to_owned()),
            ..pageview("https://shop.example/")
        }
    }

    #[test]
    fn an_import_says_where_in_words_that_fit() {
        let mut request = Request::new(Gdpr);
        for (stated, country) in [
            ("de", "DE"),
            ("AT", "AT"),
            ("DEU", ""),
            ("4!", ""),
            ("", ""),
        ] {
            request.imported = Some(place(stated));
            let event = request.accepted(zoned("Europe/Vienna"));
            assert_eq!(event.country, country, "{stated}");
            if country.is_empty() {
                assert_eq!(event.place_source(), PlaceSource::None);
            } else {
                assert_eq!(event.place_source(), PlaceSource::Import);
                assert_eq!(
                    (event.region.as_str(), event.city.len()),
                    ("Bavaria", NAME_MAX)
                );
            }
        }
    }

    #[test]
    fn an_address_is_looked_up_and_a_time_zone_is_the_last_resort() {
        let mut request = Request::new(Gdpr);
        let by_zone = request.accepted(zoned("Europe/Berlin"));
        assert_eq!(
            (by_zone.country.as_str(), by_zone.city.as_str()),
            ("DE", "")
        );
        assert_eq!(by_zone.place_source(), PlaceSource::TimeZone);
        let nowhere = request.accepted(zoned("UTC"));
        assert_eq!(
            (nowhere.country.as_str(), nowhere.place_source()),
            ("", PlaceSource::None)
        );
        request.atlas = testing::atlas();
        request.client.ip = testing::VIENNA;
        let found = request.accepted(zoned("Europe/Berlin"));
        assert_eq!(
            (found.country.as_str(), found.city.as_str()),
            ("AT", "Vienna")
        );
        assert_eq!(found.place_source(), PlaceSource::Database);
    }

    #[test]
    fn a_city_is_kept_where_the_profile_allows_it() {
        for (profile, city) in [
            (Gdpr, true),
            (Standard, true),
            (Exempt, true),
            (Hipaa, false),
        ] {
            let mut request = Request::new(profile);
            request.atlas = testing::atlas();
            request.client.ip = testing::VIENNA;
            let event = request.accepted(zoned(""));
            assert_eq!(
                (event.country.as_str(), event.region.as_str()),
                ("AT", "Vienna")
            );
            assert_eq!(!event.city.is_empty(), city, "{profile:?}");
            assert_eq!(Profile::keeps_city(profile), city);
        }
    }
}
