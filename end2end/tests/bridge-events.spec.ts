// What the page hears besides the reference product's events: connections,
// roles, recordings; and answers that come late.
import { BridgeHost, type Driven, test } from '../fixtures/bridge-host.ts';
import { mint } from '../fixtures/mint.ts';
import type { Person } from '../fixtures/people.ts';
import { expect } from '../fixtures/test.ts';

const DIRECT = 'nameScreenDisabled=true';
const named = (name: string): string => `${DIRECT}&displayName=${name}`;

test('a connection that is lost is told, before its participant is gone', async ({ embed, people, room }) => {
  const ann = await (await embed({ room, query: named('Ann') })).join(false, false);
  const ben = await people.arrive();
  let cut = (): void => {};
  let sockets = 0;
  await ben.page.routeWebSocket(/\/ws$/, (socket) => {
    sockets += 1;
    // after the first one nobody answers
    if (sockets > 1) return;
    const server = socket.connectToServer();
    cut = () => void socket.close().then(() => server.close());
  });
  await ben.enter('Ben', { room });
  const { data } = await ann.event('newPeer', { displayName: 'Ben' });
  cut();
  await ann.event('connectionQuality', { peerId: data.peerId, displayName: 'Ben', quality: 'lost' });
  const [lost] = (await ann.call('participants')).filter(({ me }) => !me);
  expect(lost).toMatchObject({ displayName: 'Ben', connected: false });
});

test('who is made a moderator is told, and so are the others', async ({ embed, people, room, server }) => {
  const mo = await (await people.arrive()).open(mint(server, '--role', 'moderator', '--name', 'Mo', '--room', room));
  await mo.prejoin.joinButton.click();
  await mo.meeting.toolbar.waitFor();
  const ann = await (await embed({ room, query: named('Ann') })).join(false, false);
  const ben = await (await embed({ room, query: named('Ben') })).join(false, false);
  const peerId = await ann.id('Ann');
  await mo.moderation.to('Ann', 'Make moderator');
  for (const page of [ann, ben]) {
    const { data } = await page.event('roleChanged', { role: 'moderator' });
    expect(data).toEqual({ peerId, displayName: 'Ann', role: 'moderator' });
  }
  expect(await ann.call('setWaitingRoom', true)).toBe(true);
});

test('a recording is told from the wish to the video', async ({ embed, room }) => {
  let say = (_recording: object | undefined): void => {};
  const prepare = async ({ page }: Person): Promise<void> => {
    await page.routeWebSocket(/\/ws$/, (socket) => {
      const server = socket.connectToServer();
      let last = 0;
      server.onMessage((text) => {
        const frame = JSON.parse(String(text)) as { n?: number; snapshot?: { lastEvent: number } };
        last = Math.max(last, frame.n ?? frame.snapshot?.lastEvent ?? 0);
        socket.send(text);
      });
      say = (recording) => {
        last += 1;
        const event = { kind: 'recordingChanged', recording };
        socket.send(JSON.stringify({ type: 'event', n: last, event }));
      };
    });
  };
  const ann = await (await embed({ room, query: named('Ann') }, { prepare })).join(false, false);
  expect(await ann.call('recording')).toBeNull();
  const states = [
    ['starting', 'recordingStarting'],
    ['recording', 'recordingStarted'],
    ['processing', 'recordingStopped'],
    ['ready', 'recordingReady'],
  ] as const;
  for (const [state, event] of states) {
    const recording = { id: 'r1', state, since: 1_700_000_000_000 };
    say(recording);
    expect((await ann.event(event)).data).toEqual(recording);
    expect(await ann.call('recording')).toEqual(recording);
  }
  say({ id: 'r2', state: 'failed', since: 1_700_000_000_000 });
  await ann.event('recordingFailed', { id: 'r2' });
  say(undefined);
  await expect.poll(() => ann.call('recording')).toBeNull();
  expect((await ann.call('state')).recording).toBeNull();
});

test('what is being asked is answered, though the page greets anew meanwhile', async ({ embed, room, server }) => {
  const link = `${mint(server, '--role', 'moderator', '--name', 'Mo', '--room', room)}&${DIRECT}`;
  const mo = await (await embed({ room }, { link })).join(false, false);
  await mo.call('setWaitingRoom', true);
  const zoe = await embed({ room, query: named('Zoe') });
  await zoe.event('readyToJoin');
  const joined = zoe.call('join', { constraints: { video: false, audio: false } });
  const { data } = await mo.event('waiting', { displayName: 'Zoe' });
  await resume(zoe);
  await resume(zoe);
  expect(await zoe.call('isMicroEnabled')).toBe(false);
  await mo.call('admit', String(data.peerId));
  expect(await joined).toBe(true);
});

test('a page that missed events gets each of them once, by their numbers [event.newPeer]', async ({ embed, people, room }) => {
  const ann = await (await embed({ room, query: named('Ann') })).join(false, false);
  await people.join('Ben', { room, camera: false, microphone: false });
  const came = await ann.event('newPeer', { displayName: 'Ben' });
  await ann.forget();
  await ann.page.evaluate((n) => void window.bridge.resumeFrom(n), came.n - 1);
  expect((await ann.event('newPeer', { displayName: 'Ben' })).n).toBe(came.n);
  const numbers = await ann.page.evaluate(() => window.seen.map(({ n }) => n));
  expect(numbers.filter((n) => n <= came.n)).toEqual([]);
});

test('the element shows a meeting, and its attributes drive it [method.changeDisplayName] [method.setLocale]', async ({ people, room, server }) => {
  const ann = await people.arrive();
  const host = await BridgeHost.serve({
    '/': `<!doctype html><html lang="en"><title>Element</title><link rel="icon" href="data:,">
      <script type="module" src="${server.origin}/meetFrame.mjs"></script>
      <meet-frame room-id="${room}" display-name="Ann" params="nameScreenDisabled=true"></meet-frame>`,
  });
  await ann.page.goto(`${host.origin}/`);
  const frame = ann.page.locator('meet-frame iframe').contentFrame();
  const call = (name: string): Promise<unknown> =>
    ann.page.evaluate((method) => {
      const { bridge } = document.querySelector('meet-frame') as unknown as { bridge: typeof window.bridge };
      return bridge.call(method as never) as Promise<unknown>;
    }, name);
  expect(await call('join')).toBe(true);
  const ben = await people.join('Ben', { room, camera: false });
  await expect(ben.meeting.tile('Ann')).toBeVisible();
  const set = (name: string, value: string): Promise<void> =>
    ann.page.evaluate(([key, text]) => document.querySelector('meet-frame')?.setAttribute(key, text), [name, value] as const);
  await set('display-name', 'Tom');
  await expect(ben.meeting.tile('Tom')).toBeVisible();
  await set('lang', 'de');
  await expect(frame.locator('html')).toHaveAttribute('lang', 'de');
  await host.close();
});

/** Greets the frame once more, as for events that were missed. */
async function resume({ page }: Driven): Promise<void> {
  await page.evaluate(() => void window.bridge.resumeFrom(window.bridge.lastEvent));
  await expect.poll(() => page.evaluate(() => window.bridge.connected)).toBe(true);
}
