import { useEffect, useRef } from 'react'
import { preferences } from '../app/preferences.ts'

/** One key or a sequence of two (`g o`), what it does in words for the list, and the action. */
export interface Binding {
  keys: string
  does: string
  run: () => void
}

interface Layer {
  bindings: () => readonly Binding[]
}

const layers: Layer[] = []
const sequenceMs = 1_200
let pending: { key: string; at: number } | undefined

/** Binds keys while the component is shown. What was mounted last wins, so a drawer can take `Escape` first. */
export function useKeys(bindings: readonly Binding[]): void {
  const latest = useRef(bindings)
  latest.current = bindings
  useEffect(() => {
    const layer: Layer = { bindings: () => latest.current }
    layers.push(layer)
    if (layers.length === 1) document.addEventListener('keydown', onKeyDown)
    return () => {
      layers.splice(layers.indexOf(layer), 1)
      if (layers.length === 0) document.removeEventListener('keydown', onKeyDown)
    }
  }, [])
}

/** Everything that keys do right now, for the list; a key that is bound twice is listed once. */
export function boundKeys(): Binding[] {
  const seen = new Map<string, Binding>()
  for (const layer of layers) for (const binding of layer.bindings()) seen.set(binding.keys, binding)
  return [...seen.values()]
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return
  const isTyping = isEditable(event.target)
  if (isTyping && event.key !== 'Escape') return
  if (!preferences().singleKeys && event.key !== 'Escape') return
  // Enter and space on a focused control are that control's own.
  if ((event.key === 'Enter' || event.key === ' ') && isControl(event.target)) return

  const sequence = pending && event.timeStamp - pending.at < sequenceMs ? `${pending.key} ${event.key}` : undefined
  pending = undefined
  const binding = (sequence && find(sequence)) || find(event.key)
  if (binding) {
    event.preventDefault()
    binding.run()
  } else if (startsSequence(event.key)) {
    pending = { key: event.key, at: event.timeStamp }
  }
}

function find(keys: string): Binding | undefined {
  for (const layer of layers.toReversed()) {
    const binding = layer.bindings().find((candidate) => candidate.keys === keys)
    if (binding) return binding
  }
  return undefined
}

function startsSequence(key: string): boolean {
  return layers.some((layer) => layer.bindings().some((binding) => binding.keys.startsWith(`${key} `)))
}

function isEditable(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('a, button, input, summary, [role^="menuitem"]') !== null
}
