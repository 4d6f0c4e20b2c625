import { untrack } from 'svelte'
import { host } from '@/host/host'
import { onStale, type Stale } from './changes'
import { CallError } from './error'
import { READS, type Calls } from './generated'

type Names<Kind> = { [N in keyof Calls]: Calls[N]['kind'] extends Kind ? N : never }[keyof Calls]
export type QueryName = Names<'query'>
export type CommandName = Names<'command'>
export type Arguments<N extends keyof Calls> = Calls[N]['arguments']
export type Answer<N extends keyof Calls> = Calls[N]['answer']

/** Answers nobody looks at any more, kept for the way back. */
const KEPT = 40

/** Asks once, past the cache. Rejects with a `CallError`. */
export async function ask<N extends keyof Calls>(name: N, args: Arguments<N>): Promise<Answer<N>> {
  try {
    return (await host().call(name, args)) as Answer<N>
  } catch (thrown) {
    throw CallError.from(thrown)
  }
}

/** What came with the page. */
export function told<N extends QueryName>(name: N, args: Arguments<N>): Answer<N> | undefined {
  return host().told?.(name, args) as Answer<N> | undefined
}

/** Does something. What it changed comes back through the queries. */
export const command: <N extends CommandName>(name: N, args: Arguments<N>) => Promise<Answer<N>> = ask

/** The topics of a query with its arguments: `conversation` means the one in the arguments. */
export function topicsOf(name: QueryName, args: unknown): string[] {
  return READS[name].map((topic: string) =>
    topic === 'conversation' ? `conversation:${(args as { conversation: number }).conversation}` : topic,
  )
}

export function isStale(topics: string[], stale: Stale) {
  return stale === 'all' || topics.some((topic) => stale.has(topic))
}

class Entry {
  data = $state.raw<unknown>()
  error = $state.raw<CallError>()
  isLoading = $state(true)
  readonly topics: string[]
  users = 0
  isStale = false
  #isAsking = false
  /** Grows when what is on its way no longer counts. */
  #turn = 0

  constructor(
    readonly name: QueryName,
    readonly args: unknown,
  ) {
    this.topics = topicsOf(name, args)
  }

  /** One question at a time: what became stale while it was on its way is asked once more afterwards. */
  async fetch() {
    this.isStale = this.#isAsking
    if (this.#isAsking) return
    this.#isAsking = true
    this.isLoading = true
    const turn = this.#turn
    const [data, error] = await ask(this.name, this.args as never).then(
      (answer) => [answer, undefined] as const,
      (thrown: CallError) => [undefined, thrown] as const,
    )
    this.#isAsking = false
    if (turn === this.#turn) {
      if (!error) this.data = data
      this.error = error
      this.isLoading = false
      // Nobody saw it: who looks asks again.
      if (error) this.isStale ||= this.users === 0
    }
    if (this.isStale && this.users > 0) void this.fetch()
  }

  /** What was answered is not true any more, not even for the moment until the next answer. */
  forget() {
    this.#turn++
    this.data = this.error = undefined
    this.isLoading = true
    void this.fetch()
  }
}

const entries = new Map<string, Entry>()

onStale((stale) => {
  for (const entry of entries.values()) {
    if (!isStale(entry.topics, stale)) continue
    if (entry.users > 0) void entry.fetch()
    else entry.isStale = true
  }
})

/** Another profile is open: nothing that was answered of the last one is shown again, nor what is still on its way. */
export function forgetProfile() {
  for (const [key, entry] of entries) {
    // How the profile itself is, and what is true of any.
    if (entry.topics.every((topic) => topic === 'profile')) continue
    if (entry.users > 0) entry.forget()
    else entries.delete(key)
  }
}

function entryFor(name: QueryName, args: unknown): Entry {
  const key = `${name} ${JSON.stringify(args)}`
  let entry = entries.get(key)
  if (!entry) {
    entry = new Entry(name, args)
    entry.isStale = true
  }
  // Asked last = last in the map: the first unused ones are dropped first.
  entries.delete(key)
  entries.set(key, entry)
  for (const [old, unused] of entries) {
    if (entries.size <= KEPT) break
    if (unused.users === 0 && old !== key) entries.delete(old)
  }
  return entry
}

/** Asks for what will be looked at in a moment. */
export function askAhead<N extends QueryName>(name: N, args: Arguments<N>) {
  const entry = entryFor(name, args)
  if (!entry.isStale) return
  const answer = told(name, args)
  if (answer === undefined) return void entry.fetch()
  entry.data = answer
  entry.isLoading = false
  entry.isStale = false
}

/** A live answer; old data stays while the same question is asked again. */
export interface Live<T> {
  readonly data: T | undefined
  readonly error: CallError | undefined
  readonly isLoading: boolean
  refetch(): void
}

/** A query for as long as the component lives. `args` is reactive; null asks nothing. */
export function query<N extends QueryName>(name: N, args: () => Arguments<N> | null): Live<Answer<N>> {
  // Compared as text, so that an equal but new object is not a new question.
  const question = $derived.by(() => {
    const given = args()
    return given === null ? null : JSON.stringify(given)
  })
  const entry = $derived(question === null ? undefined : untrack(() => entryFor(name, JSON.parse(question))))
  $effect.pre(() => {
    const used = entry
    if (!used) return
    used.users++
    if (used.isStale) untrack(() => void used.fetch())
    return () => void used.users--
  })
  return {
    get data() {
      return entry?.data as Answer<N> | undefined
    },
    get error() {
      return entry?.error
    },
    get isLoading() {
      return entry?.isLoading ?? false
    },
    refetch: () => void entry?.fetch(),
  }
}

/** For tests: as after a fresh start. */
export function forgetAnswers() {
  entries.clear()
}
