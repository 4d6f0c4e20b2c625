import { cleanup, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import TipLayer from './TipLayer.svelte'

let button: HTMLElement
const point = (type: string, target: Element, relatedTarget: Element | null = null) =>
  target.dispatchEvent(new PointerEvent(type, { bubbles: true, relatedTarget, pointerType: 'mouse' }))

async function pass(ms: number) {
  await vi.advanceTimersByTimeAsync(ms)
  await tick()
}

beforeEach(() => {
  vi.useFakeTimers()
  button = document.createElement('button')
  Object.assign(button.dataset, { tip: 'Copy', tipKeys: 'c' })
  document.body.append(button)
  render(TipLayer)
})
afterEach(() => {
  cleanup()
  button.remove()
  vi.useRealTimers()
})

test('names what the pointer rests on, and the next one at once', async () => {
  point('pointerover', button)
  await pass(499)
  expect(screen.queryByRole('tooltip')).toBeNull()
  await pass(1)
  const tip = screen.getByRole('tooltip')
  expect(tip.textContent).toContain('Copy')
  expect(button.getAttribute('aria-describedby')).toBe(tip.id)

  const other = button.cloneNode() as HTMLElement
  other.dataset.tip = 'Reply'
  document.body.append(other)
  point('pointerout', button, other)
  point('pointerover', other)
  await pass(1)
  expect(screen.getByRole('tooltip').textContent).toContain('Reply')
  expect(button.hasAttribute('aria-describedby')).toBe(false)
  other.remove()
})

test('goes with the pointer, with a press and with Esc', async () => {
  const leave = [
    () => point('pointerout', button, document.body),
    () => point('pointerdown', button),
    () => button.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })),
  ]
  for (const away of leave) {
    point('pointerover', button)
    await pass(500)
    expect(screen.getByRole('tooltip')).toBeTruthy()
    away()
    await pass(0)
    expect(screen.queryByRole('tooltip')).toBeNull()
    point('pointerout', button, document.body)
    await pass(500)
  }
})

test('names nothing that has left the page meanwhile', async () => {
  point('pointerover', button)
  button.remove()
  await pass(500)
  expect(screen.queryByRole('tooltip')).toBeNull()
})
