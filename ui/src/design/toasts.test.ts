import { cleanup, render, screen } from '@testing-library/svelte'
import { flushSync } from 'svelte'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CallError } from '@/api/error'
import ToastRegion from './ToastRegion.svelte'
import { toasts } from './toasts.svelte'

const REASON = 'The disk has failed'

beforeEach(() => {
  for (const toast of toasts.list) toasts.dismiss(toast.id)
  toasts.saidAbove = null
  render(ToastRegion)
})
afterEach(cleanup)

const text = () => screen.getAllByTestId('toast').map((toast) => toast.textContent ?? '')
function problem(code: CallError['code'], undone?: string) {
  toasts.problem(new CallError(code), undone)
  flushSync()
}

describe('a call that the disk refused', () => {
  it('says why, where nothing else does', () => {
    problem('disk_failed', 'Your reply was not sent.')
    expect(text()[0]).toContain(REASON)
  })

  it('says what did not come about, and not once more why', () => {
    toasts.saidAbove = 'disk_failed'
    problem('disk_failed', 'Your reply was not sent.')
    problem('disk_failed')
    expect(text().map((one) => one.trim())).toEqual([
      'Your reply was not sent. The reason stands at the top.',
      'That was not done. The reason stands at the top.',
    ])
  })

  it('grows short when the banner comes after it', () => {
    problem('disk_failed')
    expect(text()[0]).toContain(REASON)
    toasts.saidAbove = 'disk_failed'
    flushSync()
    expect(text()[0]).not.toContain(REASON)
  })

  it('that fails again is said once, and for as long as a new one', () => {
    problem('disk_full', 'The setting was not changed.')
    const first = toasts.list[0]!
    problem('disk_full', 'The setting was not changed.')
    expect(text()).toHaveLength(1)
    toasts.dismiss(first.id)
    expect(toasts.list).toHaveLength(1)
  })

  it('of another reason says that one', () => {
    toasts.saidAbove = 'disk_failed'
    problem('window_closed', 'Your reply was not sent.')
    expect(text()[0]).toContain('The time to answer is over.')
  })
})
