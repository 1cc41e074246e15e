//! Which regular expressions a filter may use.
//!
//! Patterns run in the event store's own engine (RE2: linear time, no look-around). Accepted is
//! the part of the syntax that every engine reads the same way, with repetition bounded, so a
//! pattern that passes here can neither fail nor explode there.

use regex_syntax::ast::{
    AssertionKind, Ast, ClassSet, ClassSetItem, Flag, Flags, FlagsItemKind, GroupKind,
    HexLiteralKind, Literal, LiteralKind, RepetitionKind, RepetitionRange, SpecialLiteralKind,
    parse::ParserBuilder,
};

pub(super) const MAX_BYTES: usize = 256;
const MAX_NESTING: u32 = 20;
/// Product of nested repetition counts; RE2's own limit is 1000.
const MAX_REPEAT: u32 = 1000;

/// # Errors
/// What is wrong with `pattern`, as a sentence part.
pub(super) fn check(pattern: &str) -> Result<(), String> {
    if pattern.len() > MAX_BYTES {
        return Err(format!("a pattern has at most {MAX_BYTES} bytes"));
    }
    let ast = ParserBuilder::new()
        .nest_limit(MAX_NESTING)
        .build()
        .parse(pattern)
        .map_err(|e| format!("not a valid pattern ({})", e.kind()))?;
    walk(&ast, 1)
}

fn walk(ast: &Ast, repeated: u32) -> Result<(), String> {
    match ast {
        Ast::Empty(_) | Ast::Dot(_) | Ast::ClassPerl(_) => Ok(()),
        Ast::Flags(set) => flags(&set.flags),
        Ast::Literal(literal) => self::literal(literal),
        Ast::Assertion(assertion) => match assertion.kind {
            AssertionKind::StartLine
            | AssertionKind::EndLine
            | AssertionKind::StartText
            | AssertionKind::EndText
            | AssertionKind::WordBoundary
            | AssertionKind::NotWordBoundary => Ok(()),
            _ => refuse("this kind of word boundary"),
        },
        Ast::ClassUnicode(_) => refuse("Unicode classes"),
        Ast::ClassBracketed(class) => match &class.kind {
            ClassSet::Item(item) => class_item(item),
            ClassSet::BinaryOp(_) => refuse("set operations within brackets"),
        },
        Ast::Repetition(repetition) => {
            if matches!(*repetition.ast, Ast::Repetition(_)) {
                return refuse("a repetition directly after a repetition");
            }
            let total = repeated.saturating_mul(count(&repetition.op.kind).max(1));
            if total > MAX_REPEAT {
                return Err(format!(
                    "a pattern may repeat a part at most {MAX_REPEAT} times"
                ));
            }
            walk(&repetition.ast, total)
        }
        Ast::Group(group) => {
            match &group.kind {
                GroupKind::CaptureIndex(_) => {}
                GroupKind::NonCapturing(set) => flags(set)?,
                GroupKind::CaptureName { .. } => return refuse("named groups"),
            }
            walk(&group.ast, repeated)
        }
        Ast::Alternation(parts) => parts.asts.iter().try_for_each(|ast| walk(ast, repeated)),
        Ast::Concat(parts) => parts.asts.iter().try_for_each(|ast| walk(ast, repeated)),
    }
}

fn count(kind: &RepetitionKind) -> u32 {
    match kind {
        RepetitionKind::Range(
            RepetitionRange::Exactly(n)
            | RepetitionRange::AtLeast(n)
            | RepetitionRange::Bounded(_, n),
        ) => *n,
        _ => 1,
    }
}

fn flags(set: &Flags) -> Result<(), String> {
    set.items.iter().try_for_each(|item| match item.kind {
        FlagsItemKind::Negation
        | FlagsItemKind::Flag(
            Flag::CaseInsensitive | Flag::MultiLine | Flag::DotMatchesNewLine | Flag::SwapGreed,
        ) => Ok(()),
        FlagsItemKind::Flag(_) => refuse("flags other than i, m, s, U"),
    })
}

fn literal(literal: &Literal) -> Result<(), String> {
    match literal.kind {
        LiteralKind::HexFixed(HexLiteralKind::UnicodeShort | HexLiteralKind::UnicodeLong)
        | LiteralKind::HexBrace(HexLiteralKind::UnicodeShort | HexLiteralKind::UnicodeLong) => {
            refuse("\\u escapes (write \\x{…})")
        }
        LiteralKind::Special(SpecialLiteralKind::Space) => refuse("escaped spaces"),
        _ if literal.c == '\0' => refuse("NUL characters"),
        _ => Ok(()),
    }
}

fn class_item(item: &ClassSetItem) -> Result<(), String> {
    match item {
        ClassSetItem::Empty(_) | ClassSetItem::Ascii(_) | ClassSetItem::Perl(_) => Ok(()),
        ClassSetItem::Literal(one) => literal(one),
        ClassSetItem::Range(range) => {
            literal(&range.start)?;
            literal(&range.end)
        }
        ClassSetItem::Unicode(_) => refuse("Unicode classes"),
        ClassSetItem::Bracketed(_) => refuse("brackets within brackets"),
        ClassSetItem::Union(union) => union.items.iter().try_for_each(class_item),
    }
}

fn refuse(what: &str) -> Result<(), String> {
    Err(format!("patterns do not support {what}"))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn everyday_patterns_pass() {
        for pattern in [
            "^/blog/.*$",
            r"/p/\d+(-[a-z]+)?",
            "(?i)pricing|preise",
            "[^/]+/x{2,5}",
            r"a\.b",
            "",
            "(a|b)*?",
            r"\bfoo\b",
            "[[:alpha:]_-]",
            r"\x{20AC}",
            "(?i:x)y",
        ] {
            assert_eq!(check(pattern), Ok(()), "{pattern}");
        }
    }

    #[test]
    fn what_engines_disagree_on_is_refused() {
        for pattern in [
            "(",
            "[z-a]",
            "(?=x)",
            r"(a)\1",
            "(?P<n>a)",
            "(?<n>a)",
            r"\p{Greek}",
            r"[\pL]",
            "[a-z&&b]",
            "[[a]]",
            "a**",
            "(?x) a",
            r"\u0041",
            r"\<a",
            "(?-u)a",
            r"\x00",
            "a{1001}",
            "(a{50}){50}",
            "((a{10}){10}){11}",
            "a{2,2000}",
        ] {
            assert!(check(pattern).is_err(), "{pattern}");
        }
        assert!(check(&"(".repeat(100)).is_err());
        assert!(check(&"a".repeat(257)).is_err());
    }
}
