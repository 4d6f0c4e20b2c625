import type { AttachmentView } from '@/api/generated'
import { t } from '@/i18n/index.svelte'

/** Many platforms give pictures no name: then what it is. */
export function pictureName({ name, kind }: Pick<AttachmentView, 'name' | 'kind'>): string {
  return name || t(`conversation.card.${kind}`)
}

/** The place a picture takes before it is there: never larger than this. */
const MOST_WIDTH = 340
const MOST_HEIGHT = 300
const UNKNOWN = { width: 240, height: 180 }

export function pictureSize(width: number | null, height: number | null): { width: number; height: number } {
  if (!width || !height) return UNKNOWN
  const scale = Math.min(1, MOST_WIDTH / width, MOST_HEIGHT / height)
  // A hair's breadth is still something to click on.
  return { width: Math.max(40, Math.round(width * scale)), height: Math.max(40, Math.round(height * scale)) }
}
