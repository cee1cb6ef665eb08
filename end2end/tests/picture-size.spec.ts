// Cameras that give less than was asked for: their whole picture arrives.
import { smallCamera, type Size } from '../fixtures/small-camera.ts';
import { expect, test } from '../fixtures/test.ts';

for (const [name, size] of [
  ['an old webcam', [640, 480]],
  ['a tiny one', [320, 240]],
] as const) {
  test(`the picture of ${name} (${size.join('×')}) arrives whole`, async ({ people, room }) => {
    const ann = await people.arrive();
    await ann.page.addInitScript(smallCamera, [...size] as Size);
    await ann.enter('Ann', { room, microphone: false });
    const ben = await people.join('Ben', { room, camera: false, microphone: false });
    const picture = ben.meeting.tile('Ann').locator('video');
    const seen = () => picture.evaluate((video: HTMLVideoElement) => [video.videoWidth, video.videoHeight]);
    await expect.poll(seen, { timeout: 20_000 }).toEqual(size);
  });
}
