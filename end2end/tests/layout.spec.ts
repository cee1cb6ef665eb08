// From a narrow phone to a 4K screen nothing overflows, overlaps or is lost.
import { expectTilesApart } from '../fixtures/boxes.ts';
import { expectNoOverflow } from '../fixtures/expectations.ts';
import type { Person } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';

const SIZES = [
  { width: 464, height: 571 },
  { width: 320, height: 480 },
  { width: 320, height: 240 },
  { width: 568, height: 320 },
  { width: 768, height: 1024 },
  { width: 1366, height: 768 },
  { width: 3840, height: 2160 },
];

async function expectGoodAtEachSize(person: Person): Promise<void> {
  for (const size of SIZES) {
    await person.page.setViewportSize(size);
    await test.step(`${size.width}x${size.height}`, () =>
      expect(() => expectNoOverflow(person)).toPass({ timeout: 3_000 }));
  }
}

test('pages before a meeting fit', async ({ people, room }) => {
  const ann = await (await people.arrive()).open('/');
  await expectGoodAtEachSize(ann);
  await ann.open('/new');
  await expect(ann.home.link).toBeVisible();
  await expectGoodAtEachSize(ann);
  await ann.open(`/call/?roomId=${room}`);
  await expect(ann.prejoin.preview).toBeVisible();
  await expectGoodAtEachSize(ann);
});

test('a meeting fits, its panels too', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, microphone: false });
  await people.join('A rather long name that has to be cut somewhere on the way', {
    room,
    camera: false,
    microphone: false,
  });
  await expect(ann.meeting.tiles).toHaveCount(2);
  await expectGoodAtEachSize(ann);
  await ann.page.setViewportSize({ width: 1024, height: 640 });
  await ann.meeting.openChat();
  await expectGoodAtEachSize(ann);
});

test('tiles fill the frame without overlapping', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, camera: false, microphone: false });
  for (const name of ['Ben', 'Cleo', 'Dan']) {
    await people.join(name, { room, camera: false, microphone: false });
  }
  await expect(ann.meeting.tiles).toHaveCount(4);
  for (const size of SIZES) {
    await ann.page.setViewportSize(size);
    await expect(async () => void (await expectTilesApart(ann))).toPass({ timeout: 3_000 });
  }
});
