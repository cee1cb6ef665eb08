// Many people: one screen of 49 tiles, pages beyond, and one offer more at most.
import { expectTilesApart } from '../fixtures/boxes.ts';
import { joinAs } from '../fixtures/crowd.ts';
import { expectSees } from '../fixtures/expectations.ts';
import { offers } from '../fixtures/probe.ts';
import { expect, test } from '../fixtures/test.ts';

const names = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `Guest ${from + index}`);

test('49 people are on one screen, more on pages, all are listed', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, camera: false, microphone: false });
  await ann.page.setViewportSize({ width: 1920, height: 1080 });
  const bus = await (await people.arrive()).open('/');

  await joinAs(bus.page, room, names(2, 49));
  await expect(ann.meeting.tiles).toHaveCount(49);
  await expect(async () => expect(await expectTilesApart(ann)).toBe(49)).toPass();

  await joinAs(bus.page, room, names(50, 60));
  await ann.meeting.control('People').click();
  await expect(ann.meeting.people.getByText('60 people')).toBeVisible();
  await ann.meeting.control('People').click();
  await ann.page.setViewportSize({ width: 480, height: 640 });
  await expect(async () => expect(await expectTilesApart(ann)).toBeLessThan(49)).toPass();
  await ann.page.getByRole('button', { name: 'Next page' }).click();
  await expect(async () => void (await expectTilesApart(ann))).toPass();
  expect(await offers(ann.page)).toBeLessThanOrEqual(2);
});

test('somebody on a later page is seen there, and nobody is asked anew', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, camera: false, microphone: false });
  await ann.page.setViewportSize({ width: 480, height: 640 });
  const bus = await (await people.arrive()).open('/');
  await joinAs(bus.page, room, names(2, 49));
  const last = await people.join('Last', { room, microphone: false });
  const before = await offers(ann.page);

  const next = ann.page.getByRole('button', { name: 'Next page' });
  await expect(async () => {
    if (!(await ann.meeting.tile('Last').isVisible())) await next.click({ timeout: 1_000 });
    expect(await ann.meeting.tile('Last').isVisible()).toBe(true);
  }).toPass();
  await expectSees(ann, 'Last');
  expect(await offers(ann.page)).toBe(before);
  expect(await offers(last.page)).toBeLessThanOrEqual(2);
});
