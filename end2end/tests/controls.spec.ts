// Microphone, camera and device choice during a meeting.
import { OTHER_CAMERA } from '../fixtures/browser.ts';
import { expectHears, expectSees } from '../fixtures/expectations.ts';
import type { Person } from '../fixtures/people.ts';
import { received, tileStream } from '../fixtures/probe.ts';
import { expect, test } from '../fixtures/test.ts';

/** Waits until so many seconds of sound or silence were played. */
async function playedUntil(person: Person, seconds: number): Promise<void> {
  await expect
    .poll(async () => (await received(person.page)).audioSeconds)
    .toBeGreaterThan(seconds);
}

test('the camera goes off and on', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, microphone: false });
  const ben = await people.join('Ben', { room, microphone: false });
  await expectSees(ben, 'Ann');
  await ann.meeting.control('Turn camera off').click();
  await expect(ben.meeting.tile('Ann')).toHaveAttribute('data-camera', 'off');
  await expect(ben.meeting.tile('Ann')).toHaveAttribute('data-picture', 'false');
  await ann.meeting.control('Turn camera on').click();
  await expectSees(ben, 'Ann');
  await expect(ben.meeting.tile('Ann')).toHaveAttribute('data-camera', 'on');
});

test('the microphone goes off and on', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, camera: false });
  const ben = await people.join('Ben', { room, camera: false, microphone: false });
  await expectHears(ben);
  await ann.meeting.control('Turn microphone off').click();
  await expect(ben.meeting.tile('Ann')).toHaveAttribute('data-microphone', 'off');
  await expect(ann.meeting.tile('Ann (you)')).toHaveAttribute('data-microphone', 'off');
  await expect(ben.meeting.tile('Ann')).not.toHaveAttribute('data-speaking', 'true');
  // what was on its way is played out and fades within half a second
  const off = await received(ben.page);
  await playedUntil(ben, off.audioSeconds + 0.5);
  // the longest pause between sentences passes, and more, without a sound
  const before = await received(ben.page);
  await playedUntil(ben, before.audioSeconds + 4);
  expect((await received(ben.page)).audioEnergy - before.audioEnergy).toBeLessThan(0.000_1);
  await ann.meeting.control('Turn microphone on').click();
  await expect(ben.meeting.tile('Ann')).toHaveAttribute('data-microphone', 'on');
  await expectHears(ben);
});

test('who speaks while muted is told so', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, camera: false });
  const hint = ann.page.getByText('You are speaking, but your microphone is off.');
  await ann.meeting.control('Turn microphone off').click();
  await expect(hint).toBeVisible();
  await ann.meeting.control('Turn microphone on').click();
  await expect(hint).toBeHidden();
});

test('who joined with nothing on can switch both on later', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, microphone: false, camera: false });
  const ben = await people.join('Ben', { room, microphone: false, camera: false });
  await expect(ben.meeting.tile('Ann')).toHaveAttribute('data-camera', 'off');
  await ann.meeting.control('Turn camera on').click();
  await ann.meeting.control('Turn microphone on').click();
  await expectSees(ben, 'Ann');
  await expectHears(ben);
});

test('another camera is chosen on the fly', async ({ people, room }) => {
  const ann = await people.join('Ann', { room });
  const ben = await people.join('Ben', { room, camera: false });
  await expectSees(ben, 'Ann');
  await ann.meeting.control('Settings').click();
  const cameras = ann.meeting.settings.getByRole('combobox', { name: 'Camera' });
  await cameras.selectOption({ label: OTHER_CAMERA });
  await ann.meeting.settings
    .getByRole('combobox', { name: 'Microphone' })
    .selectOption({ label: 'Fake Audio Input 2' });
  await ann.page.keyboard.press('Escape');
  await expect(ann.meeting.settings).toBeHidden();
  await expectSees(ben, 'Ann');
  await expectHears(ben);
  const labels = await ann.page.evaluate(() =>
    window.probe.connections.flatMap((connection) =>
      connection.getSenders().flatMap((sender) => sender.track?.label ?? []),
    ),
  );
  expect(labels.sort()).toEqual(['Fake Audio Input 2', OTHER_CAMERA]);
});

test('an unplugged camera is replaced and announced', async ({ people, room }) => {
  const ann = await people.arrive();
  await ann.page.addInitScript(simulateUnplugging, ['fake_device_0', OTHER_CAMERA]);
  await ann.enter('Ann', { room, microphone: false });
  const ben = await people.join('Ben', { room, camera: false, microphone: false });
  await expectSees(ben, 'Ann');
  const label = await ann.page.evaluate(() => window.unplugCamera());
  await expect(ann.page.getByText(`The camera is gone. Now in use: ${OTHER_CAMERA}`)).toBeVisible();
  await expectSees(ben, 'Ann');
  expect(label).toBe('fake_device_0');
});

test('the arriving picture fits the size of its tile', async ({ people, room }) => {
  await people.join('Ann', { room, microphone: false });
  const ben = await people.join('Ben', { room, camera: false, microphone: false });
  await expectSees(ben, 'Ann');
  await ben.page.setViewportSize({ width: 320, height: 240 });
  await expect
    .poll(async () => (await tileStream(ben.meeting.video('Ann'))).width, { timeout: 15_000 })
    .toBeLessThan(400);
});

declare global {
  interface Window {
    /** Pulls the camera in use out; returns its label. */
    unplugCamera(): string;
  }
}

/** Chromium's fake cameras cannot be pulled out. So the page sees what it
 * would see then: the track ends, the list is shorter, `devicechange` comes. */
function simulateUnplugging(cameras: string[]): void {
  const devices = navigator.mediaDevices;
  const gone = new Set<string>();
  const live: MediaStreamTrack[] = [];
  const list = devices.enumerateDevices.bind(devices);
  const open = devices.getUserMedia.bind(devices);
  devices.enumerateDevices = async () =>
    (await list()).filter(
      ({ kind, deviceId, label }) =>
        kind !== 'videoinput' || !label || (!gone.has(deviceId) && cameras.includes(label)),
    );
  devices.getUserMedia = async (constraints) => {
    const stream = await open(await withoutGone(constraints));
    live.push(...stream.getVideoTracks());
    return stream;
  };
  // the browser takes another camera for one that is gone
  const withoutGone = async (constraints?: MediaStreamConstraints) => {
    if (gone.size === 0 || !constraints?.video) return constraints;
    const wishes = constraints.video === true ? {} : constraints.video;
    if (gone.has(exactly(wishes.deviceId) ?? '')) {
      throw new DOMException('Requested device not found', 'NotFoundError');
    }
    const other = (await devices.enumerateDevices()).find((one) => one.kind === 'videoinput');
    const deviceId = exactly(wishes.deviceId) ?? other?.deviceId ?? '';
    return { ...constraints, video: { ...wishes, deviceId: { exact: deviceId } } };
  };
  const exactly = (id?: ConstrainDOMString): string | undefined =>
    typeof id === 'object' && 'exact' in id ? String(id.exact) : undefined;
  window.unplugCamera = () => {
    const track = live.findLast((candidate) => candidate.readyState === 'live');
    if (!track) throw new Error('no camera is in use');
    gone.add(track.getSettings().deviceId ?? '');
    track.stop();
    track.dispatchEvent(new Event('ended'));
    devices.dispatchEvent(new Event('devicechange'));
    return track.label;
  };
}
