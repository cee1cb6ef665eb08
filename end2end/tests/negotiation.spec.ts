// Nobody renegotiates because of others, and nobody pays for what they do not see.
import { expectSees } from '../fixtures/expectations.ts';
import { offers, received, tileStream } from '../fixtures/probe.ts';
import { expect, test } from '../fixtures/test.ts';

test('joining, leaving, muting and pinning never renegotiate anybody', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, microphone: false });
  const ben = await people.join('Ben', { room, microphone: false });
  await expectSees(ann, 'Ben');
  await expectSees(ben, 'Ann');
  const [ofAnn, ofBen] = [await offers(ann.page), await offers(ben.page)];
  expect([ofAnn, ofBen]).toEqual([1, 1]);

  const cleo = await people.join('Cleo', { room, camera: false, microphone: false });
  await expectSees(cleo, 'Ann');
  await cleo.meeting.control('Turn camera on').click();
  await cleo.meeting.control('Turn microphone on').click();
  await expectSees(ann, 'Cleo');
  await ann.meeting.control('Turn camera off').click();
  await expect(ben.meeting.tile('Ann')).toHaveAttribute('data-camera', 'off');
  await ann.meeting.control('Turn camera on').click();
  await expectSees(ben, 'Ann');
  await pin(ben, 'Cleo');
  await expectSees(ben, 'Cleo');
  await ben.meeting.control('Layout').click();
  await ben.page.keyboard.press('Escape');
  await cleo.meeting.leave();
  await expect(ann.meeting.tile('Cleo')).toHaveCount(0);
  const dan = await people.join('Dan', { room, microphone: false });
  await expectSees(ann, 'Dan');

  const each = await Promise.all([ann, ben, dan].map((person) => offers(person.page)));
  expect(each).toEqual([1, 1, 1]);
  expect(await offers(cleo.page)).toBeLessThanOrEqual(1);
});

test('the bytes of a hidden tile stop', async ({ people, room }) => {
  await people.join('Ann', { room, microphone: false });
  await people.join('Ben', { room, microphone: false });
  const viewer = await people.join('Viewer', { room, camera: false, microphone: false });
  await expectSees(viewer, 'Ann');
  await expectSees(viewer, 'Ben');
  const both = await videoBytesOfOneSecond(viewer);
  expect(both).toBeGreaterThan(10_000);
  await pin(viewer, 'Ann');
  await hideTheOthers(viewer);
  await expect(viewer.meeting.tile('Ben')).toBeHidden();
  await expect.poll(() => stillArrives(viewer), { timeout: 15_000 }).toBe(1);
  await expectSees(viewer, 'Ann');
});

test('nothing arrives where everybody has the camera off', async ({ people, room }) => {
  await people.join('Ann', { room, camera: false, microphone: false });
  const ben = await people.join('Ben', { room, camera: false, microphone: false });
  await expect(ben.meeting.tile('Ann')).toBeVisible();
  await expect.poll(async () => (await received(ben.page)).videoFrames).toBe(0);
  await expect(ben.meeting.tile('Ann')).toHaveAttribute('data-picture', 'false');
});

type Person = Awaited<ReturnType<import('../fixtures/people.ts').People['join']>>;

async function pin(viewer: Person, name: string): Promise<void> {
  await viewer.meeting.tile(name).hover();
  await viewer.page.getByRole('button', { name: `Pin ${name}` }).click();
}

/** In a frame this small the stage is all there is room for. */
async function hideTheOthers(viewer: Person): Promise<void> {
  await viewer.page.setViewportSize({ width: 270, height: 240 });
}

/** Video bytes that arrive within one second of the page's clock. */
function videoBytesOfOneSecond(viewer: Person): Promise<number> {
  return tileStream(viewer.meeting.video('Ann')).then(async (start) => {
    await expect
      .poll(async () => (await tileStream(viewer.meeting.video('Ann'))).frames)
      .toBeGreaterThan(start.frames + 15);
    return (await tileStream(viewer.meeting.video('Ann'))).bytes - start.bytes;
  });
}

/** How many video streams grow while one of them gets ten frames. */
function stillArrives(viewer: Person): Promise<number> {
  return viewer.page.evaluate(async () => {
    const read = async () => {
      const bytes = new Map<string, { bytes: number; frames: number }>();
      for (const connection of window.probe.connections) {
        for (const report of (await connection.getStats()).values()) {
          if (report.type !== 'inbound-rtp' || report.kind !== 'video') continue;
          bytes.set(report.id, { bytes: report.bytesReceived ?? 0, frames: report.framesDecoded ?? 0 });
        }
      }
      return bytes;
    };
    const before = await read();
    for (;;) {
      const now = await read();
      const grown = [...now].filter(([id, { bytes }]) => bytes > (before.get(id)?.bytes ?? 0));
      const enough = grown.some(([id, { frames }]) => frames > (before.get(id)?.frames ?? 0) + 15);
      if (enough) return grown.length;
      await new Promise((done) => requestAnimationFrame(done));
    }
  });
}
