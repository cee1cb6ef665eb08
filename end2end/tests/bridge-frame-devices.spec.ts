// The participant’s own devices, by the wire.
import { pictureMoves } from '../fixtures/probe.ts';
import { expect } from '../fixtures/test.ts';
import { test } from '../fixtures/wire-people.ts';
import { Meeting } from '../pages/meeting.ts';

test('a page switches camera and microphone, and both pages are told [method.enableMic] [method.disableMic] [method.enableWebcam] [method.disableWebcam] [method.isCameraEnabled] [method.isMicroEnabled] [event.switchOnMic] [event.switchOffMic] [event.switchOnCamera] [event.switchOffCamera]', async ({
  host,
}) => {
  const [ann, ben] = [await host('Ann'), await host('Ben')];
  const annId = await ann.join();
  await ben.join();
  const who = { peerId: annId, displayName: 'Ann' };
  for (const [on, off, is, told, gone] of [
    ['enableWebcam', 'disableWebcam', 'isCameraEnabled', 'switchOnCamera', 'switchOffCamera'],
    ['enableMic', 'disableMic', 'isMicroEnabled', 'switchOnMic', 'switchOffMic'],
  ] as const) {
    expect(await ann.call(is)).toEqual({ value: false });
    await ann.does(on);
    expect(await ann.call(is)).toEqual({ value: true });
    expect((await ann.told(told)).data).toEqual(who);
    expect((await ben.told(told)).data).toEqual(who);
    if (on === 'enableWebcam') {
      expect(await pictureMoves(new Meeting(ben.content).video('Ann'))).toBe(true);
    }
    await ann.does(off);
    expect(await ann.call(is)).toEqual({ value: false });
    expect((await ann.told(gone)).data).toEqual(who);
    expect((await ben.told(gone)).data).toEqual(who);
  }
});

test('a share that is cancelled, forbidden by the page, or not after a click says so [event.errorGetShare]', async ({
  host,
}) => {
  const ann = await host('Ann');
  const annId = await ann.join();
  // what the browser says when its own question is answered with no, and when
  // nobody has clicked
  const browserSays = (name: string): Promise<void> =>
    ann.document.evaluate((error) => {
      const refused = (): Promise<never> => Promise.reject(new DOMException('', error));
      navigator.mediaDevices.getDisplayMedia = refused;
      Object.defineProperty(navigator, 'userActivation', { value: { isActive: false } });
    }, name);
  await browserSays('NotAllowedError');
  await ann.fails('cancelled', 'enableShare');
  expect((await ann.told('errorGetShare')).data).toMatchObject({
    peerId: annId,
    displayName: 'Ann',
    code: 'cancelled',
  });
  await ann.document.evaluate(() => {
    const refused = (): Promise<never> =>
      Promise.reject(new DOMException('', 'InvalidStateError'));
    navigator.mediaDevices.getDisplayMedia = refused;
  });
  await ann.fails('gesture_required', 'enableShare');
  await ann.told('errorGetShare', { code: 'gesture_required' });
  // a page whose click is under way asks again, and nothing has failed so far
  const before = await ann.names();
  expect((await ann.call('enableShare', undefined, true)).error?.code).toBe('gesture_required');
  await ann.does('setVolume', 100);
  expect(await ann.names()).toEqual(before);
  await expect(ann.content.getByRole('alert').getByText('shared')).toHaveCount(0);
  const bare = await host('Ben', '', { allow: 'camera; microphone' });
  bare.person.watch.expect(/display-capture/);
  await bare.join();
  await bare.fails('blocked_by_embedder', 'enableShare');
  await bare.told('errorGetShare', { code: 'blocked_by_embedder' });
});
