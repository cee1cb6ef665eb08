// Calls of the library: their order, their limits, and that each of them ends.
import { call, expect, test, type Visit } from '../fixtures/bridge-visit.ts';

/** What the frame was asked, in order. */
const asked = ({ inFrame }: Visit): Promise<string[]> => inFrame<string[]>('calls');

/** Does something in a click on the page, and notes what becomes of calls. */
async function inClick({ page }: Visit, script: string): Promise<void> {
  await page.evaluate((code) => {
    const ended = Object.assign(window, { ended: [] as string[] }).ended;
    const note = (promise: Promise<unknown>): void => {
      promise.then((value) => ended.push(String(value)), (error) => ended.push(error.code));
    };
    document.getElementById('act')!.onclick = () => new Function('note', code)(note);
  }, script);
  await page.locator('#act').click();
}

test('a call that waits for its click keeps its place', async ({ visit }) => {
  await visit.open();
  await call(visit.page, 'echo');
  await inClick(visit, "note(bridge.enableShare()); note(bridge.call('echo', 'after'))");
  await expect.poll(() => visit.page.evaluate('ended')).toEqual(['true', 'after']);
  expect(await asked(visit)).toEqual(['echo', 'enableShare', 'echo']);
});

test('a call that waits for its click ends with the bridge', async ({ visit }) => {
  await visit.open();
  await call(visit.page, 'echo');
  await inClick(visit, 'note(bridge.enableShare()); bridge.destroy()');
  await expect.poll(() => visit.page.evaluate('ended')).toEqual(['destroyed']);
  expect(await asked(visit)).toEqual(['echo']);
});

test('a call whose click is still under way is repeated, and says so until the last time', async ({ visit }) => {
  await visit.open();
  await call(visit.page, 'echo');
  await visit.inFrame(`clicks = []; answer = ({ id, click }) => {
    clicks.push(click);
    port.postMessage({ type: 'result', id, error: { code: 'gesture_required', message: 'click' } });
  }; 0`);
  await inClick(visit, 'note(bridge.enableShare())');
  await expect.poll(() => visit.page.evaluate('ended')).toEqual(['gesture_required']);
  expect(await visit.inFrame('clicks')).toEqual([true, true, true, true, true, false]);
});

test('a limit counts from the call, whether the frame is there or not', async ({ visit }) => {
  await visit.open('late');
  expect(await call(visit.page, 'echo', 1, { timeout: 50 })).toBe('timeout');
  const waits = call(visit.page, 'echo', 2, { timeout: 60_000 });
  await visit.inFrame('start()');
  expect(await waits).toBe(2);
  expect(await asked(visit), 'what has ended is not sent').toEqual(['echo']);
});

test('what is asked for is not lost to events that come meanwhile', async ({ visit }) => {
  await visit.open();
  await call(visit.page, 'echo');
  for (const peer of ['a', 'b', 'c']) await visit.inFrame(`tell('newPeer', { peerId: '${peer}' })`);
  await expect.poll(() => visit.page.evaluate('bridge.lastEvent')).toBe(3);
  // the frame takes its time to greet, and things go on
  await visit.inFrame('slowly = greet; greet = (event) => { kept = event }; 0');
  await visit.page.evaluate('seen.length = 0; bridge.resumeFrom(1); 0');
  await expect.poll(() => visit.inFrame('typeof kept')).toBe('object');
  await visit.inFrame("tell('newPeer', { peerId: 'd' }); setTimeout(() => { greet = slowly; greet(kept) }); 0");
  await expect.poll(() => visit.page.evaluate('seen.map(({ n, data }) => n + data.peerId)')).toEqual(['2b', '3c', '4d']);
});

test('a frame that leaves the room’s page says so, and is heard when it comes back', async ({ visit }) => {
  await visit.open();
  await call(visit.page, 'echo');
  const lost = call(visit.page, 'never');
  await expect.poll(() => asked(visit)).toContain('never');
  await visit.inFrame("port.postMessage({ type: 'gone' })");
  expect(await lost).toBe('not_ready');
  expect(await visit.page.evaluate('bridge.connected')).toBe(false);
  expect(await call(visit.page, 'echo')).toBe('not_ready');
  await visit.inFrame("parent.postMessage({ meetframe: 'here', version: 1 }, '*')");
  await expect.poll(() => call(visit.page, 'echo', 3)).toBe(3);
});

test('who listens once need not listen at all', async ({ visit }) => {
  await visit.open();
  await call(visit.page, 'echo');
  await visit.page.evaluate(() => {
    const told = Object.assign(window, { told: [] as string[] }).told;
    const [never, once] = ['never', 'once'].map((name) => () => void told.push(name)) as [() => void, () => void];
    window.bridge.once('newPeer', never);
    window.bridge.off('newPeer', never);
    window.bridge.once('newPeer', once);
  });
  await visit.inFrame("tell('newPeer', {}); tell('newPeer', {})");
  await expect.poll(() => visit.page.evaluate('[told, bridge.lastEvent]')).toEqual([['once'], 2]);
});

test('what the library itself tells has no number of the frame', async ({ visit }) => {
  visit.watch.expect(/\[meetframe\] the frame .* does not answer/);
  await visit.open('silent', 'connectTimeout: 100');
  await expect.poll(() => visit.page.evaluate('seen.map(({ event, n }) => event + n)')).toEqual(['connectionFailed0']);
});
