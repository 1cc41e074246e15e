//! What about a request speaks for or against a person behind it.
//!
//! Facts, not verdicts: `scoring` says what they weigh. Bits are for ever; never reuse one.

macro_rules! signals {
    ($($(#[$doc:meta])* $variant:ident = $bit:literal, $code:literal;)*) => {
        /// One fact about a request.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Signal { $($(#[$doc])* $variant,)* }

        impl Signal {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Stable name in answers.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            const fn bit(self) -> u32 {
                match self { $(Self::$variant => 1 << $bit,)* }
            }
        }
    };
}

signals! {
    /// The address belongs to a hosting provider.
    Datacenter = 0, "datacenter";
    /// The address belongs to a known VPN.
    Vpn = 1, "vpn";
    /// The address is an exit of the Tor network.
    Tor = 2, "tor";
    /// The address belongs to a known open or residential proxy.
    Proxy = 3, "proxy";
    /// The browser's time zone is not one of the country of its address.
    TimeZoneMismatch = 4, "time_zone_mismatch";
    /// A browser without a screen says so itself.
    Headless = 5, "headless";
    /// `navigator.webdriver`: a program steers the browser.
    Webdriver = 6, "webdriver";
    /// A browser that sends no Accept-Language.
    NoLanguage = 7, "no_language";
    /// User agent and client hints name different browsers or systems.
    HintsMismatch = 8, "hints_mismatch";
}

/// A set of [`Signal`]s as stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Signals(pub u32);

impl Signals {
    pub const fn add(&mut self, signal: Signal) {
        self.0 |= signal.bit();
    }

    pub const fn has(self, signal: Signal) -> bool {
        self.0 & signal.bit() != 0
    }

    /// Those set, in the order of [`Signal::ALL`]; bits that this build does not know are skipped.
    pub fn iter(self) -> impl Iterator<Item = Signal> {
        Signal::ALL.iter().copied().filter(move |s| self.has(*s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_has_a_bit_of_its_own() {
        let mut all = Signals::default();
        for (n, signal) in (0u32..).zip(Signal::ALL) {
            assert!(!all.has(*signal), "{signal:?}");
            all.add(*signal);
            assert_eq!(all.0.count_ones(), n + 1);
        }
        assert_eq!(all.iter().collect::<Vec<_>>(), Signal::ALL);
    }
}
