import { useLocation } from "wouter";
import { atLeast } from "../../api/session";
import { useSite } from "../../api/sites";
import type { Site } from "../../api/types";
import { siteAddress } from "../../lib/address";
import { t } from "../../lib/i18n";
import { useTitle } from "../../lib/title";
import { PageHeader } from "../../ui/PageHeader";
import { SideNav } from "../../ui/SideNav";
import { NotAllowed } from "../problem/NotAllowed";
import { AddressesSection } from "./AddressesSection";
import { ChannelsSection } from "./ChannelsSection";
import { DataSection } from "./DataSection";
import { DomainsSection } from "./DomainsSection";
import { GeneralSection } from "./GeneralSection";
import { PrivacySection } from "./PrivacySection";

const SECTIONS = {
  "": GeneralSection,
  domains: DomainsSection,
  privacy: PrivacySection,
  channels: ChannelsSection,
  addresses: AddressesSection,
  data: DataSection,
};
type Section = keyof typeof SECTIONS;

/** The settings of a site, one section at a time, each with an address of its own. */
export default function SettingsPage({ siteId }: { siteId: string }) {
  const site = useSite(siteId);
  const [path] = useLocation();
  const last = path.split("/")[3] ?? "";
  const section: Section = last in SECTIONS ? (last as Section) : "";
  useTitle(t("Settings"), site.name);
  if (!atLeast(site.role, "admin")) return <NotAllowed title={t("Settings")} />;
  const Chosen = SECTIONS[section];
  return (
    <>
      <PageHeader title={t("Settings")} description={site.name} />
      <div className="grid items-start gap-x-10 gap-y-6 lg:grid-cols-[12rem_minmax(0,52rem)]">
        <SectionNav site={site} current={section} />
        <div className="flex min-w-0 flex-col gap-6">
          <Chosen key={site.siteId} site={site} />
        </div>
      </div>
    </>
  );
}

function addressOf(site: Site, section: Section): string {
  return siteAddress(site, section ? `/settings/${section}` : "/settings");
}

function SectionNav({ site, current }: { site: Site; current: Section }) {
  const names: Record<Section, string> = {
    "": t("General"),
    domains: t("Domains"),
    privacy: t("Privacy"),
    channels: t("Channels"),
    addresses: t("IP addresses"),
    data: t("Data"),
  };
  const items = (Object.keys(names) as Section[]).map((section) => ({
    href: addressOf(site, section),
    label: names[section],
  }));
  return <SideNav label={t("Settings")} items={items} current={addressOf(site, current)} />;
}
