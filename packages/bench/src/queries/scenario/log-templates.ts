import { repeatable, services } from './services.ts'

/** A line as the source code has it, and what stands in its gaps. */
export interface LogTemplate {
  readonly template: number
  readonly service: string
  readonly severity: number
  readonly severityText: string
  readonly logger: string
  /** The words between the three gaps: a name, a number, an id. */
  readonly pieces: readonly [string, string, string, string]
}

const templateCount = 400
const levels = [
  [9, 'INFO'],
  [9, 'INFO'],
  [9, 'INFO'],
  [9, 'INFO'],
  [9, 'INFO'],
  [5, 'DEBUG'],
  [5, 'DEBUG'],
  [13, 'WARN'],
  [17, 'ERROR'],
] as const
const words =
  'request upload segment order price item worker queue cache token session playback retry timeout chunk stock label carrier invoice refund customer basket page index shard replica lock lease batch cursor header payload schema route limit budget window bucket version snapshot account address country currency'.split(
    ' ',
  )
const verbs = 'accepted rejected finished started stored loaded sent received skipped merged expired updated'.split(' ')

/** Lines of every service; the first ones are the most frequent. */
export function logTemplates(): LogTemplate[] {
  const random = repeatable(11)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  return Array.from({ length: templateCount }, (_, template) => {
    const [severity, severityText] = pick(levels)
    return {
      template,
      service: services[Math.floor(services.length * random() ** 1.7)]!,
      severity,
      severityText,
      logger: pick(['http', 'queue', 'store', 'jobs']),
      pieces: [
        `${pick(words)} ${pick(verbs)} for ${pick(words)} of `,
        `, ${pick(words)} ${pick(words)} after `,
        ` ms in ${pick(words)} ${pick(words)}, ${pick(words)} ${pick(verbs)} with id `,
        ` while ${pick(words)} ${pick(words)} was ${pick(verbs)}`,
      ],
    }
  })
}

/** Template numbers, each as often as its share asks for. */
export function templateTickets(): number[] {
  return Array.from({ length: templateCount }, (_, template) =>
    Array<number>(Math.max(1, Math.round(600 / (template + 5)))).fill(template),
  ).flat()
}

/** Words that occur in one line of ten thousand, each in a few; without digits. */
export function rareWords(count: number): string[] {
  return madeUp(count, 23, 5)
}

/** Names of customers, which stand in every other line. */
export function customerNames(): string[] {
  return madeUp(20_000, 29, 3)
}

function madeUp(count: number, seed: number, syllables: number): string[] {
  const random = repeatable(seed)
  const syllable = () => 'bcdfghjklmnprstvwz'[Math.floor(random() * 18)]! + 'aeiou'[Math.floor(random() * 5)]!
  const made = new Set<string>()
  while (made.size < count) made.add(Array.from({ length: syllables }, syllable).join(''))
  return [...made]
}
