/** The ball of thread. */
export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <circle cx="15" cy="15" r="12" fill="var(--fill)" />
      <path
        d="M5.5 12c6-5.5 13-5.5 19 2M4 17c7-5.5 15-3.5 20 3M7.5 22.500c5-4.500 10-5.500 15-1M11 4.500c6 4 9 12 7 22"
        stroke="var(--on-fill)"
        strokeWidth="1.5"
        strokeLinecap="round"
      />
      <path
        d="M15 27c5 3 9-1 14 2.500"
        stroke="var(--fill)"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  );
}
