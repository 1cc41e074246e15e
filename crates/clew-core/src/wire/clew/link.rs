//! Bodies of the cross-domain link: `POST /v1/link` and `POST /v1/link/open`.

use super::item::ConsentField;
use crate::error::ErrorCode;
use crate::model::Consent;
use serde::Deserialize;
use uuid::Uuid;

/// What a page asks when a visitor leaves for, or comes from, another domain of the same site.
#[derive(Clone, Debug)]
pub struct LinkRequest {
    /// Site id or slug, as the client wrote it.
    pub site: String,
    /// Who leaves.
    pub visitor_id: Option<Uuid>,
    /// What came along in the address.
    pub token: Option<String>,
    pub consent: Consent,
}

#[derive(Deserialize)]
struct Body {
    site_id: String,
    visitor_id: Option<Uuid>,
    token: Option<String>,
    #[serde(default)]
    consent: Option<ConsentField>,
}

/// # Errors
/// [`ErrorCode::MalformedJson`] or [`ErrorCode::InvalidBody`].
pub fn decode_link(body: &[u8]) -> Result<LinkRequest, ErrorCode> {
    let body: Body = serde_json::from_slice(body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => ErrorCode::InvalidBody,
        _ => ErrorCode::MalformedJson,
    })?;
    let consent = match body.consent {
        Some(field) => field.read().map_err(|_| ErrorCode::InvalidBody)?,
        None => Consent::default(),
    };
    Ok(LinkRequest {
        site: body.site_id.trim().to_owned(),
        visitor_id: body.visitor_id,
        token: body.token,
        consent,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_with_its_consent() {
        let read = decode_link(br#"{"site_id":" s ","visitor_id":"0199aaaa-0000-7000-8000-00000000000a","consent":{"analytics":true}}"#).unwrap();
        assert_eq!(read.site, "s");
        assert!(read.visitor_id.is_some() && read.token.is_none());
        assert!(read.consent.analytics().is_granted());
        for (body, code) in [
            ("{", ErrorCode::MalformedJson),
            ("[]", ErrorCode::InvalidBody),
            ("{}", ErrorCode::InvalidBody),
            (
                r#"{"site_id":"s","visitor_id":"x"}"#,
                ErrorCode::InvalidBody,
            ),
            (
                r#"{"site_id":"s","consent":{"analytics":7}}"#,
                ErrorCode::InvalidBody,
            ),
        ] {
            assert_eq!(decode_link(body.as_bytes()).unwrap_err(), code, "{body}");
        }
    }
}
