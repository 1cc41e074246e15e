import { somebodyIsHere } from "../lib/activity";
import { ApiError } from "./error";

type Query = Record<string, string | number | boolean | null | undefined>;
type Method = "GET" | "POST" | "PUT" | "DELETE";

interface Asked {
  body?: unknown;
  signal?: AbortSignal;
  accept?: string;
}

/** The one place that calls the server. Answers other than 2xx are thrown as `ApiError`, and so is
 *  no answer at all. The session travels as a cookie of the same origin. */
async function ask(method: Method, path: string, asked: Asked = {}): Promise<string> {
  const { body, signal, accept = "application/json" } = asked;
  const headers: Record<string, string> = { Accept: accept };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  // What a timer asks while nobody is there must not keep the session alive.
  if (method === "GET" && !somebodyIsHere()) headers["X-Clew-Background"] = "1";
  let reply: Response;
  try {
    reply = await fetch(path, {
      method,
      headers,
      signal,
      credentials: "same-origin",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw ApiError.unreachable(cause);
  }
  if (!reply.ok) throw await ApiError.from(reply);
  return reply.text();
}

async function send<T>(method: Method, path: string, asked?: Asked): Promise<T> {
  // 204 and an empty 200 carry nothing, and the caller's T is then void.
  const text = await ask(method, path, asked);
  return (text ? JSON.parse(text) : undefined) as T;
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) =>
    send<T>("GET", withQuery(path, query), { signal }),
  /** A document that is no JSON. */
  text: (path: string, signal?: AbortSignal) => ask("GET", path, { signal, accept: "text/*" }),
  post: <T>(path: string, body: unknown = {}) => send<T>("POST", path, { body }),
  put: <T>(path: string, body: unknown) => send<T>("PUT", path, { body }),
  delete: <T = void>(path: string) => send<T>("DELETE", path),
};

/** A path with its query; absent values are left out. */
export function withQuery(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}
