//! Autonomous systems that rent out machines: nobody sits at home in them.
//!
//! Compiled for Clew from the public registries; only companies whose whole business is hosting or
//! delivery. Carriers that also sell homes their access are left out.

/// Sorted.
const HOSTING: &[u32] = &[
    8_075,   // Microsoft Azure
    8_560,   // IONOS
    9_009,   // M247
    12_876,  // Scaleway
    13_335,  // Cloudflare
    14_061,  // DigitalOcean
    14_618,  // Amazon AWS
    15_169,  // Google
    16_265,  // Leaseweb
    16_276,  // OVHcloud
    16_509,  // Amazon AWS
    19_318,  // Interserver
    20_473,  // Vultr
    20_940,  // Akamai
    21_859,  // Zenlayer
    22_612,  // Namecheap
    24_940,  // Hetzner
    25_820,  // IT7 Networks
    26_496,  // GoDaddy
    28_753,  // Leaseweb
    29_802,  // HIVELOCITY
    31_898,  // Oracle Cloud
    35_540,  // OVHcloud
    36_351,  // IBM Cloud
    36_352,  // HostPapa
    37_963,  // Alibaba Cloud
    40_021,  // Contabo
    40_676,  // Psychz
    42_708,  // GleSYS
    45_102,  // Alibaba Cloud
    46_562,  // Performive
    46_606,  // Unified Layer
    47_583,  // Hostinger
    49_981,  // WorldStream
    51_167,  // Contabo
    53_667,  // BuyVM
    54_113,  // Fastly
    54_825,  // Equinix Metal
    60_068,  // DataCamp
    60_781,  // Leaseweb
    61_317,  // Hivelocity
    62_240,  // Clouvider
    62_567,  // DigitalOcean
    63_949,  // Linode
    132_203, // Tencent Cloud
    136_907, // Huawei Cloud
    198_605, // AVAST VPN
    202_422, // Gcore
    206_092, // Internet Utilities VPN
    212_238, // DataCamp
    213_230, // Hetzner
    396_982, // Google Cloud
    400_940, // Fly.io
];

/// Whether the system is on the list.
pub fn is_hosting(asn: u32) -> bool {
    HOSTING.binary_search(&asn).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_searched() {
        assert!(HOSTING.is_sorted_by(|a, b| a < b));
        assert!(is_hosting(24_940) && is_hosting(16_509));
        assert!(!is_hosting(3_320) && !is_hosting(0));
    }
}
