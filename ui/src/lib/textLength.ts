/** In what a platform counts. */
export type Unit = 'characters' | 'utf16' | 'bytes'

const encoder = new TextEncoder()

/** The length of a text as the platform counts it: scalar values, UTF-16 units or UTF-8 bytes. */
export function textLength(text: string, unit: Unit): number {
  switch (unit) {
    case 'utf16':
      return text.length
    case 'bytes':
      return encoder.encode(text).length
    case 'characters':
      return [...text].length
  }
}

/** From which share of the limit on the count is shown. */
const SHOWN_FROM = 0.8

export type Fit = { left: number; isShown: boolean; isTooLong: boolean }

export function fit(text: string, unit: Unit, most: number): Fit {
  const length = textLength(text, unit)
  return { left: most - length, isShown: length >= most * SHOWN_FROM, isTooLong: length > most }
}
