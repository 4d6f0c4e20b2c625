// The window manager's view of a window: is it in front, minimised, gone?
import { until } from './wait.mjs';

/** The window of a program by its process, hidden or not; the largest one, as toolkits own small unseen ones too. */
export async function windowOf(desktop, pid) {
  return until('the window is there', async () => {
    const ids = (await desktop.run('xdotool', ['search', '--pid', String(pid)])).split('\n').filter(Boolean);
    let best;
    for (const id of ids) {
      const geometry = await desktop.run('xdotool', ['getwindowgeometry', '--shell', id]).catch(() => '');
      const [width, height] = ['WIDTH', 'HEIGHT'].map((name) => Number(new RegExp(`^${name}=(\\d+)`, 'm').exec(geometry)?.[1] ?? 0));
      if (width * height > (best?.area ?? 10_000)) best = { id, area: width * height };
    }
    return best?.id;
  });
}

/** Is it the window that has the keyboard? */
export async function isActive(desktop, id) {
  return (await desktop.run('xdotool', ['getactivewindow'])) === id;
}

/** Is it on the screen at all? False when minimised or hidden. */
export async function isVisible(desktop, id) {
  return (await desktop.run('xwininfo', ['-id', id])).includes('IsViewable');
}

/** The program's window, once it has the keyboard. Looked for again and again: until it is shown, GTK may replace it. */
export function windowInFront(desktop, pid) {
  return until('its window is in front', async () => {
    const id = await windowOf(desktop, pid);
    return (await isActive(desktop, id)) && id;
  });
}

export async function minimise(desktop, id) {
  await desktop.run('xdotool', ['windowminimize', '--sync', id]);
}

/** As by the close button of the title bar. */
export async function close(desktop, id) {
  await desktop.run('wmctrl', ['-i', '-c', id]);
}
