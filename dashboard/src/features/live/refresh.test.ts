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

it("asks about once a second while events pour in", async () => {
  const { refresh, refresher } = watched();
  for (let i = 0; i < 100; i++) {
    refresher.notice();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(refresh.mock.calls.length).toBeGreaterThanOrEqual(8);
  expect(refresh.mock.calls.length).toBeLessThanOrEqual(10);
});

it("asks three times within two and a half seconds of an event, then rests", async () => {
  const { refresh, refresher } = watched(200);
  const asked: number[] = [];
  const began = Date.now();
  refresh.mockImplementation(() => {
    asked.push(Date.now() - began);
    return new Promise<void>((done) => setTimeout(done, 200));
  });
  refresher.notice();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toEqual([350, 1100, 2200]);
});

it("never has two on their way", async () => {
  let running = 0;
  let most = 0;
  const { refresher, refresh } = watched();
  refresh.mockImplementation(async () => {
    most = Math.max(most, ++running);
    await new Promise((done) => setTimeout(done, 1500));
    running -= 1;
  });
  for (let i = 0; i < 100; i++) {
    refresher.notice();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(most).toBe(1);
});

it("does not lose an event that arrives while it asks", async () => {
  const { refresh, refresher } = watched(1000);
  refresher.notice();
  await vi.advanceTimersByTimeAsync(6000);
  expect(refresh).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(800);
  expect(refresh).toHaveBeenCalledTimes(3);
  refresher.notice();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(refresh).toHaveBeenCalledTimes(6);
});

it("leaves a slow server time to breathe", async () => {
  const { refresh, refresher } = watched(2000);
  for (let i = 0; i < 160; i++) {
    refresher.notice();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(refresh.mock.calls.length).toBeLessThanOrEqual(3);
});

it("stops when nobody looks any more", async () => {
  const { refresh, refresher } = watched();
  refresher.notice();
  refresher.stop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(refresh).not.toHaveBeenCalled();
});
