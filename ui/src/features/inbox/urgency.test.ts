import { expect, it } from 'vitest'
import { urgency } from './urgency'

const HOUR = 3_600_000
const row = (waitedHours: number | null, leftHours: number | null) => ({
  waitingSince: waitedHours === null ? null : -waitedHours * HOUR,
  windowClosesAt: leftHours === null ? null : leftHours * HOUR,
})

it('nobody waits: nothing is said about time', () => {
  expect(urgency(row(null, 1), 0, 240)).toBeNull()
})

it('the wait ages in three steps around the reply target', () => {
  expect(urgency(row(1, null), 0, 240)).toBeNull()
  expect(urgency(row(3, null), 0, 240)).toMatchObject({ kind: 'waiting', step: 1 })
  expect(urgency(row(4, null), 0, 240)).toMatchObject({ kind: 'waiting', step: 2 })
})

it('without a target no wait is overdue', () => {
  expect(urgency(row(90, null), 0, 0)).toBeNull()
  expect(urgency(row(90, null), 0, 0, 'waiting')).toMatchObject({ step: 0 })
})

it('the time left is said also where there is much of it, as quietly as can be', () => {
  expect(urgency(row(1, 23), 0, 240)).toMatchObject({ kind: 'left', ms: 23 * HOUR, step: 0 })
  expect(urgency(row(1, 23), 0, 0)).toMatchObject({ kind: 'left', step: 0 })
  expect(urgency(row(1, 23), 0, 240, 'waiting')).toMatchObject({ kind: 'waiting', step: 0 })
})

it('a window that has closed says nothing, and the wait goes on', () => {
  expect(urgency(row(25, -1), 0, 0)).toBeNull()
  expect(urgency(row(25, -1), 0, 240)).toMatchObject({ kind: 'waiting', step: 2 })
})

it('a reply window that closes soon comes before the wait', () => {
  expect(urgency(row(19, 5), 0, 240)).toMatchObject({ kind: 'left', step: 1 })
  expect(urgency(row(23.5, 0.5), 0, 240)).toMatchObject({ kind: 'left', step: 2 })
  expect(urgency(row(4, 20), 0, 240)).toMatchObject({ kind: 'waiting', step: 2 })
  expect(urgency(row(4, 20), 0, 240, 'ends_soon')).toMatchObject({ kind: 'left', step: 0 })
})
