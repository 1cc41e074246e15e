//! The record as a document to print, sign and file.

use super::{Data, ProcessingRecord, Purpose, Term, data};
use crate::pipeline::VisitorState;
use std::fmt::Write as _;

/// Writes the record as Markdown. Names come from people and are escaped.
pub fn markdown(record: &ProcessingRecord) -> String {
    let mut text = String::new();
    let site = &record.site;
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "# Record of processing activities: {}\n\n\
         Article 30 GDPR. Made by Clew {} on {} from the site's configuration.\n\n\
         | | |\n|---|---|\n\
         | Controller | {} |\n| Site | {} ({}) |\n| Hosts | {} |\n| Privacy profile | {} |\n\
         | Time zone | {} |",
        plain(&site.name),
        record.version,
        record.made_at,
        plain(&record.controller),
        plain(&site.name),
        site.site_id,
        plain(&site.domains.join(", ")),
        data::profile(site.profile),
        plain(&site.time_zone),
    );
    table(
        &mut text,
        "Purposes",
        ["Purpose", "Legal basis", "Of visitors who"],
        record.purposes.iter().map(purpose),
    );
    list(&mut text, "Data subjects", &record.data_subjects);
    table(
        &mut text,
        "Categories of data",
        ["Category", "What", "Of visitors who"],
        record.data.iter().map(category),
    );
    list(&mut text, "Not stored", &record.not_stored);
    list(&mut text, "Recipients", &record.recipients);
    list(
        &mut text,
        "Transfers to third countries",
        std::slice::from_ref(&record.transfers),
    );
    table(
        &mut text,
        "Retention",
        ["Data", "Term", "Then"],
        record.retention.iter().map(term),
    );
    list(&mut text, "Security of processing", &record.security);
    list(&mut text, "Rights of data subjects", &record.rights);
    list(
        &mut text,
        "To be completed by the controller",
        &record.to_complete,
    );
    text
}

fn purpose(purpose: &Purpose) -> [String; 3] {
    [
        purpose.purpose.clone(),
        purpose.legal_basis.clone(),
        said(&purpose.of),
    ]
}

fn category(data: &Data) -> [String; 3] {
    [data.category.clone(), data.fields.clone(), said(&data.of)]
}

fn term(term: &Term) -> [String; 3] {
    [term.data.clone(), term.term.clone(), term.then.clone()]
}

fn said(states: &[VisitorState]) -> String {
    let words = states.iter().map(|state| match state {
        VisitorState::Unknown => "were not asked",
        VisitorState::Denied => "refused",
        VisitorState::Granted => "agreed",
        VisitorState::Gpc => "send a GPC signal",
    });
    words.collect::<Vec<_>>().join(", ")
}

fn table(text: &mut String, title: &str, head: [&str; 3], rows: impl Iterator<Item = [String; 3]>) {
    let [first, second, third] = head;
    let _ = writeln!(
        text,
        "\n## {title}\n\n| {first} | {second} | {third} |\n|---|---|---|"
    );
    for row in rows {
        let [first, second, third] = row.map(|cell| plain(&cell));
        let _ = writeln!(text, "| {first} | {second} | {third} |");
    }
}

fn list(text: &mut String, title: &str, lines: &[String]) {
    let _ = writeln!(text, "\n## {title}\n");
    for line in lines {
        let _ = writeln!(text, "- {}", plain(line));
    }
}

/// One line of text in which nothing is markup.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '|' | '<' | '>' | '[' | ']' | '`' | '*' | '_' | '#' | '!' | '&' => {
                plain.push('\\');
                plain.push(letter);
            }
            letter if letter.is_control() => plain.push(' '),
            letter => plain.push(letter),
        }
    }
    plain
}
