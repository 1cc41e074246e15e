//! Known referrers: the brand behind a host or a `utm_source`, and what was searched for
//! (`data/referrers.tsv`, then `data/matomo.tsv`; the first to name a host has it).

use crate::pipeline::ResourcesError;
use std::collections::HashMap;
use url::Url;

const LISTS: [&str; 2] = [
    include_str!("../../../data/referrers.tsv"),
    include_str!("../../../data/matomo.tsv"),
];

/// What kind of place a referrer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReferrerKind {
    AiAssistant,
    Search,
    Social,
    Video,
    Shopping,
    Email,
}

impl ReferrerKind {
    fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "ai" => Self::AiAssistant,
            "search" => Self::Search,
            "social" => Self::Social,
            "video" => Self::Video,
            "shopping" => Self::Shopping,
            "email" => Self::Email,
            _ => return None,
        })
    }
}

/// One entry of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub kind: ReferrerKind,
    pub brand: String,
    /// Parameters of its addresses that carry what was searched for.
    keywords: Vec<String>,
}

impl Known {
    /// What somebody searched for, where the engine still tells.
    pub(super) fn search(&self, page: &Url) -> Option<String> {
        if self.kind != ReferrerKind::Search || page.query().is_none() {
            return None;
        }
        let is_keyword = |key: &str| self.keywords.iter().any(|known| known == key);
        page.query_pairs()
            .find(|(key, value)| is_keyword(key) && !value.trim().is_empty())
            .map(|(_, value)| value.into_owned())
    }
}

/// The list, by host, by name under any public suffix, and by spelling of `utm_source`.
#[derive(Debug)]
pub struct KnownReferrers {
    entries: Vec<Known>,
    hosts: HashMap<String, usize>,
    any_suffix: HashMap<String, usize>,
    spellings: HashMap<String, usize>,
}

impl KnownReferrers {
    pub fn load() -> Result<Self, ResourcesError> {
        Self::parse(&LISTS)
    }

    fn parse(lists: &[&str]) -> Result<Self, ResourcesError> {
        let mut known = Self {
            entries: Vec::new(),
            hosts: HashMap::new(),
            any_suffix: HashMap::new(),
            spellings: HashMap::new(),
        };
        for list in lists {
            known.read(list)?;
        }
        Ok(known)
    }

    fn read(&mut self, list: &str) -> Result<(), ResourcesError> {
        for (number, line) in list.lines().enumerate() {
            if !line.starts_with('#') {
                self.add(line)
                    .ok_or(ResourcesError::Referrers(number + 1))?;
            }
        }
        Ok(())
    }

    fn add(&mut self, line: &str) -> Option<()> {
        let mut fields = line.split('\t');
        let (kind, brand, hosts) = (fields.next()?, fields.next()?, fields.next()?);
        let keywords = fields.next().unwrap_or("q").split_whitespace();
        let index = self.entries.len();
        self.entries.push(Known {
            kind: ReferrerKind::from_word(kind)?,
            brand: brand.to_owned(),
            keywords: keywords.map(str::to_owned).collect(),
        });
        self.spellings.entry(brand.to_lowercase()).or_insert(index);
        for host in hosts.split_whitespace() {
            let (map, key) = match host.strip_suffix(".*") {
                Some(name) => (&mut self.any_suffix, name),
                None if host.contains('.') => (&mut self.hosts, host),
                None => (&mut self.spellings, host),
            };
            map.entry(key.to_owned()).or_insert(index);
        }
        Some(())
    }

    /// The most specific entry for a lower-case host: itself, then its parents, then the name
    /// under its public suffix.
    pub fn by_host(&self, host: &str) -> Option<&Known> {
        let mut rest = host;
        while !rest.is_empty() {
            if let Some(index) = self.hosts.get(rest) {
                return Some(&self.entries[*index]);
            }
            rest = rest.split_once('.').map_or("", |(_, parent)| parent);
        }
        let suffix = psl::suffix_str(host)?;
        let name = host.strip_suffix(suffix)?.strip_suffix('.')?;
        let name = name.rsplit('.').next()?;
        self.any_suffix.get(name).map(|index| &self.entries[*index])
    }

    /// What a `utm_source` means: a host or a spelling, in any case.
    pub fn by_source(&self, source: &str) -> Option<&Known> {
        let source = source.trim().to_lowercase();
        match self.spellings.get(&source) {
            Some(index) => Some(&self.entries[*index]),
            None if source.contains('.') => self.by_host(&source),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_entry_wins() {
        let known = KnownReferrers::load().unwrap();
        for (host, brand) in [
            ("google.com", Some("Google")),
            ("www.google.co.uk", Some("Google")),
            ("gemini.google.com", Some("Gemini")),
            ("mail.google.com", Some("Gmail")),
            ("notgoogle.com", None),
            ("google.com.evil.example", None),
            ("m.facebook.com", Some("Facebook")),
            ("yandex.com.tr", Some("Yandex")),
            ("www.fireball.de", Some("Fireball")),
            ("www.facebook.com", Some("Facebook")),
            ("search.yahoo.co.jp", Some("Yahoo")),
            ("chat-gpt.org", Some("Chat+")),
            ("", None),
            ("localhost", None),
        ] {
            assert_eq!(
                known.by_host(host).map(|k| k.brand.as_str()),
                brand,
                "{host}"
            );
        }
    }

    #[test]
    fn sources_are_hosts_brands_or_spellings() {
        let known = KnownReferrers::load().unwrap();
        for (source, brand) in [
            ("google", Some("Google")),
            ("Facebook", Some("Facebook")),
            ("ig", Some("Instagram")),
            ("chatgpt.com", Some("ChatGPT")),
            ("www.perplexity.ai", Some("Perplexity")),
            ("my-own-campaign", None),
            ("", None),
        ] {
            assert_eq!(
                known.by_source(source).map(|k| k.brand.as_str()),
                brand,
                "{source}"
            );
        }
    }

    #[test]
    fn what_was_searched_for_is_found_where_the_engine_tells() {
        let known = KnownReferrers::load().unwrap();
        for (url, search) in [
            (
                "https://www.ecosia.org/search?q=red+shoes",
                Some("red shoes"),
            ),
            (
                "https://yandex.ru/search/?lr=1&text=%D1%82%D1%83%D1%84%D0%BB%D0%B8",
                Some("туфли"),
            ),
            ("https://search.yahoo.com/search?p=shoes", Some("shoes")),
            ("https://www.baidu.com/s?ie=utf-8&wd=shoes", Some("shoes")),
            ("https://suche.freenet.de/?query=schuhe", Some("schuhe")),
            ("https://www.google.com/search?q=", None),
            ("https://www.google.com/", None),
            ("https://www.facebook.com/search?q=shoes", None),
        ] {
            let url = Url::parse(url).unwrap();
            let host = url.host_str().unwrap();
            let found = known.by_host(host).and_then(|known| known.search(&url));
            assert_eq!(found.as_deref(), search, "{url}");
        }
    }

    #[test]
    fn a_broken_list_names_its_line() {
        let error = KnownReferrers::parse(&["# ok\nai\tX\tx.example\nsearch Y"]).unwrap_err();
        assert!(matches!(error, ResourcesError::Referrers(3)), "{error}");
    }
}
