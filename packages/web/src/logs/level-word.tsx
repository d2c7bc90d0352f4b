import type { Level } from '../api/responses.ts'
import { levelStyle } from './level.ts'

/** A level as a word in capitals, in the colour of its state. */
export function LevelWord({ level }: { level: Level }) {
  return <span className={`level ${levelStyle[level].tone}`}>{level === 'unset' ? '—' : level.toUpperCase()}</span>
}
