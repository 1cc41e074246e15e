//! Known referrers: the brand behind a host or a `utm_source` (`data/referrers.tsv`).

use crate::pipeline::ResourcesError;
use std::collections::HashMap;

const LIST: &str = include_str!("../../../data/referrers.tsv");

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
        Self::parse(LIST)
    }

    fn parse(list: &str) -> Result<Self, ResourcesError> {
        let mut known = Self {
            entries: Vec::new(),
            hosts: HashMap::new(),
            any_suffix: HashMap::new(),
            spellings: HashMap::new(),
        };
        for (number, line) in list.lines().enumerate() {
            if !line.starts_with('#') {
                known
                    .add(line)
                    .ok_or(ResourcesError::Referrers(number + 1))?;
            }
        }
        Ok(known)
    }

    fn add(&mut self, line: &str) -> Option<()> {
        let mut fields = line.split('\t');
        let (kind, brand, hosts) = (fields.next()?, fields.next()?, fields.next()?);
        let index = self.entries.len();
        self.entries.push(Known {
            kind: ReferrerKind::from_word(kind)?,
            brand: brand.to_owned(),
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
    fn a_broken_list_names_its_line() {
        let error = KnownReferrers::parse("# ok\nai\tX\tx.example\nsearch Y").unwrap_err();
        assert!(matches!(error, ResourcesError::Referrers(3)), "{error}");
    }
}
