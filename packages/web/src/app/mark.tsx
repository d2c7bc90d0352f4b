/** Our mark, decorative: the name stands beside it. */
export function Mark() {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" className="mark">
      <rect width="18" height="18" rx="4" />
      <path d="M3.5 9.5h2.2l1.8-4.6 2.6 8 1.7-4.4h2.7" />
    </svg>
  )
}
