/** Number of categorical colours; see tokens.css. */
export const slotCount = 10

const store = 'burstlet.service-slots'
const slots = load()

/**
 * The colour slot (1 to 10) of a service. It comes from the name, so that two readers mostly see the same colours;
 * when another service has that slot already the next free one is taken. A slot once given stays with its service
 * in this browser, whatever appears later.
 */
export function slotOf(service: string): number {
  const known = slots.get(service)
  if (known) return known
  const slot = freeSlot(hash(service) % slotCount, new Set(slots.values()))
  slots.set(service, slot)
  save()
  return slot
}

/** Slots for a list at once, in the order of the names, so that the order of arrival does not decide. */
export function assignSlots(services: readonly string[]): void {
  for (const service of [...services].sort()) slotOf(service)
}

/** For tests. */
export function forgetSlots(): void {
  slots.clear()
}

export function serviceColour(service: string): string {
  return `var(--series-${slotOf(service)})`
}

function freeSlot(preferred: number, taken: ReadonlySet<number>): number {
  for (let i = 0; i < slotCount; i++) {
    const slot = ((preferred + i) % slotCount) + 1
    if (!taken.has(slot)) return slot
  }
  return preferred + 1
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}

function load(): Map<string, number> {
  try {
    const stored = JSON.parse(localStorage.getItem(store) ?? '[]') as [string, number][]
    return new Map(
      stored.filter(([name, slot]) => typeof name === 'string' && slot >= 1 && slot <= slotCount).slice(0, 500),
    )
  } catch {
    return new Map()
  }
}

function save(): void {
  try {
    localStorage.setItem(store, JSON.stringify([...slots]))
  } catch {
    // Without storage the slots hold until the page closes.
  }
}
