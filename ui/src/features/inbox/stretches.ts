import type { InboxKey, InboxPage, InboxRow } from '@/api/generated'

/** Most rows one question may bring. */
export const MOST_ROWS = 200
/** Rows per step while scrolling down. */
export const STEP_ROWS = 100

/**
 * A part of the list between two keys: behind `after`, up to and with `until`. The keys are places, not rows: a row may move
 * away, its place stays, and asking for the same stretch again brings what lies there now. `until` = null is open to the end.
 */
export interface Stretch {
  readonly after: InboxKey | null
  readonly until: InboxKey | null
  readonly rows: readonly InboxRow[]
  readonly isStale: boolean
}

/** The first question, or the one behind the last stretch. */
export function firstStretch(page: InboxPage, after: InboxKey | null): Stretch {
  return { after, until: page.next, rows: page.rows, isStale: false }
}

/**
 * Puts a fresh answer in the place of stretch `index`. What it brings is gone elsewhere: a row that moved is shown once, where
 * it was seen last. If more rows came into the stretch than one answer takes, the rest becomes a stale stretch of its own.
 */
export function replaceStretch(stretches: readonly Stretch[], index: number, page: InboxPage): Stretch[] {
  const old = stretches[index]
  if (!old) return [...stretches]
  const fresh = new Set(page.rows.map((row) => row.id))
  const others = stretches.map((one, place) =>
    place !== index && one.rows.some((row) => fresh.has(row.id))
      ? { ...one, rows: one.rows.filter((row) => !fresh.has(row.id)) }
      : one,
  )
  const last = page.rows.at(-1)?.key ?? null
  const isCut = page.next !== null && last !== null && page.rows.length >= MOST_ROWS && !isSameKey(last, old.until)
  others.splice(
    index,
    1,
    { after: old.after, until: isCut ? last : old.until, rows: page.rows, isStale: false },
    ...(isCut ? [{ after: last, until: old.until, rows: [], isStale: true }] : []),
  )
  return others
}

export function isSameKey(a: InboxKey | null, b: InboxKey | null) {
  return a === b || (a !== null && b !== null && a.at === b.at && a.id === b.id)
}

/** The stretches that have a row in [from, to), and those without rows beside them: they may have got some. */
export function stretchesWithin(stretches: readonly Stretch[], from: number, to: number): number[] {
  const found: number[] = []
  let start = 0
  stretches.forEach((stretch, index) => {
    const end = start + stretch.rows.length
    if (start < to && end > from) found.push(index)
    else if (stretch.rows.length === 0 && start >= from && start <= to) found.push(index)
    start = end
  })
  return found
}

export function allRows(stretches: readonly Stretch[]): InboxRow[] {
  return stretches.flatMap((stretch) => stretch.rows)
}

/** A row that left the view while it is open keeps its place until another one is opened. */
export interface Held {
  row: InboxRow
  index: number
}

export function withHeld(rows: InboxRow[], held: Held | null): InboxRow[] {
  if (!held || rows.some((row) => row.id === held.row.id)) return rows
  const index = Math.min(held.index, rows.length)
  return [...rows.slice(0, index), held.row, ...rows.slice(index)]
}

/** Where to scroll so that what the person reads stays where it is. */
export function keptScrollTop(
  before: readonly InboxRow[],
  after: readonly InboxRow[],
  scrollTop: number,
  rowHeight: number,
): number {
  // At the very top the newest is what one wants to see.
  if (scrollTop <= 0) return scrollTop
  const first = Math.floor(scrollTop / rowHeight)
  for (let index = first; index < Math.min(before.length, first + 40); index++) {
    const { id } = before[index]!
    const place = after.findIndex((row) => row.id === id)
    if (place >= 0) return Math.max(0, scrollTop + (place - index) * rowHeight)
  }
  return scrollTop
}
