import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { afterEach, expect, it, vi } from 'vitest'
import type { AccountRow, InboxRow } from '@/api/generated'
import { forgetAnswers } from '@/api/query.svelte'
import { setHost } from '@/host/host'
import RowChip from './RowChip.svelte'
import Sidebar from './Sidebar.svelte'
import Toolbar from './Toolbar.svelte'

const HOUR = 3_600_000
const account = { id: 'a1', platform: 'matrix', name: 'Shop', handle: '@shop:example.org', status: { kind: 'live' }, unreadCount: 0 } as AccountRow

setHost({
  isDesktop: false,
  mediaUrl: () => '',
  onChanges: () => () => undefined,
  call: async (name) => (name === 'accounts_list' ? [account] : {}),
})

afterEach(() => {
  cleanup()
  forgetAnswers()
})

it('an account in the sidebar takes its filter off only where the list is seen', async () => {
  const onshow = vi.fn()
  const given = { view: 'all', account: 'a1', onshow, onsearch: vi.fn(), onsettings: vi.fn(), onconnect: vi.fn() } as const
  const { rerender } = render(Sidebar, { ...given, route: 'settings' })
  const entry = await screen.findByRole('button', { name: /Shop/ })
  await fireEvent.click(entry)
  expect(onshow).toHaveBeenLastCalledWith('all', 'a1')
  await rerender({ route: 'inbox' })
  await fireEvent.click(entry)
  expect(onshow).toHaveBeenLastCalledWith('all', null)
})

it('the button that marks keeps the focus when it says the opposite', async () => {
  const reach = { answer: vi.fn() }
  const { rerender } = render(Toolbar, { subject: { id: 1, unreadCount: 2, isMarkedUnread: false }, reach })
  screen.getByRole('button', { name: 'Mark as read' }).focus()
  await rerender({ subject: { id: 1, unreadCount: 0, isMarkedUnread: false } })
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Mark as unread' }))
})

it('who hears a row hears words with a space between', () => {
  const row = { waitingSince: Date.now() - HOUR, windowClosesAt: Date.now() + 3.5 * HOUR, outbox: null } as unknown as InboxRow
  const { container } = render(RowChip, { row, view: 'all', replyTargetMinutes: 0 })
  expect(container.querySelector('.visually-hidden')?.textContent).toBe('3h left')
  expect(container.querySelector('[aria-hidden] + .visually-hidden')).not.toBeNull()
})
