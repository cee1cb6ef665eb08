// A webinar: a few speak, the others watch, and a moderator brings them on
// stage and back.
import { expectHears, expectSees } from '../fixtures/expectations.ts';
import { mint } from '../fixtures/mint.ts';
import { address } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';

const SPEAKER = 'itisparticipant=true';

test('a viewer watches without a device and without a tile [attr.itisparticipant]', async ({
  people,
  room,
}) => {
  const viewer = await people.arrive({ permissions: [] });
  await viewer.open(address({ room, path: 'webinar' }));
  await expect(viewer.page.getByText('You will watch')).toBeVisible();
  await expect(viewer.prejoin.preview).toHaveCount(0);
  await expect(viewer.prejoin.microphones).toHaveCount(0);
  await viewer.prejoin.name.fill('Vic');
  await viewer.prejoin.joinButton.click();
  await expect(viewer.page.getByText('The speakers are not here yet')).toBeVisible();

  const speaker = await people.join('Sue', { room, path: 'webinar', query: SPEAKER });
  await expectSees(viewer, 'Sue');
  await expectHears(viewer);
  await expect(viewer.page.getByText('The speakers are not here yet')).toHaveCount(0);
  await expect(viewer.meeting.tiles).toHaveCount(1);
  await expect(speaker.meeting.tiles).toHaveCount(1);
  for (const name of ['Turn microphone', 'Turn camera', 'Share screen']) {
    await expect(viewer.meeting.control(name)).toHaveCount(0);
  }
  await expect(speaker.page.getByText('1 watching')).toBeVisible();
  await expect(viewer.page.getByText('1 watching')).toBeVisible();
  await viewer.meeting.leave();
  await expect(speaker.page.getByText(/watching/)).toHaveCount(0);
});

test('both interfaces of a room are one room [attr.itisparticipant]', async ({ people, room }) => {
  const caller = await people.join('Carl', { room, microphone: false });
  const viewer = await people.arrive({ permissions: [] });
  await viewer.open(address({ room, path: 'webinar', query: 'displayName=Vic' }));
  await viewer.prejoin.joinButton.click();
  await expectSees(viewer, 'Carl');
  await expect(caller.page.getByText('1 watching')).toBeVisible();
});

test('a viewer comes on stage and goes back without loading the page [attr.itisparticipant]', async ({
  people,
  room,
  server,
}) => {
  const moderator = await people.arrive();
  await moderator.open(mint(server, '--room', room, '--role', 'moderator', '--webinar'));
  await moderator.prejoin.join('Mo', { microphone: false });
  const viewer = await people.arrive();
  await viewer.open(address({ room, path: 'webinar', query: 'displayName=Vic' }));
  await viewer.prejoin.joinButton.click();
  await expectSees(viewer, 'Mo');
  await viewer.page.evaluate(() => Object.assign(window, { kept: true }));

  await moderator.meeting.control('People').click();
  const row = moderator.meeting.people.getByRole('listitem').filter({ hasText: 'Vic' });
  await row.getByRole('button', { name: /Vic/ }).last().click();
  await moderator.page.getByRole('menuitem', { name: /on stage/i }).click();
  await expect(viewer.meeting.tile('Vic (you)')).toBeVisible();
  await expect(viewer.page.getByText('You are a participant now', { exact: false })).toBeVisible();
  await viewer.meeting.control('Turn camera on').click();
  await expectSees(moderator, 'Vic');

  await row.getByRole('button', { name: /Vic/ }).last().click();
  await moderator.page.getByRole('menuitem', { name: /viewers|off stage|back/i }).click();
  await expect(moderator.meeting.tile('Vic')).toHaveCount(0);
  await expect(viewer.meeting.tile('Vic (you)')).toHaveCount(0);
  await expect(viewer.meeting.control('Turn camera')).toHaveCount(0);
  expect(await viewer.page.evaluate(() => 'kept' in window)).toBe(true);
});
