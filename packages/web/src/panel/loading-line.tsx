/** A 2 px line under a head that shows itself after 300 ms; what loads faster shows nothing. */
export function LoadingLine({ active }: { active: boolean }) {
  return active ? <div className="loading-line" role="progressbar" aria-label="Loading" /> : null
}
