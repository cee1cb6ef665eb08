// The page that plays a recording, in all states of its video. The server's
// answers are this test's, the files are made by ffmpeg.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expectNoOverflow } from '../fixtures/expectations.ts';
import type { Person } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';

const SIZES = [
  ['wide', { width: 1280, height: 720 }],
  ['a frame', { width: 480, height: 640 }],
  ['a phone', { width: 390, height: 844 }],
] as const;

let folder = '';
test.beforeAll(({}, info) => {
  folder = info.outputPath('film');
  fs.mkdirSync(`${folder}/hls`, { recursive: true });
  const ffmpeg = (...options: string[]) =>
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...options], { cwd: folder });
  ffmpeg(
    '-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=30',
    '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000',
    '-t', '24', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '60',
    '-c:a', 'aac', '-movflags', '+faststart', 'video.mp4',
  );
  ffmpeg(
    '-i', 'video.mp4', '-c', 'copy', '-f', 'hls', '-hls_time', '6', '-hls_playlist_type', 'vod',
    '-hls_segment_type', 'fmp4', '-master_pl_name', 'master.m3u8', 'hls/v0.m3u8',
  );
  ffmpeg('-ss', '5', '-i', 'video.mp4', '-frames:v', '1', 'poster.jpg');
});

const VIDEO = {
  id: 'vid_1',
  name: 'Recording weekly',
  room_id: 'weekly',
  recording_id: 'rec_1',
  volume: 1,
  state: 'ready',
  created: Date.UTC(2026, 10, 20, 14, 30),
};
const READY = {
  ...VIDEO,
  duration: 24,
  size: 2_345_678,
  hls_url: '/film/hls/master.m3u8',
  download: '/film/video.mp4',
  poster: '/film/poster.jpg',
};

/** Answers for the server. */
async function serve(person: Person, answer: () => { status?: number; body: object }): Promise<string[]> {
  const asked: string[] = [];
  await person.page.route('**/streaming/videos/**', (route) => {
    asked.push(new URL(route.request().url()).search);
    const { status = 200, body } = answer();
    return route.fulfill({ status, json: body });
  });
  await person.page.route('**/film/**', (route) => {
    const file = folder + new URL(route.request().url()).pathname.replace('/film', '');
    return route.fulfill({ path: file });
  });
  return asked;
}

async function expectNoViolation(person: Person, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: person.page }).exclude('video').analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
  expect(found, screen).toEqual([]);
}

async function shot(person: Person, name: string): Promise<void> {
  const to = process.env.SCREENSHOTS;
  if (to) await person.page.screenshot({ path: `${to}/${name}.png` });
}

for (const [name, viewport] of SIZES) {
  test(`${name}: a recording is played, and can be kept`, async ({ people }) => {
    const ann = await people.arrive({ viewport });
    const volume = (number: number) => ({
      id: `vid_${number}`,
      volume: number,
      state: 'ready',
      duration: 14_400,
      query: `expires=9&signature=s${number}`,
    });
    await serve(ann, () => ({ body: { ...READY, volumes: [volume(1), volume(2), volume(3)] } }));
    await ann.open('/recordings/vid_1?expires=9&signature=s1');
    await expect(ann.page.getByRole('heading', { level: 1 })).toHaveText('Recording weekly');
    const video = ann.page.locator('video');
    await expect(video).toHaveAttribute('controls');
    await expect(video).toHaveAccessibleName(/Recording of .?weekly/);
    await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.duration)).toBeCloseTo(24, 0);
    await expect(ann.page.getByRole('link', { name: /Download/ })).toHaveAttribute('href', '/film/video.mp4');
    const parts = ann.page.getByRole('navigation', { name: 'Parts' });
    await expect(parts.getByRole('link', { name: /Part .?2/ })).toHaveAttribute(
      'href',
      '/recordings/vid_2?expires=9&signature=s2',
    );
    await expect(parts.getByRole('link', { name: /Part .?1/ })).toHaveAttribute('aria-current', 'page');
    await expectNoViolation(ann, 'player');
    await expectNoOverflow(ann);
    await shot(ann, `player-ready-${viewport.width}`);
  });
}

for (const [where, hls] of [
  ['with hls.js where the browser knows no HLS', ''],
  ['by the browser where it knows HLS', 'maybe'],
] as const) {
  test(`a stream is played and sought ${where}`, async ({ people, browserName }) => {
    test.skip(browserName !== 'chromium');
    const ann = await people.arrive();
    if (!hls) {
      await ann.page.addInitScript(() => {
        const plain = HTMLMediaElement.prototype.canPlayType;
        HTMLMediaElement.prototype.canPlayType = function (type) {
          return /mpegurl/.test(type) ? '' : plain.call(this, type);
        };
      });
    }
    const scripts: string[] = [];
    ann.page.on('request', (request) => {
      if (/\/hls\..*\.js$/.test(request.url())) scripts.push(request.url());
    });
    await serve(ann, () => ({ body: READY }));
    await ann.open('/recordings/vid_1?signature=s');
    const video = ann.page.locator('video');
    await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.readyState)).toBeGreaterThan(0);
    if (!hls) expect(await video.evaluate((v: HTMLVideoElement) => v.src)).toMatch(/^blob:/);
    expect(scripts).toHaveLength(hls ? 0 : 1);
    const time = () => video.evaluate((v: HTMLVideoElement) => v.currentTime);
    await video.evaluate((v: HTMLVideoElement) => {
      v.muted = true;
      return v.play();
    });
    await expect.poll(time).toBeGreaterThan(1);
    await video.evaluate((v: HTMLVideoElement) => {
      v.currentTime = 19;
    });
    await expect.poll(time).toBeGreaterThan(19.5);
    expect(await video.evaluate((v: HTMLVideoElement) => v.videoHeight)).toBe(720);
  });
}

test('a video is played as a file where its stream is broken', async ({ people }) => {
  const ann = await people.arrive();
  ann.watch.expect(/status of 404/);
  await serve(ann, () => ({ body: { ...READY, hls_url: '/nowhere/master.m3u8' } }));
  await ann.open('/recordings/vid_1');
  const video = ann.page.locator('video');
  await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.currentSrc)).toMatch(/video\.mp4$/);
  await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.duration)).toBeCloseTo(24, 0);
});

test('a recording that is being prepared shows how far, and then itself', async ({ people }) => {
  const ann = await people.arrive();
  let body: object = { ...VIDEO, state: 'processing' };
  const asked = await serve(ann, () => ({ body }));
  await ann.open('/recordings/vid_1?expires=9&signature=abc');
  await expect(ann.page.getByRole('heading', { name: 'The recording is being prepared' })).toBeVisible();
  body = { ...VIDEO, state: 'processing', progress: 42 };
  await expect(ann.page.getByRole('progressbar')).toHaveAttribute('value', '42');
  await expect(ann.page.getByText('42 %')).toBeVisible();
  await expectNoViolation(ann, 'processing');
  body = READY;
  await expect(ann.page.locator('video')).toBeVisible();
  expect(new Set(asked)).toEqual(new Set(['?expires=9&signature=abc']));
});

for (const [state, status, body, heading, passing] of [
  ['live', 200, { ...VIDEO, state: 'recording' }, 'The meeting is still being recorded', true],
  ['processing', 200, { ...VIDEO, state: 'processing', progress: 42 }, 'The recording is being prepared', true],
  ['failed', 200, { ...VIDEO, state: 'failed' }, 'The recording failed', false],
  ['gone', 404, { code: 'video_not_found' }, 'There is no such recording', false],
  ['expired', 403, { code: 'link_expired' }, 'This link has expired', false],
  ['denied', 401, { code: 'unauthorized' }, 'This link does not open the recording', false],
  ['unreachable', 503, {}, 'The server cannot be reached', true],
] as const) {
  test(`without a video the page says why: ${state}`, async ({ people }) => {
    const ann = await people.arrive();
    ann.watch.expect(/status of [45]/);
    const asked = await serve(ann, () => ({ status, body }));
    await ann.open('/recordings/vid_1');
    await expect(ann.page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await expect(ann.page.locator('video')).toHaveCount(0);
    await expectNoViolation(ann, state);
    for (const [, viewport] of SIZES) {
      await ann.page.setViewportSize(viewport);
      await expectNoOverflow(ann);
      await shot(ann, `player-${state}-${viewport.width}`);
    }
    if (passing) await expect.poll(() => asked.length).toBeGreaterThan(1);
  });
}

test('the player fits into a frame of another page', async ({ people, server }) => {
  const ann = await people.arrive({ viewport: { width: 900, height: 600 } });
  await serve(ann, () => ({ body: READY }));
  await ann.page.route('**/host', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><title>Host</title><iframe title="Recording" width="480" height="270"
        allow="fullscreen" src="/recordings/vid_1?signature=s"></iframe>`,
    }),
  );
  await ann.page.goto(`${server.origin}/host`);
  const video = ann.page.frameLocator('iframe').locator('video');
  await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.duration)).toBeCloseTo(24, 0);
  const box = await video.boundingBox();
  expect(box?.width).toBeGreaterThan(440);
  await shot(ann, 'player-embedded');
});
