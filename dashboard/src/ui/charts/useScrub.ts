/**
 * Looking at and choosing buckets of a chart, by pointer and by keyboard.
 *
 * Hover or arrows: the bucket looked at. Drag or Shift + arrows: a selection; letting go or Enter
 * takes it. A click or Enter without a selection takes the one bucket. A finger only looks, so that
 * the page can still be scrolled.
 */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";

export interface Selection {
  first: number;
  last: number;
}

const DRAG_PX = 6;

interface Options {
  count: number;
  /** The bucket nearest to a position within the element, in pixels. */
  bucketAt: (x: number) => number;
  onTake?: (selection: Selection) => void;
}

export function useScrub({ count, bucketAt, onTake }: Options) {
  const [looked, setLooked] = useState<number | null>(null);
  const [anchor, setAnchor] = useState<number | null>(null);
  const press = useRef<{ x: number; dragged: boolean } | null>(null);
  const at = looked === null ? null : Math.min(looked, count - 1);
  const selection: Selection | null =
    anchor === null || at === null
      ? null
      : { first: Math.min(anchor, at), last: Math.max(anchor, at) };

  const bucketOf = (event: PointerEvent) =>
    bucketAt(event.clientX - event.currentTarget.getBoundingClientRect().left);

  const take = (taken: Selection) => {
    setAnchor(null);
    setLooked(null);
    onTake?.(taken);
  };

  const handlers = {
    onPointerDown(event: PointerEvent) {
      if (event.pointerType === "touch" || event.button !== 0 || !onTake) return;
      press.current = { x: event.clientX, dragged: false };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent) {
      const bucket = bucketOf(event);
      const held = press.current;
      if (held && !held.dragged && Math.abs(event.clientX - held.x) > DRAG_PX) {
        held.dragged = true;
        setAnchor(bucketAt(held.x - event.currentTarget.getBoundingClientRect().left));
      }
      setLooked(bucket);
    },
    onPointerUp(event: PointerEvent) {
      const held = press.current;
      press.current = null;
      if (!held) return;
      const bucket = bucketOf(event);
      take(held.dragged && selection ? selection : { first: bucket, last: bucket });
    },
    onPointerCancel() {
      press.current = null;
      setAnchor(null);
    },
    onPointerLeave() {
      if (press.current === null) setLooked(null);
    },
    onKeyDown(event: KeyboardEvent) {
      const target = keyTarget(event.key, at, count);
      if (target !== null) {
        setAnchor(event.shiftKey ? (anchor ?? at ?? target) : null);
        setLooked(target);
      } else if ((event.key === "Enter" || event.key === " ") && at !== null && onTake) {
        take(selection ?? { first: at, last: at });
      } else if (event.key === "Escape" && (anchor !== null || at !== null)) {
        setAnchor(null);
        setLooked(null);
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    },
    onBlur() {
      if (press.current) return;
      setAnchor(null);
      setLooked(null);
    },
  };
  return { at, selection, handlers };
}

/** Where a key leads from the bucket looked at; null: it leads nowhere. */
export function keyTarget(key: string, at: number | null, count: number): number | null {
  const last = count - 1;
  const from = at ?? last;
  const target = {
    ArrowLeft: at === null ? last : from - 1,
    ArrowRight: at === null ? last : from + 1,
    Home: 0,
    End: last,
    PageUp: from - 10,
    PageDown: from + 10,
  }[key];
  return target === undefined ? null : Math.max(0, Math.min(last, target));
}
