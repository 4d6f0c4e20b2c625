import type { ConversationId, MessageKey, MessagePage, MessagesQuery, MessageView } from '@/api/generated'

/** Most messages one answer may bring. */
export const MOST_MESSAGES = 200

/** Messages from `from` on (null: from the beginning) up to, without, `before` (null: to the newest). Stretches touch each other. */
export interface Stretch {
  readonly from: MessageKey | null
  readonly before: MessageKey | null
  readonly messages: readonly MessageView[]
}

/** The smallest key behind this one: a closed end, written as an open one. */
function behind(key: MessageKey): MessageKey {
  return { ...key, id: key.id + 1 }
}

function compare(a: MessageKey, b: MessageKey) {
  return a.at - b.at || a.order - b.order || a.id - b.id
}

/** What a first answer, newest or around a message, covers. */
export function stretchOf(page: MessagePage): Stretch {
  const [first, last] = [page.messages[0], page.messages.at(-1)]
  return {
    from: page.hasOlder && first ? first.key : null,
    before: page.hasNewer && last ? behind(last.key) : null,
    messages: page.messages,
  }
}

/** The question that brings exactly this stretch again. */
export function sameAgain(conversation: ConversationId, stretch: Stretch): MessagesQuery {
  return { conversation, from: stretch.from, before: stretch.before, around: null, limit: MOST_MESSAGES }
}

/** A fresh answer in the place of stretch `index`. Messages that did not change stay the same objects. */
export function replaceStretch(stretches: readonly Stretch[], index: number, page: MessagePage): Stretch[] {
  const old = stretches[index]
  if (!old) return [...stretches]
  const messages = reuse(old.messages, page.messages)
  const first = messages[0]
  // Of a stretch that grew beyond one answer only the newest end comes: what lies above is loaded again by scrolling.
  const isCut = page.messages.length >= MOST_MESSAGES
  const hasNewOlder = old.from === null && page.hasOlder
  const from = (isCut || hasNewOlder) && first ? first.key : old.from
  const fresh: Stretch = { from, before: old.before, messages }
  return [...(isCut ? [] : stretches.slice(0, index)), fresh, ...stretches.slice(index + 1)]
}

/** An answer to "before the first stretch". */
export function prepend(stretches: readonly Stretch[], page: MessagePage): Stretch[] {
  const next = stretches[0]
  const first = page.messages[0]
  if (!next) return [stretchOf(page)]
  return [{ from: page.hasOlder && first ? first.key : null, before: next.from, messages: page.messages }, ...stretches]
}

/** An answer to "around the last message": what lies behind it becomes a stretch of its own. */
export function append(stretches: readonly Stretch[], page: MessagePage): Stretch[] {
  const last = stretches.at(-1)
  if (!last?.before) return [...stretches]
  const edge = last.before
  const messages = page.messages.filter((one) => compare(one.key, edge) >= 0)
  const newest = messages.at(-1)
  return [...stretches, { from: edge, before: page.hasNewer && newest ? behind(newest.key) : null, messages }]
}

function reuse(old: readonly MessageView[], fresh: readonly MessageView[]): MessageView[] {
  const known = new Map(old.map((message) => [message.id, message]))
  return fresh.map((message) => {
    const same = known.get(message.id)
    return same && JSON.stringify(same) === JSON.stringify(message) ? same : message
  })
}
