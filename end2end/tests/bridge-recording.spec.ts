// What the page hears of a real recording, from the wish to the video.
import { test } from '../fixtures/bridge-host.ts';
import { mint } from '../fixtures/mint.ts';
import { expect } from '../fixtures/test.ts';

/** A browser starts to record, and ffmpeg makes the video. */
const RECORDING_LIMIT_MS = 45_000;

test('the page starts and stops a recording and hears of each step [moderator.11]', async ({ embed, room, server }) => {
  test.setTimeout(150_000);
  const query = 'nameScreenDisabled=true';
  const link = `${mint(server, '--room', room, '--role', 'moderator', '--can-record', '--name', 'Mo')}&${query}`;
  const mo = await (await embed({ room }, { link })).join(true, true);
  const ann = await (await embed({ room, query: `${query}&displayName=Ann` })).join(false, false);
  expect(await mo.call('setRecording', true)).toBe(true);
  const { data } = await mo.event('recordingStarting');
  await mo.event('recordingStarted', { id: data.id }, RECORDING_LIMIT_MS);
  await ann.event('recordingStarted', { id: data.id });
  expect(await ann.call('recording')).toMatchObject({ id: data.id, state: 'recording' });
  expect(await mo.call('setRecording', false)).toBe(true);
  for (const page of [mo, ann]) await page.event('recordingStopped', { id: data.id });
  for (const page of [mo, ann]) await page.event('recordingReady', { id: data.id }, RECORDING_LIMIT_MS);
});
