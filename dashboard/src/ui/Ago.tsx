import { ago, moment } from "../lib/ago";

/** A point in time in words, with the whole of it on hover. */
export function Ago({ time }: { time: string }) {
  return (
    <time dateTime={time} title={moment(time)}>
      {ago(time)}
    </time>
  );
}
