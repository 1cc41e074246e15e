/** Words, or neighbouring words, that name a secret. Only whole words count: `shipping_address` has
 *  `pin` in it, and `opinion` too. The server's list is the longer one. */
const SECRET =
  / (password|passwd|pwd|passphrase|passcode|passwort|kennwort|pin|ssn|social ?security( ?number)?|cvv|cvc|csc|iban|passport|(credit|debit) ?card|card ?(number|num|no)|cc ?(number|num|no)|security ?code|bank ?account|account ?number|api ?key|private ?key) /;

/** Secrets as the last word only: `token_count` is a number of tokens. */
const SECRET_AT_END = / (token|access ?token|secret|otp) $/;

/** Is a field of this name never to be sent? */
export function isSecret(name: string): boolean {
  const words = ` ${name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replace(/([a-z])(\d)/gi, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .join(" ")} `
    .replace(/ +/g, " ")
    .toLowerCase();
  return SECRET.test(words) || SECRET_AT_END.test(words);
}
