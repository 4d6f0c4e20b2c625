// A virtual screen whose pixels can be read, and what a program needs of time and memory until its picture stands still.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, readSync, readdirSync, fstatSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { answer, run } from '../../../../tests/window/support/process.mjs';
import { until } from '../../../../tests/window/support/wait.mjs';

export const WIDTH = 1280;
export const HEIGHT = 820;
const BETWEEN_LOOKS_MS = 20;
// A caret that blinks and a line that fades are no repaint of the window.
const CHANGED_SHARE = 0.005;
// So long without a change is the end of starting.
const STILL_MS = 3000;
// Text and pictures have many colours; an empty window and its title have few.
const COLOURS_OF_A_PAGE = 200;
const PATIENCE_MS = 45_000;

export class Screen {
  static async start(desktop) {
    const screen = new Screen();
    const folder = join(desktop.home, 'screen');
    mkdirSync(folder);
    const server = desktop.start('Xvfb', ['-displayfd', '3', '-screen', '0', `${WIDTH}x${HEIGHT}x24`, '-nolisten', 'tcp', '-noreset', '-fbdir', folder], {
      answers: true,
      name: 'Xvfb-bench',
    });
    const display = `:${await answer(server)}`;
    screen.env = { ...desktop.env, DISPLAY: display };
    await until('the screen has pixels', () => readdirSync(folder).length > 0);
    screen.file = openSync(join(folder, readdirSync(folder)[0]), 'r');
    screen.bytes = Buffer.alloc(WIDTH * HEIGHT * 4);
    await until('the screen takes programs', () => run('xwininfo', ['-root'], { env: screen.env }));
    desktop.start('env', [`DISPLAY=${display}`, 'openbox'], { name: 'openbox-bench' });
    await until('the window manager runs', () => run('wmctrl', ['-m'], { env: screen.env }));
    return screen;
  }

  /** What is on it, pixel by pixel. */
  #pixels() {
    readSync(this.file, this.bytes, 0, this.bytes.length, fstatSync(this.file).size - this.bytes.length);
    return new Uint32Array(this.bytes.buffer, this.bytes.byteOffset, WIDTH * HEIGHT);
  }

  /**
   * Starts a program and waits until its picture stands still. Answers with the time to the last big repaint in ms and
   * with the memory of all its processes (PSS) in MiB, three seconds later. Then the program is ended.
   */
  async measure(program, args, env) {
    this.empty ??= this.#pixels().slice();
    await until('the screen is empty', () => changed(this.empty, this.#pixels()) === 0);
    let before = this.empty;
    const began = performance.now();
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', program, ...args], { env: { ...this.env, ...env }, stdio: 'ignore' });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    let last;
    const seen = Buffer.alloc(this.bytes.length);
    for (;;) {
      const at = performance.now();
      const pixels = this.#pixels();
      // Counting pixels takes a good part of one of few cores, away from whom we look at: only where there is news.
      const isNew = !seen.equals(this.bytes);
      if (isNew) this.bytes.copy(seen);
      if (isNew && changed(before, pixels) > CHANGED_SHARE * pixels.length) {
        last = at;
        before = pixels.slice();
      }
      if (last !== undefined && at - last > STILL_MS && new Set(pixels).size > COLOURS_OF_A_PAGE) break;
      if (child.exitCode !== null || at - began > PATIENCE_MS) throw new Error(`${program} showed no picture that stands still`);
      await pause(BETWEEN_LOOKS_MS);
    }
    const memory_mib = memoryOf(child.pid);
    await this.onStill?.();
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(patience);
    return { shown_ms: last - began, memory_mib };
  }

  /** A picture of it, for people. */
  async picture(file) {
    await run('import', ['-silent', '-window', 'root', file], { env: this.env });
  }

  close() {
    closeSync(this.file);
  }
}

function changed(before, after) {
  let count = 0;
  for (let at = 0; at < after.length; at += 1) if (before[at] !== after[at]) count += 1;
  return count;
}

/** Proportional set size of a process and all below it, in MiB. */
export function memoryOf(pid) {
  const parents = new Map();
  for (const name of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended while we looked.
    }
  }
  const ours = new Set([pid]);
  for (let grew = true; grew;) {
    grew = false;
    for (const [child, parent] of parents) {
      if (ours.has(parent) && !ours.has(child)) grew = ours.add(child) !== undefined;
    }
  }
  let kib = 0;
  for (const one of ours) {
    const rollup = readFileSync(`/proc/${one}/smaps_rollup`, 'utf8');
    kib += Number(/^Pss:\s+(\d+)/m.exec(rollup)[1]);
  }
  return kib / 1024;
}
