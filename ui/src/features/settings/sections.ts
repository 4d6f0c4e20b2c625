import Bell from '@lucide/svelte/icons/bell'
import Info from '@lucide/svelte/icons/info'
import Languages from '@lucide/svelte/icons/languages'
import Palette from '@lucide/svelte/icons/palette'
import Send from '@lucide/svelte/icons/send'
import UsersRound from '@lucide/svelte/icons/users-round'
import type { Key } from '@/i18n/index.svelte'

/** What can be set, in the order it is needed. */
export const SECTIONS = [
  { id: 'accounts', label: 'settings.accounts', icon: UsersRound },
  { id: 'notifications', label: 'settings.notifications', icon: Bell },
  { id: 'sending', label: 'settings.sending', icon: Send },
  { id: 'appearance', label: 'settings.appearance', icon: Palette },
  { id: 'language', label: 'settings.language', icon: Languages },
  { id: 'about', label: 'settings.about', icon: Info },
] as const satisfies readonly { id: string; label: Key; icon: typeof Bell }[]

export type SectionId = (typeof SECTIONS)[number]['id']

export function sectionOf(id: string | null): SectionId {
  return SECTIONS.find((section) => section.id === id)?.id ?? 'accounts'
}
