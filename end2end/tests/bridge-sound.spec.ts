// How loud the others come out of the browser, as the page around says.
import { test } from '../fixtures/bridge-host.ts';
import { AUDIBLE, OutputSound } from '../fixtures/output-sound.ts';
import { expect } from '../fixtures/test.ts';

test.use({ launchOptions: AUDIBLE });

test('the sound that comes out is as loud as the page says, and silent when it says so [method.setVolume] [method.muteAudio] [method.unmuteAudio]', async ({
  embed,
  people,
  room,
  server,
}) => {
  test.setTimeout(180_000);
  const ann = await embed({ room, query: 'nameScreenDisabled=true&displayName=Ann' });
  await ann.join(false, false);
  await people.join('Ben', { room, camera: false });
  await ann.event('switchOnMic', { displayName: 'Ben' });
  const sound = await OutputSound.of(ann.person, `${server.origin}/`);
  // the voice is given out as soon as it is there
  let full = 0;
  await expect.poll(async () => (full = await sound.loudest()), { timeout: 60_000 }).toBeGreaterThan(0.02);
  // each time, what was on its way is heard out first
  const becomes = async (least: number, most: number): Promise<void> => {
    const part = async (): Promise<number> => (await sound.loudest()) / full;
    await expect.poll(async () => between(least, await part(), most), { timeout: 40_000 }).toBe(true);
  };
  expect(await ann.call('setVolume', 20)).toBe(true);
  await becomes(0.08, 0.35);
  expect(await ann.call('muteAudio')).toBe(true);
  await becomes(0, 0.001);
  expect(await ann.call('unmuteAudio')).toBe(true);
  await becomes(0.08, 0.35);
  expect(await ann.call('setVolume', 100)).toBe(true);
  await becomes(0.6, 1.7);
  expect(await ann.fails('setVolume', 101)).toBe('bad_data');
});

function between(least: number, value: number, most: number): boolean {
  return value >= least && value <= most;
}
