// Cameras that give less than was asked for: their whole picture arrives.
import { expect, test } from '../fixtures/test.ts';

/** Has the page's camera give pictures of this size, whatever is asked for. */
function small([width, height]: [number, number]): void {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wishes = {}) => {
    const size = { width: { exact: width }, height: { exact: height } };
    return real({ ...wishes, ...(wishes.video && { video: size }) });
  };
}

for (const [name, size] of [
  ['an old webcam', [640, 480]],
  ['a tiny one', [320, 240]],
] as const) {
  test(`the picture of ${name} (${size.join('×')}) arrives whole`, async ({ people, room }) => {
    const ann = await people.arrive();
    await ann.page.addInitScript(small, [...size] as [number, number]);
    await ann.enter('Ann', { room, microphone: false });
    const ben = await people.join('Ben', { room, camera: false, microphone: false });
    const picture = ben.meeting.tile('Ann').locator('video');
    const seen = () => picture.evaluate((video: HTMLVideoElement) => [video.videoWidth, video.videoHeight]);
    await expect.poll(seen, { timeout: 20_000 }).toEqual(size);
  });
}
