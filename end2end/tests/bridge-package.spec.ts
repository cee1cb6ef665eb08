// The bridge as integrators get it: names, types, the package in all ways of
// importing it, the element, React.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type {} from '../../public/meetFrame.mjs';
import { BridgeHost } from '../fixtures/bridge-host.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PACKAGE = path.join(ROOT, 'packages/bridge');

const read = (name: string): string => fs.readFileSync(path.join(ROOT, name), 'utf8');
const node = (...options: string[]): string => execFileSync('node', options, { cwd: PACKAGE, encoding: 'utf8' });

test.beforeAll(() => {
  node('build.mjs');
});

/** What CommonJS gives. */
function runtime(): { methods: string[]; events: string[]; version: string } {
  const script = "const b = require('@meetframe/bridge'); console.log(JSON.stringify({ methods: b.methods, events: b.events, version: b.version }))";
  return JSON.parse(node('--eval', script));
}

/** The names in an interface of the types. */
function typed(name: string): string[] {
  const [, body = ''] = new RegExp(`interface ${name} {\\n([^]*?)\\n  }`).exec(read('public/meetBridgeApi.d.ts')) ?? [];
  return [...body.matchAll(/^ {4}(\w+): /gm)].map(([, key = '']) => key);
}

/** The names in the first column of a table of the document. */
function documented(section: string): string[] {
  const [, body = ''] = new RegExp(`\\n## ${section}\\n([^]*?)\\n## `).exec(read('docs/BRIDGE.md')) ?? [];
  return [...body.matchAll(/^\| `(\w+)` \|/gm)].map(([, key = '']) => key);
}

for (const [kind, types] of [['methods', 'Methods'], ['events', 'Events']] as const) {
  test(`${kind} have the same names in library, types, document and contract`, () => {
    const names = [...runtime()[kind]].sort();
    expect(typed(types).sort()).toEqual(names);
    expect(documented(types).sort()).toEqual(names);
    const contract: { name?: string; id: string }[] = JSON.parse(read('docs/contract.json'))[kind];
    expect(names).toEqual(expect.arrayContaining(contract.map(({ id }) => id.split('.')[1])));
  });
}

/** The members of a class in the types: of its instances, or of itself. */
function members(kind: 'instance' | 'static'): string[] {
  const [, body = ''] = /declare class MeetIframeBridge {\n([^]*?)\n}/.exec(read('public/meetBridgeApi.d.ts')) ?? [];
  const found = [...body.matchAll(/^ {2}(static )?(?:readonly )?(\w+)[<(:]/gm)];
  const names = found.filter(([, is]) => Boolean(is) === (kind === 'static')).map(([, , name = '']) => name);
  return [...new Set(names)].filter((name) => name !== 'constructor').sort();
}

test('the class has the same members in library and types', () => {
  const script = `
    const Bridge = require('@meetframe/bridge');
    const own = (object, hidden) => Object.getOwnPropertyNames(object).filter((name) => !hidden.includes(name)).sort();
    console.log(JSON.stringify([own(Bridge.prototype, ['constructor', ...Bridge.methods]), own(Bridge, ['length', 'name', 'prototype'])]));`;
  expect([members('instance'), members('static')]).toEqual(JSON.parse(node('--eval', script)));
});

test('one version stands everywhere', () => {
  expect(runtime().version).toBe(JSON.parse(read('packages/bridge/package.json')).version);
});

test('ES modules and CommonJS give one and the same class', () => {
  const script = `
    import Bridge, { MeetframeError, version } from '@meetframe/bridge';
    import { createRequire } from 'node:module';
    const required = createRequire(process.cwd() + '/')('@meetframe/bridge');
    const error = new MeetframeError('timeout', 'late');
    console.log([required === Bridge, required.default === Bridge, error instanceof Error, version === Bridge.version].join(' '));`;
  expect(node('--input-type=module', '--eval', script)).toBe('true true true true\n');
});

test('servers that render pages may import the element', () => {
  const script = "import('@meetframe/bridge/element').then((m) => console.log(typeof m.MeetFrame))";
  expect(node('--eval', script)).toBe('function\n');
});

test('publint and attw have nothing to say', () => {
  test.setTimeout(120_000);
  const run = (...command: string[]): void => {
    execFileSync('npx', ['--no-install', ...command], { cwd: path.join(ROOT, 'end2end'), stdio: 'pipe' });
  };
  run('publint', '--strict', PACKAGE);
  // the element and the component are ES modules alone
  run('attw', '--pack', PACKAGE, '--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm');
});

test('the package has what it needs and nothing else', () => {
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: PACKAGE, stdio: 'pipe' }).toString().replace(/^[^[{]*/, ''));
  const files = packed.files.map((file: { path: string }) => file.path).sort();
  expect(files).toEqual([
    'LICENSE', 'README.md',
    'dist/meetBridgeApi.d.mts', 'dist/meetBridgeApi.d.ts', 'dist/meetBridgeApi.js', 'dist/meetBridgeApi.mjs',
    'dist/meetFrame.d.mts', 'dist/meetFrame.mjs', 'dist/react.d.mts', 'dist/react.mjs', 'package.json',
  ]);
});

test('the element builds the frame, follows its attributes and passes events on', async ({ page }) => {
  const host = await BridgeHost.serve({
    '/': '<!doctype html><title>Host</title><link rel="icon" href="data:,"><script type="module" src="/public/meetFrame.mjs"></script>',
  });
  const meeting = host.frame().replace('/frame?', '');
  host.add('/call/', '');
  await page.route('**/call/**', async (route) => route.fulfill({ response: await page.request.fetch(host.frame()) }));
  await page.goto(`${host.origin}/`);
  await page.evaluate(async (server) => {
    await customElements.whenDefined('meet-frame');
    const element = document.createElement('meet-frame');
    const seen = Object.assign(window, { seen: [] as never[] }).seen as unknown[];
    element.addEventListener('newPeer', (event) => seen.push((event as CustomEvent).detail));
    element.addEventListener('meetframe', (event) => seen.push((event as CustomEvent).detail.event));
    const attributes = { host: server, 'room-id': 'weekly', 'display-name': 'Ann & Ben', token: 't', params: 'sortPeers=true', title: 'Weekly' };
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    document.body.append(element);
  }, meeting);
  const frame = page.locator('meet-frame iframe');
  await expect(frame).toHaveAttribute('title', 'Weekly');
  await expect(frame).toHaveAttribute('allow', /camera; microphone; display-capture; fullscreen; autoplay; screen-wake-lock/);
  const src = new URL((await frame.getAttribute('src')) ?? '');
  expect([src.origin, src.pathname, Object.fromEntries(src.searchParams)]).toEqual([
    meeting, '/call/', { roomId: 'weekly', displayName: 'Ann & Ben', token: 't', sortPeers: 'true' },
  ]);
  const call = (): Promise<unknown> => page.evaluate(() => document.querySelector('meet-frame')!.bridge!.call('echo' as never, 'x' as never) as Promise<unknown>);
  expect(await call()).toBe('x');
  await page.frames()[1]!.evaluate("tell('newPeer', { peerId: 'p' })");
  await expect.poll(() => page.evaluate('seen')).toEqual([{ peerId: 'p' }, 'newPeer']);
  await page.evaluate(() => document.querySelector('meet-frame')!.setAttribute('display-name', 'Tom'));
  await expect.poll(() => page.frames()[1]!.evaluate('calls')).toContain('changeDisplayName');
  await page.evaluate(() => document.querySelector('meet-frame')!.setAttribute('token', 'another'));
  await expect.poll(() => page.frames()[1]!.evaluate('calls')).toContain('setToken');
  await page.evaluate(() => document.querySelector('meet-frame')!.setAttribute('room-id', 'daily'));
  await expect(frame).toHaveAttribute('src', /roomId=daily/);
  // until the new page is there, the old one is still asked
  const asked = (): Promise<unknown> => page.frames()[1]!.evaluate('location.search').catch(() => undefined);
  await expect.poll(asked).toContain('roomId=daily');
  await expect.poll(() => call().catch(() => undefined)).toBe('x');
  await page.frames()[1]!.evaluate(`answer = ({ id }) => {
    port.postMessage({ type: 'result', id, error: { code: 'forbidden', message: 'no' } });
  }; 0`);
  const error = await page.evaluate(() => new Promise((done) => {
    const element = document.querySelector('meet-frame')!;
    element.addEventListener('error', (event) => done((event as unknown as CustomEvent).detail.code));
    element.setAttribute('display-name', 'Tim');
  }));
  expect(error).toBe('forbidden');
  const gone = await page.evaluate(async () => {
    const element = document.querySelector('meet-frame')!;
    const { bridge } = element;
    element.remove();
    await Promise.resolve();
    element.setAttribute('display-name', 'Tam');
    const code = await bridge!.enableMic().catch((error) => error.code);
    document.body.append(element);
    return code;
  });
  expect(gone).toBe('destroyed');
  await expect(frame).toHaveAttribute('src', /displayName=Tam/);
  await expect.poll(() => call().catch(() => undefined)).toBe('x');
  await host.close();
});

test('React mounts twice, and one meeting runs', async ({ page }) => {
  const host = await BridgeHost.serve({
    '/react.mjs': react(),
    '/': `<!doctype html><title>Host</title><link rel="icon" href="data:,"><div id="root"></div>
      <script type="importmap">{ "imports": { "react": "/react.mjs" } }</script>
      <script type="module">
        import { createElement, createRef, StrictMode, createRoot } from 'react';
        import { MeetFrame } from '/package/react.mjs';
        window.seen = [];
        window.meeting = createRef();
        const root = createRoot(document.getElementById('root'));
        window.show = (roomId) => root.render(createElement(StrictMode, null, createElement(MeetFrame, {
          ref: meeting, host: ${JSON.stringify('HOST')}, roomId, className: 'stage', style: { height: '200px' },
          onEvent: (event, data) => seen.push([event, data.peerId]),
        })));
        window.end = () => root.unmount();
        show('weekly');
      </script>`.replace('HOST', 'http://127.0.0.1'),
  });
  await page.route('http://127.0.0.1/call/**', async (route) => route.fulfill({ response: await page.request.fetch(host.frame()) }));
  await page.goto(`${host.origin}/`);
  const element = page.locator('meet-frame.stage');
  await expect(element.locator('iframe')).toHaveAttribute('src', /roomId=weekly/);
  expect(await page.evaluate("meeting.current.bridge.call('echo', 1)")).toBe(1);
  await page.frames()[1]!.evaluate("tell('newPeer', { peerId: 'p' })");
  await expect.poll(() => page.evaluate('seen')).toEqual([['newPeer', 'p']]);
  await page.evaluate("show('daily')");
  await expect(element.locator('iframe')).toHaveAttribute('src', /roomId=daily/);
  await expect.poll(() => page.evaluate("meeting.current.bridge.call('echo', 2).catch(() => 0)")).toBe(2);
  expect(await page.evaluate("(async () => { const { bridge } = meeting.current; end(); await 0; return bridge.enableMic().catch((e) => e.code) })()")).toBe('destroyed');
  await host.close();
});

/** React, which comes as CommonJS alone, as one ES module. */
function react(): string {
  const names = ['react/cjs/react.development.js', 'scheduler/cjs/scheduler.development.js', 'react-dom/cjs/react-dom.development.js', 'react-dom/cjs/react-dom-client.development.js'];
  const modules = names.map((name) => `${JSON.stringify(name)}(module, exports, require) {${read(`end2end/node_modules/${name}`)}}`);
  return `
    const process = { env: { NODE_ENV: 'development' } };
    const modules = { ${modules.join(',\n')} };
    const paths = { react: ${JSON.stringify(names[0])}, scheduler: ${JSON.stringify(names[1])}, 'react-dom': ${JSON.stringify(names[2])}, client: ${JSON.stringify(names[3])} };
    const made = {};
    function require(name) {
      if (made[name]) return made[name].exports;
      const module = (made[name] = { exports: {} });
      modules[paths[name]](module, module.exports, require);
      return module.exports;
    }
    export const { createElement, createRef, forwardRef, StrictMode, useEffect, useImperativeHandle, useRef } = require('react');
    export const { createRoot } = require('client');`;
}
