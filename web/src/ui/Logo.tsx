/** The mark: a road that rises and arrives, over the yellow line it starts from. */
export function Logo({ size = 40 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 40 40" aria-hidden="true">
      <rect width="40" height="40" rx="9" fill="#12504D" />
      <path d="M9 27c7 0 6-14 14-14h8" fill="none" stroke="#7AD8D1" strokeWidth="3.6" strokeLinecap="round" />
      <path
        d="M26 7.5l6 5.5-6 5.5"
        fill="none"
        stroke="#7AD8D1"
        strokeWidth="3.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M9 33h14" stroke="#F2C230" strokeWidth="3.6" strokeLinecap="round" />
    </svg>
  );
}
