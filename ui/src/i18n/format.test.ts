import { afterEach, expect, it, vi } from 'vitest'
import { date, duration } from './format'
import { setLanguage } from './index.svelte'

const MINUTE = 60_000
const NEW_YEAR = new Date(2026, 0, 1, 12).getTime()

afterEach(() => {
  vi.unstubAllGlobals()
  setLanguage('en')
})

function speak(language: 'en' | 'de', tag: string = language) {
  vi.stubGlobal('navigator', { languages: [tag] })
  // The region is looked up when the language changes.
  setLanguage(language === 'en' ? 'de' : 'en')
  setLanguage(language)
}

const TAGS = ['en', 'en-US', 'en-CA', 'en-GB', 'en-AU', 'de', 'de-DE', 'de-CH', 'de-AT']

it.each(TAGS)('a short date in %s is as Intl writes it, on every day of a year', (tag) => {
  speak(tag.slice(0, 2) as 'en' | 'de', tag)
  const format = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short' })
  for (let day = 0; day < 365; day++) {
    const at = NEW_YEAR + day * 24 * 60 * MINUTE
    expect(date(at, NEW_YEAR)).toBe(format.format(at))
  }
})

it.each([['en', 'narrow'], ['de', 'short']] as const)('a duration in %s is as Intl writes it', (locale, unitDisplay) => {
  speak(locale)
  for (const [unit, ms] of [['minute', MINUTE], ['hour', 60 * MINUTE], ['day', 24 * 60 * MINUTE]] as const) {
    const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay })
    for (const value of unit === 'hour' ? [1, 2, 23] : unit === 'day' ? [1, 2, 30, 400, 1234] : [1, 2, 59]) {
      expect(duration(value * ms)).toBe(format.format(value))
    }
  }
})

it('rows of the last hours and days need no Intl object', () => {
  speak('de', 'de-DE')
  const made = vi.fn()
  vi.stubGlobal('Intl', new Proxy({}, { get: made }))
  expect([duration(5 * MINUTE), duration(3 * 60 * MINUTE), date(NEW_YEAR, NEW_YEAR)]).toEqual(['5 Min.', '3 Std.', '1. Jan.'])
  expect(made).not.toHaveBeenCalled()
})
