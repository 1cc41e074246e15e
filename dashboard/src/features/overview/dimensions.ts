/** What dimensions and their values are called. Values come from strangers; names of ours do not. */
import { locale, remembered } from "../../lib/format/locale";
import { msg, t } from "../../lib/i18n";
import type { Dimension } from "../../lib/state/dimension";
import type { PanelTab } from "../../lib/state/panel";

export const DIMENSION: Record<Dimension, string> = {
  page: msg("Page"),
  entry_page: msg("Entry page"),
  exit_page: msg("Exit page"),
  hostname: msg("Host name"),
  event: msg("Event"),
  channel: msg("Channel"),
  source: msg("Source"),
  referrer: msg("Referrer"),
  referrer_host: msg("Referrer host"),
  campaign: msg("Campaign"),
  campaign_region: msg("Campaign region"),
  ad_group: msg("Ad group"),
  ad_id: msg("Ad ID"),
  search_query: msg("Search query"),
  medium: msg("UTM medium"),
  content: msg("UTM content"),
  term: msg("UTM term"),
  click_id: msg("Click ID"),
  country: msg("Country"),
  region: msg("Region"),
  city: msg("City"),
  network: msg("Network"),
  language: msg("Language"),
  device: msg("Device"),
  browser: msg("Browser"),
  browser_version: msg("Browser version"),
  os: msg("Operating system"),
  os_version: msg("System version"),
  screen: msg("Screen size"),
};

/** As the tab of a panel. */
export const TAB: Partial<Record<PanelTab, string>> = {
  map: msg("Map"),
  channel: msg("Channels"),
  source: msg("Sources"),
  referrer: msg("Referrers"),
  campaign: msg("Campaigns"),
  campaign_region: msg("Campaign regions"),
  ad_group: msg("Ad groups"),
  ad_id: msg("Ad IDs"),
  search_query: msg("Search queries"),
  medium: msg("Medium"),
  content: msg("Content"),
  term: msg("Term"),
  page: msg("Pages"),
  entry_page: msg("Entry"),
  exit_page: msg("Exit"),
  hostname: msg("Hosts"),
  country: msg("Countries"),
  region: msg("Regions"),
  city: msg("Cities"),
  network: msg("Networks"),
  language: msg("Languages"),
  device: msg("Devices"),
  browser: msg("Browsers"),
  browser_version: msg("Versions"),
  os: msg("Systems"),
  screen: msg("Screens"),
  event: msg("Events"),
};

const CHANNELS = [
  msg("AI Assistants"),
  msg("Direct"),
  msg("Cross-network"),
  msg("Paid Shopping"),
  msg("Paid Search"),
  msg("Paid Social"),
  msg("Paid Video"),
  msg("Display"),
  msg("Paid Other"),
  msg("Organic Shopping"),
  msg("Organic Social"),
  msg("Organic Video"),
  msg("Organic Search"),
  msg("Email"),
  msg("Affiliates"),
  msg("Audio"),
  msg("SMS"),
  msg("Mobile Push Notifications"),
  msg("Referral"),
  msg("Unassigned"),
];

const DEVICES: Readonly<Record<string, string>> = {
  desktop: msg("Desktop"),
  mobile: msg("Mobile"),
  tablet: msg("Tablet"),
  tv: msg("TV"),
  console: msg("Game console"),
  wearable: msg("Wearable"),
  other: msg("Other"),
};

const EVENTS: Readonly<Record<string, string>> = {
  pageview: msg("Page view"),
  engagement: msg("Time on page"),
  identify: msg("Identified"),
  click: msg("Click"),
  outbound: msg("Outbound link"),
  download: msg("Download"),
  scroll: msg("Scrolled"),
  form_view: msg("Form seen"),
  form_start: msg("Form begun"),
  form_focus: msg("Form field entered"),
  form_partial: msg("Form filled in partly"),
  form_interaction: msg("Form worked on"),
  form_submit: msg("Form sent"),
  chat_message: msg("Chat message"),
  session_start: msg("Session begun"),
  session_end: msg("Session ended"),
  tracker_initialized: msg("Tracker started"),
  custom: msg("Custom event"),
  purchase: msg("Purchase"),
  error: msg("Script error"),
  not_found: msg("Page not found"),
};

const NOT_GIVEN: Partial<Record<Dimension, string>> = {
  source: msg("Direct"),
  referrer: msg("No referrer"),
  referrer_host: msg("No referrer"),
  campaign: msg("No campaign"),
  campaign_region: msg("No campaign region"),
  ad_group: msg("No ad group"),
  ad_id: msg("No ad ID"),
  search_query: msg("No search query"),
  medium: msg("No medium"),
  content: msg("No content"),
  term: msg("No term"),
};

/** A value as people call it. Anything unknown is shown as it came. */
export function valueLabel(dimension: Dimension, value: string): string {
  if (value === "") return t(NOT_GIVEN[dimension] ?? msg("Unknown"));
  switch (dimension) {
    case "page":
    case "entry_page":
    case "exit_page":
    case "referrer":
      return readableAddress(value);
    case "channel":
      return CHANNELS.includes(value) ? t(value) : value;
    case "device":
      return own(DEVICES, value);
    case "event":
      return own(EVENTS, value);
    case "country":
      return displayName(`region|${value}`);
    case "language":
      return displayName(`language|${value}`);
    default:
      return value;
  }
}

/** `/%C3%BCber` as `/über`; as it came where decoding would show something else than letters. */
function readableAddress(address: string): string {
  if (!address.includes("%")) return address;
  try {
    const decoded = decodeURI(address);
    return /[\p{C}\s]/u.test(decoded) ? address : decoded;
  } catch {
    // Not percent-encoded at all.
    return address;
  }
}

/** The two letters that stand before a country's name; empty for anything that is no country code. */
export function countryCode(value: string): string {
  return /^[A-Z]{2}$/.test(value) ? value : "";
}

function own(names: Readonly<Record<string, string>>, value: string): string {
  const name = Object.hasOwn(names, value) ? names[value] : undefined;
  return name ? t(name) : value;
}

function displayName(key: string): string {
  return named(`${locale()}|${key}`);
}

const named = remembered((key) => {
  const [tag = "en", type = "region", code = ""] = key.split("|");
  try {
    const names = new Intl.DisplayNames(tag, { type: type as "region" | "language" });
    return names.of(code) ?? code;
  } catch {
    // Not a code at all: shown as it came.
    return code;
  }
});
