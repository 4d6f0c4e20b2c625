/** Whether single letters and signs do something: who speaks to the computer, or hits keys by chance, can switch them off. */
class LetterKeys {
  isOn = $state(true)
}

export const letterKeys = new LetterKeys()

/** One letter, digit or sign without Ctrl, Alt or ⌘: `j`, `Shift+?`. */
export function isLetterKey(keys: string): boolean {
  return /^(Shift\+)?\S$/u.test(keys)
}

/** The first of these that works; reactive. */
export function usableKey(keys: readonly string[]): string | undefined {
  return keys.find((one) => letterKeys.isOn || !isLetterKey(one))
}
