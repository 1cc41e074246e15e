import { afterEach, describe, expect, it, vi } from "vitest";
import { api, withQuery } from "../src/api/client";
import { ApiError, isApiError } from "../src/api/error";
import { noteActivity } from "../src/lib/activity";

function answer(reply: Response | Error) {
  const fetch = vi.fn(async () => {
    if (reply instanceof Error) throw reply;
    return reply;
  });
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

async function failure(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw new Error(`no ApiError: ${error}`);
  return error;
}

afterEach(() => vi.unstubAllGlobals());

describe("the client", () => {
  it("sends JSON to the own origin, with the cookie", async () => {
    const fetch = answer(Response.json({ siteId: "x" }, { status: 201 }));
    expect(await api.post("/v1/sites", { name: "Shop" })).toEqual({ siteId: "x" });
    expect(fetch).toHaveBeenCalledWith(
      "/v1/sites",
      expect.objectContaining({
        method: "POST",
        body: '{"name":"Shop"}',
        credentials: "same-origin",
        headers: { Accept: "application/json", "Content-Type": "application/json" },
      }),
    );
  });

  it("takes 204 as nothing", async () => {
    answer(new Response(null, { status: 204 }));
    expect(await api.delete("/v1/session")).toBeUndefined();
  });

  it("throws what the server says, with the field and the time to wait", async () => {
    const error = { code: "rate_limited", message: "Slow down.", details: { field: "email" } };
    answer(Response.json({ error }, { status: 429, headers: { "Retry-After": "7" } }));
    const thrown = await failure(api.get("/v1/users"));
    expect(thrown).toMatchObject({
      status: 429,
      code: "rate_limited",
      message: "Slow down.",
      field: "email",
      retryAfter: 7,
    });
    expect(isApiError(thrown, "rate_limited")).toBe(true);
    expect(isApiError(thrown, "forbidden")).toBe(false);
  });

  it("survives an error that is not the server's: a proxy's page", async () => {
    answer(new Response("<h1>Bad Gateway</h1>", { status: 502 }));
    expect(await failure(api.get("/v1/sites"))).toMatchObject({ status: 502, code: "unknown" });
  });

  it("says when nothing answers", async () => {
    answer(new TypeError("network"));
    expect(await failure(api.get("/v1/sites"))).toMatchObject({ status: 0, code: "unreachable" });
  });

  it("says when nobody asked: a timer while nobody is there", async () => {
    const fetch = vi.fn(async () => Response.json({}));
    vi.stubGlobal("fetch", fetch);
    const headers = (call: number) =>
      (fetch.mock.calls[call] as unknown as [string, RequestInit])[1].headers;
    noteActivity();
    await api.get("/v1/sites");
    expect(headers(0)).not.toHaveProperty("X-Clew-Background");
    noteActivity(performance.now() - 60_000);
    await api.get("/v1/sites");
    expect(headers(1)).toHaveProperty("X-Clew-Background", "1");
    await api.post("/v1/sites", {});
    expect(headers(2)).not.toHaveProperty("X-Clew-Background");
  });

  it("leaves absent values out of a query", () => {
    expect(withQuery("/v1/audit", { before: null, limit: 50, after: undefined })).toBe(
      "/v1/audit?limit=50",
    );
  });
});
