import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { afterEach, expect, it, vi } from 'vitest'
import { followChanges } from '@/api/changes'
import type { AccountRow, InboxRow } from '@/api/generated'
import { forgetAnswers } from '@/api/query.svelte'
import { setHost, type ChangeListener } from '@/host/host'
import InboxPane from './InboxPane.svelte'
import InboxRowView from './InboxRow.svelte'
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
  expect(container.querySelector('.visually-hidden + [aria-hidden]')).not.toBeNull()
})

it('a row says its account where several are listed, also to those who hear it', async () => {
  const row = { id: 1, title: 'Mara', accountName: 'Shop', platform: 'matrix', kind: 'direct', unreadCount: 0, lastActivityAt: 0, preview: null, waitingSince: null } as unknown as InboxRow
  const given = { row, view: 'all', isSelected: false, replyTargetMinutes: 0, isCompact: false } as const
  const { rerender, container } = render(InboxRowView, { ...given, showsAccount: true })
  expect(container.querySelector('.account')?.textContent).toBe('Account Shop')
  await rerender({ showsAccount: false })
  expect(container.textContent).not.toContain('Shop')
})

it('a list that cannot be asked again says so above its rows, with a way to try', async () => {
  let isBroken = false
  let tell: ChangeListener = () => undefined
  const row = { id: 1, key: { at: 1, id: 1 }, title: 'Mara', accountName: 'Shop', platform: 'matrix', kind: 'direct', unreadCount: 0, lastActivityAt: 0, preview: null, waitingSince: null } as unknown as InboxRow
  setHost({
    isDesktop: false,
    mediaUrl: () => '',
    onChanges: (listener) => {
      tell = listener
      return () => undefined
    },
    call: async (name) => {
      if (name !== 'inbox_list') return [account]
      return isBroken ? Promise.reject({ code: 'internal', problem: null, login: null }) : { rows: [row], next: null }
    },
  })
  followChanges()
  const nothing = () => undefined
  render(InboxPane, {
    view: 'all', account: null, openConversation: null, settings: undefined,
    onopen: nothing, onclose: nothing, onanswer: nothing, onclearaccount: nothing, onconnect: nothing,
  })
  await screen.findByText('Mara')
  isBroken = true
  tell({ seq: 1, topics: ['inbox'] })
  const retry = await screen.findByRole('button', { name: 'Try again' })
  expect(screen.getByText('Mara')).not.toBeNull()
  isBroken = false
  await fireEvent.click(retry)
  await vi.waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
})
