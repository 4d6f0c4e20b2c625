// The notification daemon's popup, seen and clicked as a person would: through the screen and the mouse.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** Takes every popup off the screen, as its own cross would. */
export async function closeAll(desktop) {
  await desktop.run('dunstctl', ['close-all']);
  await until('no popup is on the screen', async () => (await shown(desktop)) === 0);
}

/** Listens from now on to what the daemon is told; see `told`. */
export async function listen(desktop) {
  desktop.start('dbus-monitor', ['--session', "interface='org.freedesktop.Notifications',member='Notify'"]);
  // What it says first, it says about itself.
  await until('it listens', () => readFileSync(join(desktop.logs, 'dbus-monitor.log'), 'utf8').includes('NameAcquired'));
}

/** What the daemon was told so far, oldest first; `replaces` is the number of the popup whose place it takes, 0 for none. */
export function told(desktop) {
  const calls = readFileSync(join(desktop.logs, 'dbus-monitor.log'), 'utf8').split('member=Notify\n').slice(1);
  // The end of a call may not be written yet; what is read stands before it.
  return calls.flatMap((call) => {
    const found = /^ {3}string "(.*)"\n {3}uint32 (\d+)\n {3}string ".*"\n {3}string "(.*)"\n {3}string "([^]*?)"\n {3}array \[/.exec(call);
    return found ? [{ replaces: Number(found[2]), title: found[3], text: found[4] }] : [];
  });
}

function readGeometry(text) {
  return Object.fromEntries(text.split('\n').map((line) => [line.split('=')[0], Number(line.split('=')[1])]));
}
