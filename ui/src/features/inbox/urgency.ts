import type { InboxRow, InboxView } from '@/api/generated'

const HOUR_MS = 3_600_000

/** How much time matters, in three steps: 0 calm, 1 soon, 2 now. */
export interface Urgency {
  kind: 'left' | 'waiting'
  ms: number
  step: 0 | 1 | 2
}

/**
 * What the row says about time while somebody waits: a reply window that closes soon before a long wait, and a window with much
 * time left before nothing at all.
 */
export function urgency(
  row: Pick<InboxRow, 'waitingSince' | 'windowClosesAt'>,
  now: number,
  targetMinutes: number,
  view: InboxView = 'all',
): Urgency | null {
  if (row.waitingSince === null) return null
  const left = row.windowClosesAt === null ? 0 : row.windowClosesAt - now
  const window: Urgency | null = left > 0 ? { kind: 'left', ms: left, step: left < HOUR_MS ? 2 : left < 6 * HOUR_MS ? 1 : 0 } : null
  if (window && (window.step > 0 || view === 'ends_soon')) return window
  const ms = now - row.waitingSince
  const target = targetMinutes * 60_000
  const step = target === 0 || ms < target / 2 ? 0 : ms < target ? 1 : 2
  return step > 0 || view === 'waiting' ? { kind: 'waiting', ms, step } : window
}
