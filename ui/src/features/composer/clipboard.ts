import { command } from '@/api/query.svelte'

/** The picture that was copied, if any, where the web view does not hand it to a paste itself (WebKitGTK). */
export async function copiedPictures(): Promise<File[]> {
  const { base64 } = await command('picture_paste', {}).catch(() => ({ base64: null }))
  if (base64 === null) return []
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  return [new File([bytes], 'image.png', { type: 'image/png' })]
}
