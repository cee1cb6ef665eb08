// The meeting in an iframe of an integrator's page, on another origin.
import { expectNoOverflow } from '../fixtures/expectations.ts';
import { ALLOW, HostPage } from '../fixtures/host-page.ts';
import { pictureMoves } from '../fixtures/probe.ts';
import { expect, test } from '../fixtures/test.ts';
import { Meeting } from '../pages/meeting.ts';
import { Prejoin } from '../pages/prejoin.ts';

test('with the allow list a meeting is held in the frame', async ({ people, room, server }) => {
  const host = await HostPage.embedding(`${server.origin}/call/?roomId=${room}`, ALLOW);
  const ann = await people.arrive();
  await ann.page.goto(host.url);
  const frame = ann.page.frameLocator('iframe');
  await frame.locator('body[data-hydrated]').waitFor({ state: 'attached' });
  await new Prejoin(frame).join('Ann');
  const meeting = new Meeting(frame);
  const ben = await people.join('Ben', { room });
  expect(await pictureMoves(meeting.video('Ben'))).toBe(true);
  expect(await pictureMoves(ben.meeting.video('Ann'))).toBe(true);
  await host.close();
});

test('without the allow list the page says what is missing, and one may join', async ({
  people,
  room,
  server,
}) => {
  const host = await HostPage.embedding(`${server.origin}/call/?roomId=${room}`, '');
  const ann = await people.arrive();
  // Chromium's own words when a page asks for what its embedder does not allow
  ann.watch.expect(/Permissions policy violation/i);
  await ann.page.goto(host.url);
  const frame = ann.page.frameLocator('iframe');
  await frame.locator('body[data-hydrated]').waitFor({ state: 'attached' });
  await expect(frame.getByText('This page may not use camera and microphone')).toBeVisible();
  await expect(frame.getByText(/^allow="camera; microphone/)).toBeVisible();
  const prejoin = new Prejoin(frame);
  await prejoin.name.fill('Ann');
  await prejoin.joinButton.click();
  const ben = await people.join('Ben', { room });
  expect(await pictureMoves(new Meeting(frame).video('Ben'))).toBe(true);
  await expect(ben.meeting.tile('Ann')).toHaveAttribute('data-camera', 'off');
  await host.close();
});

test('a small frame on a page is enough', async ({ people, room, server }) => {
  const host = await HostPage.embedding(`${server.origin}/call/?roomId=${room}`, ALLOW);
  const ann = await people.arrive({ viewport: { width: 320, height: 320 } });
  await ann.page.goto(host.url);
  const frame = ann.page.frameLocator('iframe');
  await frame.locator('body[data-hydrated]').waitFor({ state: 'attached' });
  await new Prejoin(frame).join('Ann');
  await expect(new Meeting(frame).tile('Ann (you)')).toBeVisible();
  await expectNoOverflow(ann);
  await host.close();
});
