// Recordings that nobody clicks: by the tenant's settings and by REST, and what
// is left of them when the server and its tools are killed.
import { film, loudness, sound, tone } from '../fixtures/film.ts';
import { mint } from '../fixtures/mint.ts';
import { People, type Person } from '../fixtures/people.ts';
import { kill } from '../fixtures/processes.ts';
import { pictureMoves } from '../fixtures/probe.ts';
import { AUDIBLE_DB, expectPeople, guest } from '../fixtures/recorded-people.ts';
import { RecordingServer, type Status } from '../fixtures/recording-server.ts';
import { canMount, SmallDisk } from '../fixtures/small-disk.ts';
import { expect, test } from '../fixtures/test.ts';

/** A tone that nobody hears, in decibels below full scale. */
const INAUDIBLE_DB = -65;
/** The interpreter's, in hertz: no voice of the tests has it. */
const TONE = 3_100;
/** The most that may be missing after a crash, in seconds. */
const MISSING_MAX = 3;
/** Bytes of some seconds of a recording. */
const SECONDS = 400_000;
const WRITTEN = { timeout: 60_000, intervals: [100] };

/** What a story made that has to go, whatever came of the story. */
const made: { dispose(): unknown }[] = [];
test.afterEach(async () => {
  for (const one of made.splice(0).reverse()) await one.dispose();
});

/** Has the page's microphone give a steady tone. */
function hum(hertz: number): void {
  navigator.mediaDevices.getUserMedia = async () => {
    const sound = new AudioContext();
    const out = sound.createMediaStreamDestination();
    const source = sound.createOscillator();
    source.frequency.value = hertz;
    source.connect(out);
    source.start();
    // browsers let nothing sound before a click
    addEventListener('click', () => {
      void sound.resume().then(() => document.body.classList.add('hums'));
    });
    return out.stream;
  };
}

/** Waits until the badge shows so many seconds. */
async function recordedFor(person: Person, seconds: RegExp): Promise<void> {
  await expect(person.page.locator('.recording').getByRole('timer')).toHaveText(seconds, {
    timeout: 60_000,
  });
}

test('a tenant records all meetings, whatever is killed; a backend records one', async ({
  browser,
  room,
}, info) => {
  test.setTimeout(300_000);
  const bench = await RecordingServer.start(
    { MEETFRAME__RECORDING__AUTO_START_SECONDS: '1', MEETFRAME__RECORDING__AUTO_STOP_SECONDS: '12' },
    'auto_record=true,',
  );
  made.push(bench);
  const people = new People(browser, bench.server.origin);
  made.push(people);

  // by itself, and on after the server was killed in the middle
  const mo = await (await guest(people)).enter('Mo', { room });
  const ben = await (await guest(people)).enter('Бен', { room });
  await expect.poll(async () => (await bench.status(room)).state, WRITTEN).toBe('recording');
  const auto = (await bench.status(room)).id ?? '';
  await expect.poll(() => bench.written(auto, 1), WRITTEN).toBeGreaterThan(SECONDS);
  mo.watch.expect(/WebSocket|ERR_/);
  ben.watch.expect(/WebSocket|ERR_/);
  await bench.server.kill('SIGKILL');
  await bench.server.launch();
  await expect.poll(() => bench.written(auto, 2), WRITTEN).toBeGreaterThan(SECONDS);
  await expect(mo.meeting.tile('Бен')).toBeVisible();
  expect(await bench.status(room)).toMatchObject({ recording: true, id: auto });
  // twenty seconds, besides the start and what is missing
  await recordedFor(mo, /^0:[345]/);
  await bench.ask<Status>(`/rooms/${room}/recording/stop`, 'POST');
  // the tool that makes the video is killed, too
  await expect.poll(() => bench.killTool(), { timeout: 60_000, intervals: [5] }).toBe(true);
  const first = await bench.video(room, auto);
  console.log(`${first.missing} s missing after the end of the server`);
  expect(first.missing).toBeGreaterThan(0);
  expect(first.missing).toBeLessThanOrEqual(MISSING_MAX);
  const file = info.outputPath('auto.mp4');
  await bench.download(first, file);
  expectPeople(file, 8);
  expect(film(file).duration).toBeGreaterThan(18);

  // by a backend, without the interpreter, until everybody left for good
  const ivo = await guest(people);
  await ivo.page.addInitScript(hum, TONE);
  ivo.watch.expect(/AudioContext was not allowed to start/);
  const claims = ['--role', 'interpreter', '--claim', 'intLang=de', '--claim', 'featureInterpreters=true'];
  await ivo.open(mint(bench.server, '--room', room, ...claims));
  await ivo.prejoin.name.fill('Ivo');
  await ivo.prejoin.joinButton.click();
  await ivo.meeting.toolbar.waitFor();
  await expect(ivo.page.locator('body.hums')).toBeAttached();
  const started = await bench.ask<Status>(`/rooms/${room}/recording/start`, 'POST');
  const asked = started.id ?? '';
  expect(started.recording).toBe(true);
  expect(asked).not.toBe(auto);
  await recordedFor(mo, /^0:(0[89]|1)/);
  for (const person of [mo, ben, ivo]) await person.meeting.leave();
  // who returns in time keeps it going
  const back = await (await guest(people)).enter('Mo', { room });
  await expect(back.page.locator('.recording').getByRole('timer')).toHaveText(/^0:[1-5]/);
  expect(await bench.status(room)).toMatchObject({ recording: true, id: asked });
  await back.meeting.leave();
  const second = await bench.video(room, asked);
  expect(second.missing).toBe(0);
  const other = info.outputPath('asked.mp4');
  await bench.download(second, other);
  expect(film(other).duration).toBeGreaterThan(18);
  const heard = sound(other);
  expect(Math.max(...loudness(heard))).toBeGreaterThan(AUDIBLE_DB);
  expect(tone(heard, TONE)).toBeLessThan(INAUDIBLE_DB);

  for (const recording of [auto, asked]) {
    await expect.poll(() => bench.toldOf(recording).at(-1)).toBe('recording.ready');
    const told = bench.toldOf(recording);
    const steps = told.filter((type) => type !== 'recording.processing');
    expect(steps).toEqual(['recording.started', 'recording.stopped', 'recording.ready']);
    const processing = told.slice(2, -1);
    expect(processing.length).toBeGreaterThan(0);
    expect(new Set(processing)).toEqual(new Set(['recording.processing']));
  }
  expect(people.problems).toEqual([]);
});

test('a browser that is killed takes little of a recording with it', async ({ browser, room }, info) => {
  test.setTimeout(180_000);
  const bench = await RecordingServer.start({});
  made.push(bench);
  const people = new People(browser, bench.server.origin);
  made.push(people);
  const mo = await (await guest(people)).enter('Mo', { room });
  await (await guest(people)).enter('Бен', { room });
  const { id } = await bench.ask<Status>(`/rooms/${room}/recording/start`, 'POST');
  await expect.poll(() => bench.written(id ?? '', 1), WRITTEN).toBeGreaterThan(SECONDS);
  expect(bench.browser.user, 'the browser is not root').not.toBe(0);
  expect(kill(bench.browser)).toBe(true);
  await expect.poll(() => bench.written(id ?? '', 2), WRITTEN).toBeGreaterThan(SECONDS);
  // nobody is told: it has not ended
  await expect(mo.page.locator('.recording').getByRole('timer')).toBeVisible();
  await bench.ask<Status>(`/rooms/${room}/recording/stop`, 'POST');
  const video = await bench.video(room, id ?? '');
  console.log(`${video.missing} s missing after the end of the browser`);
  expect(video.missing).toBeGreaterThan(0);
  expect(video.missing).toBeLessThanOrEqual(MISSING_MAX);
  const file = info.outputPath('killed.mp4');
  await bench.download(video, file);
  expectPeople(file, 3);
  expect(people.problems).toEqual([]);
});

test('a full disk ends a recording and no meeting', async ({ browser, room }, info) => {
  test.skip(!canMount, 'only root may mount a small disk');
  test.setTimeout(180_000);
  const disk = new SmallDisk(64);
  made.push(disk);
  const bench = await RecordingServer.start(
    { MEETFRAME__RECORDING__KEEP_FREE_MB: '0', MEETFRAME__RECORDING__VOLUME_MINUTES: '1' },
    '',
    `${disk.path}/recordings`,
  );
  made.push(bench);
  const people = new People(browser, bench.server.origin);
  made.push(people);
  const [mo, ben] = [await (await guest(people)).enter('Mo', { room }), await (await guest(people)).enter('Бен', { room })];
  const { id } = await bench.ask<Status>(`/rooms/${room}/recording/start`, 'POST');
  await expect.poll(() => bench.written(id ?? '', 1), WRITTEN).toBeGreaterThan(SECONDS);
  disk.fill();
  await expect.poll(async () => (await bench.status(room)).recording, WRITTEN).toBe(false);
  await expect(mo.page.locator('.recording')).toHaveCount(0);
  for (const [one, other] of [[mo, 'Бен'], [ben, 'Mo']] as const) {
    expect(await pictureMoves(one.meeting.tile(other).locator('video'))).toBe(true);
  }
  disk.free();
  const video = await bench.video(room, id ?? '');
  expect(video.missing).toBe(0);
  const file = info.outputPath('kept.mp4');
  await bench.download(video, file);
  const kept = film(file);
  expect(kept).toMatchObject({ width: 1280, height: 720 });
  expect(kept.duration).toBeGreaterThan(1);
  expect(people.problems).toEqual([]);
});
