// Other programs: started bound to this process, their words kept in a log.
import { spawn, execFile } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Starts a program that runs beside us. It is killed when this process ends, however that happens.
 * `input` is written to it at once; with `answers`, its descriptor 3 can be read as `child.stdio[3]`.
 */
export function start(program, args, { env, logs, name = program.split('/').at(-1), input, answers = false } = {}) {
  const log = openSync(join(logs, `${name}.log`), 'a');
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', program, ...args], {
    env,
    stdio: [input === undefined ? 'ignore' : 'pipe', log, log, ...(answers ? ['pipe'] : [])],
  });
  closeSync(log);
  child.on('error', () => {});
  if (input !== undefined) child.stdin.end(input);
  return child;
}

/** Ends a program and waits until it is gone. */
export async function stop(child, signal = 'SIGTERM') {
  if (!child || child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  child.kill(signal);
  await gone;
  clearTimeout(patience);
}

/** Runs a program to its end and answers what it printed. */
export async function run(program, args, { env, seconds = 60 } = {}) {
  const { stdout } = await execute(program, args, { env, timeout: seconds * 1000, maxBuffer: 64 << 20 });
  return stdout.trim();
}

/** The first line that comes through descriptor 3. */
export async function answer(child) {
  let text = '';
  for await (const chunk of child.stdio[3]) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  if (!text.includes('\n')) throw new Error(`${child.spawnargs.slice(4).join(' ')} ended without an answer`);
  return text.split('\n')[0];
}

/** A TCP port of the loopback interface that nobody uses. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
