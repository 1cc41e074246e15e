interface Told {
  error?: { code?: string; message?: string; details?: Record<string, unknown> };
}

/** An answer of the server that is no success, or no answer: `status` 0 and code `unreachable`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
    /** Seconds after which it makes sense to try again, where the server said so. */
    readonly retryAfter: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "ApiError";
  }

  static unreachable(cause: unknown): ApiError {
    return new ApiError(0, "unreachable", "The server did not answer.", {}, null, { cause });
  }

  static async from(reply: Response): Promise<ApiError> {
    const told = (await reply.json().catch(() => ({}))) as Told;
    const seconds = Number(reply.headers.get("Retry-After"));
    return new ApiError(
      reply.status,
      told.error?.code ?? "unknown",
      told.error?.message ?? `The server answered ${reply.status}.`,
      told.error?.details,
      Number.isFinite(seconds) && seconds > 0 ? seconds : null,
    );
  }

  /** The field of the body that the server refused, by its name in the API. */
  get field(): string | null {
    return typeof this.details.field === "string" ? this.details.field : null;
  }
}

export function isApiError(error: unknown, ...codes: string[]): error is ApiError {
  return error instanceof ApiError && (codes.length === 0 || codes.includes(error.code));
}
