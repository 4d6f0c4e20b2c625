import { locale, region, t } from './index.svelte'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

type Format = Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat
const cache = new Map<string, Format>()

// The first Intl object costs 15 ms of the start: how long ago the newest rows are stands in our words, and `format.test.ts`
// holds them to what Intl would say.
const units = (unit: 'time.minutes' | 'time.hours' | 'time.days', value: number) => t(unit, { number: number(value) })

function dates(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return cached(`${region()} date ${name}`, () => new Intl.DateTimeFormat(region(), options))
}

function cached<F extends Format>(key: string, make: () => F): F {
  let format = cache.get(key) as F | undefined
  if (!format) cache.set(key, (format = make()))
  return format
}

/** `8m`, `3h`, `2d`: the largest unit, rounded down. */
export function duration(ms: number): string {
  if (ms >= DAY_MS) return units('time.days', Math.floor(ms / DAY_MS))
  if (ms >= HOUR_MS) return units('time.hours', Math.floor(ms / HOUR_MS))
  return units('time.minutes', Math.max(1, Math.floor(ms / MINUTE_MS)))
}

/** `1h 40m`: two units while that matters. */
export function precise(ms: number): string {
  if (ms >= DAY_MS || ms < HOUR_MS) return duration(ms)
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS)
  return minutes === 0 ? duration(ms) : `${duration(ms)} ${units('time.minutes', minutes)}`
}

/** `4 hours`: a span that somebody chose. */
export function span(ms: number): string {
  const [value, unit] = ms >= DAY_MS && ms % DAY_MS === 0 ? ([ms / DAY_MS, 'day'] as const) : ms >= HOUR_MS && ms % HOUR_MS === 0 ? ([ms / HOUR_MS, 'hour'] as const) : ([ms / MINUTE_MS, 'minute'] as const)
  return cached(`${locale()} long ${unit}`, () => new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' })).format(value)
}

/** `2 days`: the largest unit, rounded. */
export function roughly(ms: number): string {
  const unit = ms >= DAY_MS ? DAY_MS : ms >= HOUR_MS ? HOUR_MS : MINUTE_MS
  return span(Math.max(1, Math.round(ms / unit)) * unit)
}

/** How long ago, up to a day; then the date. */
export function age(at: number, now: number): string {
  const ms = now - at
  if (ms < MINUTE_MS) return t('time.now')
  if (ms < DAY_MS) return duration(ms)
  return date(at, now)
}

/** `2 minutes ago`; the largest unit. */
export function ago(at: number, now: number): string {
  const ms = Math.max(0, now - at)
  const [value, unit] = ms >= DAY_MS ? ([ms / DAY_MS, 'day'] as const) : ms >= HOUR_MS ? ([ms / HOUR_MS, 'hour'] as const) : ([ms / MINUTE_MS, 'minute'] as const)
  if (ms < MINUTE_MS) return t('time.justNow')
  return cached(`${locale()} ago`, () => new Intl.RelativeTimeFormat(locale(), { numeric: 'always' })).format(-Math.floor(value), unit)
}

/** `12 Nov`, with the year if it is another one. */
export function date(at: number, now: number): string {
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  if (isThisYear) return dates('day', { day: 'numeric', month: 'short' }).format(at)
  return dates('day year', { day: 'numeric', month: 'short', year: 'numeric' }).format(at)
}

/** `14:05`. */
export function clockTime(at: number): string {
  return dates('time', { timeStyle: 'short' }).format(at)
}

/** `14:05` if that is today, else `12 Oct, 14:05`: since when or until when, in few words. */
export function since(at: number, now: number): string {
  if (dayNumber(at) === dayNumber(now)) return clockTime(at)
  return dates('day time', { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }).format(at)
}

/** `12 October 2026 at 14:05`: an instant in a sentence. */
export function moment(at: number): string {
  return dates('moment', { dateStyle: 'long', timeStyle: 'short' }).format(at)
}

/** `12 October 2026`: a day in a sentence. */
export function longDate(at: number): string {
  return dates('long', { dateStyle: 'long' }).format(at)
}

/** Everything, for the title of a short time. */
export function fullTime(at: number): string {
  return dates('full', { dateStyle: 'full', timeStyle: 'medium' }).format(at)
}

/** `Today`, `Yesterday`, `Monday, 12 October`. */
export function dayName(at: number, now: number): string {
  const days = dayNumber(now) - dayNumber(at)
  if (days === 0) return t('time.today')
  if (days === 1) return t('time.yesterday')
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  if (isThisYear) return dates('weekday', { weekday: 'long', day: 'numeric', month: 'long' }).format(at)
  return dates('weekday year', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(at)
}

/** Local calendar days since the epoch. */
export function dayNumber(at: number): number {
  return Math.floor((at - new Date(at).getTimezoneOffset() * MINUTE_MS) / DAY_MS)
}

/** `1,234`. */
export function number(value: number): string {
  // Digits and nothing else, in both languages.
  if (Number.isInteger(value) && value >= 0 && value < 1000) return String(value)
  return cached(`${locale()} number`, () => new Intl.NumberFormat(locale())).format(value)
}

/** `1.4 MB`. */
export function bytes(size: number): string {
  const [value, unit] =
    size >= 1_000_000
      ? ([size / 1_000_000, 'megabyte'] as const)
      : size >= 1000
        ? ([size / 1000, 'kilobyte'] as const)
        : ([size, 'byte'] as const)
  return cached(
    `${locale()} ${unit}`,
    () => new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }),
  ).format(value)
}
