/** A call as a line for a shell. Values come from strangers, so everything is quoted. */
export function curl(origin: string, path: string): string {
  return `curl -H "Authorization: Bearer $CLEW_KEY" ${quoted(origin + path)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
