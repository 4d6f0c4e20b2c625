// P9 and the click on a notification, with a real daemon on a real bus and the window minimised.
//
// P9 counts from the moment the platform's bytes leave the loopback server to the daemon's answer to `Notify`; the click
// from the daemon's signal that it happened to the highlighted message painted in the conversation.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hook } from '../../../../tests/window/support/driver.mjs';
import { until } from '../../../../tests/window/support/wait.mjs';
import { isVisible, minimise } from '../../../../tests/window/support/windows.mjs';
import { Bus } from './bus.mjs';
import { painted, watch } from './page.mjs';
import { Popups } from './popups.mjs';

// Conversations that take turns, so that the open one is never the one that is told.
const TURNS = 8;
// Longer than the time in which Kontor folds several into one.
const BETWEEN_MS = 3600;
// Nobody clicks sooner on what has just appeared.
const REACTION_MS = 400;

export async function notify({ desktop, kontor, homeserver, count, bench }) {
  const { page } = kontor;
  const rooms = homeserver.newest(TURNS);
  const disk = openSync(join(kontor.profile, 'fdatasync'), 'a');
  const bus = await Bus.start(desktop);
  const popups = new Popups(desktop, bench);
  const taken = { notified_ms: [], popup_ms: [], daemon_ms: [], disk_ms: [], clicked_ms: [] };
  // The first turn of each conversation asks the server who is in it.
  for (let round = -TURNS; round < count; round += 1) {
    const room = rooms[(round + TURNS) % TURNS];
    const words = `message ${round + TURNS} for you`;
    await desktop.run('dunstctl', ['close-all']);
    await minimise(desktop, kontor.window);
    await until('it is minimised', async () => !(await isVisible(desktop, kontor.window)));
    await watch(page, `${hook('message')}[data-highlighted="true"]`, words);
    const disk_ms = append_ms(disk);
    const popup_ms = await popups.show_ms();
    await pause(BETWEEN_MS);
    const position = bus.position;
    const written_ms = homeserver.write(room, words);
    const told = await bus.notified(position);
    await until('the popup is on the screen', async () => Number(await desktop.run('dunstctl', ['count', 'displayed'])) > 0);
    await pause(REACTION_MS);
    await desktop.run('dunstctl', ['action', '0']);
    const clicked_ms = await bus.clicked(position);
    const { at_ms } = await painted(page);
    if (round < 0) continue;
    taken.notified_ms.push(told.returned_ms - written_ms);
    taken.popup_ms.push(popup_ms);
    taken.daemon_ms.push(told.returned_ms - told.called_ms);
    taken.disk_ms.push(disk_ms);
    taken.clicked_ms.push(at_ms - clicked_ms);
  }
  popups.close();
  bus.close();
  closeSync(disk);
  return taken;
}

function append_ms(file) {
  const began = performance.now();
  writeSync(file, Buffer.alloc(4096, 0x5a));
  fdatasyncSync(file);
  return performance.now() - began;
}
