import type { MessageId, MessageView } from '@/api/generated'
import { dayNumber } from '@/i18n/format'

/** Messages of one sender closer than this stand together. */
const TOGETHER_MS = 5 * 60_000

/** What the conversation is made of, from top to bottom. */
export type Item =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'unread'; key: string }
  | { kind: 'message'; key: string; message: MessageView; isFirst: boolean; isLast: boolean }

/** By day and sender. The line for what is unread stands above `firstUnread`. */
export function group(messages: readonly MessageView[], firstUnread: MessageId | null): Item[] {
  const items: Item[] = []
  messages.forEach((message, index) => {
    const previous = messages[index - 1]
    const next = messages[index + 1]
    const isNewDay = !previous || dayNumber(previous.sentAt) !== dayNumber(message.sentAt)
    if (isNewDay) items.push({ kind: 'day', key: `day ${dayNumber(message.sentAt)} ${message.id}`, at: message.sentAt })
    if (message.id === firstUnread) items.push({ kind: 'unread', key: 'unread' })
    items.push({
      kind: 'message',
      key: `${message.id}`,
      message,
      isFirst: isNewDay || message.id === firstUnread || !areTogether(previous, message),
      isLast: !next || next.id === firstUnread || !areTogether(message, next),
    })
  })
  return items
}

function areTogether(a: MessageView | undefined, b: MessageView): boolean {
  return (
    a !== undefined &&
    a.kind !== 'notice' &&
    b.kind !== 'notice' &&
    a.direction === b.direction &&
    a.author?.id === b.author?.id &&
    dayNumber(a.sentAt) === dayNumber(b.sentAt) &&
    b.sentAt - a.sentAt < TOGETHER_MS
  )
}

const LINE_PX = 20
const LETTERS_A_LINE = 80

/** At least so high is an item; rather too little, so that what is counted with it fills its place. */
function leastHeight(item: Item): number {
  if (item.kind !== 'message') return 31
  const { kind, body, attachments } = item.message
  if (kind === 'notice') return 28
  const around = 16 + (item.isFirst ? 9 : 0) + (item.isLast ? 20 : 0)
  return around + LINE_PX * Math.min(22, Math.ceil(body.length / LETTERS_A_LINE)) + 40 * attachments.length
}

/** How many items from the end fill a height. */
export function countFromEnd(items: readonly Item[], heightPx: number): number {
  let filled = 0
  let count = 0
  while (count < items.length && filled < heightPx) filled += leastHeight(items[items.length - ++count]!)
  return count
}
