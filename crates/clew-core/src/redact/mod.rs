//! Redaction: payment cards, US social security numbers, IBANs, passport numbers and e-mail
//! addresses leave every text before it is stored, and so do the values of secret fields.
//!
//! Pure and without state between calls: the same text always gives the same answer. What is
//! recognised is proven by a checksum, a format or a context, never by a substring: digits that
//! fail Luhn, nine digits that nobody calls an SSN, `shipping_address` and `opinion` stay.
//!
//! A text is read as it stands and as what it decodes to (percent escapes, `\u0040`, `&#64;`,
//! full-width characters, base64 and base64url tokens, up to [`DEPTH`] layers), because an address
//! in a link is usually written as `jane%40example.com`. One scan of the bytes decides that a text
//! holds nothing of the kind; almost every text ends there, unchanged and not copied.
//!
//! Work is linear in the length of the text. Everything found is replaced by [`MARK`], in
//! addresses of pages by [`ADDRESS_MARK`], which needs no escape there.

mod card;
mod context;
mod decode;
mod digits;
mod email;
mod field_name;
mod iban;
mod passport;
mod prefilter;
mod ssn;

pub(crate) use field_name::is_phone as is_phone_name;
pub use field_name::is_secret as is_secret_name;

use smallvec::SmallVec;
use std::borrow::Cow;
use std::ops::Range;

/// Stands where something was taken out.
pub const MARK: &str = "[REDACTED]";
/// The same within an address of a page.
pub const ADDRESS_MARK: &str = "REDACTED";

/// Layers of encoding that are taken off.
const DEPTH: u8 = 3;

const UUID_LENGTH: usize = 36;

/// Byte ranges of a text.
type Spans = SmallVec<[Range<usize>; 4]>;

/// `text` without what it must not hold.
pub fn redact_text(text: &str) -> Cow<'_, str> {
    replaced(text, "", MARK)
}

/// `value` of the field `name`: all of it when the name is that of a secret, otherwise what
/// [`redact_text`] finds with the name as context.
pub fn redact_field<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    field(name, value, MARK)
}

/// The text of one of our own columns, whose name is context and never that of a secret: most texts
/// cost no more than one look at their bytes.
pub fn redact_column<'a>(name: &str, text: &'a str) -> Cow<'a, str> {
    if prefilter::is_suspicious(text) {
        replaced(text, name, MARK)
    } else {
        Cow::Borrowed(text)
    }
}

/// A value that a person typed into the field `name` in order to be answered: like
/// [`redact_field`], but e-mail addresses and telephone numbers stay.
pub fn redact_submitted<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    if field_name::is_secret(name) {
        return field(name, value, MARK);
    }
    // Its digits may look like those of a card.
    if field_name::is_phone(name) && digits::is_phone(value) {
        return Cow::Borrowed(value);
    }
    without(value, name, MARK, Sought { emails: false })
}

/// An address or path of a page: each parameter is a field, the rest is text.
pub fn redact_address(address: &str) -> Cow<'_, str> {
    let Some((page, query)) = address.split_once('?') else {
        return replaced(address, "", ADDRESS_MARK);
    };
    let page = replaced(page, "", ADDRESS_MARK);
    let mut changed = matches!(page, Cow::Owned(_));
    let mut out = page.into_owned();
    for (i, pair) in query.split('&').enumerate() {
        out.push(if i == 0 { '?' } else { '&' });
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let clean_key = replaced(key, "", ADDRESS_MARK);
        let clean_value = field(&decode::percent(key), value, ADDRESS_MARK);
        changed |= matches!(
            (&clean_key, &clean_value),
            (Cow::Owned(_), _) | (_, Cow::Owned(_))
        );
        out.push_str(&clean_key);
        if pair.len() > key.len() {
            out.push('=');
            out.push_str(&clean_value);
        }
    }
    if changed {
        Cow::Owned(out)
    } else {
        Cow::Borrowed(address)
    }
}

/// Whether a number under this name must not be kept: a secret's, or a card sent as a number.
pub fn is_secret_number(name: &str, value: f64) -> bool {
    // Cards have 12 to 19 digits; integers are exact up to 2^53.
    let may_be_card = value.fract() == 0.0 && (1e11..1e19).contains(&value);
    // Shorter than any telephone number that leads to somebody.
    let may_be_phone = value.abs() >= 1e5 && field_name::is_phone(name);
    field_name::is_secret(name)
        || may_be_phone
        || (may_be_card && matches!(replaced(&format!("{value:.0}"), name, MARK), Cow::Owned(_)))
}

fn field<'a>(name: &str, value: &'a str, mark: &str) -> Cow<'a, str> {
    let secret =
        field_name::is_secret(name) || (digits::count(value) >= 6 && field_name::is_phone(name));
    if secret && !value.trim().is_empty() {
        return if value == mark {
            Cow::Borrowed(value)
        } else {
            Cow::Owned(mark.to_owned())
        };
    }
    replaced(value, name, mark)
}

/// What is looked for besides what always is.
#[derive(Clone, Copy, Debug)]
struct Sought {
    emails: bool,
}

fn replaced<'a>(text: &'a str, name: &str, mark: &str) -> Cow<'a, str> {
    without(text, name, mark, Sought { emails: true })
}

fn without<'a>(text: &'a str, name: &str, mark: &str, sought: Sought) -> Cow<'a, str> {
    if !(prefilter::is_suspicious(text) || digits::count(text) > 1 && passport::is_named(name)) {
        return Cow::Borrowed(text);
    }
    // The ids that most clients send are neither numbers nor words.
    if text.len() == UUID_LENGTH && uuid::Uuid::try_parse(text).is_ok() {
        return Cow::Borrowed(text);
    }
    let spans = merged(find(text, name, DEPTH, sought));
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut kept = 0;
    for span in spans {
        out.push_str(&text[kept..span.start]);
        out.push_str(mark);
        kept = span.end;
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// Everything to be taken out of `text`, in no order. `name` is the field that holds it.
fn find(text: &str, name: &str, depth: u8, sought: Sought) -> Spans {
    let mut found = Spans::new();
    if sought.emails {
        email::find(text, &mut found);
    }
    if digits::count(text) >= 2 {
        digits::sequences(text, |groups| {
            card::find(text, name, groups, &mut found);
            ssn::find(text, name, groups, &mut found);
        });
        iban::find(text, &mut found);
        passport::find(text, name, &mut found);
    }
    if depth > 0 {
        decode::base64_tokens(text, |token, inside| {
            if !find(inside, name, depth - 1, sought).is_empty() {
                found.push(token);
            }
        });
        if let Some(plain) = decode::plain(text) {
            let inside = find(&plain.text, name, depth - 1, sought);
            found.extend(inside.into_iter().map(|span| plain.origin(span)));
        }
    }
    found
}

/// In order, without overlap.
fn merged(mut spans: Spans) -> Spans {
    spans.sort_unstable_by_key(|span| span.start);
    let mut merged = Spans::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

#[cfg(test)]
mod tests;
