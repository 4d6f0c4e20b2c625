import { LinkifyIt } from 'linkify-it'

export type Token = { kind: 'text'; text: string } | { kind: 'link'; text: string; url: string }

const finder = new LinkifyIt({ fuzzyLink: true })
  .add('ftp:', null)
  .add('//', null)
  .tlds(['app', 'blog', 'dev', 'shop', 'store', 'online'], true)

/** A text in pieces: words, and links that may be opened. Everything becomes text nodes. */
export function tokens(text: string): Token[] {
  // Every link has one of these; most messages have none of them.
  const found = /[.:@/]/.test(text) ? (finder.match(text) ?? []) : []
  const pieces: Token[] = []
  let end = 0
  for (const link of found) {
    if (link.index > end) pieces.push({ kind: 'text', text: text.slice(end, link.index) })
    // A bare name is most likely served over TLS today.
    const url = link.schema === '' ? link.url.replace(/^http:/, 'https:') : link.url
    pieces.push({ kind: 'link', text: link.raw, url })
    end = link.lastIndex
  }
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end) })
  return pieces
}

// The exact pattern knows thousands of sequences: what begins with a letter, or is longer than eight emoji can be, need not ask it.
const BEGINS_WITH_EMOJI = /^[\p{Extended_Pictographic}\p{Emoji_Presentation}\p{Emoji_Component}]/u
const MOST_UNITS = 120
const FEW_EMOJI = /^(?:\p{RGI_Emoji}|\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F?|\s){1,8}$/v

/** One to three emoji and nothing else: they may be larger. */
export function isFewEmoji(text: string): boolean {
  const trimmed = text.trim()
  if (trimmed.length > MOST_UNITS || !BEGINS_WITH_EMOJI.test(trimmed) || !FEW_EMOJI.test(trimmed)) return false
  return [...new Intl.Segmenter().segment(trimmed.replaceAll(/\s/g, ''))].length <= 3
}

const LONG_TEXT = 1400
const MANY_LINES = 22

/** So long that it would push everything else away. */
export function isLong(text: string): boolean {
  return text.length > LONG_TEXT || text.split('\n', MANY_LINES + 1).length > MANY_LINES
}
