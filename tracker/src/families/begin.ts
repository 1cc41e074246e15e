import type { Clew, ClewConfig } from "../../clew";
import type { FullInstall } from "../lib/internals";

/** Prepares the page for the core that follows in the same file: its settings, and the modules it
 *  finds waiting, before any call that the page made. Does nothing where a core runs already. */
export function begin(
  tag: HTMLScriptElement | undefined,
  settings: ClewConfig,
  modules: FullInstall[],
): void {
  const stub: Clew =
    window.clew ||
    (function () {
      // biome-ignore lint/complexity/noArguments: rest parameters cost a helper loop in ES5
      const call = arguments as ArrayLike<unknown>;
      stub.q = (stub.q || []).concat([call]);
    } as Clew);
  window.clew = stub;
  if (stub.track) return;
  const config = Object.assign({}, settings);
  // Code that runs without a tag of its own has no address to send to but this.
  if (!config.api && tag && tag.src) config.api = new URL(tag.src).origin;
  window.ClewConfig = config;
  stub.q = modules.map((module): unknown[] => ["use", module]).concat((stub.q || []) as never);
}

/** The settings so far: what the server wrote in front of the file, or the page by itself, and the
 *  attributes of our tag over it. */
export function given(tag: HTMLScriptElement | undefined): ClewConfig {
  return Object.assign({}, window.ClewConfig, tag && tag.dataset);
}
