// The page around drives the participant's own devices.
import { chromiumWithoutDevices, OTHER_CAMERA, SHARED_TITLE, withBrowser, withName } from '../fixtures/browser.ts';
import { type Driven, test } from '../fixtures/bridge-host.ts';
import { expectSees } from '../fixtures/expectations.ts';
import type { Person } from '../fixtures/people.ts';
import { expect } from '../fixtures/test.ts';

/** The room's page enters at once. */
const DIRECT = 'nameScreenDisabled=true&displayName=Ann';

test('the page joins with the devices that it names [method.join, event.ready, event.readyToJoin, event.join, event.newPeer, event.peerClosed]', async ({ embed, people, room }) => {
  const ann = await embed({ room, query: DIRECT });
  await ann.event('readyToJoin');
  expect(await ann.call('join', { constraints: { video: true, audio: false } })).toBe(true);
  const { data } = await ann.event('join');
  expect(data).toEqual({ peerId: expect.any(String), displayName: 'Ann' });
  const ben = await people.join('Ben', { room });
  const came = await ann.event('newPeer', { displayName: 'Ben' });
  await expectSees(ben, 'Ann');
  const carl = await people.join('Carl', { room });
  await ann.event('newPeer', { displayName: 'Carl' });
  await expect(ben.meeting.tile('Ann')).toHaveAttribute('data-camera', 'on');
  expect(await ann.call('isMicroEnabled')).toBe(false);
  await carl.meeting.leave();
  await ann.event('peerClosed', { displayName: 'Carl' });
  await ben.meeting.leave();
  const gone = await ann.event('peerClosed', { displayName: 'Ben' });
  expect(gone.data.peerId).toBe(came.data.peerId);
  expect(gone.n).toBeGreaterThan(came.n);
});

test('the page joins with one camera of several, by its name [method.join]', async ({ embed, room }) => {
  const ann = await embed({ room, query: DIRECT });
  const video = { deviceId: 'an id of another origin', label: OTHER_CAMERA, groupId: '', kind: 'video' };
  expect(await ann.call('join', { constraints: { video, audio: true } })).toBe(true);
  await expect.poll(() => cameraInUse(ann)).toBe(OTHER_CAMERA);
  expect(await ann.call('isMicroEnabled')).toBe(true);
});

test('what is called before joining is what is joined with [method.disableMic, method.enableWebcam]', async ({ embed, people, room }) => {
  const ann = await embed({ room, query: DIRECT });
  expect(await ann.call('disableMic')).toBe(true);
  expect(await ann.call('enableWebcam')).toBe(true);
  await ann.call('join');
  const ben = await people.join('Ben', { room });
  await expectSees(ben, 'Ann');
  expect(await ann.call('isMicroEnabled')).toBe(false);
});

test('the microphone goes on and off [method.enableMic, method.disableMic, method.isMicroEnabled, event.switchOnMic, event.switchOffMic]', async ({ embed, people, room }) => {
  const ann = await (await embed({ room, query: DIRECT })).join(false, false);
  const ben = await people.join('Ben', { room, microphone: false });
  expect(await ann.call('isMicroEnabled')).toBe(false);
  expect(await ann.call('enableMic')).toBe(true);
  await ann.event('switchOnMic', { displayName: 'Ann' });
  expect(await ann.call('isMicroEnabled')).toBe(true);
  await expect(ben.meeting.tile('Ann').getByText('Microphone off')).toHaveCount(0);
  expect(await ann.call('disableMic')).toBe(true);
  await ann.event('switchOffMic', { displayName: 'Ann' });
  expect(await ann.call('isMicroEnabled')).toBe(false);
  await ben.meeting.control(/^Turn microphone on|^Unmute/).click();
  await ann.event('switchOnMic', { displayName: 'Ben' });
  await ben.meeting.control(/^Turn microphone off|^Mute/).click();
  await ann.event('switchOffMic', { displayName: 'Ben' });
});

test('the camera goes on and off [method.enableWebcam, method.disableWebcam, method.isCameraEnabled, event.switchOnCamera, event.switchOffCamera]', async ({ embed, people, room }) => {
  const ann = await (await embed({ room, query: DIRECT })).join(false, false);
  const ben = await people.join('Ben', { room, camera: false });
  expect(await ann.call('isCameraEnabled')).toBe(false);
  expect(await ann.call('enableWebcam')).toBe(true);
  await ann.event('switchOnCamera', { displayName: 'Ann' });
  expect(await ann.call('isCameraEnabled')).toBe(true);
  await expectSees(ben, 'Ann');
  expect(await ann.call('disableWebcam')).toBe(true);
  await ann.event('switchOffCamera', { displayName: 'Ann' });
  expect(await ann.call('isCameraEnabled')).toBe(false);
  await expect(ben.meeting.tile('Ann')).toHaveAttribute('data-camera', 'off');
  await ben.meeting.control(/^Turn camera on/).click();
  await ann.event('switchOnCamera', { displayName: 'Ben' });
});

test('the camera changes while the meeting runs [method.changeDevice]', async ({ embed, people, room }) => {
  const ann = await (await embed({ room, query: DIRECT })).join(true, true);
  const ben = await people.join('Ben', { room });
  expect(await cameraInUse(ann)).not.toBe(OTHER_CAMERA);
  const { cameras } = await ann.call('state');
  const other = cameras.find(({ label }) => label === OTHER_CAMERA);
  expect(await ann.call('changeDevice', { constraints: { video: other! } })).toBe(true);
  await expect.poll(() => cameraInUse(ann)).toBe(OTHER_CAMERA);
  await expectSees(ben, 'Ann');
  const unknown = { deviceId: 'none', label: 'none', groupId: 'none', kind: 'video' };
  expect(await ann.fails('changeDevice', { constraints: { video: unknown } })).toBe('device_not_found');
  expect(await ann.fails('changeDevice', { constraints: {} as never })).toBe('bad_data');
  expect(await cameraInUse(ann)).toBe(OTHER_CAMERA);
});

test('the microphone changes while the meeting runs [method.changeDevice]', async ({ embed, people, room }) => {
  const ann = await (await embed({ room, query: DIRECT })).join(false, true);
  await people.join('Ben', { room, camera: false });
  const first = await inUse(ann, 'audio');
  const { microphones } = await ann.call('state');
  const other = microphones.find(({ label, deviceId }) => label !== first && deviceId !== 'default');
  // the id alone is enough
  const audio = { deviceId: other!.deviceId } as NonNullable<typeof other>;
  expect(await ann.call('changeDevice', { constraints: { audio } })).toBe(true);
  await expect.poll(() => inUse(ann, 'audio')).toBe(other?.label);
});

test('a click on the page shares the screen [method.enableShare, method.disableShare, method.isShareEnabled, event.switchOnShare, event.switchOffShare]', async ({ embed, people, room }) => {
  const ann = await (await embed({ room, query: DIRECT })).join();
  const ben = await people.join('Ben', { room });
  await openDocument(ann);
  expect(await ann.call('isShareEnabled')).toBe(false);
  await ann.click('enableShare');
  await ann.event('switchOnShare', { displayName: 'Ann' });
  await expect(ann.page.locator('#act')).toHaveAttribute('title', 'true');
  expect(await ann.call('isShareEnabled')).toBe(true);
  await expectSees(ben, 'Ann', 'screen');
  expect(await ann.call('disableShare')).toBe(true);
  await ann.event('switchOffShare', { displayName: 'Ann' });
  expect(await ann.call('isShareEnabled')).toBe(false);
  await expect(ben.meeting.tile('Ann', 'screen')).toHaveCount(0);
});

test('a share that is cancelled is told of [event.errorGetShare]', async ({ embed, room }) => {
  const prepare = (person: Person): Promise<unknown> =>
    person.page.addInitScript(() => {
      navigator.mediaDevices.getDisplayMedia = () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
    });
  const ann = await (await embed({ room, query: DIRECT }, { prepare })).join(false, false);
  expect(await ann.fails('enableShare')).toBe('cancelled');
  await ann.event('errorGetShare', { displayName: 'Ann', code: 'cancelled' });
  expect(await ann.call('isShareEnabled')).toBe(false);
});

test('a denied camera and microphone are told of [event.errorGetCamera, event.errorGetMic]', async ({ embed, room }) => {
  const ann = await embed({ room, query: DIRECT }, { permissions: [] });
  const { camera, microphone } = await ann.call('diagnose');
  const denied = { state: 'denied', fix: expect.stringContaining('settings') };
  expect([camera, microphone]).toEqual([denied, denied]);
  const alias = ann.page.evaluate(() => new Promise((done) => window.bridge.on('nerrorGetCamera', done)));
  expect(await ann.fails('enableWebcam')).toBe('device_denied');
  expect(await alias).toMatchObject({ peerId: null, displayName: 'Ann', code: 'device_denied' });
  await ann.event('errorGetCamera', { code: 'device_denied' });
  expect(await ann.fails('enableMic')).toBe('device_denied');
  await ann.event('errorGetMic', { code: 'device_denied' });
  expect(await ann.call('join', { constraints: { video: true, audio: true } })).toBe(true);
  expect(await ann.call('isCameraEnabled')).toBe(false);
});

test('a busy camera is told of, and tried again [event.errorGetCamera]', async ({ embed, room }) => {
  const prepare = (person: Person): Promise<unknown> =>
    person.page.addInitScript(() => {
      const devices = navigator.mediaDevices;
      const native = devices.getUserMedia.bind(devices);
      devices.getUserMedia = (wanted) =>
        wanted?.video && !('free' in window)
          ? Promise.reject(new DOMException('Could not start video source', 'NotReadableError'))
          : native(wanted);
    });
  const ann = await (await embed({ room, query: DIRECT }, { prepare })).join(false, false);
  expect(await ann.fails('enableWebcam')).toBe('device_busy');
  await ann.event('errorGetCamera', { displayName: 'Ann', code: 'device_busy' });
  await ann.frame.evaluate('window.free = true');
  expect(await ann.call('enableWebcam')).toBe(true);
});

test('a frame without the allow list says which line is missing [event.errorGetCamera]', async ({ embed, room }) => {
  const prepare = async ({ watch }: Person): Promise<void> =>
    watch.expect(/Permissions policy violation/i);
  const ann = await embed({ room, query: DIRECT }, { allow: '', prepare });
  expect(await ann.fails('enableWebcam')).toBe('blocked_by_embedder');
  const { camera, microphone } = await ann.call('diagnose');
  expect([camera.state, microphone.state]).toEqual(['blocked_by_embedder', 'blocked_by_embedder']);
  expect(camera.fix).toMatch(/^allow="camera; microphone; display-capture/);
});

test('where nothing is missing, nothing is to be mended', async ({ embed, room }) => {
  const ann = await (await embed({ room, query: DIRECT })).join();
  const found = Object.entries(await ann.call('diagnose')).map(([name, { state, fix }]) => [name, state, fix]);
  expect(found.filter(([name]) => name !== 'autoplay').every(([, state, fix]) => state === 'ok' && !fix), JSON.stringify(found)).toBe(true);
});

test('no devices, sound that waits, and an address without HTTPS are told apart [event.playingAudioPrevent]', async ({ embed, people, room, server }) => {
  await people.join('Ben', { room, camera: false });
  // what the tests do in a page counts as clicks, which real browsers wait for
  const prepare = ({ page }: Person): Promise<unknown> =>
    page.addInitScript(() => {
      HTMLAudioElement.prototype.play = () => Promise.reject(new DOMException('no click', 'NotAllowedError'));
    });
  await withBrowser(withName(chromiumWithoutDevices()), async (browser) => {
    const states = async (driven: Driven): Promise<string[]> => {
      const { camera, microphone, 'display-capture': share } = await driven.call('diagnose');
      return [camera.state, microphone.state, share.state];
    };
    const bare = await embed({ room, query: DIRECT }, { browser, prepare });
    for (const [method, event] of [['enableWebcam', 'errorGetCamera'], ['enableMic', 'errorGetMic']] as const) {
      expect(await bare.fails(method)).toBe('device_not_found');
      await bare.event(event, { code: 'device_not_found' });
    }
    expect(await states(bare)).toEqual(['no_device', 'no_device', 'ok']);
    await bare.join(false, false);
    await bare.event('playingAudioPrevent');
    const { autoplay } = await bare.call('diagnose');
    expect(autoplay).toEqual({ state: 'autoplay_blocked', fix: expect.stringContaining('playAudio') });
    const origin = `http://meet.test:${server.port}`;
    const open = await embed({ room, query: DIRECT }, { browser, origin, permissions: [] });
    expect(await states(open)).toEqual(Array(3).fill('insecure_context'));
    expect((await open.call('diagnose')).camera.fix).toContain('https://');
    for (let tries = 0; tries < 2; tries += 1) {
      expect(await open.fails('enableMic')).toBe('insecure_context');
      await open.event('errorGetMic', { code: 'insecure_context' });
    }
    for (const { person } of [bare, open]) await person.vanish();
  });
});

/** The name of the camera whose picture is sent. */
const cameraInUse = (driven: Driven): Promise<string | undefined> => inUse(driven, 'video');

/** The name of the device whose track is sent. */
function inUse(driven: Driven, kind: 'audio' | 'video'): Promise<string | undefined> {
  return driven.frame.evaluate((wanted) => {
    const senders = window.probe.connections.flatMap((one) => one.getSenders());
    return senders.find(({ track }) => track?.kind === wanted && track.readyState === 'live')?.track?.label;
  }, kind);
}

/** The tab that is shared; it changes all the time. */
async function openDocument(driven: Driven): Promise<void> {
  const page = await driven.page.context().newPage();
  await page.setContent(`<!doctype html><title>${SHARED_TITLE}</title><h1>Figures</h1>
    <script>
      let n = 0;
      setInterval(() => { document.body.style.background = 'hsl(' + (n += 40) + ' 80% 50%)'; }, 100);
    </script>`);
  await driven.page.bringToFront();
}
