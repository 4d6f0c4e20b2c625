import i18next from 'i18next'
import type { Language } from '@/api/generated'
import de from './de.json'
import en from './en.json'
import type { Key } from './keys'

export type { Key } from './keys'
export type Locale = 'en' | 'de'

class Current {
  locale = $state<Locale>('en')
  region = $derived(systemTag(this.locale) ?? this.locale)
}

const current = new Current()
const words = i18next.createInstance()

void words.init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en }, de: { translation: de } },
  // Texts become text nodes, never markup.
  interpolation: { escapeValue: false },
  initAsync: false,
  showSupportNotice: false,
})

/** Those without values, by language: a screen asks for the same few again and again. */
const plain: Record<Locale, Map<string, string>> = { en: new Map(), de: new Map() }

/** The words for a key, in the language of now; reactive. */
export function t(key: Key, values?: Record<string, string | number>): string {
  const lng = current.locale
  if (values) return words.t(key, { lng, ...values })
  let text = plain[lng].get(key)
  if (text === undefined) plain[lng].set(key, (text = words.t(key, { lng })))
  return text
}

/** As `t`, for keys that the core names; `fallback` if the words are missing. */
export function tNamed(key: string, fallback = '', values?: Record<string, string | number>): string {
  return words.t(key, { lng: current.locale, defaultValue: fallback, ...values })
}

/** The language of now; reactive. */
export function locale(): Locale {
  return current.locale
}

/** The language of now as the system writes dates and times in it: `en-GB`, `de-AT`; reactive. */
export function region(): string {
  return current.region
}

function systemTag(locale: Locale) {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(`${locale}-`))
}

export function setLanguage(language: Language) {
  current.locale = language === 'system' ? systemLocale() : language
  document.documentElement.lang = current.locale
}

function systemLocale(): Locale {
  const first = navigator.languages.find((tag) => /^(en|de)\b/i.test(tag))
  return first?.toLowerCase().startsWith('de') ? 'de' : 'en'
}
