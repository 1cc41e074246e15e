//! What the members of an object are called.

/// The members that a kind of object has.
#[derive(Clone, Copy, Debug)]
pub(in crate::wire) struct Names {
    /// Every spelling of a member, the documented one first.
    known: &'static [&'static [&'static str]],
    others: bool,
}

impl Names {
    /// These and no others: whatever else stands in the object is skipped.
    pub(in crate::wire) const fn only(known: &'static [&'static [&'static str]]) -> Self {
        Self {
            known,
            others: false,
        }
    }

    /// Members of other names have a meaning too, and are kept.
    pub(in crate::wire) const fn and_others(known: &'static [&'static [&'static str]]) -> Self {
        Self {
            known,
            others: true,
        }
    }

    /// Documented names of all known members.
    pub(in crate::wire) fn documented(self) -> impl Iterator<Item = &'static str> {
        self.known.iter().map(|spellings| spellings[0])
    }

    /// The documented name of the member that is spelled so.
    pub(in crate::wire) fn member(self, spelling: &str) -> Option<&'static str> {
        let mut known = self.known.iter();
        let spellings = known.find(|spellings| spellings.contains(&spelling));
        spellings.map(|spellings| spellings[0])
    }

    pub(super) fn keeps(self, name: &str) -> bool {
        self.others || self.member(name).is_some()
    }

    /// Every spelling of a member.
    pub(super) fn spellings(self, member: &str) -> &'static [&'static str] {
        let spellings = self.known.iter().find(|known| known[0] == member);
        debug_assert!(spellings.is_some(), "{member} is no known member");
        spellings.copied().unwrap_or_default()
    }
}
