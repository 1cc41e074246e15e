//! What became of a batch; every format tells it to its clients in their own words.

use crate::model::EventId;
use serde::Serialize;

/// The reply of `POST /v1/events`, and the source of every other. Positions count from 0 within
/// the request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// Events that were new and are counted.
    pub accepted: u32,
    /// Events that were known already; they were counted once, when they first came.
    pub duplicates: u32,
    /// Which ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub duplicate_items: Vec<u32>,
    /// Kept aside and in no number, each with the reason.
    pub quarantined: Vec<QuarantinedItem>,
    /// Understood and left out of the numbers, each with the reason.
    pub not_counted: Vec<NotCountedItem>,
    /// Identity of the first item, where it was kept: what a door that answers with an id names.
    #[serde(skip)]
    pub first: Option<EventId>,
    /// Why the first item is in no number, also when it was known already.
    #[serde(skip)]
    pub first_reason: Option<&'static str>,
    /// Whether what the first item says was typed into a form is kept, or was when it first came.
    #[serde(skip)]
    pub first_submission_kept: bool,
    /// [`super::WireBatch::echo`].
    #[serde(skip)]
    pub echo: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuarantinedItem {
    pub i: u32,
    pub code: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotCountedItem {
    pub i: u32,
    pub reason: &'static str,
}

impl Receipt {
    /// How many items the request had.
    pub fn items(&self) -> usize {
        let counted = self.accepted as usize + self.duplicates as usize;
        counted + self.quarantined.len() + self.not_counted.len()
    }

    /// Why the first item is in no number, if it is in none; the same for one that was known
    /// already.
    pub fn first_set_apart(&self) -> Option<&str> {
        if let Some(reason) = self.first_reason {
            return Some(reason);
        }
        let quarantined = self.quarantined.iter().find(|item| item.i == 0);
        let not_counted = self.not_counted.iter().find(|item| item.i == 0);
        quarantined
            .map(|item| item.code.as_str())
            .or(not_counted.map(|item| item.reason))
    }
}
