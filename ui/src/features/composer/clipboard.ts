/**
 * The picture that was copied, if any. WebKitGTK hands a paste its text and its files, and nothing of a picture that lies in the clipboard
 * as such (2.50): a picture of the screen, or one copied out of a web page.
 */
export async function copiedPictures(): Promise<File[]> {
  const items = await navigator.clipboard.read().catch(() => [])
  const pictures = items.filter((item) => item.types.includes('image/png')).map((item) => item.getType('image/png'))
  return (await Promise.all(pictures)).map((picture) => new File([picture], 'image.png', { type: 'image/png' }))
}
