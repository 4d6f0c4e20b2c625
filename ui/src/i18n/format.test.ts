import { afterEach, expect, it, vi } from 'vitest'
import { clockTime, duration, since } from './format'
import { setLanguage } from './index.svelte'

const MINUTE = 60_000

afterEach(() => {
  vi.unstubAllGlobals()
  setLanguage('en')
})

it.each([['en', 'narrow'], ['de', 'short']] as const)('a duration in %s is as Intl writes it', (locale, unitDisplay) => {
  setLanguage(locale)
  for (const [unit, ms] of [['minute', MINUTE], ['hour', 60 * MINUTE], ['day', 24 * 60 * MINUTE]] as const) {
    const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay })
    for (const value of unit === 'hour' ? [1, 2, 23] : unit === 'day' ? [1, 2, 30, 400, 1234] : [1, 2, 59]) {
      expect(duration(value * ms)).toBe(format.format(value))
    }
  }
})

it.each(['en', 'de'] as const)('since when is a time of today, and before that names its day, in %s', (locale) => {
  setLanguage(locale)
  const noon = new Date(2026, 9, 12, 12).getTime()
  expect(since(noon - 60 * MINUTE, noon)).toBe(clockTime(noon - 60 * MINUTE))
  const yesterday = since(noon - 18 * 60 * MINUTE, noon)
  expect(yesterday).toMatch(/11/)
  expect(yesterday).toMatch(/O[ck]t/)
  expect(yesterday).toContain(clockTime(noon - 18 * 60 * MINUTE))
})

it('rows of the last hours need no Intl object', () => {
  setLanguage('de')
  const made = vi.fn()
  vi.stubGlobal('Intl', new Proxy({}, { get: made }))
  expect([duration(5 * MINUTE), duration(3 * 60 * MINUTE)]).toEqual(['5 Min.', '3 Std.'])
  expect(made).not.toHaveBeenCalled()
})
