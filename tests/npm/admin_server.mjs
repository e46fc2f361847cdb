// A dynamodb-admin of our own, as its command starts it, and its pages.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('node_modules/.bin/dynamodb-admin', import.meta.url));
const READY_TIMEOUT_MS = 120_000;

/** The address that the program says it listens on. */
function listening(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('dynamodb-admin does not become ready')),
      READY_TIMEOUT_MS).unref();
    // It is read on to its end, so that the program never waits for a reader.
    createInterface(child.stdout).on('close', () => reject(new Error('dynamodb-admin ended')))
      .on('line', line => {
        const [, url] = line.match(/listening on (http:\S+)/) ?? [];
        if (url) {
          clearTimeout(timer);
          resolve(url);
        }
      });
  });
}

async function start(options, environment) {
  const child = spawn(PROGRAM, ['--host', '127.0.0.1', '--port', '0', ...options],
    { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  process.on('exit', () => child.kill());
  return { child, url: await listening(child) };
}

export class AdminServer {
  /** `environment` is all that the program has of AWS's settings. */
  static async start(options, environment) {
    const inherited = Object.entries(process.env).filter(([name]) => !/^AWS_(?!SDK_)/.test(name));
    const whole = { ...Object.fromEntries(inherited), ...environment };
    return Object.assign(new AdminServer(), await start(options, whole));
  }

  stop() {
    this.child.kill();
  }

  /** What it answers, whose status must be this one. */
  async request(method, path, { body, status = 200 } = {}) {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: body ? { 'Content-Type': 'application/json' } : {},
      body: body && JSON.stringify(body),
    });
    if (response.status !== status)
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  async page(path) {
    return (await this.request('GET', path)).text();
  }

  /** What the table's page asks for when a search is made in it. */
  async items(table, search = {}) {
    const query = new URLSearchParams(Object.entries(search).map(([name, value]) =>
      [name, typeof value === 'string' ? value : JSON.stringify(value)]));
    return (await this.request('GET', `/tables/${table}/items?${query}`)).json();
  }
}
