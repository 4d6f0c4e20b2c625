import type { CallError } from '@/api/error'
import type { InboxRow, SearchHit } from '@/api/generated'
import { ask } from '@/api/query.svelte'

const PAGE = 50

/** One thing found: a conversation, or a message in one. */
export type Found = { id: string; row: InboxRow } | { id: string; hit: SearchHit }

/**
 * What was found for the text as typed. What is shown stays until the next answer is here, and while somebody reads it:
 * new messages are not put in above the hit under the pointer.
 */
export class Results {
  text = $state('')
  /** The text that the results below belong to; empty before the first. */
  askedFor = $state('')
  conversations = $state.raw<readonly InboxRow[]>([])
  hits = $state.raw<readonly SearchHit[]>([])
  hasMore = $state(false)
  error = $state.raw<CallError | null>(null)
  #turn = 0
  #isExtending = false

  get list(): Found[] {
    return [
      ...this.conversations.map((row) => ({ id: `conversation-${row.id}`, row })),
      ...this.hits.map((hit) => ({ id: `message-${hit.message}`, hit })),
    ]
  }

  async find(text: string) {
    this.text = text
    const wanted = text.trim()
    const turn = ++this.#turn
    this.#isExtending = false
    if (wanted === '') {
      this.#take('', [], [], false)
      return
    }
    try {
      const page = await ask('search', { text: wanted, before: null, limit: PAGE })
      if (turn === this.#turn) this.#take(wanted, page.conversations, page.hits, page.hasMore)
    } catch (error) {
      if (turn === this.#turn) this.error = error as CallError
    }
  }

  again() {
    void this.find(this.text)
  }

  /** Older hits. */
  async extend() {
    const oldest = this.hits.at(-1)
    if (!this.hasMore || this.#isExtending || !oldest) return
    this.#isExtending = true
    const turn = this.#turn
    try {
      const page = await ask('search', { text: this.askedFor, before: oldest.message, limit: PAGE })
      if (turn !== this.#turn) return
      this.hits = [...this.hits, ...page.hits]
      this.hasMore = page.hasMore
    } catch (error) {
      if (turn === this.#turn) this.error = error as CallError
    }
    this.#isExtending = false
  }

  #take(askedFor: string, conversations: readonly InboxRow[], hits: readonly SearchHit[], hasMore: boolean) {
    Object.assign(this, { askedFor, conversations, hits, hasMore, error: null })
  }
}
