// The examples of docs/BRIDGE.md run as they stand there.
import fs from 'node:fs';
import path from 'node:path';
import type Bridge from '../../public/meetBridgeApi.js';
import { test } from '../fixtures/bridge-host.ts';
import { call, test as scripted } from '../fixtures/bridge-visit.ts';
import { SHARED_TITLE } from '../fixtures/browser.ts';
import { mint } from '../fixtures/mint.ts';
import { expect } from '../fixtures/test.ts';

const DOCUMENT = fs.readFileSync(path.resolve(import.meta.dirname, '../../docs/BRIDGE.md'), 'utf8');

interface Example {
  name: string;
  code: string;
}

/** The last cells of a section's rows. */
function examples(section: string): Example[] {
  const [, body = ''] = new RegExp(`\\n## ${section}\\n([^]*?)\\n## `).exec(DOCUMENT) ?? [];
  return [...body.matchAll(/^\| `(\w+)` \|.*\| `([^`]+)` \|$/gm)].map(([, name = '', code = '']) => ({ name, code }));
}

const ANN = { peerId: 'p1', displayName: 'Ann' };
const RECORDING = { id: 'r1', state: 'recording', since: 1_700_000_000_000 } as const;
const TROUBLE = { ...ANN, code: 'device_busy', message: 'another program uses the device' };

/** What each event tells. */
const SAMPLES: Bridge.Events = {
  join: ANN, ready: {}, readyToJoin: {}, switchOnCamera: ANN, switchOffCamera: ANN, errorGetCamera: TROUBLE,
  switchOnMic: ANN, switchOffMic: ANN, errorGetMic: TROUBLE, switchOnShare: ANN, switchOffShare: ANN, errorGetShare: TROUBLE,
  newPeer: ANN, peerClosed: ANN, connectionFailed: {}, disconnected: {}, connectionClosed: {},
  connectionError: { peerId: 'p1', error: 'no', code: 'forbidden' }, playingAudioPrevent: {},
  switchOnPin: { peerId: 'p1' }, switchOffPin: {}, errorGetPin: { peerId: 'p1' },
  message: { ...ANN, id: 1, text: 'Hello!', sentAt: 1 }, handRaised: ANN, handLowered: ANN,
  waiting: { ...ANN, removedBefore: false }, waitingGone: ANN, roleChanged: { ...ANN, role: 'moderator' },
  connectionQuality: { ...ANN, quality: 'poor' }, recordingStarting: RECORDING, recordingStarted: RECORDING,
  recordingStopped: RECORDING, recordingReady: RECORDING, recordingFailed: RECORDING,
  tokenExpiring: { endsAt: 2, left: 1 }, left: { reason: 'left', by: 'host', canRejoin: true },
};

scripted('each event’s example hears its event and what it tells', async ({ visit }) => {
  await visit.open();
  await call(visit.page, 'echo');
  await visit.page.evaluate(() => {
    const logged: unknown[] = [];
    Object.assign(window, { logged, log: (value: unknown) => logged.push(String(value)) });
  });
  const told = Object.entries(SAMPLES);
  expect(examples('Events').map(({ name }) => name).sort()).toEqual(told.map(([name]) => name).sort());
  for (const { name, code } of examples('Events')) {
    await visit.page.evaluate(`logged.length = 0; ${code}; 0`);
    await visit.inFrame(`tell('${name}', ${JSON.stringify(SAMPLES[name as keyof Bridge.Events])})`);
    if (name === 'waiting') await expect.poll(() => visit.inFrame('calls')).toContain('admit');
    else {
      await expect.poll(() => visit.page.evaluate('logged'), code).toHaveLength(1);
      expect(await visit.page.evaluate('logged[0]'), code).not.toContain('undefined');
    }
    await visit.page.evaluate(`bridge.off('${name}'); 0`);
  }
});

test('each method and each event has an example that works', async ({ embed, people, room, server }) => {
  test.setTimeout(120_000);
  const methods = examples('Methods');
  const events = examples('Events');
  const link = `${mint(server, '--role', 'moderator', '--hand', '--room', room)}&nameScreenDisabled=true`;
  const mo = await embed({ room }, { link });
  // an example asks for what this moderator may not: to record
  mo.person.watch.expect(/server refused: Forbidden/);
  // the browser may take its time to list the devices, which examples take
  await expect.poll(async () => (await mo.call('state')).cameras.length, { timeout: 20_000 }).toBeGreaterThan(0);
  const known = await mo.page.evaluate(() => [MeetIframeBridge.methods.length, MeetIframeBridge.events.length]);
  expect([methods.length, events.length]).toEqual(known);
  const shared = await mo.page.context().newPage();
  await shared.setContent(`<!doctype html><title>${SHARED_TITLE}</title><link rel="icon" href="data:,">`);
  await mo.page.bringToFront();
  await people.join('Ben', { room });
  await mo.page.evaluate(() => {
    const logged: unknown[] = [];
    const image = document.body.appendChild(new Image());
    const button = document.getElementById('act');
    Object.assign(window, { logged, image, button, log: (value: unknown) => logged.push(value) });
  });
  const another = mint(server, '--role', 'moderator', '--hand', '--room', room);
  const token = new URLSearchParams(another.split('?')[1]).get('token');
  await mo.page.evaluate((value) => Object.assign(window, { token: value }), token);
  for (const { name, code } of events) {
    await test.step(name, () => mo.page.evaluate(`${code}; 0`));
  }
  for (const { name, code } of methods) {
    await test.step(name, async () => {
      // the names that an example makes are there for those that follow
      const global = code.replace(/^const (\{.*?\}|\[.*?\]) = (.*)$/, '($1 = $2)').replace(/^\(\{/, '({');
      await mo.page.evaluate(`(async () => { ${global} })()`).catch((error) => {
        throw new Error(`${code}: ${error}`);
      });
      if (name === 'participants') await mo.page.evaluate(async () => {
        const others = (await window.bridge.participants()).filter(({ me }) => !me);
        Object.assign(window, { peerId: others[0]?.peerId });
      });
      if (code.startsWith('button.onclick')) await mo.page.locator('#act').click();
      if (name === 'enableShare') {
        await mo.event('switchOnShare');
        // the browser showed the shared tab
        await mo.page.bringToFront();
      }
      if (name === 'enableFullscreen') await expect.poll(() => mo.call('isFullscreenEnabled')).toBe(true);
    });
  }
  // what the last calls did is told when it has happened
  await expect
    .poll(() => mo.page.evaluate('logged'))
    .toEqual(expect.arrayContaining(['Tom', 'unpinned', 'Ben left', 'bye', 'left', 'Hello!']));
  await expect.poll(() => mo.page.evaluate('image.naturalWidth')).toBeGreaterThan(100);
});
