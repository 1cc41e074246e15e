/** Time-ordered id (RFC 9562). Made once per event and kept over retries, so that the server can
 *  count an event once however often it arrives. The variant nibble is fixed, 72 bits are random;
 *  these ids are unique, not secret, so `Math.random` serves. */
export function uuidv7(): string {
  return (
    timeOf(0).replace(/.{8}/, "$&-") +
    "-7xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, () => ((Math.random() * 16) | 0).toString(16))
  );
}

/** How ids of `age` milliseconds ago begin; as text it compares with whole ids to a minute. */
export function timeOf(age: number): string {
  return `0${(Date.now() - age).toString(16)}`;
}
