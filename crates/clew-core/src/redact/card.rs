//! Payment cards: the prefix and length of an issuer, and the Luhn digit.
//!
//! Of random 16-digit numbers 2.4 % have both. Nothing in a bare number tells such a one from a
//! card, so without a context it is taken for one; after `order`, `invoice`, `tracking`, `id` and
//! the like it stays. Groups as on a card (4-4-4-4, 4-6-5 …) are a card whatever stands before.

use super::Spans;
use super::context::{self, Word};
use super::digits::{Group, Joint};

const MIN: usize = 12;
const MAX: usize = 19;

/// First prefix, last prefix (equally long), lengths.
type Issuer = (u32, u32, &'static [usize]);

/// Prefixes by ISO/IEC 7812 as the networks publish them.
const ISSUERS: &[Issuer] = &[
    // Visa
    (4, 4, &[13, 16, 19]),
    // Mastercard
    (51, 55, &[16]),
    (2221, 2720, &[16]),
    // American Express
    (34, 34, &[15]),
    (37, 37, &[15]),
    // Discover
    (6011, 6011, &[16, 19]),
    (644, 649, &[16, 19]),
    (65, 65, &[16, 19]),
    // Diners Club
    (300, 305, &[14]),
    (3095, 3095, &[14]),
    (36, 36, &[14, 16]),
    (38, 39, &[14]),
    // JCB
    (3528, 3589, &[16, 17, 18, 19]),
    (1800, 1800, &[15]),
    (2131, 2131, &[15]),
    // UnionPay
    (62, 62, &[16, 17, 18, 19]),
    // Mir
    (2200, 2204, &[16, 17, 18, 19]),
    // RuPay
    (60, 60, &[16]),
    (508, 508, &[16]),
    // Troy
    (9792, 9792, &[16]),
    // Verve
    (506_099, 506_198, &[16, 18, 19]),
    // Maestro
    (5018, 5018, MAESTRO),
    (5020, 5020, MAESTRO),
    (5038, 5038, MAESTRO),
    (56, 58, MAESTRO),
    (6304, 6304, MAESTRO),
    (6390, 6390, MAESTRO),
    (6759, 6763, MAESTRO),
    (6706, 6706, MAESTRO),
    (6709, 6709, MAESTRO),
    (6771, 6771, MAESTRO),
    (604, 604, MAESTRO),
];
const MAESTRO: &[usize] = &[12, 13, 14, 15, 16, 17, 18, 19];

pub(super) fn find(text: &str, name: &str, groups: &[Group], found: &mut Spans) {
    let mut first = 0;
    while first < groups.len() {
        match longest(text, name, groups, first) {
            Some(last) => {
                found.push(groups[first].start..groups[last].end);
                first = last + 1;
            }
            None => first += 1,
        }
    }
}

/// The last group of the longest card that begins with group `first`.
fn longest(text: &str, name: &str, groups: &[Group], first: usize) -> Option<usize> {
    let mut number = [0u8; MAX];
    let mut length = 0;
    let mut best = None;
    for (last, group) in groups.iter().enumerate().skip(first) {
        let room = number.get_mut(length..length + group.len());
        let Some(room) = room else {
            break;
        };
        room.copy_from_slice(&text.as_bytes()[group.start..group.end]);
        length += group.len();
        if length >= MIN
            && is_shaped(&groups[first..=last])
            && is_number(&number[..length])
            && is_meant(text, name, groups, first, last, &number[..length])
        {
            best = Some(last);
        }
    }
    best
}

/// One group, or groups as they stand on cards and in forms.
fn is_shaped(groups: &[Group]) -> bool {
    let sizes = |shape: &[usize]| groups.iter().map(Group::len).eq(shape.iter().copied());
    let (last, head) = match groups.split_last() {
        Some((_, [])) | None => return true,
        Some((last, head)) => (last.len(), head),
    };
    let all = |size: usize| head.iter().all(|group| group.len() == size) && last <= size;
    all(1)
        || all(2)
        || all(4)
        || all(5)
        || [
            &[4, 6, 5][..],
            &[4, 6, 4],
            &[4, 5, 6],
            &[4, 4, 5],
            &[4, 4, 8],
            &[8, 4, 4],
            &[4, 8, 4],
            &[5, 5, 6],
            &[4, 4, 4, 5],
            &[4, 4, 4, 6],
            &[4, 4, 4, 7],
            &[8, 8],
            &[8, 11],
            &[4, 12],
            &[6, 9],
            &[6, 10],
            &[6, 13],
        ]
        .into_iter()
        .any(sizes)
}

fn is_number(number: &[u8]) -> bool {
    has_issuer(number) && luhn(number)
}

fn has_issuer(number: &[u8]) -> bool {
    let head = number[..6]
        .iter()
        .fold(0, |n, digit| n * 10 + u32::from(digit - b'0'));
    ISSUERS.iter().any(|(from, to, lengths)| {
        let scale = 10u32.pow(5 - from.ilog10());
        (*from..=*to).contains(&(head / scale)) && lengths.contains(&number.len())
    })
}

/// ISO/IEC 7812-1, annex B.
fn luhn(number: &[u8]) -> bool {
    let sum: u32 = number
        .iter()
        .rev()
        .enumerate()
        .map(|(i, digit)| {
            let digit = u32::from(digit - b'0') << (i & 1);
            digit / 10 + digit % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Is it a card that is meant, as far as its surroundings say?
fn is_meant(
    text: &str,
    name: &str,
    groups: &[Group],
    first: usize,
    last: usize,
    number: &[u8],
) -> bool {
    let (start, end) = (groups[first].start, groups[last].end);
    let said = || context::before(text, start, name, judge);
    if context::is_glued_before(text, start) || context::is_glued_after(text, end) {
        // `SKU4111…`, a hash: a code of letters and digits, unless its letters say `card`.
        return said() == Word::Says;
    }
    if first != last {
        return true;
    }
    let tight =
        |group: Option<&Group>| group.is_some_and(|group| matches!(group.joint, Joint::Tight(_)));
    let part_of_code = (first > 0 && tight(groups.get(first))) || tight(groups.get(last + 1));
    match said() {
        Word::Says => true,
        Word::Denies => false,
        Word::Filler | Word::Other => {
            !part_of_code && !is_article(number) && !text[..start].ends_with('#')
        }
    }
}

/// A GTIN of 12 or 13 digits has a check digit of its own; the barcodes of Germany begin like an
/// old Visa card.
fn is_article(number: &[u8]) -> bool {
    let sum = number.iter().rev().enumerate().map(|(i, digit)| {
        let weight = if i % 2 == 0 { 1 } else { 3 };
        u32::from(digit - b'0') * weight
    });
    number.len() <= 13 && sum.sum::<u32>().is_multiple_of(10)
}

fn judge(word: &str) -> Word {
    match word {
        "card" | "cards" | "cc" | "ccnum" | "credit" | "debit" | "creditcard" | "debitcard"
        | "visa" | "mastercard" | "mc" | "maestro" | "amex" | "discover" | "jcb" | "diners"
        | "unionpay" | "rupay" | "mir" | "pan" | "payment" | "pay" | "paid" | "charge"
        | "charged" | "karte" | "kartennummer" | "kreditkarte" | "kreditkartennummer" | "carte"
        | "tarjeta" | "carta" | "cartao" | "cartão" | "kaart" | "cardnumber" => Word::Says,
        "order" | "orders" | "ordernumber" | "orderid" | "orderno" | "bestellung"
        | "bestellnummer" | "bestell" | "auftrag" | "auftragsnummer" | "commande" | "pedido"
        | "ordine" | "zamówienie" | "invoice" | "invoices" | "rechnung" | "rechnungsnummer"
        | "factura" | "facture" | "fattura" | "tracking" | "trackingnumber" | "shipment"
        | "parcel" | "sendung" | "sendungsnummer" | "waybill" | "awb" | "ticket" | "tickets"
        | "transaction" | "transactions" | "transactionid" | "txn" | "tx" | "trx" | "receipt"
        | "reference" | "ref" | "id" | "ids" | "uid" | "guid" | "sku" | "item" | "items"
        | "article" | "artikel" | "artikelnummer" | "product" | "products" | "produkt" | "ean"
        | "gtin" | "upc" | "isbn" | "imei" | "serial" | "barcode" | "booking" | "bookings"
        | "reservation" | "buchung" | "buchungsnummer" | "batch" | "lot" | "po" | "quote"
        | "campaign" | "adgroup" | "ad" | "creative" | "timestamp" | "ts" | "vorgang"
        | "vorgangsnummer" | "contract" | "vertrag" | "rma" | "coupon" | "voucher" => Word::Denies,
        word if context::is_filler(word) => Word::Filler,
        _ => Word::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers_and_check_digit_are_known() {
        for (number, is) in [
            ("4111111111111111", true),
            ("4222222222222", true),
            ("5555555555554444", true),
            ("2221000000000009", true),
            ("378282246310005", true),
            ("6011111111111117", true),
            ("30569309025904", true),
            ("3530111333300000", true),
            ("6200000000000005", true),
            ("6759649826438453", true),
            ("4111111111111112", false),
            ("1234567812345670", false),
            ("7992739871300000", false),
            ("2026112020261120", false),
        ] {
            assert_eq!(is_number(number.as_bytes()), is, "{number}");
        }
    }
}
