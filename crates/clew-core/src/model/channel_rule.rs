//! A site's own channels, asked before the built-in ones.

/// A channel and when it applies: every condition must hold.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ChannelRule {
    /// Name as it is shown, e.g. `Partners`.
    pub channel: String,
    pub when: Vec<ChannelCondition>,
}

/// One condition; texts are compared without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ChannelCondition {
    pub field: ChannelField,
    pub op: ChannelOp,
    pub value: String,
}

/// What a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelField {
    Source,
    Medium,
    Campaign,
    Content,
    Term,
    ReferrerHost,
    /// Kind of the click id, e.g. `gclid`.
    ClickId,
    /// Path of the page.
    Path,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelOp {
    Is,
    IsNot,
    Contains,
    StartsWith,
    EndsWith,
}
