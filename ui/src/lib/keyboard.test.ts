import { afterEach, describe, expect, it, vi } from 'vitest'
import { keyNames, press, registerKeys, type Binding } from './keyboard'
import { isLetterKey, letterKeys, usableKey } from './letters.svelte'

const stops: (() => void)[] = []
afterEach(() => {
  stops.splice(0).forEach((stop) => stop())
  letterKeys.isOn = true
  document.body.replaceChildren()
})

function bind(binding: Partial<Binding> & { keys: string[] }) {
  const run = vi.fn()
  stops.push(registerKeys([{ label: 'keys.help', group: 'app', run, ...binding }]))
  return run
}

function hit(key: string, options: KeyboardEventInit = {}, target: HTMLElement = document.body) {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options })
  Object.defineProperty(event, 'target', { value: target })
  return press(event)
}

function field(tag: 'input' | 'textarea') {
  const element = document.createElement(tag)
  document.body.append(element)
  return element
}

describe('the keyboard map', () => {
  it('a single letter works outside text fields only', () => {
    const run = bind({ keys: ['u'] })
    expect(hit('u', {}, field('textarea'))).toBe(false)
    expect(hit('u', {}, field('input'))).toBe(false)
    expect(run).not.toHaveBeenCalled()
    expect(hit('u')).toBe(true)
    expect(run).toHaveBeenCalledOnce()
  })

  it('single letters and signs can be switched off; all else goes on', () => {
    const [letter, sign, find, down] = [bind({ keys: ['j', 'ArrowDown'] }), bind({ keys: ['?', 'Shift+?'] }), bind({ keys: ['$mod+f'] }), bind({ keys: ['F1'] })]
    letterKeys.isOn = false
    expect([hit('j'), hit('?', { shiftKey: true })]).toEqual([false, false])
    expect([letter, sign].every((run) => run.mock.calls.length === 0)).toBe(true)
    expect([hit('ArrowDown'), hit('f', { ctrlKey: true }), hit('F1')]).toEqual([true, true, true])
    expect([letter, find, down].every((run) => run.mock.calls.length === 1)).toBe(true)
    expect(usableKey(['z', '$mod+z'])).toBe('$mod+z')
    expect(['j', 'Shift+?', 'é', '$mod+z', 'Enter', 'F1', ' '].map(isLetterKey)).toEqual([true, true, true, false, false, false, false])
  })

  it('matches the produced character: Z where Y is on another keyboard, and ? with Shift', () => {
    const undo = bind({ keys: ['z'] })
    hit('z', { code: 'KeyY' })
    expect(undo).toHaveBeenCalledOnce()
    const help = bind({ keys: ['Shift+?', '?'] })
    hit('?', { shiftKey: true, code: 'Minus' })
    expect(help).toHaveBeenCalledOnce()
  })

  it('a letter with a modifier is another key', () => {
    const run = bind({ keys: ['n'] })
    expect(hit('n', { ctrlKey: true })).toBe(false)
    expect(run).not.toHaveBeenCalled()
  })

  it('nothing fires while an input method composes', () => {
    const run = bind({ keys: ['Enter'], inText: true })
    expect(hit('Enter', { isComposing: true })).toBe(false)
    expect(run).not.toHaveBeenCalled()
  })

  it('what was registered last comes first, and lets through what is not its business', () => {
    const first = bind({ keys: ['Escape'] })
    let isBusy = true
    const second = bind({ keys: ['Escape'], when: () => isBusy })
    hit('Escape')
    isBusy = false
    hit('Escape')
    expect(second).toHaveBeenCalledOnce()
    expect(first).toHaveBeenCalledOnce()
  })

  it('a button that has the focus keeps Enter, a dialog keeps everything', () => {
    const run = bind({ keys: ['Enter', 'j'] })
    const button = document.createElement('button')
    document.body.append(button)
    expect(hit('Enter', {}, button)).toBe(false)
    expect(hit('j', {}, button)).toBe(true)
    const dialog = document.createElement('div')
    dialog.setAttribute('role', 'dialog')
    dialog.append(button)
    expect(hit('j', {}, button)).toBe(false)
    expect(run).toHaveBeenCalledOnce()
  })

  it('a key that is taken does nothing else', () => {
    bind({ keys: ['j'] })
    const event = new KeyboardEvent('keydown', { key: 'j', cancelable: true })
    press(event)
    expect(event.defaultPrevented).toBe(true)
  })
})

it('keys are written as they stand on the keyboard', () => {
  const name = (key: string) => (key === 'Control' ? 'Strg' : key)
  expect(keyNames('$mod+k', false, name)).toEqual(['Strg', 'K'])
  expect(keyNames('$mod+k', true, name)).toEqual(['⌘', 'K'])
  expect(keyNames('Shift+?', false, name)).toEqual(['?'])
  expect(keyNames('ArrowDown', false, name)).toEqual(['↓'])
})
