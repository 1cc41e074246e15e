/** Runs before any script of the page: notes every attempt to store something in the browser, one
 *  that is taken back or fails included. */
export function noteWrites() {
  const writes = [];
  window.storageWrites = writes;
  const note = (owner, method, what) => {
    const original = owner[method];
    owner[method] = function (...given) {
      writes.push(`${what}.${method} ${String(given[0])}`);
      return original.apply(this, given);
    };
  };
  note(Storage.prototype, "setItem", "storage");
  note(IDBFactory.prototype, "open", "indexedDB");
  if (window.CacheStorage) note(CacheStorage.prototype, "open", "caches");
  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
  Object.defineProperty(Document.prototype, "cookie", {
    configurable: true,
    get: cookie.get,
    set(value) {
      writes.push(`cookie ${value.split("=")[0]}`);
      cookie.set.call(this, value);
    },
  });
}

/** What is in the browser, and what was ever tried, as seen from the page. */
export function storageOf(page) {
  return page.evaluate(async () => ({
    writes: window.storageWrites.slice(),
    // Assignments (`localStorage.x = 1`) and cookies of the server's show here only.
    left: [
      ...Object.keys(localStorage).map((key) => `local ${key}`),
      ...Object.keys(sessionStorage).map((key) => `session ${key}`),
      ...document.cookie.split("; ").filter(Boolean),
      ...(indexedDB.databases ? await indexedDB.databases() : []).map((one) => one.name),
    ],
  }));
}
