/** Collects whatever a browser complains about: errors on the console, exceptions, violations of
 *  the content security policy. Every check ends by asking that there was nothing. */

/** Chromium writes every refused request to the console; these refusals are answers. */
const ANSWERS = [{ status: 401, path: "/v1/session" }];

/** `expected`: further `{status, path}` that the check provokes; `path` may be a pattern. */
export async function watch(context, expected = []) {
  const complaints = [];
  const answers = [...ANSWERS, ...expected];
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (violation) => {
      const { violatedDirective, blockedURI, sourceFile, lineNumber } = violation;
      console.error(
        `policy violation: ${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`,
      );
    });
  });
  context.on("console", (message) => {
    if (message.type() !== "error") return;
    const { url } = message.location();
    const status = /status of (\d+)/.exec(message.text())?.[1];
    const isAnswer = answers.some(
      ({ status: refused, path }) => String(refused) === status && fits(path, url),
    );
    if (!isAnswer) complaints.push(`console: ${message.text()} (${url})`);
  });
  context.on("weberror", (error) => complaints.push(`exception: ${error.error().stack}`));
  return complaints;
}

function fits(path, url) {
  const { pathname } = new URL(url);
  return path instanceof RegExp ? path.test(pathname) : path === pathname;
}
