//! Who comes: a person with a home, a device and an opinion about being measured.
//!
//! A visitor is a function of seed and number, so that somebody who comes back is the same person
//! without anybody remembering them. Addresses are of the range reserved for documentation.

use super::device::{BOTS, Device};
use super::place::Home;
use super::random::{Purpose, Random};
use crate::model::{Consent, ConsentState};
use std::net::{IpAddr, Ipv6Addr};
use uuid::Builder;

/// Of all visits.
pub(super) const BOT_SHARE: f64 = 0.02;
const GRANTED: f64 = 0.58;
const DENIED: f64 = 0.19;
/// Of those who let themselves be recognised.
const WITH_ACCOUNT: f64 = 0.09;
const GPC: f64 = 0.04;

pub(super) struct Visitor {
    pub(super) home: Home,
    pub(super) device: &'static Device,
    pub(super) screen: (&'static str, &'static str),
    pub(super) consent: Consent,
    pub(super) ip: IpAddr,
    /// What the browser stores and sends, where it may.
    pub(super) id: Option<String>,
    /// What the shop calls them once they have signed in.
    pub(super) account: Option<String>,
}

impl Visitor {
    pub(super) fn nth(seed: u64, index: u64, site_zone: Option<&str>) -> Self {
        let mut random = Random::of(seed, Purpose::Visitor, index);
        let home = Home::draw(&mut random, site_zone);
        let device = Device::draw(&mut random, home.apple);
        let consent = consent(&mut random);
        let recognised = consent.analytics() == ConsentState::Granted;
        let id = uuid(&mut random);
        let account = random.chance(WITH_ACCOUNT);
        Self {
            screen: device.screen(&mut random),
            ip: address(&mut random),
            id: recognised.then_some(id),
            account: (recognised && account).then(|| format!("customer-{index}")),
            home,
            device,
            consent,
        }
    }
}

/// A crawler's user agent and address.
pub(super) fn bot(random: &mut Random) -> (&'static str, IpAddr) {
    let user_agent: &&str = random.of_list(BOTS);
    (*user_agent, address(random))
}

fn consent(random: &mut Random) -> Consent {
    use ConsentState::{Denied, Granted, Unknown};
    let mut consent = Consent {
        gpc: random.chance(GPC),
        ..Consent::default()
    };
    let answer = random.unit();
    let (analytics, marketing) = if answer < GRANTED {
        let marketing = if random.chance(0.7) { Granted } else { Denied };
        (Granted, marketing)
    } else if answer < GRANTED + DENIED {
        (Denied, Denied)
    } else {
        (Unknown, Unknown)
    };
    consent.set_analytics(analytics);
    consent.set_marketing(marketing);
    consent
}

fn uuid(random: &mut Random) -> String {
    let bits = u128::from(random.bits()) << 64 | u128::from(random.bits());
    Builder::from_random_bytes(bits.to_be_bytes())
        .into_uuid()
        .to_string()
}

/// In 2001:db8::/32.
fn address(random: &mut Random) -> IpAddr {
    let network = (0x2001_0db8_u128 << 96) | (u128::from(random.bits() as u32) << 64);
    IpAddr::V6(Ipv6Addr::from_bits(network | u128::from(random.bits())))
}
