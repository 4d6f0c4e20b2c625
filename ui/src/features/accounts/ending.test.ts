import { cleanup, render, screen } from '@testing-library/svelte'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { AccountRow } from '@/api/generated'
import { forgetAnswers } from '@/api/query.svelte'
import { setHost } from '@/host/host'
import { setLanguage } from '@/i18n/index.svelte'
import AttentionBanner from './AttentionBanner.svelte'
import { endingAt } from './status'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 23, 12)

function account(name: string, endsInDays: number | null, kind: 'live' | 'sign_in_again' = 'live') {
  const signInEndsAt = endsInDays === null ? null : NOW + endsInDays * DAY
  const signInWarnsFrom = signInEndsAt === null ? null : signInEndsAt - 10 * DAY
  return { id: name, platform: 'messenger', name, status: { kind }, signInEndsAt, signInWarnsFrom } as AccountRow
}

describe('the end of a sign-in', () => {
  test.each([
    [null, false],
    [10.1, false],
    [10, true],
    [0.1, true],
    [-2, true],
  ])('%s days before it, it is said: %s', (days, isSaid) => {
    expect(endingAt(account('Shop', days), NOW) !== null).toBe(isSaid)
  })

  test('is not said where the sign-in is over already: that is said', () => {
    expect(endingAt(account('Shop', 1, 'sign_in_again'), NOW)).toBeNull()
  })
})

describe('the line above the list', () => {
  const callbacks = { onrepair: vi.fn(), onshow: vi.fn() }

  async function shown(...accounts: AccountRow[]) {
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
    setHost({ isDesktop: false, mediaUrl: () => '', onChanges: () => () => undefined, call: async () => accounts })
    render(AttentionBanner, callbacks)
    await vi.waitFor(() => expect(document.body.textContent?.trim()).not.toBe(''))
  }

  afterEach(() => {
    cleanup()
    forgetAnswers()
    setLanguage('en')
    vi.useRealTimers()
  })

  test('says the day, and its button signs in again', async () => {
    const shop = account('Shop', 8)
    await shown(account('Café', 40), shop)
    expect(screen.getByRole('status').textContent).toMatch(/Sign-in of Shop ends on (1 December|December 1,) 2026\. Sign in again so that nothing is missed\./)
    screen.getByRole('button', { name: 'Sign in again' }).click()
    expect(callbacks.onrepair).toHaveBeenCalledExactlyOnceWith(shop)
  })

  test('says it in German, and of yesterday what has happened', async () => {
    setLanguage('de')
    await shown(account('Shop', -2))
    expect(screen.getByRole('status').textContent).toContain('Die Anmeldung von Shop endete am 21. November 2026. Melden Sie sich neu an')
  })

  test('counts several, and is silent beside what is broken already', async () => {
    await shown(account('Shop', 8), account('Café', 3))
    expect(screen.getByRole('status').textContent).toContain('The sign-ins of 2 accounts end soon.')
    cleanup()
    forgetAnswers()
    await shown(account('Shop', 8), account('Café', 3, 'sign_in_again'))
    expect(screen.getByRole('alert').textContent).toContain('Café is signed out.')
    expect(screen.queryByRole('status')).toBeNull()
  })
})
