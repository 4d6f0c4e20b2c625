import type { Settings } from './generated'
import { ask, command } from './query.svelte'

let last: Promise<unknown> = Promise.resolve()

/**
 * Changes a part of the settings. One change after the other: each carries all settings, and must not carry old ones. Rejects with
 * a `CallError`.
 */
export function changeSettings(part: Partial<Settings>): Promise<Settings> {
  const change = last.then(async () => command('settings_set', { ...(await ask('settings_get', {})), ...part }))
  last = change.catch(() => undefined)
  return change
}
