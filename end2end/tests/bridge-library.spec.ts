// The library itself: what it does with frames that come early, late, twice,
// never, or from elsewhere. The frame is scripted, the origins are real.
import { gzipSync } from 'node:zlib';
import fs from 'node:fs';
import path from 'node:path';
import { call, expect, test } from '../fixtures/bridge-visit.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

test('calls made before the frame is there are sent in their order', async ({ visit }) => {
  await visit.open('late');
  await visit.page.evaluate(() => {
    const results: unknown[] = (Object.assign(window, { results: [] as unknown[] }) as never as { results: unknown[] }).results;
    for (const data of [1, 2, 3]) window.bridge.method({ name: 'echo' as never, data: data as never, callback: (value) => results.push(value) });
  });
  await visit.inFrame('start()');
  await expect.poll(() => visit.page.evaluate('results')).toEqual([1, 2, 3]);
});

test('a bridge that is made long after the frame hears that it is ready', async ({ visit }) => {
  await visit.open();
  await expect.poll(() => visit.inFrame<number>('hellos.length')).toBeGreaterThan(0);
  await visit.inFrame("tell('ready')");
  const meta = await visit.page.evaluate(async () => {
    window.bridge.destroy();
    const late = new MeetIframeBridge({ element: '#meetframe' });
    await late.call('echo' as never);
    return new Promise((done) => late.on('ready', (_, told) => done(told)));
  });
  expect(meta).toMatchObject({ event: 'ready', again: true });
});

test('who listens to a state that is reached is told at once, but only once', async ({ visit }) => {
  await visit.open();
  await call(visit.page, 'echo');
  await visit.inFrame("tell('ready')");
  await expect.poll(() => visit.page.evaluate('seen.length')).toBe(1);
  await visit.page.evaluate(() => {
    const told = Object.assign(window, { told: [] as boolean[] }).told;
    window.bridge.on('ready', (_, { again }) => told.push(again));
  });
  await visit.inFrame("parent.postMessage({ meetframe: 'here', version: 1 }, '*')");
  await expect.poll(() => visit.inFrame('hellos.length')).toBeGreaterThan(1);
  await call(visit.page, 'echo');
  expect(await visit.page.evaluate('told')).toEqual([true]);
});

test('failures are errors with a code, for callbacks and promises', async ({ visit }) => {
  await visit.open();
  const outcome = await visit.page.evaluate(async () => {
    const byCallback = await new Promise<Error>((callback) => window.bridge.method({ name: 'refuse' as never, callback }));
    const byPromise = await window.bridge.call('refuse' as never).catch((error) => error);
    const { MeetframeError } = MeetIframeBridge;
    return [byCallback, byPromise].map((error) => [error instanceof MeetframeError, error instanceof Error, error.code, error.method, error.message]);
  });
  expect(outcome).toEqual(Array(2).fill([true, true, 'forbidden', 'refuse', 'no']));
});

test('a call that nobody answers ends with a time-out', async ({ visit }) => {
  await visit.open();
  expect(await call(visit.page, 'never', null, { timeout: 50 })).toBe('timeout');
  expect(await call(visit.page, 'echo', 1)).toBe(1);
});

test('data that no channel carries is refused', async ({ visit }) => {
  await visit.open();
  const code = await visit.page.evaluate(() => window.bridge.call('echo' as never, (() => 1) as never).catch((error) => error.code));
  expect(code).toBe('bad_data');
});

test('destroying twice is destroying once, and ends what is under way', async ({ visit }) => {
  await visit.open();
  const codes = await visit.page.evaluate(async (): Promise<string[]> => {
    const caught = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'fine', (error) => error.code);
    await window.bridge.call('echo' as never);
    const pending = caught(window.bridge.call('never' as never));
    window.bridge.destroy();
    window.bridge.destroy();
    return [await pending, await caught(window.bridge.enableMic())];
  });
  expect(codes).toEqual(['destroyed', 'destroyed']);
});

test('a bridge that follows another on the same frame takes over', async ({ visit }) => {
  await visit.open();
  const value = await visit.page.evaluate(async () => {
    // as React mounts twice while developing
    const element = document.querySelector('iframe');
    window.bridge.destroy();
    new MeetIframeBridge({ element }).destroy();
    const last = new MeetIframeBridge({ element });
    return last.call('echo' as never, 'here' as never) as Promise<unknown>;
  });
  expect(value).toBe('here');
});

test('a frame that is loaded anew answers again, and open calls fail', async ({ visit }) => {
  await visit.open();
  await call(visit.page, 'echo');
  const lost = call(visit.page, 'never');
  await expect.poll(() => visit.inFrame('calls')).toContain('never');
  await visit.inFrame('location.reload()').catch(() => {});
  await expect(lost).resolves.toBe('connection_failed');
  expect(await call(visit.page, 'echo', 2)).toBe(2);
});

test('a frame that goes to another address is followed', async ({ visit }) => {
  const host = await visit.open();
  await call(visit.page, 'echo');
  await visit.page.evaluate((src) => {
    document.querySelector('iframe')!.src = src;
  }, host.frame('room=other&late'));
  await visit.page.frames()[1]!.waitForURL(/room=other/);
  const value = call(visit.page, 'echo', 'new');
  await visit.inFrame('start()');
  expect(await value).toBe('new');
});

test('two bridges with two frames do not mix', async ({ visit }) => {
  const host = await visit.open('session=one');
  const values = await visit.page.evaluate(async (src) => {
    const other = document.createElement('iframe');
    other.src = src;
    document.body.append(other);
    const second = new MeetIframeBridge({ element: other });
    const heard: unknown[] = [];
    second.on('newPeer', (data) => heard.push(data));
    const both = await Promise.all([window.bridge.call('echo' as never, 1 as never), second.call('echo' as never, 2 as never)]);
    return [both, heard];
  }, host.frame('session=two'));
  expect(values).toEqual([[1, 2], []]);
  await visit.inFrame("tell('newPeer', { peerId: 'p' })");
  await expect.poll(() => visit.page.evaluate('seen.map((one) => one.event)')).toEqual(['newPeer']);
});

test('a bridge takes up where an earlier one ended, each event once', async ({ visit }) => {
  await visit.open();
  await call(visit.page, 'echo');
  for (const peer of ['a', 'b', 'c']) await visit.inFrame(`tell('newPeer', { peerId: '${peer}' })`);
  await expect.poll(() => visit.page.evaluate('bridge.lastEvent')).toBe(3);
  const missed = await visit.page.evaluate(async () => {
    window.bridge.destroy();
    const next = new MeetIframeBridge({ element: '#meetframe', resumeFrom: 1 });
    const heard: string[] = [];
    next.on('newPeer', ({ peerId }, { n }) => heard.push(`${n} ${peerId}`));
    await next.call('echo' as never);
    return heard;
  });
  expect(missed).toEqual(['2 b', '3 c']);
});

test('listening can be ended, and a listener that throws harms no other', async ({ visit }) => {
  visit.watch.expect(/uncaught: Error: mine/);
  await visit.open();
  await call(visit.page, 'echo');
  await visit.page.evaluate(() => {
    const told = Object.assign(window, { told: [] as string[] }).told;
    const note = (name: string) => () => void told.push(name);
    window.bridge.on('newPeer', () => {
      throw new Error('mine');
    });
    window.bridge.once('newPeer', note('once'));
    window.bridge.on('newPeer', note('always'));
    window.bridge.on('newPeer', note('ended'))();
    const off = note('off');
    window.bridge.on('newPeer', off);
    window.bridge.off('newPeer', off);
  });
  await visit.inFrame("tell('newPeer', {}); tell('newPeer', {})");
  await expect.poll(() => visit.page.evaluate('told')).toEqual(['once', 'always', 'always']);
});

test('the seed’s spelling of an event is heard, too [event.errorGetCamera]', async ({ visit }) => {
  await visit.open();
  await call(visit.page, 'echo');
  const heard = visit.page.evaluate(() => new Promise((done) => window.bridge.on('nerrorGetCamera', done)));
  await visit.inFrame("tell('errorGetCamera', { peerId: 'p', code: 'device_denied' })");
  expect(await heard).toMatchObject({ peerId: 'p' });
});

test('a frame that never answers is told of once, with the way out', async ({ visit }) => {
  visit.watch.expect(/\[meetframe\] the frame .* does not answer .*embed_origins/);
  const host = await visit.open('silent', 'connectTimeout: 300');
  expect(await call(visit.page, 'enableMic')).toBe('connection_failed');
  const seen = await visit.page.evaluate(() => window.seen);
  expect(seen).toMatchObject([{ event: 'connectionFailed', data: { message: expect.stringContaining(host.origin) } }]);
});

test('a frame of another origin than expected is told of', async ({ visit }) => {
  visit.watch.expect(/\[meetframe\] the frame shows .* was expected/, /Failed to execute 'postMessage'/);
  await visit.open('', "origin: 'https://meet.example.org'");
  expect(await call(visit.page, 'enableMic')).toBe('connection_failed');
});

test('what is no iframe is told of, and calls fail', async ({ visit }) => {
  visit.watch.expect(/\[meetframe\] MeetIframeBridge needs \{ element: <iframe> \}/);
  await visit.open();
  const [code, event] = await visit.page.evaluate(async () => {
    const wrong = new MeetIframeBridge({ element: document.getElementById('nowhere') as never });
    const failed = new Promise((done) => wrong.on('connectionFailed', (_, { event }) => done(event)));
    return [await wrong.enableMic().catch((error) => error.code), await failed];
  });
  expect([code, event]).toEqual(['connection_failed', 'connectionFailed']);
});

test('messages of other windows are no sign of the frame', async ({ visit }) => {
  await visit.open('late');
  await visit.page.evaluate(() => window.postMessage({ meetframe: 'here', version: 1 }, '*'));
  expect(await visit.page.evaluate('bridge.connected')).toBe(false);
  await visit.inFrame('start()');
  expect(await call(visit.page, 'echo', 1)).toBe(1);
});

test('a sandboxed frame without an origin of its own is driven, too', async ({ visit }) => {
  await visit.open('', '', 'allow-scripts');
  expect(await call(visit.page, 'echo', 'inside')).toBe('inside');
});

test('library and frame say what they know', async ({ visit }) => {
  await visit.open('late');
  const known = (): Promise<unknown> =>
    visit.page.evaluate(() => ['setBitrate', 'nerrorGetCamera', 'nothing'].map((name) => window.bridge.supported(name)));
  expect(await known()).toEqual([true, true, false]);
  await visit.inFrame('start()');
  await call(visit.page, 'echo');
  expect(await known()).toEqual([false, false, false]);
  const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'packages/bridge/package.json'), 'utf8'));
  expect(await visit.page.evaluate(() => [window.bridge.supported(), MeetIframeBridge.supported(), window.bridge.version])).toEqual([true, true, version]);
});

test('the queue has an end', async ({ visit }) => {
  await visit.open('late');
  const code = await visit.page.evaluate(() => {
    for (let index = 0; index < 1_000; index += 1) window.bridge.method({ name: 'echo' as never });
    return window.bridge.call('echo' as never).catch((error) => error.code);
  });
  expect(code).toBe('not_ready');
});

test('the library is small', () => {
  const source = fs.readFileSync(path.join(ROOT, 'public/meetBridgeApi.js'));
  expect(gzipSync(source).length).toBeLessThan(8 * 1024);
});
