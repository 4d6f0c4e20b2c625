import { describe, expect, it } from 'vitest'
import type { InboxRow } from '@/api/generated'
import { allRows, keptScrollTop, MOST_ROWS, replaceStretch, stretchesWithin, withHeld, type Stretch } from './stretches'

const row = (id: number, at = -id) => ({ id, key: { at, id } }) as InboxRow
const rows = (...ids: number[]) => ids.map((id) => row(id))
const key = (id: number) => ({ at: -id, id })
const stretch = (after: number | null, until: number | null, ...ids: number[]): Stretch => ({
  after: after === null ? null : key(after),
  until: until === null ? null : key(until),
  rows: rows(...ids),
  isStale: false,
})
const ids = (list: readonly InboxRow[]) => list.map((one) => one.id)

describe('the stretches of the list', () => {
  it('a row that moved to the top is shown once, there', () => {
    const before = [stretch(null, 3, 1, 2, 3), stretch(3, null, 4, 5, 6)]
    const after = replaceStretch(before, 0, { rows: rows(5, 1, 2, 3), next: key(3) })
    expect(ids(allRows(after))).toEqual([5, 1, 2, 3, 4, 6])
  })

  it('a refreshed stretch keeps its places, whatever came in above it', () => {
    const before = [stretch(null, 3, 1, 2, 3), stretch(3, 6, 4, 5, 6)]
    const [, second] = replaceStretch(before, 1, { rows: rows(4, 6), next: key(6) })
    expect(second).toMatchObject({ after: key(3), until: key(6), isStale: false })
  })

  it('more rows than one answer takes leave a stale stretch behind for the rest', () => {
    const many = Array.from({ length: MOST_ROWS }, (_, index) => 1000 + index)
    const after = replaceStretch([stretch(null, 9, 9)], 0, { rows: rows(...many), next: key(1199) })
    expect(after).toHaveLength(2)
    expect(after[0]!.until).toEqual(key(1199))
    expect(after[1]).toMatchObject({ after: key(1199), until: key(9), isStale: true, rows: [] })
  })

  it('only what is visible is asked again', () => {
    const list = [stretch(null, 3, 1, 2, 3), stretch(3, 6, 4, 5, 6), stretch(6, null, 7, 8)]
    expect(stretchesWithin(list, 0, 3)).toEqual([0])
    expect(stretchesWithin(list, 4, 7)).toEqual([1, 2])
  })

  it('an open row that left the view stays where it was', () => {
    expect(ids(withHeld(rows(1, 3), { row: row(2), index: 1 }))).toEqual([1, 2, 3])
    expect(ids(withHeld(rows(1, 2, 3), { row: row(2), index: 0 }))).toEqual([1, 2, 3])
  })
})

describe('the place in the list', () => {
  it('is kept when rows come in above', () => {
    expect(keptScrollTop(rows(1, 2, 3, 4), rows(9, 8, 1, 2, 3, 4), 130, 64)).toBe(130 + 128)
  })

  it('is kept by the next row if the first visible one went away', () => {
    expect(keptScrollTop(rows(1, 2, 3, 4), rows(2, 1, 4), 128, 64)).toBe(64)
  })

  it('stays at the top at the top', () => {
    expect(keptScrollTop(rows(1, 2), rows(9, 1, 2), 0, 64)).toBe(0)
  })
})
