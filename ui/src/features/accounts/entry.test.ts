import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { afterEach, expect, it, vi } from 'vitest'
import type { AccountRow } from '@/api/generated'
import { setHost } from '@/host/host'
import AccountEntry from './AccountEntry.svelte'

const account = {
  id: 'a1', platform: 'matrix', name: 'Shop', handle: '@shop:example.org', status: { kind: 'live' }, unreadCount: 0, problemCount: 0,
  verifiedAt: null, signInEndsAt: null, signInWarnsFrom: null, settings: { sendsReadReceipts: false, notifies: true },
} as unknown as AccountRow

afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

it('an entry that somebody was led to is marked for a moment, and takes the keyboard once', async () => {
  vi.useFakeTimers()
  const show = (place: object) => render(AccountEntry, { account, place, onrepair: vi.fn(), onremove: vi.fn() })
  const isMarked = () => screen.getByTestId('account').dataset.highlighted === 'true'
  const button = () => screen.getByTestId('account-sync')
  const place = {}
  show(place)
  await vi.advanceTimersByTimeAsync(100)
  expect(isMarked()).toBe(true)
  expect(document.activeElement).toBe(button())
  await vi.advanceTimersByTimeAsync(3000)
  expect(isMarked()).toBe(false)

  // Another section of the settings was looked at meanwhile.
  cleanup()
  show(place)
  await vi.advanceTimersByTimeAsync(100)
  expect(isMarked()).toBe(false)
  expect(document.activeElement).not.toBe(button())
  cleanup()
  show({})
  await vi.advanceTimersByTimeAsync(100)
  expect(isMarked()).toBe(true)
})

it('a switch that was refused shows what holds', async () => {
  let refuse = (_: unknown) => {}
  const call = () => new Promise((_, reject) => (refuse = reject))
  setHost({ isDesktop: false, mediaUrl: () => '', onChanges: () => () => undefined, call })
  render(AccountEntry, { account, place: null, onrepair: vi.fn(), onremove: vi.fn() })
  const receipts = screen.getByRole('switch', { name: /read their messages/ })
  await fireEvent.click(receipts)
  expect(receipts.getAttribute('aria-checked')).toBe('true')
  refuse({ code: 'disk_full', problem: null, login: null })
  await vi.waitFor(() => expect(receipts.getAttribute('aria-checked')).toBe('false'))
})
