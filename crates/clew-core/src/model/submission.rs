//! What a person typed into a form, between the pipeline and the journal and back.
//!
//! A [`Submission`] is what the redact stage lets through: plain values, which no serialisation
//! takes and which leave only through a sealing function ([`Submission::sealed`]). What is stored,
//! [`StoredSubmission`], tells kind and form and nothing that was typed. Field numbers are for
//! ever, as those of events are.

use super::{EventId, PersonHash, SiteKey, contact};
use crate::redact;
use prost::Message as _;
use std::collections::{BTreeMap, BTreeSet};
use zeroize::Zeroizing;

/// Addresses inside of texts that are hashed beside one submission: more people than a form is about,
/// and no way to fill the journal. What a field consists of always is.
const MENTIONED_MAX: usize = 64;

/// How far the person went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum SubmissionKind {
    /// Sent by the person.
    Submitted = 0,
    /// Typed and not sent: kept only where profile and consent allow values before submit.
    Partial = 1,
    /// A message in a chat.
    Chat = 2,
}

/// Values that may be kept, not yet sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct Submission {
    kind: SubmissionKind,
    form: String,
    fields: BTreeMap<String, String>,
    persons: Vec<PersonHash>,
}

impl Submission {
    /// `fields` are redacted and bounded already, in number too: every one of them may name a
    /// person whose erasure must find it.
    pub(crate) fn new(
        kind: SubmissionKind,
        form: String,
        fields: BTreeMap<String, String>,
        key: &SiteKey,
    ) -> Self {
        let named = fields
            .iter()
            .flat_map(|(name, value)| named(key, name, value));
        let mentioned = fields.values().flat_map(|value| contact::emails_in(value));
        let mentioned = mentioned.take(MENTIONED_MAX);
        let mentioned = mentioned.map(|email| PersonHash::of_email(key, &email));
        let persons: BTreeSet<_> = named.chain(mentioned).collect();
        let persons = persons.into_iter().collect();
        Self {
            kind,
            form,
            fields,
            persons,
        }
    }

    /// The form in which it goes to disk, beside the event `event_id`. `seal` encrypts and
    /// authenticates.
    ///
    /// # Errors
    /// Those of `seal`.
    pub fn sealed<E>(
        &self,
        event_id: EventId,
        seal: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
    ) -> Result<StoredSubmission, E> {
        let values = SubmissionValues {
            fields: self.fields.clone(),
        };
        let plain = Zeroizing::new(values.encode_to_vec());
        Ok(StoredSubmission {
            event_id,
            kind: self.kind as i32,
            form: self.form.clone(),
            sealed: seal(&plain)?,
            persons: self.persons.clone(),
        })
    }

    pub const fn kind(&self) -> SubmissionKind {
        self.kind
    }

    pub(crate) fn form(&self) -> &str {
        &self.form
    }

    pub(crate) fn forget_form(&mut self) {
        self.form.clear();
    }

    /// Leaves the fields whose names `keep` takes.
    pub(crate) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.fields.retain(|name, _| keep(name));
    }

    #[cfg(test)]
    pub(crate) fn fields(&self) -> &BTreeMap<String, String> {
        &self.fields
    }
}

impl std::fmt::Debug for Submission {
    /// Never shows a value: this ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Submission")
            .field("kind", &self.kind)
            .field("fields", &self.fields.len())
            .finish_non_exhaustive()
    }
}

/// Whom a field consists of: an e-mail address, or a number in a field that is named so.
fn named(key: &SiteKey, name: &str, value: &str) -> impl Iterator<Item = PersonHash> {
    let phone = contact::phone(value).filter(|_| redact::is_phone_name(name));
    let phone = phone.map(|phone| PersonHash::of_phone(key, &phone));
    let email = contact::email(value).map(|email| PersonHash::of_email(key, &email));
    email.into_iter().chain(phone)
}

/// A submission as it lies in the journal, in the same record as its event.
#[derive(Clone, PartialEq, prost::Message)]
pub struct StoredSubmission {
    /// The event that tells when, where and by whom it was sent.
    #[prost(message, required, tag = "1")]
    pub event_id: EventId,
    #[prost(enumeration = "SubmissionKind", tag = "2")]
    pub kind: i32,
    /// Our form's id, or what the page calls it; empty when neither is known.
    #[prost(string, tag = "3")]
    pub form: String,
    /// [`SubmissionValues`], sealed with the site's key and bound to site and event.
    #[prost(bytes = "vec", tag = "4")]
    pub sealed: Vec<u8>,
    /// Keyed hashes of the e-mail addresses and telephone numbers in it, in no order that says
    /// which is which: an erasure finds them without the key to the values.
    #[prost(message, repeated, tag = "5")]
    pub persons: Vec<PersonHash>,
}

impl StoredSubmission {
    /// What was typed. `open` decrypts.
    ///
    /// # Errors
    /// Those of `open`; None inside when what came out of it cannot be read.
    pub fn opened<E>(
        &self,
        open: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
    ) -> Result<Option<BTreeMap<String, String>>, E> {
        let plain = Zeroizing::new(open(&self.sealed)?);
        let values = SubmissionValues::decode(plain.as_slice());
        Ok(values.ok().map(|values| values.fields))
    }
}

/// The plain values; exists only inside of [`Submission::sealed`] and [`StoredSubmission::opened`].
#[derive(Clone, PartialEq, prost::Message)]
struct SubmissionValues {
    #[prost(btree_map = "string, string", tag = "1")]
    fields: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn fields(all: &[(&str, &str)]) -> BTreeMap<String, String> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        all.iter().map(own).collect()
    }

    fn submission(all: &[(&str, &str)]) -> Submission {
        let key = SiteKey::new([1; 32]);
        Submission::new(SubmissionKind::Submitted, "f".into(), fields(all), &key)
    }

    #[test]
    fn a_text_full_of_addresses_hides_nobody_who_filled_in_their_own() {
        let many: Vec<_> = (0..500).map(|n| format!("a{n}@x.example")).collect();
        let many = many.join(" ");
        let typed = [("comment", many.as_str()), ("email", "jane@mail.example")];
        let persons = submission(&typed).persons;
        let key = SiteKey::new([1; 32]);
        assert!(persons.contains(&PersonHash::of_email(&key, "jane@mail.example")));
        assert_eq!(persons.len(), MENTIONED_MAX + 1);
    }

    #[test]
    fn what_was_sealed_comes_back_and_is_not_shown() {
        let typed = [("email", "jane@mail.example"), ("message", "hello")];
        let submission = submission(&typed);
        let turned = |bytes: &[u8]| Ok::<_, Infallible>(bytes.iter().map(|b| !b).collect());
        let stored = submission.sealed(EventId::from_u128(5), turned).unwrap();
        assert!(!format!("{submission:?}{stored:?}").contains("jane"));
        assert_eq!(stored.opened(turned).unwrap(), Some(fields(&typed)));
        let garbage = |_: &[u8]| Ok::<_, Infallible>(vec![0xff]);
        assert_eq!(stored.opened(garbage).unwrap(), None);
    }

    #[test]
    fn persons_are_hashes_of_what_names_somebody() {
        let persons = |all: &[(&str, &str)]| submission(all).persons;
        assert_eq!(persons(&[("message", "hello"), ("order", "4711471")]), []);
        let jane = persons(&[("email", "Jane@mail.example")]);
        let told = "write to jane@mail.example, or jane@mail.example.";
        assert_eq!(jane, persons(&[("message", told)]));
        assert_eq!(jane, persons(&[("contact", " jane@MAIL.example")]));
        assert_eq!(
            persons(&[("phone", "+49 151 23456")]),
            persons(&[("mobile", "004915123456")])
        );
        let many: Vec<_> = (1..=20)
            .map(|n| {
                (
                    format!("attendee_{n:02}_email"),
                    format!("a{n}@mail.example"),
                )
            })
            .chain([("email".to_owned(), "jane@mail.example".to_owned())])
            .collect();
        let many: Vec<_> = many.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let found = persons(&many);
        assert_eq!(found.len(), 21);
        assert!(found.contains(&jane[0]));
        let same: Vec<_> = many
            .iter()
            .map(|(n, _)| (*n, "jane@mail.example"))
            .collect();
        assert_eq!(persons(&same), jane);
        let other = SiteKey::new([2; 32]);
        assert_ne!(jane, [PersonHash::of_email(&other, "jane@mail.example")]);
    }
}
