import { expect, it, vi } from "vitest";
import { Refresher } from "./refresh";

function watched(took = 0) {
  vi.useFakeTimers();
  const refresh = vi.fn(() => new Promise<void>((done) => setTimeout(done, took)));
  return { refresh, refresher: new Refresher(refresh) };
}

it("asks soon after the first event", async () => {
  const { refresh, refresher } = watched();
  refresher.notice();
  expect(refresh).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(500);
  expect(refresh).toHaveBeenCalledTimes(1);
});

it("asks at most every two seconds while events pour in", async () => {
  const { refresh, refresher } = watched();
  for (let i = 0; i < 100; i++) {
    refresher.notice();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(refresh.mock.calls.length).toBeGreaterThanOrEqual(4);
  expect(refresh.mock.calls.length).toBeLessThanOrEqual(6);
});

it("asks a second time within three seconds, then rests", async () => {
  const { refresh, refresher } = watched(300);
  refresher.notice();
  await vi.advanceTimersByTimeAsync(400);
  expect(refresh).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(2600);
  expect(refresh).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(refresh).toHaveBeenCalledTimes(2);
});

it("does not lose an event that arrives while it asks", async () => {
  const { refresh, refresher } = watched(1000);
  refresher.notice();
  await vi.advanceTimersByTimeAsync(6000);
  expect(refresh).toHaveBeenCalledTimes(2);
  refresher.notice();
  await vi.advanceTimersByTimeAsync(800);
  refresher.notice();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(refresh.mock.calls.length).toBeGreaterThanOrEqual(4);
});

it("leaves a slow server time to breathe", async () => {
  const { refresh, refresher } = watched(2000);
  for (let i = 0; i < 160; i++) {
    refresher.notice();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(refresh.mock.calls.length).toBeLessThanOrEqual(2);
});

it("stops when nobody looks any more", async () => {
  const { refresh, refresher } = watched();
  refresher.notice();
  refresher.stop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(refresh).not.toHaveBeenCalled();
});
