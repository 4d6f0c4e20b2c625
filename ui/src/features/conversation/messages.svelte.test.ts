import { beforeEach, describe, expect, it } from 'vitest'
import { followChanges } from '@/api/changes'
import type { MessagePage, MessagesQuery, MessageView } from '@/api/generated'
import { setHost, type ChangeListener } from '@/host/host'
import { Messages } from './messages.svelte'

let listener: ChangeListener = () => undefined
let seq = 0
let stored: MessageView[]
let asked = 0
/** Answers are made at once and come when this is over. */
let hold: Promise<void> = Promise.resolve()

const message = (id: number) => ({ id, key: { at: id, order: 0, id }, body: `${id}` }) as MessageView

/** As the core does: of a stretch that is too long, its newest end. */
function answer(query: MessagesQuery): MessagePage {
  let part: MessageView[]
  if (query.around !== null) {
    const index = stored.findIndex((one) => one.id === query.around)
    const start = Math.max(0, index - Math.floor(query.limit / 2))
    part = index < 0 ? [] : stored.slice(start, start + query.limit)
  } else {
    const [from, before] = [query.from?.id ?? 0, query.before?.id ?? Infinity]
    part = stored.filter((one) => one.id >= from && one.id < before).slice(-query.limit)
  }
  const [first, last] = [part[0]?.id ?? 0, part.at(-1)?.id ?? Infinity]
  return {
    messages: structuredClone(part),
    hasOlder: stored.some((one) => one.id < first),
    hasNewer: stored.some((one) => one.id > last),
  }
}

setHost({
  isDesktop: false,
  call: async (_, args) => {
    asked++
    const page = answer(args as MessagesQuery)
    await hold
    return page
  },
  onChanges: (given) => {
    listener = given
    return () => undefined
  },
  mediaUrl: () => '',
})
followChanges()

const settled = () => new Promise((done) => setTimeout(done, 60))
const announce = async (topic = 'conversation:1') => {
  listener({ seq: ++seq, topics: [topic] })
  await settled()
}
const ids = (messages: Messages) => messages.list.map((one) => one.id)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** What is asked from now on is answered from before what happens until the returned function is called. */
function holdAnswers() {
  let release = () => {}
  hold = new Promise((done) => (release = done))
  return () => {
    hold = Promise.resolve()
    release()
  }
}

beforeEach(() => {
  stored = range(1, 500).map(message)
  hold = Promise.resolve()
})

describe('the messages of a conversation', () => {
  it('begin at the newest and grow upwards to the beginning', async () => {
    const messages = new Messages(1)
    await messages.start(null)
    expect(ids(messages)).toEqual(range(441, 500))
    while (messages.hasOlder) await messages.older()
    expect(ids(messages)).toEqual(range(1, 500))
    messages.stop()
  })

  it('forget no change that comes while they are first asked for', async () => {
    const release = holdAnswers()
    const messages = new Messages(1)
    const started = messages.start(null)
    stored.push(message(501))
    await announce()
    release()
    await started
    await settled()
    expect(ids(messages).at(-1)).toBe(501)
    messages.stop()
  })

  it('forget no change that comes while newer or older ones are asked for', async () => {
    const messages = new Messages(1)
    await messages.start(460)
    for (const grow of [() => messages.newer(), () => messages.older()]) {
      const release = holdAnswers()
      const grown = grow()
      stored.push(message(stored.length + 1))
      stored[399]!.body += ' edited'
      await announce()
      release()
      await grown
      await settled()
      expect(messages.list.at(-1)?.id).toBe(stored.length)
      expect(messages.list.find((one) => one.id === 400)?.body ?? stored[399]!.body).toBe(stored[399]!.body)
    }
    messages.stop()
  })

  it('begin around a message and grow both ways', async () => {
    const messages = new Messages(1)
    await messages.start(200)
    expect(messages.has(200)).toBe(true)
    expect(messages.hasNewer).toBe(true)
    await messages.older()
    while (messages.hasNewer) await messages.newer()
    const all = ids(messages)
    expect(all).toEqual(range(all[0]!, 500))
    messages.stop()
  })

  it('a message that is gone leads to the newest', async () => {
    const messages = new Messages(1)
    await messages.start(9999)
    expect(ids(messages).at(-1)).toBe(500)
    messages.stop()
  })

  it('what comes in appears at the end; another conversation changes nothing', async () => {
    const messages = new Messages(1)
    await messages.start(null)
    stored.push(message(501))
    await announce('conversation:2')
    expect(ids(messages).at(-1)).toBe(500)
    await announce()
    expect(ids(messages).at(-1)).toBe(501)
    messages.stop()
  })

  it('in the past, what comes in is announced by hasNewer and leaves no gap', async () => {
    const messages = new Messages(1)
    await messages.start(200)
    const before = ids(messages)
    stored.push(message(501))
    await announce()
    expect(ids(messages)).toEqual(before)
    expect(messages.hasNewer).toBe(true)
    messages.stop()
  })

  it('an edited and a deleted message change in every loaded stretch', async () => {
    const messages = new Messages(1)
    await messages.start(null)
    await messages.older()
    stored = stored.filter((one) => one.id !== 450).map((one) => (one.id === 400 ? { ...one, body: 'edited' } : one))
    await announce()
    expect(ids(messages)).not.toContain(450)
    expect(messages.list.find((one) => one.id === 400)!.body).toBe('edited')
    messages.stop()
  })

  it('more news than one answer takes leave no gap', async () => {
    const messages = new Messages(1)
    await messages.start(null)
    stored.push(...range(501, 900).map(message))
    await announce()
    const all = ids(messages)
    expect(all).toEqual(range(all[0]!, 900))
    expect(messages.hasOlder).toBe(true)
    messages.stop()
  })

  it('fetched history can be scrolled to', async () => {
    stored = range(100, 130).map(message)
    const messages = new Messages(1)
    await messages.start(null)
    expect(messages.hasOlder).toBe(false)
    stored = range(1, 130).map(message)
    await announce()
    while (messages.hasOlder) await messages.older()
    expect(ids(messages)).toEqual(range(1, 130))
    messages.stop()
  })

  it('after stop() nothing is asked', async () => {
    const messages = new Messages(1)
    await messages.start(null)
    messages.stop()
    asked = 0
    await announce()
    expect(asked).toBe(0)
  })
})
