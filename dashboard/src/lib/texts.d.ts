/** The compiled catalogues, made by scripts/texts-plugin.mjs. */
declare module "virtual:texts/*" {
  import type { Messages } from "@lingui/core";

  const catalog: Messages;
  export default catalog;
}
