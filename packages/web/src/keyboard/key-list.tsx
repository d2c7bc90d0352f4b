import { Modal } from '@mantine/core'
import { setPreferences, usePreferences } from '../app/preferences.ts'
import { EnterKey } from './enter-key.tsx'
import { boundKeys } from './keys.ts'
import './key-list.css'

const names: Record<string, string> = { Escape: 'esc', ' ': 'space' }

/** The `?` list: what the keys of the page in view do. */
export function KeyList({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { singleKeys } = usePreferences()
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size={420} closeButtonProps={{ 'aria-label': 'Close' }}>
      <ul className="key-list">
        {opened &&
          boundKeys().map((binding) => (
            <li key={binding.keys}>
              <span>{binding.does}</span>
              <span>
                {keysOf(binding.keys).map((key) =>
                  key === 'Enter' ? <EnterKey key={key} /> : <kbd key={key}>{names[key] ?? key}</kbd>,
                )}
              </span>
            </li>
          ))}
      </ul>
      <label className="check">
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={(event) => setPreferences({ singleKeys: event.currentTarget.checked })}
        />
        Use single keys
      </label>
    </Modal>
  )
}

/** `g o` is two keys, a space alone is one. */
function keysOf(keys: string): string[] {
  return keys === ' ' ? [keys] : keys.split(' ')
}
