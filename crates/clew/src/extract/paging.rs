//! `limit` and `offset` of a list.

use super::given::Parameters;
use crate::error::ApiError;
use axum::extract::FromRequestParts;
use clew_core::error::ErrorCode;
use clew_store::relational::forms::Page;
use http::request::Parts;

/// Rows of a list when nobody says how many.
const USUAL: u64 = 100;
const MOST: u64 = 1_000;

/// Extractor: the part of a list that is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Paging(pub Page);

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let given = Parameters::<Vec<(String, String)>>::from_request_parts(parts, state).await?;
        read(&given.0).map(Self)
    }
}

fn read(given: &[(String, String)]) -> Result<Page, ApiError> {
    let mut page = Page {
        limit: USUAL,
        offset: 0,
    };
    for (name, value) in given {
        let number = value.parse::<u64>().ok();
        match name.as_str() {
            "limit" => {
                let limit = number.filter(|n| (1..=MOST).contains(n));
                let wrong = || ApiError::parameter("limit", "expected a number from 1 to 1000");
                page.limit = limit.ok_or_else(wrong)?;
            }
            "offset" => {
                // What the databases can count to.
                let offset = number.filter(|n| i64::try_from(*n).is_ok());
                let wrong = || ApiError::parameter("offset", "expected a number, 0 or more");
                page.offset = offset.ok_or_else(wrong)?;
            }
            unknown => {
                let message = format!("There is no parameter {unknown:?} here.");
                return Err(ApiError::new(ErrorCode::InvalidParameter).with_message(message));
            }
        }
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(given: &[(&str, &str)]) -> Result<(u64, u64), ErrorCode> {
        let given = given
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        let page = read(&given.collect::<Vec<_>>());
        page.map(|p| (p.limit, p.offset)).map_err(|e| e.code())
    }

    #[test]
    fn a_page_has_bounds_and_unknown_names_are_refused() {
        assert_eq!(page(&[]), Ok((100, 0)));
        assert_eq!(page(&[("limit", "1000"), ("offset", "7")]), Ok((1000, 7)));
        for wrong in [
            ("limit", "0"),
            ("limit", "1001"),
            ("limit", "x"),
            ("offset", "-1"),
            ("offset", "18446744073709551615"),
            ("page", "2"),
        ] {
            assert_eq!(
                page(&[wrong]),
                Err(ErrorCode::InvalidParameter),
                "{wrong:?}"
            );
        }
    }
}
