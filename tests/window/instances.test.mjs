// One Kontor per profile, however many are started, and an orderly end that leaves the profile free.
import assert from 'node:assert/strict';
import test from 'node:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Desktop } from './support/desktop.mjs';
import { binary, folder } from './support/place.mjs';
import { until } from './support/wait.mjs';
import { windowInFront } from './support/windows.mjs';

const AT_ONCE = 50;

async function desktopFor(t, name) {
  const desktop = await Desktop.start(folder(name));
  t.after(async () => {
    await desktop.picture('last').catch(() => {});
    await desktop.close();
  });
  const env = { ...desktop.env, KONTOR_PROFILE_DIR: join(desktop.home, 'profile') };
  return { desktop, start: (...args) => desktop.start(binary, args, { env, name: 'kontor' }) };
}

/** Would an instance that starts now be taken over by another one? */
async function isReachable(desktop) {
  const bus = ['--dest=org.freedesktop.DBus', '--object-path=/org/freedesktop/DBus', '--method=org.freedesktop.DBus.ListNames'];
  return (await desktop.run('gdbus', ['call', '--session', ...bus])).includes('SingleInstance');
}

const isRunning = (child) => child.exitCode === null && child.signalCode === null;

test('of many started at once one stays, and the others hand over and leave', { timeout: 300_000 }, async (t) => {
  const { desktop, start } = await desktopFor(t, 'instances');
  const children = Array.from({ length: AT_ONCE }, () => start());
  await until('one is left', () => children.filter(isRunning).length === 1, { seconds: 200 });
  const stays = children.find(isRunning);
  for (const child of children) if (child !== stays) assert.equal(child.exitCode, 0);
  await windowInFront(desktop, stays.pid);
  await desktop.picture('one');
  const log = readFileSync(join(desktop.home, 'profile/logs/kontor.log'), 'utf8');
  assert.equal(log.match(/Kontor starts/g).length, 1, log);
  assert.doesNotMatch(log, /ERROR/);
});

test('asked to end, Kontor ends in order, and the next one gets the profile', { timeout: 300_000 }, async (t) => {
  const { desktop, start } = await desktopFor(t, 'ending');
  let running = start();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    const window = await windowInFront(desktop, running.pid);
    await desktop.run('xdotool', ['windowsize', '--sync', window, '1000', '600']);
    running.kill(signal);
    // Its end is not waited for, only that it has heard the signal: from then on it takes nothing over.
    await until(`${signal} is heard`, async () => !(await isReachable(desktop)));
    const next = start();
    await until(`${signal} ends it`, () => !isRunning(running));
    assert.equal(running.exitCode, 0, signal);
    running = next;
  }
  const window = await windowInFront(desktop, running.pid);
  const geometry = await desktop.run('xdotool', ['getwindowgeometry', window]);
  assert.match(geometry, /1000x600/, 'the window is as large as it was left');
  running.kill('SIGTERM');
  await until('the last one ends', () => !isRunning(running));
});
