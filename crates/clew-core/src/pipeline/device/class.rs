//! What kind of thing a device is: desktop, mobile, tablet, tv or other.

use super::Device;

/// Read from the tokens that makers put into the user agent, then from the system.
pub(super) fn class(ua: &str, device: &Device) -> &'static str {
    let has = |tokens: &[&str]| tokens.iter().any(|token| ua.contains(token));
    if has(&[
        "SmartTV",
        "SMART-TV",
        "Smart TV",
        "AppleTV",
        "Apple TV",
        "GoogleTV",
        "HbbTV",
        "BRAVIA",
        "Roku/",
        "AFTT",
        "AFTM",
        "AFTB",
        "CrKey",
        "Web0S",
        "NetCast",
        "Android TV",
    ]) {
        "tv"
    } else if has(&["iPad", "Tablet", "PlayBook", "Kindle", "Silk/"])
        || (device.os == "Android" && !ua.contains("Mobile"))
    {
        "tablet"
    } else if has(&["Mobi", "iPhone", "iPod", "Windows Phone"])
        || matches!(device.os.as_str(), "iOS" | "Android" | "KaiOS")
    {
        "mobile"
    } else if matches!(
        device.os.as_str(),
        "Windows"
            | "macOS"
            | "Linux"
            | "Chrome OS"
            | "Ubuntu"
            | "Fedora"
            | "FreeBSD"
            | "OpenBSD"
            | "Debian"
    ) {
        "desktop"
    } else {
        "other"
    }
}
