import { beforeEach, describe, expect, it } from 'vitest'
import { followChanges } from '@/api/changes'
import type { InboxKey, InboxPage, InboxQuery, InboxRow } from '@/api/generated'
import { setHost, type ChangeListener } from '@/host/host'
import { askInboxAhead, InboxList } from './list.svelte'

let listener: ChangeListener = () => undefined
let seq = 0
/** The core's inbox, newest first: the instant of each conversation. */
let inbox: Map<number, number>
let questions: InboxQuery[] = []
let hold: Promise<void> = Promise.resolve()
let told: InboxPage | undefined

const after = (a: InboxKey, b: InboxKey) => a.at < b.at || (a.at === b.at && a.id > b.id)

function answer(query: InboxQuery): InboxPage {
  const rows = [...inbox]
    .map(([id, at]) => ({ id, key: { at, id }, unreadCount: 1 }) as InboxRow)
    .sort((a, b) => (after(a.key, b.key) ? 1 : -1))
    .filter((row) => (!query.after || after(row.key, query.after)) && (!query.until || !after(row.key, query.until)))
  const page = rows.slice(0, query.limit)
  return { rows: page, next: rows.length > page.length || query.until ? (page.at(-1)?.key ?? null) : null }
}

setHost({
  isDesktop: false,
  call: async (_, args) => {
    const query = args as InboxQuery
    questions.push(query)
    const page = answer(query)
    await hold
    return page
  },
  told: () => told,
  onChanges: (given) => {
    listener = given
    return () => undefined
  },
  mediaUrl: () => '',
})
followChanges()

const settled = () => new Promise((done) => setTimeout(done, 60))
const announce = async () => {
  listener({ seq: ++seq, topics: ['inbox'] })
  await settled()
}
const ids = (list: InboxList) => list.rows.map((row) => row.id)

beforeEach(() => {
  inbox = new Map(Array.from({ length: 450 }, (_, index) => [index + 1, 10_000 - index * 10]))
  questions = []
  hold = Promise.resolve()
  told = undefined
})

describe('the list of a view', () => {
  it('loads on while it is scrolled, without a gap and without a copy', async () => {
    const list = new InboxList('all', null)
    await settled()
    for (let from = 0; from < 500; from += 40) {
      list.look(from, from + 20)
      await settled()
    }
    expect(ids(list)).toEqual([...inbox.keys()])
    list.stop()
  })

  it('forgets no change that comes while its first or its next page is asked for', async () => {
    let release = () => {}
    hold = new Promise((done) => (release = done))
    const list = new InboxList('all', null)
    await settled()
    inbox.set(900, 20_000)
    await announce()
    hold = Promise.resolve()
    release()
    await settled()
    expect(ids(list)[0]).toBe(900)

    hold = new Promise((done) => (release = done))
    list.look(80, 100)
    await settled()
    // It was the last of the page that is on its way.
    inbox.delete(150)
    await announce()
    hold = Promise.resolve()
    release()
    await settled()
    list.look(140, 160)
    await settled()
    expect(ids(list)).not.toContain(150)
    list.stop()
  })

  it('begins with what was asked ahead, as long as that is fresh', async () => {
    askInboxAhead()
    await settled()
    const list = new InboxList('all', null)
    await settled()
    expect(questions).toHaveLength(1)
    expect(list.rows).toHaveLength(100)
    list.stop()

    askInboxAhead()
    await settled()
    inbox.set(300, 20_000)
    await announce()
    const later = new InboxList('all', null)
    await settled()
    expect(ids(later)[0]).toBe(300)
    later.stop()
  })

  it('is there with the window when its first page came with it', async () => {
    told = answer({ view: 'all', account: null, after: null, until: null, limit: 100 })
    askInboxAhead()
    const list = new InboxList('all', null)
    expect([list.rows.length, list.isLoading]).toEqual([100, false])
    await settled()
    expect(questions).toEqual([])
    inbox.set(300, 20_000)
    list.look(0, 20)
    await announce()
    expect(ids(list)[0]).toBe(300)
    list.stop()
  })

  it('asks again only for what is in sight, and for the rest when it comes into sight', async () => {
    const list = new InboxList('all', null)
    await settled()
    list.look(60, 90)
    await settled()
    list.look(150, 170)
    await settled()
    questions = []
    inbox.set(300, 20_000)
    await announce()
    expect(questions.map((query) => query.after)).not.toContain(null)
    expect(ids(list)[0]).toBe(1)
    list.look(0, 20)
    await settled()
    expect(ids(list).slice(0, 2)).toEqual([300, 1])
    list.stop()
  })

  it('a row that moves up from below is shown once', async () => {
    const list = new InboxList('all', null)
    await settled()
    list.look(60, 90)
    await settled()
    list.look(0, 20)
    inbox.set(150, 20_000)
    await announce()
    expect(ids(list).filter((id) => id === 150)).toHaveLength(1)
    expect(ids(list)[0]).toBe(150)
    list.stop()
  })

  it('what changes while an answer is on its way is not forgotten', async () => {
    const list = new InboxList('all', null)
    await settled()
    let release!: () => void
    hold = new Promise((done) => (release = done))
    await announce()
    inbox.set(999, 30_000)
    await announce()
    hold = Promise.resolve()
    release()
    await settled()
    expect(ids(list)[0]).toBe(999)
    list.stop()
  })

  it('the open conversation keeps its row when it leaves the view, until another one is opened', async () => {
    const list = new InboxList('unread', null)
    await settled()
    list.hold(2)
    inbox.delete(2)
    await announce()
    expect(ids(list).slice(0, 3)).toEqual([1, 2, 3])
    expect(list.rows[1]!.unreadCount).toBe(0)
    list.hold(3)
    expect(ids(list).slice(0, 3)).toEqual([1, 3, 4])
    list.stop()
  })

  it('a failure keeps what is shown, and the next change tries again', async () => {
    const list = new InboxList('all', null)
    await settled()
    hold = Promise.reject({ code: 'internal', problem: null, login: null })
    hold.catch(() => undefined)
    inbox.set(999, 30_000)
    await announce()
    expect(list.error?.code).toBe('internal')
    expect(ids(list)[0]).toBe(1)
    hold = Promise.resolve()
    await announce()
    expect(list.error).toBeUndefined()
    expect(ids(list)[0]).toBe(999)
    list.stop()
  })

  it('after stop() nothing is asked', async () => {
    const list = new InboxList('all', null)
    await settled()
    list.stop()
    questions = []
    await announce()
    expect(questions).toEqual([])
  })
})
