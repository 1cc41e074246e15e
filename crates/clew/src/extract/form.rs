//! Bodies of HTML forms as the JSON that formats read.
//!
//! `a=1&fields[email]=x` becomes `{"a":"1","fields":{"email":"x"}}`; of a name that occurs twice the
//! last value counts, as in JSON.

use crate::error::ApiError;
use bytes::Bytes;
use clew_core::error::ErrorCode;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

/// More members are refused: nobody fills in such a form.
const MEMBERS_MAX: usize = 1_000;

/// Whether the body says that it is a form's.
pub fn is_form(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let essence = value.and_then(|text| text.split(';').next());
    essence.is_some_and(|kind| {
        kind.trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

/// # Errors
/// [`ErrorCode::InvalidBody`] beyond 1,000 members.
pub fn to_json(body: &[u8]) -> Result<Bytes, ApiError> {
    let mut root = Map::new();
    for (count, (name, value)) in url::form_urlencoded::parse(body).enumerate() {
        if count == MEMBERS_MAX {
            return Err(ErrorCode::InvalidBody.into());
        }
        let value = Value::String(value.into_owned());
        match nested(&name) {
            Some((parent, child)) => {
                let parent = root.entry(parent).or_insert_with(|| Map::new().into());
                if let Value::Object(members) = parent {
                    members.insert(child.to_owned(), value);
                }
            }
            None => {
                root.insert(name.into_owned(), value);
            }
        }
    }
    let json = serde_json::to_vec(&root).map_err(ApiError::internal)?;
    Ok(json.into())
}

/// `parent[child]`
fn nested(name: &str) -> Option<(&str, &str)> {
    let (parent, rest) = name.split_once('[')?;
    let child = rest.strip_suffix(']')?;
    (!parent.is_empty() && !child.is_empty()).then_some((parent, child))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(body: &str) -> Value {
        serde_json::from_slice(&to_json(body.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn a_form_becomes_an_object() {
        use serde_json::json as j;
        for (body, expected) in [
            ("", j!({})),
            ("a=1&a=2&b=x+y%21", j!({"a": "2", "b": "x y!"})),
            (
                "email=a%40b.example&fields[size]=XL&fields[colour]=red",
                j!({"email": "a@b.example", "fields": {"size": "XL", "colour": "red"}}),
            ),
            (
                "[x]=1&a[]=2&a[b=3",
                j!({"[x]": "1", "a[]": "2", "a[b": "3"}),
            ),
            ("fields=1&fields[a]=2", j!({"fields": "1"})),
        ] {
            assert_eq!(json(body), expected, "{body}");
        }
    }

    #[test]
    fn an_endless_form_is_refused() {
        let body = "a=1&".repeat(MEMBERS_MAX + 1);
        assert_eq!(
            to_json(body.as_bytes()).unwrap_err().code(),
            ErrorCode::InvalidBody
        );
    }
}
