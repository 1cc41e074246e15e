/** Our own tag in the page. The running script, if it looks like ours; else, because tag managers
 *  and bundlers run code without a tag of its own, the first with our attribute, or the first with
 *  our file. Undefined when the page has neither. */
export function ownTag(attributes: string[], file: RegExp): HTMLScriptElement | undefined {
  const running = document.currentScript as HTMLScriptElement | null;
  const isOurs = (tag: HTMLScriptElement): boolean =>
    file.test(fileOf(tag.src)) || attributes.some((name) => tag.hasAttribute(name));
  if (running && isOurs(running)) return running;
  const marked = document.querySelector<HTMLScriptElement>(
    attributes.map((name) => `script[${name}]`).join(),
  );
  return marked || Array.prototype.filter.call(document.scripts, isOurs)[0];
}

/** The path of an address, without query. */
function fileOf(address: string): string {
  return address.split(/[?#]/)[0] as string;
}
