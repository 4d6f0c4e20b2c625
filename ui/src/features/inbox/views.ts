import AlertTriangle from '@lucide/svelte/icons/triangle-alert'
import Hourglass from '@lucide/svelte/icons/hourglass'
import Inbox from '@lucide/svelte/icons/inbox'
import MailOpen from '@lucide/svelte/icons/mail'
import Reply from '@lucide/svelte/icons/message-circle-reply'
import type { InboxCounts, InboxView } from '@/api/generated'
import type { Key } from '@/i18n/index.svelte'

interface View {
  id: InboxView
  label: Key
  empty: Key
  emptyText: Key
  icon: typeof Inbox
  count: (counts: InboxCounts) => number
  tone?: 'accent' | 'overdue'
}

/** The views of the inbox, as the sidebar shows them. */
export const VIEWS: readonly View[] = [
  { id: 'all', label: 'inbox.view.all', empty: 'inbox.empty.all', emptyText: 'inbox.emptyText.all', icon: Inbox, count: () => 0 },
  { id: 'unread', label: 'inbox.view.unread', empty: 'inbox.empty.unread', emptyText: 'inbox.emptyText.unread', icon: MailOpen, count: (c) => c.unread, tone: 'accent' },
  { id: 'waiting', label: 'inbox.view.waiting', empty: 'inbox.empty.waiting', emptyText: 'inbox.emptyText.waiting', icon: Reply, count: (c) => c.waiting },
  { id: 'ends_soon', label: 'inbox.view.ends_soon', empty: 'inbox.empty.ends_soon', emptyText: 'inbox.emptyText.ends_soon', icon: Hourglass, count: (c) => c.endsSoon },
  { id: 'undelivered', label: 'inbox.view.undelivered', empty: 'inbox.empty.undelivered', emptyText: 'inbox.emptyText.undelivered', icon: AlertTriangle, count: (c) => c.undelivered, tone: 'overdue' },
]

export function viewOf(id: InboxView): View {
  return VIEWS.find((view) => view.id === id) ?? VIEWS[0]!
}
