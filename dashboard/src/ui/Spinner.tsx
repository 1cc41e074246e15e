/** A turning thread. Decoration only: what is loading says so in words. */
export function Spinner({ size = 16 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      className="animate-spin"
      aria-hidden="true"
    >
      <path d="M14 8a6 6 0 1 1-3.2-5.3" />
    </svg>
  );
}
