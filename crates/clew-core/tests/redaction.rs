//! 50,000 generated strings whose truth is known: what share of the secrets is found, and what
//! share of the harmless ones is touched. Prints the table that docs/privacy.md quotes.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use clew_core::redact::{redact_address, redact_field, redact_text};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const EACH: usize = 25_000;

/// SplitMix64: the same strings on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn of<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }

    fn some(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet = alphabet.as_bytes();
        (0..length)
            .map(|_| alphabet[self.below(alphabet.len())] as char)
            .collect()
    }

    fn digits(&mut self, length: usize) -> String {
        self.some("0123456789", length)
    }
}

/// What is hidden, written once plainly and once the way it stands in the string.
struct Secret {
    kind: &'static str,
    plain: String,
}

fn card(r: &mut Random) -> Secret {
    let (prefix, length) = [
        ("4", 16),
        ("4", 16),
        ("51", 16),
        ("55", 16),
        ("2221", 16),
        ("2720", 16),
        ("34", 15),
        ("37", 15),
        ("6011", 16),
        ("65", 16),
        ("644", 16),
        ("36", 14),
        ("38", 14),
        ("301", 14),
        ("3528", 16),
        ("3589", 16),
        ("62", 16),
        ("62", 19),
        ("6759", 16),
        ("5018", 16),
        ("6763", 18),
        ("4", 19),
    ][r.below(22)];
    let mut number = format!("{prefix}{}", r.digits(length - prefix.len() - 1));
    // The doubling alternates from the digit before the check digit.
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let digit = u32::from(b - b'0');
            let doubled = if i % 2 == 0 { digit * 2 } else { digit };
            if doubled > 9 { doubled - 9 } else { doubled }
        })
        .sum();
    write!(number, "{}", (10 - sum % 10) % 10).expect("a string takes everything");
    let shape: &[usize] = if length == 15 {
        &[4, 6, 5]
    } else if length == 14 {
        &[4, 6, 4]
    } else {
        &[4, 4, 4, 4, 4]
    };
    let separator = r.of(&[
        "", "", " ", "-", ".", "\u{a0}", " - ", "\u{2009}", "\u{2013}",
    ]);
    Secret {
        kind: "card",
        plain: grouped(&number, shape, separator),
    }
}

fn grouped(text: &str, shape: &[usize], separator: &str) -> String {
    let mut rest = text;
    let mut parts = Vec::new();
    for size in shape {
        let (head, tail) = rest.split_at((*size).min(rest.len()));
        parts.push(head);
        rest = tail;
    }
    parts.push(rest);
    parts.retain(|part| !part.is_empty());
    parts.join(separator)
}

fn ssn(r: &mut Random) -> Secret {
    let area = loop {
        let area = 1 + r.below(899);
        if area != 666 {
            break area;
        }
    };
    let (group, serial) = (1 + r.below(99), 1 + r.below(9999));
    let plain = match r.below(4) {
        0 => format!("{area:03} {group:02} {serial:04}"),
        1 => format!(
            "{}{area:03}{group:02}{serial:04}",
            r.of(&["SSN: ", "ssn ", "social security number is ", "my SSN is "])
        ),
        _ => format!("{area:03}-{group:02}-{serial:04}"),
    };
    Secret { kind: "ssn", plain }
}

fn iban(r: &mut Random) -> Secret {
    // Length of the account, and how many letters of a bank it begins with.
    let (country, length, letters) = [
        ("DE", 18, 0),
        ("AT", 16, 0),
        ("CH", 17, 0),
        ("FR", 23, 0),
        ("GB", 18, 4),
        ("NL", 14, 4),
        ("ES", 20, 0),
        ("IT", 23, 1),
        ("NO", 11, 0),
        ("MT", 27, 4),
        ("PL", 24, 0),
        ("BE", 12, 0),
        ("SE", 20, 0),
        ("LC", 28, 4),
        ("SA", 20, 0),
        ("BR", 25, 0),
        ("TR", 22, 0),
        ("IE", 18, 4),
    ][r.below(18)];
    let account = format!(
        "{}{}",
        r.some("ABCDEFGHIJKLMNOPQRSTUVWXYZ", letters),
        r.digits(length - letters)
    );
    let spelled: String = format!("{account}{country}00")
        .chars()
        .map(|c| {
            if c.is_ascii_digit() {
                c.to_string()
            } else {
                (c as u32 - 'A' as u32 + 10).to_string()
            }
        })
        .collect();
    let rest = spelled
        .bytes()
        .fold(0u32, |n, b| (n * 10 + u32::from(b - b'0')) % 97);
    let mut iban = format!("{country}{:02}{account}", 98 - rest);
    if r.below(6) == 0 {
        iban.make_ascii_lowercase();
    }
    let separator = r.of(&["", "", " ", " ", "-", "\u{a0}"]);
    Secret {
        kind: "iban",
        plain: grouped(&iban, &[4; 8], separator),
    }
}

fn passport(r: &mut Random) -> Secret {
    let number = match r.below(5) {
        0 => r.digits(9),
        1 => format!("{}{}", r.some("ACEGX", 1), r.digits(8)),
        2 => format!("{}{}", r.some("ABCDEFGHJK", 2), r.digits(7)),
        3 => format!("{}{}{}", r.digits(2), r.some("ABCDEFGHJK", 2), r.digits(5)),
        _ => format!("{}{}", r.some("CFGHJK", 1), r.some("0123456789", 8)),
    };
    let said = r.of(&[
        "passport ",
        "Passport: ",
        "passport no. ",
        "Passport number ",
        "my passport number is ",
        "Reisepass Nr. ",
        "passeport n° ",
        "pasaporte: ",
        "passport #",
        "PASSPORT ",
    ]);
    Secret {
        kind: "passport",
        plain: format!("{said}{number}"),
    }
}

fn email(r: &mut Random) -> Secret {
    let first = r.of(&[
        "jane",
        "j.doe",
        "max-mustermann",
        "anna_k",
        "info",
        "jürgen",
        "x",
        "o'neil",
        "maria.da.silva",
        "tom+news",
    ]);
    let number = r.below(1000);
    let host = r.of(&[
        "example.com",
        "mail.example.co.uk",
        "web.de",
        "müller.example",
        "sub.domain.example.org",
        "xn--mller-kva.example",
        "firma.online",
        "a.io",
    ]);
    Secret {
        kind: "email",
        plain: format!("{first}{number}@{host}"),
    }
}

fn percent(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The secret somewhere in a text; whatever comes out must not hold it in any spelling.
fn embedded(r: &mut Random, secret: &Secret) -> (&'static str, String) {
    let s = &secret.plain;
    match r.below(14) {
        0 => ("alone", s.clone()),
        1 => ("sentence", format!("Please use {s}, thanks!")),
        2 => ("sentence", format!("Ich habe {s} angegeben. Stimmt das?")),
        3 => ("json", format!(r#"{{"a":17,"note":"{s}","b":[1,2]}}"#)),
        4 => ("json", format!(r#"{{"text":"line\n{s}\nline"}}"#)),
        5 => (
            "url",
            format!("https://shop.example/a/{}/b?page=2", percent(s)),
        ),
        6 => (
            "url",
            format!("https://shop.example/a?q={}&page=2", percent(s)),
        ),
        7 => (
            "twice",
            format!("https://shop.example/a?u={}", percent(&percent(s))),
        ),
        8 => (
            "base64",
            format!("https://shop.example/t/{}", URL_SAFE_NO_PAD.encode(s)),
        ),
        9 => (
            "base64",
            format!(
                "token={}&x=1",
                STANDARD.encode(format!(r#"{{"value":"{s}"}}"#))
            ),
        ),
        10 => ("base64", format!("token={}", percent(&STANDARD.encode(s)))),
        11 => ("unicode", format!("日本語{s}👟")),
        12 => ("unicode", format!("«{s}»…")),
        _ => ("lines", format!("one\r\n{s}\r\nthree\t{s}")),
    }
}

/// Does any spelling of the secret stand in `text`?
fn holds(text: &str, secret: &str) -> bool {
    let number: String = secret.rsplit(": ").next().unwrap_or(secret).to_owned();
    let inner = number.rsplit([' ', '#']).next().unwrap_or_default();
    let mut spellings = vec![
        secret.to_owned(),
        percent(secret),
        percent(&percent(secret)),
    ];
    for layer in [secret.to_owned(), format!(r#"{{"value":"{secret}"}}"#)] {
        spellings.extend([
            STANDARD.encode(&layer),
            URL_SAFE_NO_PAD.encode(&layer),
            percent(&STANDARD.encode(&layer)),
        ]);
    }
    if inner.len() >= 6 {
        spellings.push(inner.to_owned());
    }
    spellings
        .iter()
        .any(|spelling| text.contains(spelling.as_str()))
}

/// Harmless, and as like a secret as such things are.
fn clean(r: &mut Random) -> (&'static str, String) {
    let id = r.digits(16);
    match r.below(18) {
        0 => (
            "order id",
            format!(
                "{} {id}",
                r.of(&[
                    "Order",
                    "order no.",
                    "Order #",
                    "Bestellung",
                    "Your order number is",
                    "Invoice:",
                    "Rechnung Nr.",
                    "Tracking number:",
                    "Transaction"
                ])
            ),
        ),
        1 => (
            "order id",
            format!(
                "https://shop.example/{}/{id}",
                r.of(&["order", "orders", "invoice", "tracking"])
            ),
        ),
        2 => (
            "order id",
            format!(
                "https://shop.example/thanks?{}={id}&page=2",
                r.of(&[
                    "order",
                    "order_id",
                    "orderId",
                    "transaction_id",
                    "invoice",
                    "ref"
                ])
            ),
        ),
        3 => (
            "order id",
            format!(
                r#"{{"a":1,"{}":"{id}"}}"#,
                r.of(&[
                    "order_id",
                    "orderId",
                    "id",
                    "invoiceNumber",
                    "tracking_number"
                ])
            ),
        ),
        4 => (
            "sku",
            format!("{}{}", r.some("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 2), r.digits(6)),
        ),
        5 => (
            "sku",
            format!(
                "SKU {}-{}",
                r.some("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 3),
                r.digits(8)
            ),
        ),
        6 => (
            "name",
            r.of(&[
                "shipping_address",
                "opinion",
                "spinner",
                "username",
                "filename",
                "pinned",
                "shippingAddress",
            ])
            .to_owned(),
        ),
        7 => (
            "title",
            format!(
                "{} {} – page {}",
                r.of(&["Red", "Grüne", "Best"]),
                r.of(&["shoes", "Schuhe", "opinions of 2026"]),
                r.below(100)
            ),
        ),
        8 => (
            "uuid",
            uuid::Uuid::from_u128(u128::from(r.next()) << 64 | u128::from(r.next())).to_string(),
        ),
        9 => (
            "time",
            format!(
                "2026-{:02}-{:02} {:02}:{:02}:{:02}",
                1 + r.below(12),
                1 + r.below(28),
                r.below(24),
                r.below(60),
                r.below(60)
            ),
        ),
        10 => (
            "time",
            format!("{}", 1_700_000_000_000 + r.below(100_000_000_000)),
        ),
        11 => (
            "phone",
            format!("+{} {} {}", 1 + r.below(98), r.digits(3), r.digits(7)),
        ),
        12 => ("barcode", barcode(r)),
        13 => (
            "url",
            format!(
                "https://shop.example/produkte/{}/{}?page={}",
                r.of(&["schuhe", "ProductDetailsPage", "M%C3%BCtzen"]),
                r.digits(6),
                r.below(50)
            ),
        ),
        14 => ("hash", r.some("0123456789abcdef", 40)),
        15 => (
            "click id",
            format!(
                "Cj0KCQ{}",
                r.some(
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
                    60
                )
            ),
        ),
        16 => (
            "price",
            format!(
                "{}.{:02} EUR, {} pieces",
                r.below(10_000),
                r.below(100),
                r.below(1000)
            ),
        ),
        _ => (
            "handle",
            format!(
                "{} {}",
                r.of(&[
                    "@jane",
                    "react@18.2.0",
                    "logo@2x.png",
                    "5 @ 10 EUR",
                    "https://social.example/@jane"
                ]),
                r.below(100)
            ),
        ),
    }
}

fn barcode(r: &mut Random) -> String {
    let digits = format!("40{}", r.digits(10));
    let sum: u32 = digits
        .bytes()
        .enumerate()
        .map(|(i, b)| u32::from(b - b'0') * if i % 2 == 0 { 1 } else { 3 })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

fn redacted(text: &str) -> String {
    if text.starts_with("https://") {
        redact_address(text).into_owned()
    } else {
        redact_text(text).into_owned()
    }
}

#[derive(Default)]
struct Tally {
    all: usize,
    wrong: usize,
    examples: Vec<String>,
}

impl Tally {
    fn count(&mut self, wrong: bool, example: impl FnOnce() -> String) {
        self.all += 1;
        self.wrong += usize::from(wrong);
        if wrong && self.examples.len() < 8 {
            self.examples.push(example());
        }
    }
}

fn total(table: &BTreeMap<&str, Tally>) -> (usize, usize) {
    table
        .values()
        .fold((0, 0), |(all, wrong), t| (all + t.all, wrong + t.wrong))
}

#[test]
fn secrets_are_found_and_harmless_texts_stay() {
    let mut r = Random(20_261_121);
    let (mut by_kind, mut by_place): (BTreeMap<_, Tally>, BTreeMap<_, Tally>) = Default::default();
    for i in 0..EACH {
        let secret = [card, ssn, iban, passport, email][i % 5](&mut r);
        let (place, text) = embedded(&mut r, &secret);
        let out = redacted(&text);
        let missed = holds(&out, &secret.plain) || out == text;
        for tally in [
            by_kind.entry(secret.kind).or_default(),
            by_place.entry(place).or_default(),
        ] {
            tally.count(missed, || format!("{text} → {out}"));
        }
    }
    let mut harmless: BTreeMap<_, Tally> = BTreeMap::new();
    for _ in 0..EACH {
        let (kind, text) = clean(&mut r);
        let out = redacted(&text);
        harmless
            .entry(kind)
            .or_default()
            .count(out != text, || format!("{text} → {out}"));
    }
    for (kind, tally) in by_kind.iter().chain(&by_place) {
        println!(
            "{kind:>10}: {:.3} % of {} found",
            100.0 * (tally.all - tally.wrong) as f64 / tally.all as f64,
            tally.all
        );
    }
    for (kind, tally) in &harmless {
        println!(
            "{kind:>10}: {:.3} % of {} altered",
            100.0 * tally.wrong as f64 / tally.all as f64,
            tally.all
        );
    }
    let examples: Vec<_> = by_kind
        .values()
        .chain(harmless.values())
        .flat_map(|t| &t.examples)
        .collect();
    for example in &examples {
        println!("wrong: {example}");
    }
    let ((secrets, missed), (cleans, altered)) = (total(&by_kind), total(&harmless));
    let recall = 100.0 * (secrets - missed) as f64 / secrets as f64;
    let alteration = 100.0 * altered as f64 / cleans as f64;
    println!("recall {recall:.3} % of {secrets}, altered {alteration:.4} % of {cleans}");
    assert!(recall >= 99.5, "{recall}");
    assert!(alteration <= 0.1, "{alteration}");
}

/// The honest price of privacy: a bare number without any context, and with an order's name.
#[test]
fn bare_numbers_without_context_are_the_known_exception() {
    let mut r = Random(7);
    let (mut bare, mut named) = (0, 0);
    for _ in 0..EACH {
        let id = r.digits(16);
        bare += usize::from(redact_text(&id) != id);
        named += usize::from(redact_field("order_id", &id) != id);
    }
    let share = 100.0 * f64::from(u32::try_from(bare).unwrap()) / EACH as f64;
    println!(
        "16 random digits without context: {share:.2} % taken for a card; as order_id: {named}"
    );
    assert!((1.5..3.5).contains(&share), "{share}");
    assert_eq!(named, 0);
}
