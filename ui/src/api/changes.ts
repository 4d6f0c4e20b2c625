import { host, type Change } from '@/host/host'

/** Topics that became stale, or `all` if changes were missed. */
export type Stale = ReadonlySet<string> | 'all'
type Listener = (stale: Stale) => void

const listeners = new Set<Listener>()
let lastSeq: number | undefined
let pending: Set<string> | 'all' | undefined

/** Called once, when the host is set. */
export function followChanges() {
  return host().onChanges(receive)
}

/** Listeners hear at most once per frame. Returns how to stop listening. */
export function onStale(listener: Listener) {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

function receive(change: Change | 'missed') {
  if (change === 'missed') {
    lastSeq = undefined
    merge('all')
    return
  }
  const hasGap = lastSeq !== undefined && change.seq !== lastSeq + 1
  lastSeq = change.seq
  merge(hasGap ? 'all' : change.topics)
}

function merge(topics: string[] | 'all') {
  if (pending === undefined) schedule(flush)
  if (topics === 'all' || pending === 'all') pending = 'all'
  else pending = new Set([...(pending ?? []), ...topics])
}

function flush() {
  const stale = pending
  pending = undefined
  if (stale) for (const listener of [...listeners]) listener(stale)
}

/** A hidden window gets no frames, but what it shows in the tray and at once when it returns must be fresh. */
function schedule(run: () => void) {
  if (document.visibilityState === 'visible') requestAnimationFrame(run)
  else setTimeout(run, 50)
}
