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
type Words = { readonly [key: string]: string | Words }
const words: Record<Locale, Words> = { en, de }
const VALUE = /\{\{(\w+)\}\}/g

function textOf(key: string): string | undefined {
  let found: string | Words | undefined = words[current.locale]
  for (const part of key.split('.')) found = typeof found === 'object' ? found[part] : undefined
  return typeof found === 'string' ? found : undefined
}

/** As `t`, for keys that the core names; `fallback` if the words are missing. What is filled in is never filled in itself. */
export function tNamed(key: string, fallback = '', values?: Record<string, string | number>): string {
  if (!values) return textOf(key) ?? fallback
  // Both languages have two forms, and choose between them alike.
  const form = 'count' in values ? textOf(`${key}_${values.count === 1 ? 'one' : 'other'}`) : undefined
  return (form ?? textOf(key) ?? fallback).replaceAll(VALUE, (_, name: string) => String(values[name] ?? ''))
}

/** The words for a key, in the language of now; reactive. */
export function t(key: Key, values?: Record<string, string | number>): string {
  return tNamed(key, key, values)
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
