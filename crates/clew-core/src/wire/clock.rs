//! When a batch was sent that does not say so.
//!
//! Owns one decision for every family without a `sent_at`: a device whose clock is ahead loses
//! nothing. Refuses to believe a time that no clock is off by: such an event is judged alone, and
//! takes no neighbour with it.

use super::{WireEvent, WireReject};
use crate::model::{EpochMs, EventId};

/// Clocks of devices are ahead by minutes, or by a time zone; what lies further ahead is no clock.
const AHEAD_MAX: i64 = EpochMs::DAY;

/// The time of the newest event that lies ahead of this server's clock (in `minted`) by no more
/// than a day: the client's clock is ahead, and that event was the moment of sending. None where
/// no event does.
pub(super) fn sent_at(items: &[Result<WireEvent, WireReject>], minted: EventId) -> Option<EpochMs> {
    let now = EpochMs(minted.uuid_v7_ms()?);
    let times = items.iter().flatten().filter_map(|event| event.time);
    times
        .filter(|time| *time > now && time.since(now) <= AHEAD_MAX)
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_176_000_000;

    fn sent(times: &[Option<i64>]) -> Option<i64> {
        let minted = EventId::from_u128(((NOW as u128) << 80) | (7 << 76) | (0b10 << 62));
        let event = |time: &Option<i64>| {
            Ok(WireEvent {
                time: time.map(EpochMs),
                ..WireEvent::default()
            })
        };
        let mut items: Vec<_> = times.iter().map(event).collect();
        items.push(Err(WireReject::of("unreadable", b"")));
        sent_at(&items, minted).map(|sent| sent.0 - NOW)
    }

    #[test]
    fn a_clock_that_is_ahead_is_noticed() {
        assert_eq!(
            sent(&[Some(NOW - 5), Some(NOW + 9), Some(NOW + 3)]),
            Some(9)
        );
        assert_eq!(sent(&[Some(NOW + EpochMs::DAY)]), Some(EpochMs::DAY));
        assert_eq!(sent(&[Some(NOW - 5)]), None);
        assert_eq!(sent(&[None]), None);
        assert_eq!(sent(&[]), None);
    }

    #[test]
    fn an_absurd_time_says_nothing_about_the_clock() {
        let absurd = Some(253_402_300_799_000);
        assert_eq!(sent(&[Some(NOW - 1_000), absurd]), None);
        assert_eq!(sent(&[absurd, Some(NOW + 400_000)]), Some(400_000));
        assert_eq!(sent(&[Some(i64::MAX), Some(i64::MIN)]), None);
        assert_eq!(sent(&[Some(NOW + EpochMs::DAY + 1)]), None);
    }
}
