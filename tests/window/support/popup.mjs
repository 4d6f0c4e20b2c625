// The notification daemon's popup, seen and clicked as a person would: through the screen and the mouse.
import { until } from './wait.mjs';

/** How many popups are on the screen. */
export async function shown(desktop) {
  return Number(await desktop.run('dunstctl', ['count', 'displayed']));
}

/** Waits until a popup is on the screen. */
export async function appears(desktop, options) {
  await until('a popup appears', () => shown(desktop), options);
}

/** Clicks the popup with the mouse, in its middle. Dunst draws all popups in one window. */
export async function click(desktop) {
  let last;
  const geometry = await until('the popup has a window that keeps its place', async () => {
    const [id] = (await desktop.run('xdotool', ['search', '--onlyvisible', '--class', 'dunst'])).split('\n');
    const now = await desktop.run('xdotool', ['getwindowgeometry', '--shell', id]);
    const isSame = now === last;
    last = now;
    return isSame && readGeometry(now);
  });
  const middle = [geometry.X + geometry.WIDTH / 2, geometry.Y + geometry.HEIGHT / 2].map(String);
  // Away first: with `--sync`, a mouse that is already there would be waited for until it moves.
  await desktop.run('xdotool', ['mousemove', '0', '0', 'mousemove', '--sync', ...middle, 'click', '1']);
  await until('the popup goes', async () => (await shown(desktop)) === 0);
}

/** What the popups that have gone said, newest first. */
export async function past(desktop) {
  const { data } = JSON.parse(await desktop.run('dunstctl', ['history']));
  const word = (entry, name) => entry[name]?.data ?? '';
  return data.flat().map((entry) => ({ title: word(entry, 'summary'), text: word(entry, 'body'), from: word(entry, 'appname') }));
}

function readGeometry(text) {
  return Object.fromEntries(text.split('\n').map((line) => [line.split('=')[0], Number(line.split('=')[1])]));
}
