//! Filters: `[[op, dimension, [values]], …]`, nestable with `["and"|"or"|"not", …]`.
//!
//! A filter that exists is within its limits: at most [`MAX_CONDITIONS`] conditions,
//! [`MAX_DEPTH`] levels, [`MAX_VALUES`] values of [`MAX_VALUE_BYTES`] bytes, and patterns that
//! every engine reads the same way (`pattern`). Comparison is case-sensitive.

use super::{Dimension, pattern};
use serde_json::Value as Json;

pub const MAX_BYTES: usize = 32 * 1024;
pub const MAX_DEPTH: usize = 6;
pub const MAX_CONDITIONS: usize = 50;
pub const MAX_VALUES: usize = 200;
pub const MAX_VALUE_BYTES: usize = 1024;

/// How a condition compares. Several values are alternatives; the negative forms want none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    Is,
    IsNot,
    Contains,
    ContainsNot,
    StartsWith,
    EndsWith,
    Matches,
    MatchesNot,
}

impl Op {
    pub const ALL: &'static [Self] = &[
        Self::Is,
        Self::IsNot,
        Self::Contains,
        Self::ContainsNot,
        Self::StartsWith,
        Self::EndsWith,
        Self::Matches,
        Self::MatchesNot,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::IsNot => "is_not",
            Self::Contains => "contains",
            Self::ContainsNot => "contains_not",
            Self::StartsWith => "starts_with",
            Self::EndsWith => "ends_with",
            Self::Matches => "matches",
            Self::MatchesNot => "matches_not",
        }
    }

    /// The comparison without its negation, and whether it is negated.
    pub const fn positive(self) -> (Self, bool) {
        match self {
            Self::IsNot => (Self::Is, true),
            Self::ContainsNot => (Self::Contains, true),
            Self::MatchesNot => (Self::Matches, true),
            other => (other, false),
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|op| op.name() == name)
    }
}

/// One comparison of one dimension.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    pub op: Op,
    pub dimension: Dimension,
    /// At least one.
    pub values: Vec<String>,
}

/// A truth about an event and its session. The empty [`Filter::And`] holds for everything.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Filter {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Condition(Condition),
}

impl Default for Filter {
    fn default() -> Self {
        Self::And(Vec::new())
    }
}

/// Where in the filter something is wrong, as a path like `filters[1][2]`, and what.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {problem}")]
pub struct FilterError {
    pub at: String,
    pub problem: String,
}

impl Filter {
    /// Reads the JSON of the `filters` parameter. A list of conditions means all of them.
    ///
    /// # Errors
    /// The offending place and what would be right there.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let root = "filters".to_owned();
        if text.len() > MAX_BYTES {
            return Err(error(root, format!("longer than {MAX_BYTES} bytes")));
        }
        let json: Json = serde_json::from_str(text)
            .map_err(|e| error(root.clone(), format!("not valid JSON ({e})")))?;
        let Json::Array(items) = json else {
            return Err(error(root, "expected a list of conditions".into()));
        };
        let mut reader = Reader { conditions: 0 };
        if items.first().is_some_and(Json::is_string) {
            return reader.node(&items, root, 1);
        }
        reader.list(&items, 0, &root, 1).map(Self::And)
    }

    /// Whether nothing is filtered.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::And(all) if all.is_empty())
    }

    /// Whether any condition satisfies `test`.
    pub fn any(&self, test: &mut dyn FnMut(&Condition) -> bool) -> bool {
        match self {
            Self::And(nodes) | Self::Or(nodes) => nodes.iter().any(|node| node.any(test)),
            Self::Not(node) => node.any(test),
            Self::Condition(condition) => test(condition),
        }
    }

    /// This filter and one more condition.
    #[must_use]
    pub fn and(self, condition: Condition) -> Self {
        Self::And(vec![self, Self::Condition(condition)])
    }
}

struct Reader {
    conditions: usize,
}

impl Reader {
    /// Reads `items[skip..]`; places are counted in `items`.
    fn list(
        &mut self,
        items: &[Json],
        skip: usize,
        at: &str,
        depth: usize,
    ) -> Result<Vec<Filter>, FilterError> {
        items
            .iter()
            .enumerate()
            .skip(skip)
            .map(|(i, item)| {
                let at = format!("{at}[{i}]");
                match item {
                    Json::Array(parts) => self.node(parts, at, depth + 1),
                    _ => Err(error(at, "expected [op, dimension, [values]]".into())),
                }
            })
            .collect()
    }

    fn node(&mut self, parts: &[Json], at: String, depth: usize) -> Result<Filter, FilterError> {
        if depth > MAX_DEPTH {
            return Err(error(at, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        let Some(Json::String(head)) = parts.first() else {
            return Err(error(format!("{at}[0]"), "expected an operator".into()));
        };
        match head.as_str() {
            "and" => Ok(Filter::And(self.children(parts, &at, depth)?)),
            "or" => Ok(Filter::Or(self.children(parts, &at, depth)?)),
            "not" => {
                let mut children = self.children(parts, &at, depth)?;
                match (children.pop(), children.is_empty()) {
                    (Some(only), true) => Ok(Filter::Not(Box::new(only))),
                    _ => Err(error(at, "\"not\" takes exactly one condition".into())),
                }
            }
            _ => self.condition(head, parts, &at).map(Filter::Condition),
        }
    }

    /// Both `["or", a, b]` and `["or", [a, b]]` are understood.
    fn children(
        &mut self,
        parts: &[Json],
        at: &str,
        depth: usize,
    ) -> Result<Vec<Filter>, FilterError> {
        let rest = parts.get(1..).unwrap_or_default();
        let nested = match rest {
            [Json::Array(inner)] if inner.first().is_none_or(Json::is_array) => Some(inner),
            _ => None,
        };
        let children = match nested {
            Some(inner) => self.list(inner, 0, &format!("{at}[1]"), depth)?,
            None => self.list(parts, 1, at, depth)?,
        };
        if children.is_empty() {
            return Err(error(at.to_owned(), "needs at least one condition".into()));
        }
        Ok(children)
    }

    fn condition(&mut self, op: &str, parts: &[Json], at: &str) -> Result<Condition, FilterError> {
        self.conditions += 1;
        if self.conditions > MAX_CONDITIONS {
            return Err(error(
                at.to_owned(),
                format!("more than {MAX_CONDITIONS} conditions"),
            ));
        }
        let op = Op::from_name(op).ok_or_else(|| {
            let known: Vec<_> = Op::ALL.iter().map(|op| op.name()).collect();
            error(
                format!("{at}[0]"),
                format!(
                    "unknown operator \"{}\"; one of and, or, not, {}",
                    shown(op),
                    known.join(", ")
                ),
            )
        })?;
        let [_, dimension, values] = parts else {
            return Err(error(
                at.to_owned(),
                "expected [op, dimension, [values]]".into(),
            ));
        };
        let dimension = dimension.as_str().ok_or_else(|| {
            error(
                format!("{at}[1]"),
                "expected the name of a dimension".into(),
            )
        })?;
        let dimension = Dimension::from_name(dimension).ok_or_else(|| {
            error(
                format!("{at}[1]"),
                format!("unknown dimension \"{}\"", shown(dimension)),
            )
        })?;
        let values = read_values(op, values, &format!("{at}[2]"))?;
        Ok(Condition {
            op,
            dimension,
            values,
        })
    }
}

fn read_values(op: Op, json: &Json, at: &str) -> Result<Vec<String>, FilterError> {
    let Json::Array(items) = json else {
        return Err(error(at.to_owned(), "expected a list of values".into()));
    };
    if items.is_empty() || items.len() > MAX_VALUES {
        return Err(error(
            at.to_owned(),
            format!("expected 1 to {MAX_VALUES} values"),
        ));
    }
    items
        .iter()
        .enumerate()
        .map(|(i, item)| {
            let at = format!("{at}[{i}]");
            let value = item
                .as_str()
                .ok_or_else(|| error(at.clone(), "expected text".into()))?;
            if value.len() > MAX_VALUE_BYTES {
                return Err(error(at, format!("longer than {MAX_VALUE_BYTES} bytes")));
            }
            if value.contains('\0') {
                return Err(error(at, "contains a NUL character".into()));
            }
            if op.positive().0 == Op::Matches {
                pattern::check(value).map_err(|problem| error(at, problem))?;
            }
            Ok(value.to_owned())
        })
        .collect()
}

fn error(at: String, problem: String) -> FilterError {
    FilterError { at, problem }
}

/// A client's text, short enough to quote back.
pub(super) fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(dimension: Dimension, value: &str) -> Filter {
        Filter::Condition(Condition {
            op: Op::Is,
            dimension,
            values: vec![value.into()],
        })
    }

    #[test]
    fn a_list_means_all_of_its_conditions() {
        let filter = Filter::parse(r#"[["is","page",["/a"]],["is","source",["x"]]]"#).unwrap();
        assert_eq!(
            filter,
            Filter::And(vec![is(Dimension::Page, "/a"), is(Dimension::Source, "x")])
        );
        assert!(Filter::parse("[]").unwrap().is_empty());
    }

    #[test]
    fn both_spellings_of_nesting_mean_the_same() {
        let flat = r#"[["or",["is","page",["/a"]],["not",["is","os",["x"]]]]]"#;
        let listed = r#"[["or",[["is","page",["/a"]],["not",["is","os",["x"]]]]]]"#;
        let bare = r#"["or",[["is","page",["/a"]],["not",["is","os",["x"]]]]]"#;
        let parsed = Filter::parse(flat).unwrap();
        assert_eq!(parsed, Filter::parse(listed).unwrap());
        assert_eq!(Filter::And(vec![Filter::parse(bare).unwrap()]), parsed);
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        for (text, at) in [
            ("{", "filters"),
            ("{}", "filters"),
            ("[1]", "filters[0]"),
            ("[[]]", "filters[0][0]"),
            (r#"[["is"]]"#, "filters[0]"),
            (r#"[["like","page",["/"]]]"#, "filters[0][0]"),
            (r#"[["is","colour",["/"]]]"#, "filters[0][1]"),
            (r#"[["is","page","/"]]"#, "filters[0][2]"),
            (r#"[["is","page",[]]]"#, "filters[0][2]"),
            (r#"[["is","page",["/", 1]]]"#, "filters[0][2][1]"),
            (r#"[["is","page",["a\u0000"]]]"#, "filters[0][2][0]"),
            (r#"[["matches","page",["("]]]"#, "filters[0][2][0]"),
            (r#"[["or",["is","page",["/"]],["not"]]]"#, "filters[0][2]"),
            (r#"[["and",[]]]"#, "filters[0]"),
        ] {
            let found = Filter::parse(text).unwrap_err();
            assert_eq!(found.at, at, "{text}: {found}");
        }
    }

    #[test]
    fn depth_and_size_are_limited() {
        let nested = |n: usize| {
            let inner = r#"["is","page",["/"]]"#.to_owned();
            format!(
                "[{}]",
                (0..n).fold(inner, |acc, _| format!(r#"["not",{acc}]"#))
            )
        };
        assert!(Filter::parse(&nested(MAX_DEPTH - 2)).is_ok());
        assert!(
            Filter::parse(&nested(MAX_DEPTH))
                .unwrap_err()
                .problem
                .contains("deeper")
        );
        assert!(Filter::parse(&nested(2000)).is_err());
        let many = vec![r#"["is","page",["/"]]"#; MAX_CONDITIONS + 1].join(",");
        assert!(
            Filter::parse(&format!("[{many}]"))
                .unwrap_err()
                .problem
                .contains("more than")
        );
        let values = vec![r#""/""#; MAX_VALUES + 1].join(",");
        assert!(Filter::parse(&format!(r#"[["is","page",[{values}]]]"#)).is_err());
        let long = "x".repeat(MAX_VALUE_BYTES + 1);
        assert!(Filter::parse(&format!(r#"[["is","page",["{long}"]]]"#)).is_err());
    }
}
