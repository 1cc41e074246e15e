/** Everything that a reader, or a screen reader, is told by the page as it stands. */
export const texts = (page) =>
  page.evaluate(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      // Code to be copied is the same in every language.
      if (element.closest("script,style,code,pre,template,[translate=no]")) continue;
      if (element.checkVisibility()) found.push(node.data);
    }
    for (const name of ["aria-label", "placeholder", "title", "alt"]) {
      for (const element of document.querySelectorAll(`[${name}]`))
        if (!element.closest("[translate=no]")) found.push(element.getAttribute(name));
    }
    found.push(document.title.split(" · ")[0]);
    return found.map((text) => text.trim().replace(/\s+/g, " ")).filter(Boolean);
  });
