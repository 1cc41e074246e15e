import { type ComponentType, lazy } from "react";

/** The pages of the app, each its own chunk. More specific paths come first. */
interface Entry {
  path: string;
  Page: ComponentType;
}

interface SiteEntry {
  path: `/:site${"" | `/${string}`}`;
  Page: ComponentType<{ siteId: string }>;
}

/** For anybody. */
export const OPEN_PAGES: Entry[] = [
  { path: "/setup", Page: lazy(() => import("../features/access/SetupPage")) },
  { path: "/login", Page: lazy(() => import("../features/access/LoginPage")) },
  { path: "/link", Page: lazy(() => import("../features/access/LinkPage")) },
  { path: "/gallery", Page: lazy(() => import("../features/gallery/GalleryPage")) },
];

/** For whoever is signed in. */
export const ACCOUNT_PAGES: Entry[] = [
  { path: "/", Page: lazy(() => import("../features/sites/SitesPage")) },
  { path: "/sites/new", Page: lazy(() => import("../features/sites/NewSitePage")) },
  { path: "/settings", Page: lazy(() => import("../features/profile/ProfilePage")) },
  { path: "/settings/users", Page: lazy(() => import("../features/users/UsersPage")) },
  { path: "/settings/keys", Page: lazy(() => import("../features/keys/KeysPage")) },
  { path: "/settings/audit", Page: lazy(() => import("../features/audit/AuditPage")) },
];

const SiteSettingsPage = lazy(() => import("../features/site-settings/SettingsPage"));

/** Below a site that the caller may see; `siteId` is its id, also where the address has the slug. */
export const SITE_PAGES: SiteEntry[] = [
  { path: "/:site", Page: lazy(() => import("../features/overview/OverviewPage")) },
  { path: "/:site/live", Page: lazy(() => import("../features/live/LivePage")) },
  { path: "/:site/install", Page: lazy(() => import("../features/install/InstallPage")) },
  { path: "/:site/visitors", Page: lazy(() => import("../features/visitors/VisitorsPage")) },
  {
    path: "/:site/visitors/:visitor",
    Page: lazy(() => import("../features/visitors/VisitorPage")),
  },
  {
    path: "/:site/attribution",
    Page: lazy(() => import("../features/attribution/AttributionPage")),
  },
  { path: "/:site/bots", Page: lazy(() => import("../features/bots/BotsPage")) },
  { path: "/:site/forms", Page: lazy(() => import("../features/forms/FormsPage")) },
  { path: "/:site/privacy", Page: lazy(() => import("../features/privacy/PrivacyPage")) },
  { path: "/:site/settings", Page: SiteSettingsPage },
  { path: "/:site/settings/domains", Page: SiteSettingsPage },
  { path: "/:site/settings/privacy", Page: SiteSettingsPage },
  { path: "/:site/settings/channels", Page: SiteSettingsPage },
  { path: "/:site/settings/addresses", Page: SiteSettingsPage },
  { path: "/:site/settings/data", Page: SiteSettingsPage },
];
