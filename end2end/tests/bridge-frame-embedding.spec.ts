// What the page around has to allow.
import { BridgeHost, page } from '../fixtures/bridge-host.ts';
import { pictureMoves } from '../fixtures/probe.ts';
import { MeetframeServer } from '../fixtures/server.ts';
import { expect } from '../fixtures/test.ts';
import { WireHost } from '../fixtures/wire-host.ts';
import { HIDDEN, test } from '../fixtures/wire-people.ts';
import { Meeting } from '../pages/meeting.ts';

test('a diagnosis names what the iframe lacks, and the line that mends it', async ({ host }) => {
  const good = await host('Ann');
  expect((await good.call('diagnose')).value).toMatchObject({
    camera: { state: 'ok' },
    microphone: { state: 'ok' },
    'display-capture': { state: 'ok' },
    fullscreen: { state: 'ok' },
    'screen-wake-lock': { state: 'ok' },
  });
  const bare = await host('Ben', '', { allow: '' });
  const fix = expect.stringMatching(/^allow="camera; microphone; display-capture/);
  const lacks = { state: 'blocked_by_embedder', fix };
  expect((await bare.call('diagnose')).value).toMatchObject({
    camera: lacks,
    microphone: lacks,
    'display-capture': lacks,
    fullscreen: lacks,
  });
  await bare.fails('blocked_by_embedder', 'enableWebcam');
});

test('a sandboxed frame with its own origin works as any', async ({ host }) => {
  const sandbox = 'allow-scripts allow-same-origin';
  const ann = await host('Ann', '', { sandbox });
  ann.person.watch.expect(/can escape its sandboxing/);
  await ann.join({ video: true, audio: true });
  expect(await ann.call('isCameraEnabled')).toEqual({ value: true });
});

test('a sandboxed frame without an origin joins, and says what the browser forbids', async ({
  people,
  room,
  server,
}) => {
  const person = await people.arrive();
  const source = `${server.origin}/call/?roomId=${room}&displayName=Ann&${HIDDEN}`;
  const ann = await WireHost.open(person, source, { sandbox: 'allow-scripts' });
  await ann.join();
  expect((await ann.call('diagnose')).value).toMatchObject({
    camera: { state: 'sandboxed', fix: expect.stringContaining('allow-same-origin') },
    microphone: { state: 'sandboxed' },
    'display-capture': { state: 'sandboxed' },
  });
  await ann.fails('blocked_by_embedder', 'enableWebcam');
  await ann.does('setLocale', 'de');
  const ben = await people.join('Ben', { room });
  expect(await pictureMoves(new Meeting(ann.content).video('Ben'))).toBe(true);
  await expect(ben.meeting.tile('Ann')).toBeVisible();
  await ann.close();
});

test('a page that the tenant does not list is answered nothing, even where it gets the frame shown', async ({
  people,
  room,
}) => {
  const server = await MeetframeServer.start(undefined, {
    MEETFRAME__TENANTS: '[{hostname="*",embed_origins=["https://lms.example.org"]}]',
  });
  const person = await people.arrive();
  person.watch.expect(/this page may not drive the meeting/, /the frame .* does not answer/);
  // a browser without this protection
  await person.page.route('**/call/**', async (route) => {
    const response = await route.fetch();
    const { 'content-security-policy': _, ...headers } = response.headers();
    await route.fulfill({ response, headers });
  });
  const src = `${server.origin}/call/?roomId=${room}&${HIDDEN}`;
  const library = `${server.origin}/meetBridgeApi.js`;
  const host = await BridgeHost.serve({ '/': page({ src, library, bridge: 'connectTimeout: 8000' }) });
  await person.page.goto(`${host.origin}/`);
  const frame = person.page.frameLocator('#meetframe');
  await frame.locator('body[data-hydrated]').waitFor({ state: 'attached' });
  await expect
    .poll(() => person.page.evaluate(() => window.seen.map(({ event }) => event)), { timeout: 20_000 })
    .toEqual(['connectionFailed']);
  await host.close();
  await server.dispose();
});
