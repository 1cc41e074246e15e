//! The touches of one visitor or person, in order and each once.
//!
//! A page that was reached by a campaign sends several events that name it, and one person may
//! have several visitors; both would count a touch twice. The thread is a function of the set of
//! touches alone: neither the order of arrival nor how they were read changes it.
//!
//! * **Order**: by the event's own time, ties by event id. A late event may therefore still become
//!   the first touch, as far as nothing has been frozen (a lead keeps the touches it was made with).
//! * **Once**: the same signature again within thirty minutes of the touch that is kept, the
//!   length of a session, is the same touch.
//! * **Direct** counts only where nothing comes before it.

use super::Touch;
use crate::session::TIMEOUT_MS;
use std::collections::HashMap;

/// Orders the touches and leaves out those that say nothing new.
pub fn thread(mut touches: Vec<Touch>) -> Vec<Touch> {
    touches.sort_unstable_by_key(Touch::order);
    let mut kept: Vec<Touch> = Vec::with_capacity(touches.len());
    let mut latest: HashMap<[String; 8], usize> = HashMap::new();
    for touch in touches {
        if touch.is_direct() && !kept.is_empty() {
            continue;
        }
        let signature = touch.signature().map(str::to_owned);
        let again = latest
            .get(&signature)
            .is_some_and(|&at| touch.at.since(kept[at].at) <= TIMEOUT_MS);
        if !again {
            latest.insert(signature, kept.len());
            kept.push(touch);
        }
    }
    kept
}

/// The first touch: the lowest by time, then by event id.
pub fn first(touches: &[Touch]) -> Option<&Touch> {
    touches.iter().min_by_key(|touch| touch.order())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EpochMs, EventId, VisitorId};
    use proptest::prelude::*;

    fn touch(minute: i64, event: u128, source: &str) -> Touch {
        Touch {
            at: EpochMs(minute * EpochMs::MINUTE),
            event: EventId::from_u128(event),
            visitor: VisitorId::from_u128(event % 3),
            source: source.into(),
            medium: String::new(),
            campaign: String::new(),
            content: String::new(),
            term: String::new(),
            channel: String::new(),
            click_id_kind: String::new(),
            click_id: String::new(),
            referrer_host: String::new(),
            landing_path: "/".into(),
        }
    }

    fn minutes(touches: &[(i64, u128, &str)]) -> Vec<(i64, String)> {
        let touches = touches
            .iter()
            .map(|&(at, id, source)| touch(at, id, source));
        let kept = thread(touches.collect()).into_iter();
        kept.map(|t| (t.at.0 / EpochMs::MINUTE, t.source)).collect()
    }

    #[test]
    fn the_same_again_within_half_an_hour_is_the_same_touch() {
        let kept = minutes(&[
            (0, 1, "a"),
            (10, 2, "b"),
            (30, 3, "a"),
            (31, 4, "a"),
            (61, 5, "a"),
        ]);
        let expected = [(0, "a"), (10, "b"), (31, "a")].map(|(at, s)| (at, s.to_owned()));
        assert_eq!(kept, expected);
    }

    #[test]
    fn direct_counts_only_before_everything_else() {
        assert_eq!(minutes(&[(5, 1, ""), (9, 2, "a")]).len(), 2);
        assert_eq!(minutes(&[(9, 1, ""), (5, 2, "a"), (900, 3, "")]).len(), 1);
        assert_eq!(minutes(&[(5, 1, ""), (900, 2, "")]), [(5, String::new())]);
    }

    #[test]
    fn ties_go_by_event_id_and_late_events_may_come_first() {
        let tied = thread(vec![touch(1, 9, "b"), touch(1, 2, "a")]);
        assert_eq!(tied[0].source, "a");
        let late = thread(vec![touch(5, 1, "a"), touch(1, 9, "late")]);
        assert_eq!(late[0].source, "late");
        assert_eq!(first(&late), Some(&late[0]));
        assert_eq!(first(&[]), None);
    }

    proptest! {
        #[test]
        fn neither_order_nor_doing_it_in_parts_changes_the_first_touch(
            seeds in proptest::collection::vec((0i64..200, 0u8..4), 0..30), cut in 0usize..30,
        ) {
            let all: Vec<Touch> = seeds.iter().zip(1u128..)
                .map(|(&(at, source), id)| touch(at, id, ["", "a", "b", "c"][source as usize]))
                .collect();
            let whole = thread(all.clone());
            let mut reversed = all.clone();
            reversed.reverse();
            prop_assert_eq!(&thread(reversed), &whole);
            prop_assert_eq!(&thread(whole.clone()), &whole);
            let (left, right) = all.split_at(cut.min(all.len()));
            let mut parts = thread(left.to_vec());
            parts.extend(thread(right.to_vec()));
            let parts = thread(parts);
            prop_assert_eq!(first(&parts), first(&whole));
            prop_assert_eq!(first(&whole), first(&all));
        }
    }
}
