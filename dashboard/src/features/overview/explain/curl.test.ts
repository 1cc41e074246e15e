import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { curl } from "./curl";

it("cannot be broken out of by a value", () => {
  const path = "/v1/reports/breakdown?filters='$(touch x)`id`\"; echo $HOME";
  const line = curl("https://clew.example", path).replace("curl", "printf '%s\\n'");
  const printed = execFileSync("sh", ["-c", line], { encoding: "utf8" }).split("\n");
  expect(printed[2]).toBe(`https://clew.example${path}`);
});
