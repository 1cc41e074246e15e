/** Waits until `holds` answers something, and returns that; fails with what was waited for. */
export async function until(what, holds, timeout = 15_000) {
  const end = Date.now() + timeout;
  for (;;) {
    const answer = await holds();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
