import { describe, expect, it } from 'vitest'
import type { MessagePage, MessageView } from '@/api/generated'
import { countFromEnd, group } from './grouping'
import { append, MOST_MESSAGES, prepend, replaceStretch, sameAgain, stretchOf } from './stretches'
import { isFewEmoji, isLong, tokens } from './tokens'

const MINUTE = 60_000
const NOON = new Date(2026, 10, 20, 12).getTime()
const message = (id: number, more: Partial<MessageView> = {}): MessageView =>
  ({ id, key: { at: id, order: 0, id }, direction: 'in', author: { id: 1, name: 'Mara', avatar: null }, kind: 'plain', sentAt: NOON + id * MINUTE, body: `${id}`, ...more }) as MessageView
const page = (ids: number[], hasOlder = false, hasNewer = false): MessagePage => ({ messages: ids.map((id) => message(id)), hasOlder, hasNewer })
const bodies = (stretches: readonly { messages: readonly MessageView[] }[]) => stretches.flatMap((one) => one.messages.map((each) => each.id))

describe('what is shown first', () => {
  it('fills the pane from its end, and no more than that', () => {
    const items = group(Array.from({ length: 60 }, (_, id) => message(id, { attachments: [] })), null)
    const count = countFromEnd(items, 380)
    expect(count).toBe(10)
    expect(items.at(-count)).toMatchObject({ kind: 'message', key: '50' })
    expect(countFromEnd(items, 100_000)).toBe(items.length)
    expect(countFromEnd([], 380)).toBe(0)
  })

  it('counts long messages for more', () => {
    const items = group(Array.from({ length: 9 }, (_, id) => message(id, { attachments: [], body: 'word '.repeat(80) })), null)
    expect(countFromEnd(items, 380)).toBe(4)
  })
})

describe('the stretches of a conversation', () => {
  it('older and newer ones touch, without a gap and without a copy', () => {
    const around = [stretchOf(page([5, 6, 7], true, true))]
    const older = prepend(around, page([3, 4], true))
    const all = append(older, page([5, 6, 7, 8, 9]))
    expect(bodies(all)).toEqual([3, 4, 5, 6, 7, 8, 9])
    expect(all.at(-1)!.before).toBeNull()
    expect(all[0]!.from).toMatchObject({ id: 3 })
  })

  it('the same stretch is asked again by its keys', () => {
    const stretch = stretchOf(page([5, 6], true, true))
    expect(sameAgain(1, stretch)).toMatchObject({ from: { id: 5 }, before: { id: 7 }, around: null })
  })

  it('a new message at the end appears and unchanged ones stay the same objects', () => {
    const before = [stretchOf(page([5, 6], true))]
    const after = replaceStretch(before, 0, page([5, 6, 7], true))
    expect(bodies(after)).toEqual([5, 6, 7])
    expect(after[0]!.messages[0]).toBe(before[0]!.messages[0])
  })

  it('history that was fetched opens the beginning again', () => {
    const after = replaceStretch([stretchOf(page([5, 6]))], 0, page([4, 5, 6], true))
    expect(after[0]!.from).toMatchObject({ id: 4 })
  })

  it('a stretch that grew beyond one answer drops what no longer touches it', () => {
    const ids = Array.from({ length: MOST_MESSAGES }, (_, index) => 100 + index)
    const before = prepend([stretchOf(page([50, 51], true))], page([10, 11]))
    const after = replaceStretch(before, 1, page(ids, true))
    expect(after).toHaveLength(1)
    expect(after[0]!.from).toMatchObject({ id: 100 })
  })
})

describe('grouping', () => {
  const shape = (messages: MessageView[], firstUnread: number | null = null) =>
    group(messages, firstUnread).map((item) => (item.kind === 'message' ? `${item.isFirst ? '[' : ''}${item.message.id}${item.isLast ? ']' : ''}` : item.kind))

  it('messages of one sender within five minutes stand together', () => {
    expect(shape([message(1), message(2), message(9)])).toEqual(['day', '[1', '2]', '[9]'])
  })

  it('another sender, another direction and a notice begin anew', () => {
    const other = { author: { id: 2, name: 'Jonas', avatar: null } }
    expect(shape([message(1), message(2, other), message(3, { direction: 'out', author: null }), message(4, { kind: 'notice' })])).toEqual(['day', '[1]', '[2]', '[3]', '[4]'])
  })

  it('a new day and the first unread message have lines above them', () => {
    const late = message(3, { sentAt: NOON + 24 * 60 * MINUTE })
    expect(shape([message(1), message(2), late], 2)).toEqual(['day', '[1]', 'unread', '[2]', 'day', '[3]'])
  })
})

describe('tokens', () => {
  it('links and addresses are found, the words between them are kept', () => {
    expect(tokens('see https://a.example/x, or mail@b.example.')).toEqual([
      { kind: 'text', text: 'see ' },
      { kind: 'link', text: 'https://a.example/x', url: 'https://a.example/x' },
      { kind: 'text', text: ', or ' },
      { kind: 'link', text: 'mail@b.example', url: 'mailto:mail@b.example' },
      { kind: 'text', text: '.' },
    ])
  })

  it('a bare name is opened over TLS', () => {
    expect(tokens('nordlicht.de')).toEqual([{ kind: 'link', text: 'nordlicht.de', url: 'https://nordlicht.de' }])
  })

  it('nothing that could run code is a link', () => {
    for (const text of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'ftp://a.example']) {
      expect(tokens(text).filter((one) => one.kind === 'link' && !/^(https?|mailto):/.test(one.url))).toEqual([])
    }
  })

  it('up to three emoji are large, words are not', () => {
    expect(['😍', '👍🏽❤️', '👨‍👩‍👧', '🇩🇪'].map(isFewEmoji)).toEqual([true, true, true, true])
    expect(['ok', '😍😍😍😍', '12', ''].map(isFewEmoji)).toEqual([false, false, false, false])
  })

  it('long texts and many lines are collapsed', () => {
    expect(isLong('x'.repeat(1500))).toBe(true)
    expect(isLong('x\n'.repeat(30))).toBe(true)
    expect(isLong('x'.repeat(300))).toBe(false)
  })
})
