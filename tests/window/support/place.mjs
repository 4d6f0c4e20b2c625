// Where things lie: the binary under test, and what the tests leave for people to look at.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../..');
const target = process.env.KONTOR_TARGET ?? join(root, 'target');

export const repository = root;
export const binary = process.env.KONTOR_BINARY ?? join(target, 'debug/kontor');

/** A folder below target/window/ for logs and pictures. */
export function folder(name) {
  const path = join(target, 'window', name.replaceAll(/[^\w-]+/g, '-'));
  mkdirSync(path, { recursive: true });
  return path;
}
