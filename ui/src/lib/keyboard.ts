import { matchKeyBindingPress, parseKeybinding } from 'tinykeys'
import type { Key } from '@/i18n/index.svelte'
import { isLetterKey, letterKeys } from './letters.svelte'

export type KeyGroup = 'app' | 'inbox' | 'conversation' | 'composer'

/** What a key does. */
export interface Binding {
  /** In the form of tinykeys: `j`, `Shift+?`, `$mod+k`. The first one is shown. */
  keys: string[]
  label: Key
  group: KeyGroup
  run: (event: KeyboardEvent) => void
  /** Asked at the moment of the press. */
  when?: () => boolean
  /** Also while typing; never for single letters. */
  inText?: boolean
}

interface Registered {
  binding: Binding
  presses: ReturnType<typeof parseKeybinding>
}

let registered: Registered[] = []

/** For as long as the returned function is not called; what was registered last comes first. */
export function registerKeys(bindings: Binding[]) {
  const mine = bindings.map((binding) => ({
    binding,
    presses: binding.keys.flatMap((key) => parseKeybinding(key)),
  }))
  registered = [...mine, ...registered]
  return () => {
    registered = registered.filter((one) => !mine.includes(one))
  }
}

/** Everything that a key does now, for the overview. */
export function allBindings(): Binding[] {
  return registered.map((one) => one.binding)
}

/** True if a binding took it. */
export function press(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return false
  if (belongsToTarget(event)) return false
  if (!letterKeys.isOn && isLetter(event)) return false
  const isTyping = isTextField(event.target)
  for (const { binding, presses } of registered) {
    if (isTyping && !binding.inText) continue
    if (!presses.some((one) => matchKeyBindingPress(event, one))) continue
    if (binding.when && !binding.when()) continue
    event.preventDefault()
    binding.run(event)
    return true
  }
  return false
}

const isLetter = (event: KeyboardEvent) => isLetterKey(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey

const SCROLLING = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', ' '])

/** A dialog and a menu keep their keys, a button that has the focus its own, and what scrolls scrolls. */
function belongsToTarget(event: KeyboardEvent): boolean {
  if (!(event.target instanceof Element)) return false
  if (event.target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]')) return true
  if (SCROLLING.has(event.key) && event.target.closest('[role="log"]')) return true
  return (event.key === 'Enter' || event.key === ' ') && event.target.closest('button, a, summary') !== null
}

const TEXTUAL = new Set(['text', 'search', 'url', 'email', 'password', 'tel', 'number', 'date', 'time'])

export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return TEXTUAL.has(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
}

/** A key as it is written on the keyboard, in pieces: `['⌘', 'K']`; `name` gives the words. */
export function keyNames(key: string, isMac: boolean, name: (key: string) => string): string[] {
  return key.split('+').map((part, index, parts) => {
    if (part === '$mod') return isMac ? '⌘' : name('Control')
    if (part === 'Shift' && parts[index + 1] && /^[^a-z0-9]$/i.test(parts[index + 1]!)) return ''
    if (part === 'Shift') return isMac ? '⇧' : name('Shift')
    if (part === 'ArrowUp') return '↑'
    if (part === 'ArrowDown') return '↓'
    return part.length === 1 ? part.toUpperCase() : name(part)
  }).filter((part) => part !== '')
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform)
