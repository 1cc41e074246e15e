//! Who asks: the holder of a secret key, or a person who has signed in.
//!
//! Keys come as `Authorization: Bearer sk_…` or `X-API-Key: sk_…`, never in the address, and as
//! access tokens, which stand for a key or a person; people come with the session cookie, which
//! counts only when nothing of that is presented. Anything unknown,
//! revoked or expired gets the same 401. A site of another account looks exactly like a site that
//! does not exist, and so does a site on which a person has no role.
//!
//! `credential` reads what is presented, `holder` is whoever that stands for, `caller` and `person`
//! are the extractors; `rights` says what a caller may do, `sites` which sites there are for it.

mod caller;
mod credential;
mod holder;
mod person;
mod rights;
mod sites;

pub use caller::Caller;
pub use credential::presented;
pub use person::Person;
