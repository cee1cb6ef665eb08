// The main job: people see and hear each other.
import { expectHears, expectSees } from '../fixtures/expectations.ts';
import { expect, test } from '../fixtures/test.ts';

test('two people see and hear each other', async ({ people, room }) => {
  const ann = await people.join('Ann', { room });
  const ben = await people.join('Ben', { room });
  await expectSees(ann, 'Ben');
  await expectSees(ben, 'Ann');
  await expectHears(ann);
  await expectHears(ben);
  await expect(ann.meeting.tile('Ann (you)').locator('video')).toBeVisible();
});

test('a webinar room connects people as well', async ({ people, room }) => {
  const query = 'itisparticipant=true';
  const ann = await people.join('Ann', { room, path: 'webinar', query });
  const ben = await people.join('Ben', { room, path: 'webinar', query });
  await expectSees(ben, 'Ann');
  await expectHears(ann);
});

test('four people see each other', async ({ people, room }) => {
  // four encoders and twelve decoders beside each other
  test.slow();
  const names = ['Ann', 'Ben', 'Cleo', 'Dan'];
  const all = [];
  // all pages first: loading beside several encoders is not what this is about
  for (const _ of names) all.push(await (await people.arrive()).open(`/call/?roomId=${room}`));
  for (const [index, name] of names.entries()) {
    await all[index]?.prejoin.join(name, { microphone: false });
  }
  for (const [index, viewer] of all.entries()) {
    await expect(viewer.meeting.tiles).toHaveCount(names.length);
    for (const name of names.filter((_, other) => other !== index)) {
      await expectSees(viewer, name);
    }
  }
});

test('a late joiner sees video within a second of joining', async ({ people, room }) => {
  await people.join('Ann', { room, microphone: false });
  const late = await (await people.arrive()).open(`/call/?roomId=${room}`);
  await expect(late.prejoin.preview).toBeVisible();
  await late.prejoin.join('Late');
  const delay = await late.meeting.video('Ann').evaluate(
    (video) =>
      new Promise<number>((done) => {
        const shown = (): void => done(performance.now() - (window.probe.clicked['Join'] ?? 0));
        const element = video as HTMLVideoElement;
        if (element.currentTime > 0) shown();
        else element.requestVideoFrameCallback(shown);
      }),
  );
  expect(delay).toBeLessThan(1_000);
});

test("a leaver's tile goes at once", async ({ people, room }) => {
  const ann = await people.join('Ann', { room });
  const ben = await people.join('Ben', { room });
  await expectSees(ann, 'Ben');
  await ben.meeting.leave();
  await expect(ann.meeting.tile('Ben')).toHaveCount(0, { timeout: 1_000 });
  await expect(ben.meeting.left).toBeVisible();
});

test('who left can come back with one click', async ({ people, room }) => {
  const ann = await people.join('Ann', { room });
  const ben = await people.join('Ben', { room });
  await ben.meeting.leave();
  await expect(ben.meeting.left).toBeVisible();
  await ben.meeting.rejoin.click();
  await expectSees(ben, 'Ann');
  await expectSees(ann, 'Ben');
});

test('who leaves lets go of camera and microphone', async ({ people, room }) => {
  const ann = await people.arrive();
  await ann.page.addInitScript(() => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(window, { tracks });
    const native = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await native(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
  });
  await ann.enter('Ann', { room });
  await ann.meeting.leave();
  await expect(ann.meeting.left).toBeVisible();
  const live = () =>
    ann.page.evaluate(
      () =>
        (window as unknown as { tracks: MediaStreamTrack[] }).tracks.filter(
          (track) => track.readyState === 'live',
        ).length,
    );
  await expect.poll(live).toBe(0);
});

test('a speaker gets a ring, and loses it in the pause', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, camera: false });
  const ben = await people.join('Ben', { room, camera: false, microphone: false });
  const tile = ben.meeting.tile('Ann');
  await expect(tile).toHaveAttribute('data-speaking', 'true', { timeout: 15_000 });
  await expect(tile).not.toHaveAttribute('data-speaking', 'true', { timeout: 15_000 });
  await expect(ann.meeting.tile('Ben')).not.toHaveAttribute('data-speaking', 'true');
});
