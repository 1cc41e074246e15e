/** What a recipe needs to know of the site and of this server. */
export interface Target {
  siteId: string;
  /** This server as the outside reaches it: `https://stats.example`. */
  origin: string;
  /** A domain of the site. */
  domain: string;
  /** `pk_…`: public, may only write. */
  writeKey: string;
}

export interface Step {
  text: string;
  /** What is to be copied, and where it goes. */
  code?: { label: string; text: string };
}

/** How the snippet gets into one kind of site. */
export interface Recipe {
  key: string;
  title: string;
  steps: (target: Target) => Step[];
}

/** Where the site's own script is: the tracker with the site's settings in front. */
export function scriptAddress({ origin, siteId }: Pick<Target, "origin" | "siteId">): string {
  return `${origin}/c/${siteId}.js`;
}

/** The one line that does it. The origin and the id contain nothing that HTML could misread: the
 *  server makes the id, and a URL's origin has no quotes. */
export function tag(target: Target): string {
  return `<script async src="${scriptAddress(target)}"></script>`;
}

/** The same where the site's own server passes the collector's addresses on below `/t`. */
export function proxiedTag({ siteId }: Target): string {
  return `<script async src="/t/c/${siteId}.js" data-api="/t"></script>`;
}

export function host(origin: string): string {
  return new URL(origin).host;
}
