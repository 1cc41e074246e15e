//! Which person each visitor is, after everything that was said about it.
//!
//! Links come from two sides. Pages say who signed in, again and again, and the latest word of
//! them counts. Somebody who administers the site merges and separates visitors by hand; that
//! counts more, until it is taken back.
//!
//! Laws, held by a property test against a plain model:
//! * A merge that is taken back has never been: visitor and person are where they would be without
//!   it, whatever pages said meanwhile.
//! * Taking back what nobody merged by hand separates visitor and person, against all that pages
//!   say or will say, until somebody merges them again.
//! * Only the visitors that a word names are touched by it.

use crate::model::{LinkSource, UserKey, VisitorId};
use std::collections::HashMap;

/// What is said about one visitor and one person, in the order of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub visitor: VisitorId,
    pub person: UserKey,
    /// False: it is taken back.
    pub linked: bool,
    pub source: LinkSource,
}

/// What holds of a visitor that is some person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    pub person: UserKey,
    pub source: LinkSource,
}

/// The visitors of one site and who they are.
#[derive(Clone, Debug, Default)]
pub struct Persons(HashMap<VisitorId, Said>);

/// What was said about one visitor and still holds.
#[derive(Clone, Debug, Default)]
struct Said {
    /// By pages, the latest last, each person once.
    by_pages: Vec<UserKey>,
    /// By hand, the latest last.
    by_hand: Vec<ByHand>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ByHand {
    Merged(UserKey, LinkSource),
    Separated(UserKey),
}

impl Persons {
    /// What holds after these links, which stand in the order of the journal.
    pub fn after(links: impl IntoIterator<Item = Link>) -> Self {
        let mut persons = Self::default();
        for link in links {
            persons.0.entry(link.visitor).or_default().hear(&link);
        }
        persons
    }

    /// The person of a visitor, and who said so.
    pub fn of(&self, visitor: VisitorId) -> Option<Word> {
        self.0.get(&visitor)?.word()
    }

    /// Every visitor that is somebody.
    pub fn all(&self) -> impl Iterator<Item = (VisitorId, Word)> {
        let of = |(visitor, said): (&VisitorId, &Said)| Some((*visitor, said.word()?));
        self.0.iter().filter_map(of)
    }
}

impl Said {
    fn hear(&mut self, link: &Link) {
        let person = link.person;
        match (link.source, link.linked) {
            (LinkSource::Page, linked) => {
                self.by_pages.retain(|known| *known != person);
                if linked {
                    self.by_pages.push(person);
                }
            }
            (source, true) => self.by_hand.push(ByHand::Merged(person, source)),
            (_, false) => self.take_back(person),
        }
    }

    fn take_back(&mut self, person: UserKey) {
        let merged = |word: &ByHand| matches!(word, ByHand::Merged(to, _) if *to == person);
        if let Some(at) = self.by_hand.iter().rposition(merged) {
            self.by_hand.remove(at);
        } else if !self.by_hand.contains(&ByHand::Separated(person)) {
            self.by_hand.push(ByHand::Separated(person));
        }
    }

    fn word(&self) -> Option<Word> {
        let merged = self.by_hand.iter().rev().find_map(|word| match *word {
            ByHand::Merged(person, source) => Some(Word { person, source }),
            ByHand::Separated(_) => None,
        });
        merged.or_else(|| {
            let stands = |to: &&UserKey| !self.by_hand.contains(&ByHand::Separated(**to));
            let person = *self.by_pages.iter().rev().find(stands)?;
            let source = LinkSource::Page;
            Some(Word { person, source })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn link(visitor: u8, person: u8, linked: bool, source: LinkSource) -> Link {
        Link {
            visitor: VisitorId::from_u128(visitor.into()),
            person: UserKey::from_u128(person.into()),
            linked,
            source,
        }
    }

    fn after(links: &[Link], visitor: u8) -> Option<u128> {
        let persons = Persons::after(links.iter().copied());
        let word = persons.of(VisitorId::from_u128(visitor.into()));
        word.map(|word| word.person.as_u128())
    }

    #[test]
    fn the_hand_outranks_the_page_until_it_is_taken_back() {
        use LinkSource::{Merge, Page, User};
        let mut said = vec![link(1, 10, true, Page), link(1, 20, true, Page)];
        assert_eq!(after(&said, 1), Some(20), "the latest page");
        said.push(link(1, 30, true, Merge));
        said.push(link(1, 20, true, Page));
        assert_eq!(after(&said, 1), Some(30));
        said.push(link(1, 40, true, User));
        assert_eq!(after(&said, 1), Some(40));
        said.push(link(1, 40, false, User));
        assert_eq!(after(&said, 1), Some(30), "one merge at a time");
        said.push(link(1, 30, false, Merge));
        assert_eq!(after(&said, 1), Some(20));
        said.push(link(1, 20, false, User));
        said.push(link(1, 20, true, Page));
        assert_eq!(after(&said, 1), Some(10), "separated from 20 for good");
        said.push(link(1, 20, true, User));
        assert_eq!(after(&said, 1), Some(20));
        assert_eq!(after(&said, 2), None);
    }

    /// Strikes every merge that is taken back together with its taking back, then looks at what is
    /// left: slow, plain, and without state.
    fn plain_model(links: &[Link], visitor: u8) -> Option<u128> {
        let visitor = VisitorId::from_u128(visitor.into());
        let mut left: Vec<Link> = Vec::new();
        for link in links.iter().filter(|link| link.visitor == visitor) {
            let by_hand = |l: &Link| l.source != LinkSource::Page && l.person == link.person;
            if by_hand(link) && !link.linked {
                let merged = left.iter().rposition(|l| by_hand(l) && l.linked);
                if let Some(at) = merged {
                    left.remove(at);
                    continue;
                }
            }
            left.push(*link);
        }
        let merged = left
            .iter()
            .rev()
            .find(|l| l.source != LinkSource::Page && l.linked);
        let separated = |person| {
            let apart = |l: &Link| l.source != LinkSource::Page && !l.linked && l.person == person;
            left.iter().any(apart)
        };
        let page = (0..left.len()).rev().find(|&at| {
            let link = left[at];
            let of_page = |l: &Link| l.source == LinkSource::Page && l.person == link.person;
            let last_word = left[at + 1..].iter().all(|later| !of_page(later));
            of_page(&link) && link.linked && last_word && !separated(link.person)
        });
        let word = merged.or_else(|| page.map(|at| &left[at]));
        word.map(|link| link.person.as_u128())
    }

    fn any_link() -> impl Strategy<Value = Link> {
        (0u8..3, 10u8..13, any::<bool>(), 0..3i32).prop_map(|(visitor, person, linked, source)| {
            let source = LinkSource::try_from(source).unwrap_or(LinkSource::Page);
            // Pages only ever link.
            link(
                visitor,
                person,
                linked || source == LinkSource::Page,
                source,
            )
        })
    }

    proptest! {
        #[test]
        fn links_mean_what_the_plain_model_says(
            links in proptest::collection::vec(any_link(), 0..25),
        ) {
            for visitor in 0..3 {
                prop_assert_eq!(after(&links, visitor), plain_model(&links, visitor));
            }
        }

        #[test]
        fn a_merge_that_is_taken_back_has_never_been(
            before in proptest::collection::vec(any_link(), 0..15),
            meanwhile in proptest::collection::vec(any_link(), 0..10),
            later in proptest::collection::vec(any_link(), 0..10),
            visitor in 0u8..3,
        ) {
            // A person of its own, so that what comes meanwhile takes something else back.
            let merge = |linked| link(visitor, 99, linked, LinkSource::Merge);
            let without = [before.clone(), meanwhile.clone(), later.clone()].concat();
            let with =
                [before, vec![merge(true)], meanwhile, vec![merge(false)], later].concat();
            for visitor in 0..3 {
                prop_assert_eq!(after(&with, visitor), after(&without, visitor));
            }
        }
    }
}
