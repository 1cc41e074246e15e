import type { ClewProps, ClewRevenue } from "../../clew";

/** The money of an event: a `purchase` with an order number is revenue, once for each number. */
export function revenueOf(name: string, data: ClewProps | undefined): ClewRevenue | undefined {
  const order = data && data.order_id;
  if (name !== "purchase" || !data || order === undefined || order === null || order === "") {
    return undefined;
  }
  return {
    value: amount(data.value),
    currency: typeof data.currency === "string" ? data.currency : undefined,
    id: `${order}`,
  };
}

/** Shops send prices as text, too. */
function amount(value: unknown): number | undefined {
  const number = typeof value === "string" ? Number.parseFloat(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
