import { onStale } from '@/api/changes'
import type { CallError } from '@/api/error'
import type { AccountId, ConversationId, InboxKey, InboxPage, InboxQuery, InboxRow, InboxView } from '@/api/generated'
import { ask, isStale, told, topicsOf } from '@/api/query.svelte'
import { allRows, firstStretch, isSameKey, MOST_ROWS, replaceStretch, STEP_ROWS, stretchesWithin, withHeld, type Held, type Stretch } from './stretches'

const TOPICS = topicsOf('inbox_list', {})
/** Rows fetched before they come into sight. */
const AHEAD_ROWS = 60

const FIRST = { view: 'all', account: null, after: null, until: null, limit: STEP_ROWS } as const
let ahead: InboxPage | Promise<InboxPage | undefined> | undefined

/** Asks for the first page of the inbox before there is a window to show it in. It is taken once, and only while it is fresh. */
export function askInboxAhead() {
  ahead = told('inbox_list', FIRST) ?? ask('inbox_list', FIRST).catch(() => undefined)
  const stop = onStale((stale) => {
    if (!isStale(TOPICS, stale)) return
    ahead = undefined
    stop()
  })
}

function takeAhead(question: InboxQuery): typeof ahead {
  if (JSON.stringify(question) !== JSON.stringify(FIRST)) return undefined
  const page = ahead
  ahead = undefined
  return page
}

/** One view of the inbox as far as it has been scrolled; asks again only for what is in sight. */
export class InboxList {
  rows = $state.raw<InboxRow[]>([])
  error = $state.raw<CallError>()
  /** No answer yet. */
  isLoading = $state(true)

  #stretches: Stretch[] = []
  #seen: [number, number] = [0, 30]
  #asking = new Set<InboxKey | 'top'>()
  /** Grows with every change: a stretch that was asked for before the last one may lack it. */
  #changes = 0
  #held: Held | null = null
  #openId: ConversationId | null = null
  #isStopped = false
  #stop: () => void

  constructor(
    readonly view: InboxView,
    readonly account: AccountId | null,
  ) {
    this.#stop = onStale((stale) => {
      if (!isStale(TOPICS, stale)) return
      this.#changes++
      this.#stretches = this.#stretches.map((stretch) => ({ ...stretch, isStale: true }))
      this.#refresh()
    })
    const page = takeAhead(this.#question(null, null, STEP_ROWS))
    // Here already: shown with the window, not after it.
    if (page && 'rows' in page) this.#add(page, null)
    else void this.#more(page)
  }

  stop() {
    this.#isStopped = true
    this.#stop()
  }

  retry() {
    this.error = undefined
    this.#stretches = this.#stretches.map((stretch) => ({ ...stretch, isStale: true }))
    if (this.#stretches.length === 0) void this.#more()
    else this.#refresh()
  }

  /** Rows [from, to) are in sight. */
  look(from: number, to: number) {
    this.#seen = [from, to]
    this.#refresh()
  }

  /** The conversation under the keys keeps its row, even if it leaves the view. */
  hold(id: ConversationId | null) {
    if (id === this.#openId) return
    this.#openId = id
    if (!this.#held) return
    this.#held = null
    this.#show(this.#stretches)
  }

  #refresh() {
    const [from, to] = this.#seen
    for (const index of stretchesWithin(this.#stretches, from, to)) {
      const stretch = this.#stretches[index]!
      if (stretch.isStale) void this.#again(stretch)
    }
    const last = this.#stretches.at(-1)
    if (last?.until && to > this.rows.length - AHEAD_ROWS) void this.#more()
  }

  async #again(stretch: Stretch) {
    const { after, until } = stretch
    if (this.#asking.has(after ?? 'top')) return
    // Fresh from now: what changes while the answer is on its way makes it stale again.
    this.#mark(after, false)
    const page = await this.#page(after, until, MOST_ROWS)
    // Other answers may have moved it meanwhile; its place is its name.
    const index = this.#stretches.findIndex((one) => one.after === after)
    if (index < 0) return
    if (!page) return this.#mark(after, true)
    const isStaleAgain = this.#stretches[index]!.isStale
    let next = replaceStretch(this.#stretches, index, page)
    const last = next.at(-1)
    // The open end grew beyond one answer: from here on it is loaded by scrolling.
    if (until === null && page.next && last && index === next.length - 1) next = [...next.slice(0, -1), { ...last, until: page.next }]
    this.#show(next)
    if (isStaleAgain) this.#mark(after, true)
    this.#refresh()
  }

  #mark(after: InboxKey | null, isStale: boolean) {
    this.#stretches = this.#stretches.map((one) => (one.after === after ? { ...one, isStale } : one))
  }

  async #more(asked?: Promise<InboxPage | undefined>) {
    const last = this.#stretches.at(-1)
    const after = last ? last.until : null
    const changes = this.#changes
    const page = await this.#page(after, null, STEP_ROWS, asked)
    if (!page) return
    // The list ended elsewhere meanwhile: what is in sight asks again if it must.
    if (!isSameKey(this.#stretches.at(-1)?.until ?? null, after)) return this.#refresh()
    this.#add(page, after)
    if (changes === this.#changes) return
    this.#mark(after, true)
    this.#refresh()
  }

  #add(page: InboxPage, after: InboxKey | null) {
    this.isLoading = false
    const added = [...this.#stretches, firstStretch({ rows: [], next: page.next }, after)]
    this.#show(replaceStretch(added, added.length - 1, page))
  }

  #question(after: InboxKey | null, until: InboxKey | null, limit: number): InboxQuery {
    return { view: this.view, account: this.account, after, until, limit }
  }

  async #page(after: InboxKey | null, until: InboxKey | null, limit: number, asked?: Promise<InboxPage | undefined>): Promise<InboxPage | undefined> {
    const name = after ?? 'top'
    if (this.#asking.has(name)) return undefined
    this.#asking.add(name)
    try {
      const page = (await asked) ?? (await ask('inbox_list', this.#question(after, until, limit)))
      this.error = undefined
      return this.#isStopped ? undefined : page
    } catch (thrown) {
      this.error = thrown as CallError
      return undefined
    } finally {
      this.#asking.delete(name)
    }
  }

  #show(stretches: Stretch[]) {
    this.#stretches = stretches
    const rows = allRows(stretches)
    const index = this.rows.findIndex((row) => row.id === this.#openId)
    const isThere = rows.some((row) => row.id === this.#openId)
    if (isThere) this.#held = null
    else if (index >= 0 && !this.#held) this.#held = { row: settled(this.rows[index]!, this.view), index }
    this.rows = withHeld(rows, this.#held)
  }
}

/** The core says that it is no longer in this view: so what brought it there is over. */
function settled(row: InboxRow, view: InboxView): InboxRow {
  if (view === 'unread') return { ...row, unreadCount: 0, isMarkedUnread: false }
  if (view === 'waiting' || view === 'ends_soon') return { ...row, waitingSince: null, windowClosesAt: null }
  if (view === 'undelivered') return { ...row, outbox: null }
  return row
}
