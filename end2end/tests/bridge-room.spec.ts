// The page around sees, hears, pins and moderates the others, and learns how
// it ends; two and three participants.
import { type Driven, test } from '../fixtures/bridge-host.ts';
import { expectSees } from '../fixtures/expectations.ts';
import { mint } from '../fixtures/mint.ts';
import { MeetframeServer } from '../fixtures/server.ts';
import { expect } from '../fixtures/test.ts';

const DIRECT = 'nameScreenDisabled=true';
const MODERATOR = ['--role', 'moderator', '--name', 'Mo'];
const OFF = { camera: false, microphone: false };

const named = (name: string): string => `${DIRECT}&displayName=${name}`;

test('a picture of another’s video is not black, and changes [method.getScreenshotByPeerId]', async ({ embed, people, room }) => {
  const ann = await (await embed({ room, query: named('Ann') })).join(false, false);
  await people.join('Ben', { room });
  await people.join('Carl', { room, ...OFF });
  const ben = await ann.id('Ben');
  const first = await picture(ann, ben);
  expect(first.url).toMatch(/^data:image\/(jpeg|png|webp);base64,/);
  expect(Math.min(first.width, first.height)).toBeGreaterThan(100);
  expect(first.brightest - first.darkest).toBeGreaterThan(40);
  await expect.poll(async () => difference(first.pixels, (await picture(ann, ben)).pixels)).toBeGreaterThan(200);
  expect(await ann.fails('getScreenshotByPeerId', await ann.id('Carl'))).toBe('no_video');
  expect(await ann.fails('getScreenshotByPeerId', 'nobody')).toBe('no_such_participant');
});

test('the own video keeps to the bitrate of the page [method.setBitrate]', async ({ embed, people, room }) => {
  const ann = await (await embed({ room, query: named('Ann') })).join(true, false);
  const ben = await people.join('Ben', { room, ...OFF });
  await expectSees(ben, 'Ann');
  await expect.poll(() => videoTarget(ann), { timeout: 30_000 }).toBeGreaterThan(250_000);
  expect(await ann.call('setBitrate', 150_000)).toBe(true);
  await expect.poll(() => videoTarget(ann), { timeout: 20_000 }).toBeLessThanOrEqual(150_000);
  await expectSees(ben, 'Ann');
  expect(await ann.call('setBitrate', 0)).toBe(true);
  await expect.poll(() => videoTarget(ann), { timeout: 30_000 }).toBeGreaterThan(250_000);
  expect(await ann.fails('setBitrate', 'much' as never)).toBe('bad_data');
});

test('somebody is pinned, and who left cannot be [method.enablePin, method.disablePin, event.switchOnPin, event.switchOffPin, event.errorGetPin]', async ({ embed, people, room }) => {
  const ann = await (await embed({ room, query: named('Ann') })).join(false, false);
  await people.join('Ben', { room, ...OFF });
  const carl = await people.join('Carl', { room, ...OFF });
  const peerId = await ann.id('Carl');
  expect(await ann.call('enablePin', peerId)).toBe(true);
  await ann.event('switchOnPin', { peerId });
  await expect(ann.meeting.tile('Carl')).toHaveAttribute('data-stage', 'true');
  expect(await ann.call('disablePin')).toBe(true);
  await ann.event('switchOffPin');
  await ann.call('enablePin', peerId);
  await carl.meeting.leave();
  await ann.event('peerClosed', { peerId });
  await ann.event('switchOffPin');
  expect(await ann.fails('enablePin', peerId)).toBe('no_such_participant');
  await ann.event('errorGetPin', { peerId });
});

test('name, controls, indicators and language follow the page [method.changeDisplayName, method.setControlsVisible, method.setHideIndicators, method.setLocale]', async ({ embed, people, room }) => {
  const ann = await (await embed({ room, query: DIRECT })).join(false, false);
  const ben = await people.join('Ben', { room, ...OFF });
  expect(await ann.call('changeDisplayName', 'Tom')).toBe(true);
  await expect(ben.meeting.tile('Tom')).toBeVisible();
  expect(await ann.call('setControlsVisible', false)).toBe(true);
  await expect(ann.meeting.toolbar).toBeHidden();
  expect(await ann.call('setControlsVisible', true)).toBe(true);
  await expect(ann.meeting.toolbar).toBeVisible();
  const name = ann.meeting.tile('Ben').getByText('Ben', { exact: true });
  await expect(name).toBeVisible();
  expect(await ann.call('setHideIndicators', true)).toBe(true);
  await expect(name).toBeHidden();
  expect(await ann.call('setHideIndicators', false)).toBe(true);
  await expect(name).toBeVisible();
  expect(await ann.call('setLocale', 'ru')).toBe(true);
  await expect(ann.page.frameLocator('#meetframe').locator('html')).toHaveAttribute('lang', 'ru');
  expect(await ann.call('state')).toMatchObject({ locale: 'ru', phase: 'joined' });
  expect(await ann.fails('setLocale', 'tlh')).toBe('unsupported');
});

test('a click on the page fills the screen [method.enableFullscreen, method.disableFullscreen, method.isFullscreenEnabled]', async ({ embed, room }) => {
  const ann = await (await embed({ room, query: named('Ann') })).join(false, false);
  expect(await ann.call('isFullscreenEnabled')).toBe(false);
  await ann.click('enableFullscreen');
  await expect.poll(() => ann.call('isFullscreenEnabled')).toBe(true);
  await expect(ann.page.locator('#act')).toHaveAttribute('title', 'true');
  expect(await ann.call('disableFullscreen')).toBe(true);
  expect(await ann.call('isFullscreenEnabled')).toBe(false);
});

test('a moderator’s page turns one off, and all [method.disabledTrackByModerator, method.disableAllMics, method.disableAllCameras]', async ({ embed, people, room, server }) => {
  const link = `${mint(server, ...MODERATOR, '--room', room)}&${DIRECT}`;
  const mo = await (await embed({ room }, { link })).join(false, false);
  const ben = await people.join('Ben', { room });
  await people.join('Carl', { room });
  const userPeerId = await mo.id('Ben');
  await mo.event('switchOnMic', { displayName: 'Ben' });
  expect(await mo.call('disabledTrackByModerator', { userPeerId, kind: 'audio' })).toBe(true);
  await mo.event('switchOffMic', { peerId: userPeerId });
  expect(await mo.call('disabledTrackByModerator', { userPeerId, kind: 'video' })).toBe(true);
  await mo.event('switchOffCamera', { peerId: userPeerId });
  await expect(ben.meeting.tile('Ben (you)')).toHaveAttribute('data-camera', 'off');
  await mo.forget();
  expect(await mo.call('disableAllMics')).toBe(true);
  await mo.event('switchOffMic', { displayName: 'Carl' });
  expect(await mo.call('disableAllCameras')).toBe(true);
  await mo.event('switchOffCamera', { displayName: 'Carl' });
});

test('what a moderator forbids, the page cannot turn on [method.enableMic, event.connectionError]', async ({ embed, people, room, server }) => {
  const mo = await (await people.arrive()).open(mint(server, ...MODERATOR, '--room', room));
  await mo.prejoin.joinButton.click();
  await mo.meeting.toolbar.waitFor();
  const ann = await (await embed({ room, query: named('Ann') })).join(false, true);
  await mo.moderation.turn(/microphone/i);
  await ann.event('switchOffMic', { displayName: 'Ann' });
  expect(await ann.fails('enableMic')).toBe('forbidden');
});

test('people wait, write and raise hands', async ({ embed, people, room, server }) => {
  const link = `${mint(server, ...MODERATOR, '--hand', '--room', room)}&${DIRECT}`;
  const mo = await (await embed({ room }, { link })).join(false, false);
  expect(await mo.call('setWaitingRoom', true)).toBe(true);
  const ben = await (await people.arrive()).open(`/call/?roomId=${room}&displayName=Ben&handEnabled=true`);
  await ben.prejoin.joinButton.click();
  const { data } = await mo.event('waiting', { displayName: 'Ben' });
  expect(await mo.call('admit', String(data.peerId))).toBe(true);
  await mo.event('waitingGone', { displayName: 'Ben' });
  await mo.event('newPeer', { displayName: 'Ben' });
  await ben.meeting.openChat();
  await ben.meeting.say('Good morning');
  await mo.event('message', { text: 'Good morning', displayName: 'Ben' });
  expect(await mo.call('sendMessage', 'Hello, Ben')).toBe(true);
  await expect(ben.meeting.chat.getByText('Hello, Ben')).toBeVisible();
  expect(await mo.call('raiseHand')).toBe(true);
  await mo.event('handRaised', { displayName: 'Mo' });
  expect(await mo.call('lowerHand')).toBe(true);
  await mo.event('handLowered', { displayName: 'Mo' });
  const carl = await (await people.arrive()).open(`/call/?roomId=${room}&displayName=Carl`);
  carl.watch.expect(/The server refused: Rejected/);
  ben.watch.expect(/The server refused: Removed|removed/i);
  await carl.prejoin.joinButton.click();
  const third = await mo.event('waiting', { displayName: 'Carl' });
  expect(await mo.call('reject', String(third.data.peerId))).toBe(true);
  await mo.event('waitingGone', { displayName: 'Carl' });
  expect(await mo.call('remove', String(data.peerId))).toBe(true);
  await mo.event('peerClosed', { displayName: 'Ben' });
});

test('the page leaves, and hears of the one end [event.connectionClosed]', async ({ embed, people, room }) => {
  const ann = await (await embed({ room, query: named('Ann') })).join(false, false);
  const ben = await people.join('Ben', { room, ...OFF });
  expect(await ann.call('leave')).toBe(true);
  await ann.event('connectionClosed');
  expect((await ann.event('left')).data).toEqual({ reason: 'left', by: 'host', canRejoin: true });
  await expect(ben.meeting.tile('Ann')).toHaveCount(0);
  expect(await ann.fails('enablePin', 'somebody')).toBe('not_joined');
});

test('a server that goes away is told of, and the way back, too [event.disconnected, event.connectionFailed]', async ({ embed, room }) => {
  test.setTimeout(90_000);
  const own = await MeetframeServer.start();
  const ann = await (await embed({ room, query: named('Ann') }, { origin: own.origin })).join(false, false);
  ann.person.watch.expect(/WebSocket connection|ERR_CONNECTION/);
  await own.kill('SIGKILL');
  await ann.event('disconnected');
  await ann.event('connectionFailed');
  expect((await ann.call('state')).phase).toBe('reconnecting');
  await own.launch();
  await expect.poll(async () => (await ann.call('state')).phase, { timeout: 40_000 }).toBe('joined');
  await own.dispose();
});

interface Picture {
  url: string;
  width: number;
  height: number;
  darkest: number;
  brightest: number;
  /** Grey values of a small copy. */
  pixels: number[];
}

/** Takes a picture of somebody and decodes it. */
function picture(driven: Driven, peerId: string): Promise<Picture> {
  return driven.page.evaluate(async (id) => {
    const url = await window.bridge.getScreenshotByPeerId(id);
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [64, 48];
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0, 64, 48);
    const { data } = context.getImageData(0, 0, 64, 48);
    const pixels = Array.from({ length: 64 * 48 }, (_, i) => data[4 * i]! + data[4 * i + 1]! + data[4 * i + 2]!);
    const [darkest, brightest] = [Math.min(...pixels), Math.max(...pixels)];
    return { url, width: image.naturalWidth, height: image.naturalHeight, darkest, brightest, pixels };
  }, peerId);
}

function difference(one: number[], other: number[]): number {
  return one.reduce((sum, value, index) => sum + Math.abs(value - (other[index] ?? 0)), 0);
}

/** What the encoder of the camera aims at, in bits per second, all layers. */
function videoTarget(driven: Driven): Promise<number> {
  return driven.frame.evaluate(async () => {
    let sum = 0;
    for (const connection of window.probe.connections) {
      for (const report of (await connection.getStats()).values()) {
        if (report.type === 'outbound-rtp' && report.kind === 'video' && report.active) sum += report.targetBitrate ?? 0;
      }
    }
    return sum;
  });
}
