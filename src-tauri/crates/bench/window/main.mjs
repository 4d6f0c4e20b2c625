// Takes the figures of the window and prints each as one line of JSON. Its argument is JSON too: `figures`, `corpus`
// (a file), `wide` (a profile of very many conversations) and its `passphrase`, `floor` (the bare web view), `page` (its page), `rounds`, `count`, `logs` (a folder), `bench` (the program that asks). The window itself is
// `KONTOR_BINARY`.
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { Desktop } from '../../../../tests/window/support/desktop.mjs';
import { hook } from '../../../../tests/window/support/driver.mjs';
import { Kontor } from '../../../../tests/window/support/kontor.mjs';
import { until } from '../../../../tests/window/support/wait.mjs';
import { click, key } from './hands.mjs';
import { Homeserver } from './homeserver.mjs';
import { notify } from './notify.mjs';
import { fill } from './prepare.mjs';
import { scroll } from './scroll.mjs';
import { start } from './start.mjs';

const DRIVEN = { notify, click, key };

/** As the system asks programs to end: everything is saved. */
async function quit(kontor) {
  process.kill(kontor.pid, 'SIGTERM');
  await until('Kontor has ended', () => kontor.hasEnded(), { seconds: 60 });
  await kontor.stop();
}

const wish = JSON.parse(process.argv[2]);
const lines = readFileSync(wish.corpus, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
lines.sort((one, other) => one.ts - other.ts);

const tell = (figure, values) => console.log(JSON.stringify({ figure, load: loadavg()[0], ...values }));

const homeserver = await Homeserver.start(lines);
const desktop = await Desktop.start(wish.logs);
let kontor = new Kontor(desktop);
// As it is shipped: what the tests want to read in the log costs time.
kontor.env.KONTOR_LOG = 'info';

/** Everything that is measured with the corpus. */
async function withCorpus() {
  const filled_ms = await fill(kontor, homeserver);
  tell('fill', { messages: lines.length, filled_ms });
  await quit(kontor);
  if (wish.figures.includes('start')) tell('start', await start({ ...wish, desktop, kontor }));
  const driven = wish.figures.filter((name) => name in DRIVEN);
  if (driven.length === 0) return;
  await kontor.start();
  await kontor.page.appears(hook('inbox-row'), { seconds: 60 });
  await until('every account polls', () => homeserver.isPolled, { seconds: 60 });
  for (const name of driven) {
    tell(name, await DRIVEN[name]({ ...wish, desktop, kontor, homeserver }));
    await desktop.picture(`after-${name}`);
  }
  await quit(kontor);
}

try {
  if (wish.figures.some((name) => name !== 'scroll')) await withCorpus();
  if (wish.figures.includes('scroll')) {
    kontor = new Kontor(desktop);
    Object.assign(kontor, { profile: wish.wide, env: { ...kontor.env, KONTOR_PROFILE_DIR: wish.wide, KONTOR_LOG: 'info' } });
    tell('scroll', await scroll({ ...wish, kontor }));
    await desktop.picture('after-scroll');
  }
} catch (error) {
  await desktop.picture('failed').catch(() => {});
  throw error;
} finally {
  await kontor.stop().catch(() => {});
  await desktop.close();
  await homeserver.close();
}
