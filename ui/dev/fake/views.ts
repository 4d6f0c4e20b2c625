import type { ComposerState, ConversationView, InboxPage, InboxQuery, InboxRow, InboxView, MessagePage, MessagesQuery, MessageKey } from '../../src/api/generated'
import type { Talk, World } from './world'

const DAY = 86_400_000

function lastIn(talk: Talk) {
  return talk.messages.findLast((one) => one.direction === 'in')
}

function waitingSince(talk: Talk): number | null {
  const lastOut = talk.messages.findLastIndex((one) => one.direction === 'out' && one.delivery?.state !== 'failed')
  return talk.messages.slice(lastOut + 1).find((one) => one.direction === 'in')?.sentAt ?? null
}

function closesAt(talk: Talk): number | null {
  const last = lastIn(talk)
  return last && talk.windowMs !== null ? last.sentAt + talk.windowMs : null
}

export function composerState(talk: Talk): ComposerState {
  if (talk.composer) return talk.composer
  if (talk.account.status.kind === 'sign_in_again') return { kind: 'sign_in_again' }
  if (talk.kind === 'request') return { kind: 'request' }
  const at = closesAt(talk)
  if (at !== null && at < Date.now()) return { kind: 'window_closed', closedAt: at }
  return { kind: 'open', closesAt: at }
}

function sortAt(talk: Talk, view: InboxView): number | null {
  const last = talk.messages.at(-1)!
  const closes = closesAt(talk)
  switch (view) {
    case 'all': return -last.sentAt
    case 'unread': return talk.unread > 0 || talk.isMarkedUnread ? -last.sentAt : null
    case 'waiting': return waitingSince(talk)
    case 'ends_soon': return closes !== null && closes > Date.now() && closes < Date.now() + DAY && waitingSince(talk) ? closes : null
    case 'undelivered': return talk.messages.some((one) => one.delivery?.state === 'failed' || one.delivery?.state === 'needs_person') ? -last.sentAt : null
  }
}

export function inboxRow(talk: Talk, at: number): InboxRow {
  const last = talk.messages.at(-1)!
  const worst = talk.messages.findLast((one) => one.delivery && one.delivery.state !== 'sent')?.delivery?.state ?? null
  const closes = closesAt(talk)
  return {
    id: talk.id, key: { at: Math.abs(at), id: talk.id }, account: talk.account.id, accountName: talk.account.name, platform: talk.account.platform,
    network: talk.network, kind: talk.kind, title: talk.title, avatar: null,
    preview: {
      direction: last.direction, text: last.body.slice(0, 200), attachment: last.attachments[0]?.kind ?? null, isDeleted: last.isDeleted,
      isUnreadable: last.kind === 'encrypted' || last.kind === 'unsupported', author: talk.kind === 'group' ? (last.author?.name ?? null) : null,
    },
    lastActivityAt: last.sentAt, unreadCount: talk.unread, isMarkedUnread: talk.isMarkedUnread, waitingSince: waitingSince(talk),
    windowClosesAt: closes !== null && closes > Date.now() ? closes : null, outbox: worst, draft: talk.draftBody || null,
  }
}

export function inboxList(world: World, query: InboxQuery): InboxPage {
  const isDescending = query.view === 'all' || query.view === 'unread' || query.view === 'undelivered'
  const order = (key: { at: number; id: number }) => [isDescending ? -key.at : key.at, key.id] as const
  const compare = (a: { at: number; id: number }, b: { at: number; id: number }) => order(a)[0] - order(b)[0] || a.id - b.id
  let rows = world.talks
    .filter((talk) => !query.account || talk.account.id === query.account)
    .flatMap((talk) => {
      const at = sortAt(talk, query.view)
      return at === null ? [] : [inboxRow(talk, at)]
    })
    .sort((a, b) => compare(a.key, b.key))
  const { after, until } = query
  if (after) rows = rows.filter((row) => compare(row.key, after) > 0)
  const isMore = rows.length > query.limit || (until !== null && rows.some((row) => compare(row.key, until) > 0))
  if (until) rows = rows.filter((row) => compare(row.key, until) <= 0)
  rows = rows.slice(0, query.limit)
  return { rows, next: isMore ? (rows.at(-1)?.key ?? null) : null }
}

const before = (a: MessageKey, b: MessageKey) => a.at - b.at || a.order - b.order || a.id - b.id

export function messagePage(talk: Talk, query: MessagesQuery): MessagePage {
  const all = talk.messages
  let slice = all.slice(-query.limit)
  if (query.around !== null) {
    const index = all.findIndex((one) => one.id === query.around)
    const start = Math.max(0, index - Math.floor(query.limit / 2))
    slice = all.slice(start, start + query.limit)
  } else if (query.from || query.before) {
    const { from, before: until } = query
    slice = all.filter((one) => (!from || before(one.key, from) >= 0) && (!until || before(one.key, until) < 0))
    slice = from ? slice.slice(0, query.limit) : slice.slice(-query.limit)
  }
  return {
    messages: structuredClone(slice),
    hasOlder: slice.length > 0 && slice[0]!.id !== all[0]!.id,
    hasNewer: slice.length > 0 && slice.at(-1)!.id !== all.at(-1)!.id,
  }
}

export function conversationView(world: World, talk: Talk): ConversationView {
  const inbound = talk.messages.filter((one) => one.direction === 'in')
  return {
    id: talk.id, account: talk.account.id, accountName: talk.account.name, platform: talk.account.platform, network: talk.network, kind: talk.kind,
    title: talk.title,
    contact: talk.kind === 'group' ? null : {
      id: talk.id, name: talk.title, handle: `@${talk.title.toLowerCase().replaceAll(/[^a-z]+/g, '.')}`, avatar: null,
      firstSeenAt: talk.messages[0]!.sentAt, messageCount: inbound.length,
      otherConversations: world.talks.filter((other) => other.title === talk.title && other.id !== talk.id && other.account === talk.account).slice(0, 3)
        .map((other) => ({ id: other.id, title: other.account.name, lastActivityAt: other.messages.at(-1)!.sentAt })),
    },
    unreadCount: talk.unread, isMarkedUnread: talk.isMarkedUnread, firstUnread: talk.unread > 0 ? (inbound.at(-talk.unread)?.id ?? null) : null,
    waitingSince: waitingSince(talk), readByThemUpTo: talk.messages.findLast((one) => one.direction === 'out')?.sentAt ?? null,
    composer: composerState(talk), maxText: 1000, textUnit: 'utf16', maxImageBytes: 8_000_000, maxFileBytes: 25_000_000, canQuote: true,
    draftBody: talk.draftBody, draftFiles: talk.draftFiles, hasMoreHistory: talk.hasMoreHistory,
  }
}
