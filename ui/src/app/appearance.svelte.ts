import type { Settings } from '@/api/generated'
import { setLanguage } from '@/i18n/index.svelte'
import { letterKeys } from '@/lib/letters.svelte'

/** Follows the settings; before there are any, the system. */
export function followAppearance(settings: () => Settings | undefined) {
  $effect.pre(() => setLanguage(settings()?.language ?? 'system'))
  $effect.pre(() => void (letterKeys.isOn = settings()?.usesLetterKeys ?? true))
  $effect.pre(() => {
    const theme = settings()?.theme ?? 'system'
    const root = document.documentElement
    if (theme === 'system') delete root.dataset.theme
    else root.dataset.theme = theme
    root.dataset.density = settings()?.density ?? 'comfortable'
  })
}
