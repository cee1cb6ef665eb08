// A recording from the click to the player: a real recorder in a real browser,
// ffmpeg's files, and what is in them.
import { mint } from '../fixtures/mint.ts';
import { address, People } from '../fixtures/people.ts';
import { expectPeople, guest } from '../fixtures/recorded-people.ts';
import { RecordingServer } from '../fixtures/recording-server.ts';
import { expect, test } from '../fixtures/test.ts';

const OFF = { camera: false, microphone: false };

test('two people are recorded for twenty seconds, seen, heard, and played [moderator.11]', async ({
  browser,
  room,
}, info) => {
  test.setTimeout(300_000);
  const bench = await RecordingServer.start({});
  const { server } = bench;
  const people = new People(browser, server.origin);

  const mo = await guest(people, { width: 800, height: 500 });
  await mo.open(mint(server, '--room', room, '--role', 'moderator', '--can-record'));
  await mo.prejoin.join('Mo');
  await mo.meeting.toolbar.waitFor();
  const ben = await (await guest(people)).enter('Бен', { room });
  await expect(mo.meeting.tile('Бен')).toBeVisible();

  await mo.meeting.control('Start recording').click();
  await mo.page.getByRole('alertdialog').getByRole('button', { name: 'Start recording' }).click();
  const badge = ben.page.locator('.recording');
  await expect(badge).toHaveText(/^Recording\d/, { timeout: 45_000 });
  await expect(ben.page.getByText('This meeting is being recorded')).toBeAttached();
  // nobody sees the recorder
  await expect(ben.page.getByText(/watching/)).toHaveCount(0);
  await expect(ben.meeting.tiles).toHaveCount(2);

  // told before the door, and not afterwards
  const cat = await guest(people);
  await cat.open(address({ room }));
  await expect(cat.page.getByRole('note')).toContainText('This meeting is being recorded');
  await cat.prejoin.join('Cat', OFF);
  await expect(cat.page.locator('.recording')).toBeVisible();
  await cat.meeting.leave();

  await expect(badge.getByRole('timer')).toHaveText(/^0:2[2-9]|^0:[345]/, { timeout: 60_000 });
  await mo.meeting.control('Stop recording').click();
  await mo.page.getByRole('alertdialog').getByRole('button', { name: 'Stop recording' }).click();
  await expect(badge).toHaveCount(0);
  await expect(ben.page.getByText('The recording has ended')).toBeAttached();

  const { id } = await bench.status(room);
  const video = await bench.video(room, id ?? '');
  expect(video.duration).toBeGreaterThanOrEqual(18);
  expect(video.missing).toBe(0);

  const file = info.outputPath('video.mp4');
  await bench.download(video, file);
  expectPeople(file, 8);

  // the player, with hls.js, by nothing but the link
  const eve = await people.arrive();
  await eve.page.addInitScript(() => {
    HTMLMediaElement.prototype.canPlayType = (type) => (/mpegurl/.test(type) ? '' : 'maybe');
  });
  await eve.open(`/recordings/${video.id}?${video.volumes[0]?.query}`);
  const player = eve.page.locator('video');
  await expect.poll(() => player.evaluate((v: HTMLVideoElement) => v.readyState)).toBeGreaterThan(0);
  expect(await player.evaluate((v: HTMLVideoElement) => v.src)).toMatch(/^blob:/);
  const time = () => player.evaluate((v: HTMLVideoElement) => v.currentTime);
  await player.evaluate((v: HTMLVideoElement) => {
    v.muted = true;
    v.currentTime = 14;
    return v.play();
  });
  await expect.poll(time).toBeGreaterThan(15);
  await eve.page.screenshot({ path: info.outputPath('player.png') });
  eve.watch.expect(/status of 40[13]/);
  await eve.open(`/recordings/${video.id}`);
  await expect(eve.page.getByRole('heading', { name: 'This link does not open the recording' })).toBeVisible();

  const problems = people.problems;
  await people.dispose();
  await bench.dispose();
  expect(problems).toEqual([]);
});
