import type { ClewProps } from "../../clew";

/** Properties that join every event. */
export let common: ClewProps = {};

export function set(props: ClewProps): void {
  Object.assign(common, props);
}

export function clearCommon(): void {
  common = {};
}
