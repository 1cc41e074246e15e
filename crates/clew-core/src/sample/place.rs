//! Where visitors are: countries with their cities, languages and time zones.

use super::random::Random;
use crate::model::Place;

pub(super) struct Country {
    pub(super) code: &'static str,
    /// Share of visitors.
    weight: f64,
    /// How common Apple's devices are; 1 = as everywhere.
    pub(super) apple: f64,
    languages: &'static [(&'static str, f64)],
    cities: &'static [City],
}

struct City {
    name: &'static str,
    region: &'static str,
    zone: &'static str,
    weight: f64,
}

const fn city(name: &'static str, region: &'static str, zone: &'static str, weight: f64) -> City {
    City {
        name,
        region,
        zone,
        weight,
    }
}

/// A visitor's home.
#[derive(Clone, Debug)]
pub(super) struct Home {
    pub(super) place: Place,
    pub(super) language: &'static str,
    pub(super) zone: &'static str,
    pub(super) apple: f64,
}

/// A shop is known best where it is: people who share its clock are three times as many.
const NEIGHBOURS: f64 = 3.0;

impl Home {
    pub(super) fn draw(random: &mut Random, site_zone: Option<&str>) -> Self {
        let near = |country: &Country| {
            let shares = country
                .cities
                .iter()
                .any(|city| Some(city.zone) == site_zone);
            country.weight * if shares { NEIGHBOURS } else { 1.0 }
        };
        let country = random.weighted(COUNTRIES, near);
        let city = random.weighted(country.cities, |city| city.weight);
        let (language, _) = random.weighted(country.languages, |language| language.1);
        Self {
            place: Place {
                country: country.code.to_owned(),
                region: city.region.to_owned(),
                city: city.name.to_owned(),
            },
            language,
            zone: city.zone,
            apple: country.apple,
        }
    }
}

const BERLIN: &str = "Europe/Berlin";
const VIENNA: &str = "Europe/Vienna";
const ZURICH: &str = "Europe/Zurich";
const LONDON: &str = "Europe/London";
const PARIS: &str = "Europe/Paris";
const MADRID: &str = "Europe/Madrid";
const ROME: &str = "Europe/Rome";
const WARSAW: &str = "Europe/Warsaw";
const EASTERN: &str = "America/New_York";
const CENTRAL: &str = "America/Chicago";
const PACIFIC: &str = "America/Los_Angeles";

#[rustfmt::skip]
pub(super) const COUNTRIES: &[Country] = &[
    Country { code: "DE", weight: 24.0, apple: 0.8, languages: &[("de-DE", 9.0), ("en-US", 0.7), ("tr-TR", 0.2), ("en-GB", 0.1)], cities: &[
        city("Berlin", "Berlin", BERLIN, 5.0), city("Hamburg", "Hamburg", BERLIN, 3.0),
        city("Munich", "Bavaria", BERLIN, 3.2), city("Cologne", "North Rhine-Westphalia", BERLIN, 2.4),
        city("Frankfurt am Main", "Hesse", BERLIN, 2.0), city("Stuttgart", "Baden-Württemberg", BERLIN, 1.6),
        city("Leipzig", "Saxony", BERLIN, 1.5), city("Düsseldorf", "North Rhine-Westphalia", BERLIN, 1.4),
        city("Nuremberg", "Bavaria", BERLIN, 1.0), city("Bremen", "Bremen", BERLIN, 0.8)] },
    Country { code: "US", weight: 17.0, apple: 1.6, languages: &[("en-US", 9.4), ("es-US", 0.6)], cities: &[
        city("New York", "New York", EASTERN, 4.0), city("Boston", "Massachusetts", EASTERN, 1.6),
        city("Atlanta", "Georgia", EASTERN, 1.4), city("Chicago", "Illinois", CENTRAL, 2.2),
        city("Austin", "Texas", CENTRAL, 1.6), city("Denver", "Colorado", "America/Denver", 1.3),
        city("San Francisco", "California", PACIFIC, 2.0), city("Los Angeles", "California", PACIFIC, 2.4),
        city("Seattle", "Washington", PACIFIC, 1.5), city("Portland", "Oregon", PACIFIC, 0.9)] },
    Country { code: "GB", weight: 9.5, apple: 1.4, languages: &[("en-GB", 9.5), ("pl-PL", 0.3), ("en-US", 0.2)], cities: &[
        city("London", "England", LONDON, 5.0), city("Manchester", "England", LONDON, 1.8),
        city("Bristol", "England", LONDON, 1.2), city("Edinburgh", "Scotland", LONDON, 1.2),
        city("Cardiff", "Wales", LONDON, 0.7)] },
    Country { code: "AT", weight: 7.0, apple: 0.9, languages: &[("de-AT", 9.2), ("en-US", 0.5), ("hr-HR", 0.3)], cities: &[
        city("Vienna", "Vienna", VIENNA, 4.0), city("Graz", "Styria", VIENNA, 1.4),
        city("Linz", "Upper Austria", VIENNA, 1.1), city("Salzburg", "Salzburg", VIENNA, 0.9)] },
    Country { code: "FR", weight: 6.5, apple: 0.9, languages: &[("fr-FR", 9.6), ("en-US", 0.4)], cities: &[
        city("Paris", "Île-de-France", PARIS, 4.0), city("Lyon", "Auvergne-Rhône-Alpes", PARIS, 1.7),
        city("Toulouse", "Occitania", PARIS, 1.2), city("Nantes", "Pays de la Loire", PARIS, 1.0)] },
    Country { code: "CH", weight: 5.0, apple: 1.5, languages: &[("de-CH", 6.6), ("fr-CH", 2.4), ("it-CH", 0.6), ("en-US", 0.4)], cities: &[
        city("Zurich", "Zurich", ZURICH, 3.4), city("Geneva", "Geneva", ZURICH, 1.6),
        city("Basel", "Basel-Stadt", ZURICH, 1.3), city("Bern", "Bern", ZURICH, 1.2)] },
    Country { code: "NL", weight: 4.5, apple: 1.0, languages: &[("nl-NL", 8.8), ("en-US", 1.0), ("en-GB", 0.2)], cities: &[
        city("Amsterdam", "North Holland", "Europe/Amsterdam", 3.0), city("Rotterdam", "South Holland", "Europe/Amsterdam", 1.9),
        city("Utrecht", "Utrecht", "Europe/Amsterdam", 1.4)] },
    Country { code: "IT", weight: 3.8, apple: 0.8, languages: &[("it-IT", 9.7), ("en-US", 0.3)], cities: &[
        city("Milan", "Lombardy", ROME, 3.0), city("Rome", "Lazio", ROME, 2.6), city("Turin", "Piedmont", ROME, 1.2)] },
    Country { code: "ES", weight: 3.4, apple: 0.7, languages: &[("es-ES", 8.6), ("ca-ES", 1.1), ("en-GB", 0.3)], cities: &[
        city("Madrid", "Community of Madrid", MADRID, 2.8), city("Barcelona", "Catalonia", MADRID, 2.6),
        city("Valencia", "Valencian Community", MADRID, 1.2)] },
    Country { code: "PL", weight: 3.0, apple: 0.5, languages: &[("pl-PL", 9.6), ("en-US", 0.4)], cities: &[
        city("Warsaw", "Masovia", WARSAW, 2.6), city("Kraków", "Lesser Poland", WARSAW, 1.5),
        city("Wrocław", "Lower Silesia", WARSAW, 1.1)] },
    Country { code: "CA", weight: 2.8, apple: 1.5, languages: &[("en-CA", 7.6), ("fr-CA", 2.4)], cities: &[
        city("Toronto", "Ontario", "America/Toronto", 2.8), city("Montréal", "Quebec", "America/Toronto", 2.0),
        city("Vancouver", "British Columbia", "America/Vancouver", 1.4)] },
    Country { code: "SE", weight: 2.0, apple: 1.4, languages: &[("sv-SE", 9.0), ("en-US", 1.0)], cities: &[
        city("Stockholm", "Stockholm County", "Europe/Stockholm", 2.6), city("Gothenburg", "Västra Götaland", "Europe/Stockholm", 1.4)] },
    Country { code: "BE", weight: 1.8, apple: 1.0, languages: &[("nl-BE", 5.4), ("fr-BE", 4.2), ("en-US", 0.4)], cities: &[
        city("Brussels", "Brussels", "Europe/Brussels", 2.2), city("Antwerp", "Flanders", "Europe/Brussels", 1.4)] },
    Country { code: "DK", weight: 1.5, apple: 1.6, languages: &[("da-DK", 9.2), ("en-GB", 0.8)], cities: &[
        city("Copenhagen", "Capital Region", "Europe/Copenhagen", 2.6), city("Aarhus", "Central Denmark", "Europe/Copenhagen", 1.0)] },
    Country { code: "AU", weight: 1.7, apple: 1.4, languages: &[("en-AU", 9.8), ("zh-CN", 0.2)], cities: &[
        city("Sydney", "New South Wales", "Australia/Sydney", 2.6), city("Melbourne", "Victoria", "Australia/Melbourne", 2.4)] },
    Country { code: "IN", weight: 1.6, apple: 0.2, languages: &[("en-IN", 7.6), ("hi-IN", 1.4), ("en-US", 1.0)], cities: &[
        city("Bengaluru", "Karnataka", "Asia/Kolkata", 2.6), city("Mumbai", "Maharashtra", "Asia/Kolkata", 2.0),
        city("Delhi", "Delhi", "Asia/Kolkata", 1.8)] },
    Country { code: "JP", weight: 1.2, apple: 1.9, languages: &[("ja-JP", 9.7), ("en-US", 0.3)], cities: &[
        city("Tokyo", "Tokyo", "Asia/Tokyo", 3.0), city("Osaka", "Osaka", "Asia/Tokyo", 1.6)] },
    Country { code: "GR", weight: 1.1, apple: 0.5, languages: &[("el-GR", 9.0), ("en-US", 1.0)], cities: &[
        city("Athens", "Attica", "Europe/Athens", 2.4), city("Heraklion", "Crete", "Europe/Athens", 1.2)] },
    Country { code: "BR", weight: 1.0, apple: 0.3, languages: &[("pt-BR", 9.8), ("en-US", 0.2)], cities: &[
        city("São Paulo", "São Paulo", "America/Sao_Paulo", 3.0), city("Rio de Janeiro", "Rio de Janeiro", "America/Sao_Paulo", 1.6)] },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::random::Purpose;

    #[test]
    fn every_zone_exists_and_every_language_is_a_tag() {
        for country in COUNTRIES {
            assert!(country.code.len() == 2, "{}", country.code);
            for city in country.cities {
                assert!(jiff::tz::TimeZone::get(city.zone).is_ok(), "{}", city.zone);
            }
            for (language, _) in country.languages {
                assert_eq!(language.len(), 5, "{language}");
            }
        }
    }

    #[test]
    fn people_who_share_the_shops_clock_are_more() {
        let share = |zone| {
            let mut random = Random::of(1, Purpose::Visitor, 0);
            let homes = (0..5_000).map(|_| Home::draw(&mut random, zone));
            homes.filter(|home| home.place.country == "US").count()
        };
        let (far, near) = (share(Some("Europe/Berlin")), share(Some(EASTERN)));
        assert!(near > far * 2 && far > 300, "{near} {far}");
    }
}
