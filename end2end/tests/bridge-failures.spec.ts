// What fails says so: the call by its code, each time anew, and the event that
// pages listen to which were written for the reference product.
import { type Driven, type Method, test } from '../fixtures/bridge-host.ts';
import { mint } from '../fixtures/mint.ts';
import type { Person } from '../fixtures/people.ts';
import type { MeetframeServer } from '../fixtures/server.ts';
import { expect } from '../fixtures/test.ts';

const DIRECT = 'nameScreenDisabled=true';
const MODERATOR = ['--role', 'moderator', '--name', 'Mo'];
const named = (name: string): string => `${DIRECT}&displayName=${name}`;

/** Where a private room asks for this PIN. */
async function privateRoom(server: MeetframeServer, pin: string): Promise<string> {
  const made = await fetch(`${server.origin}/api/private-rooms`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ pin, kind: 'call' }),
  });
  return ((await made.json()) as { roomId: string }).roomId;
}

/** How often a page was told of something. */
const count = ({ page }: Driven, name: string): Promise<number> =>
  page.evaluate((event) => window.seen.filter((one) => one.event === event).length, name);

for (const [screen, query] of [['with', 'displayName=Ann'], ['without', named('Ann')]] as const) {
  test(`what cannot be had fails each time, ${screen} a welcome screen [method.enableWebcam, method.enableMic, event.errorGetCamera, event.errorGetMic]`, async ({ embed, room }) => {
    const prepare = async ({ watch }: Person): Promise<void> => watch.expect(/Permissions policy violation/i);
    const ann = await embed({ room, query }, { allow: '', prepare });
    const code = 'blocked_by_embedder';
    if (screen === 'with') {
      // its preview has tried already, whether the page was there to hear of it or not
      await ann.frame.getByText('may not use camera and microphone').waitFor();
      await ann.call('state');
      await ann.forget();
    }
    for (const [method, event] of [['enableWebcam', 'errorGetCamera'], ['enableMic', 'errorGetMic']] as const) {
      for (let tries = 0; tries < 3; tries += 1) {
        expect(await ann.fails(method)).toBe(code);
        await ann.event(event, { code });
        expect(await count(ann, event), 'each failure is told once').toBe(0);
      }
    }
  });
}

test('a private room says what is wrong with the PIN [method.join, event.connectionError]', async ({ embed, server }) => {
  const room = await privateRoom(server, '4711');
  const ann = await embed({ room, query: named('Ann') });
  const constraints = { video: false, audio: false };
  const refused = async (pin: string | undefined, code: string): Promise<void> => {
    expect(await ann.fails('join', { constraints, ...(pin && { pin }) })).toBe(code);
    await ann.event('connectionError', { code });
  };
  await refused(undefined, 'pin_required');
  await refused('1111', 'pin_wrong');
  await refused('2222', 'pin_wrong');
  expect((await ann.call('state')).phase).toBe('pin');
  expect(await ann.call('join', { constraints, pin: '4711' })).toBe(true);
  await ann.event('join', { displayName: 'Ann' });
});

test('too many wrong PINs are told apart from a wrong one [method.join, event.connectionError]', async ({ embed, server }) => {
  const room = await privateRoom(server, '4711');
  const ann = await embed({ room, query: named('Ann') });
  await expect.poll(() => ann.fails('join', { pin: '0000' })).toBe('pin_limited');
  await ann.event('connectionError', { code: 'pin_limited' });
});

test('an event that has not started is told of, and joined when it does [method.join, event.connectionError]', async ({ embed, room, server }) => {
  const link = `${mint(server, '--room', room, '--claim', `startTime=${Date.now() + 6_000}`)}&${DIRECT}`;
  const ann = await embed({ room }, { link });
  const joined = ann.call('join', { constraints: { video: false, audio: false } });
  await ann.event('connectionError', { code: 'not_started' });
  expect((await ann.call('state')).phase).toBe('early');
  expect(await joined).toBe(true);
});

test('what is forbidden is told each time, whoever refuses it [method.enableMic, event.connectionError, event.errorGetMic]', async ({ embed, people, room, server }) => {
  const mo = await (await people.arrive()).open(mint(server, ...MODERATOR, '--room', room));
  await mo.prejoin.joinButton.click();
  await mo.meeting.toolbar.waitFor();
  const ann = await (await embed({ room, query: named('Ann') })).join(false, true);
  await mo.moderation.turn(/microphone/i);
  await ann.event('switchOffMic', { displayName: 'Ann' });
  await ann.forget();
  const forbidden = async (method: Method, data: undefined | string, ...events: string[]): Promise<void> => {
    for (let tries = 0; tries < 2; tries += 1) {
      expect(await ann.fails(method, data as never)).toBe('forbidden');
      for (const event of events) await ann.event(event as never, { code: 'forbidden' });
      expect(await ann.page.evaluate('seen.filter(({ event }) => event.includes("rror")).length')).toBe(0);
    }
  };
  await forbidden('enableMic', undefined, 'errorGetMic', 'connectionError');
  await forbidden('disableAllMics', undefined, 'connectionError');
  const peerId = await ann.id('Mo');
  await forbidden('remove', peerId, 'connectionError');
});

test('what the server refuses is told each time, though people are told once [event.connectionError]', async ({ embed, room, server }) => {
  const link = `${mint(server, ...MODERATOR, '--room', room)}&${DIRECT}`;
  const mo = await (await embed({ room }, { link })).join(false, false);
  mo.person.watch.expect(/server refused: NoSuchParticipant/);
  for (let tries = 0; tries < 3; tries += 1) {
    expect(await mo.fails('remove', 'nobody')).toBe('no_such_participant');
    await mo.event('connectionError', { code: 'no_such_participant' });
  }
  expect(await count(mo, 'connectionError')).toBe(0);
});

test('after the end nothing is switched on [method.enableShare, method.enableMic, method.enableWebcam]', async ({ embed, room }) => {
  const ann = await (await embed({ room, query: named('Ann') })).join(false, false);
  await ann.call('leave');
  await ann.event('left');
  for (const [method, event] of [['enableShare', 'errorGetShare'], ['enableMic', 'errorGetMic'], ['enableWebcam', 'errorGetCamera']] as const) {
    expect(await ann.fails(method)).toBe('not_joined');
    await ann.event(event, { code: 'not_joined' });
  }
  expect(await ann.call('isShareEnabled')).toBe(false);
  // and what was refused is not made up for
  await ann.call('join');
  expect([await ann.call('isMicroEnabled'), await ann.call('isCameraEnabled')]).toEqual([false, false]);
});

test('who leaves is told apart, also after coming back in the frame [event.connectionClosed]', async ({ embed, room }) => {
  const ann = await (await embed({ room, query: named('Ann') })).join(false, false);
  await ann.call('leave');
  await ann.event('left', { by: 'host' });
  await ann.meeting.rejoin.click();
  await ann.event('join');
  await ann.meeting.leave();
  await ann.event('left', { by: 'participant' });
});

test('a camera that nobody has is told of, and the usual one is taken [method.join, event.errorGetCamera]', async ({ embed, room }) => {
  const ann = await embed({ room, query: named('Ann') });
  const video = { deviceId: 'none', label: 'none', groupId: 'none', kind: 'video' };
  expect(await ann.call('join', { constraints: { video, audio: false } })).toBe(true);
  const missing = await ann.event('errorGetCamera', { code: 'device_not_found' });
  expect(missing.n).toBeLessThan((await ann.event('join')).n);
  expect(await ann.call('isCameraEnabled')).toBe(true);
});

test('a picture that never comes is given up [method.getScreenshotByPeerId]', async ({ embed, people, room }) => {
  const prepare = ({ page }: Person): Promise<void> =>
    page.routeWebSocket(/\/ws$/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((text) => {
        // nobody's video gets a place
        if (JSON.parse(String(text)).type !== 'slotAssigned') socket.send(text);
      });
    });
  const ann = await (await embed({ room, query: named('Ann') }, { prepare })).join(false, false);
  await people.join('Ben', { room });
  const ben = await ann.id('Ben');
  await ann.event('switchOnCamera', { peerId: ben });
  const both = await Promise.all([ann.fails('getScreenshotByPeerId', ben), ann.fails('getScreenshotByPeerId', ben)]);
  expect(both).toEqual(['no_video', 'no_video']);
});

test('the page in the frame goes elsewhere and comes back', async ({ embed, room }) => {
  const ann = await embed({ room, query: 'displayName=Ann' });
  await ann.event('readyToJoin');
  // a way within the application: no other document is loaded
  await ann.frame.getByRole('link').first().click();
  await expect.poll(() => ann.page.evaluate('bridge.connected')).toBe(false);
  expect(await ann.fails('state')).toBe('not_ready');
  await ann.forget();
  await ann.frame.evaluate(() => history.back());
  await ann.event('ready');
  expect((await ann.call('state')).phase).toBe('prejoin');
});

test('who is in the room when its page goes leaves it [event.connectionClosed]', async ({ embed, room }) => {
  const ann = await embed({ room, query: 'displayName=Ann' });
  await ann.event('readyToJoin');
  await ann.frame.evaluate(() => history.pushState(null, '', location.href));
  await ann.join(false, false);
  await ann.frame.evaluate(() => {
    const link = Object.assign(document.createElement('a'), { href: '/', textContent: 'away' });
    document.querySelector('main, body')!.append(link);
    link.click();
  });
  await ann.event('connectionClosed');
  expect((await ann.event('left')).data).toEqual({ reason: 'left', by: 'participant', canRejoin: true });
  await expect.poll(() => ann.page.evaluate('bridge.connected')).toBe(false);
});
