import { locale } from "./format/locale";

/** The zone of this device. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
}

/** All time zones with their present distance from UTC: `Europe/Berlin (GMT+1)`. */
export function zoneOptions(): { value: string; label: string }[] {
  const names = new Set(["UTC", ownZone(), ...Intl.supportedValuesOf("timeZone")]);
  return [...names].map((zone) => ({
    value: zone,
    label: `${zone.replaceAll("_", " ")} (${offset(zone)})`,
  }));
}

function offset(zone: string): string {
  const format = new Intl.DateTimeFormat(locale(), {
    timeZone: zone,
    timeZoneName: "shortOffset",
  });
  return format.formatToParts().find((part) => part.type === "timeZoneName")?.value ?? "";
}
