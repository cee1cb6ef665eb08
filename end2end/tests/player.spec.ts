// The external player that everybody in a room is shown.
import { born, servePlayer, VIDEO } from '../fixtures/player.ts';
import { expect, test } from '../fixtures/test.ts';

const OFF = { camera: false, microphone: false };

test('everybody is shown the player, and it plays on whatever moves [attr.video]', async ({
  people,
  room,
}) => {
  const ann = await people.arrive();
  const ben = await people.arrive();
  await Promise.all([ann, ben].map(servePlayer));
  await ann.enter('Ann', { room, query: VIDEO, ...OFF });
  await ben.enter('Ben', { room, ...OFF });
  const player = ben.page.getByRole('region', { name: 'Player for everybody' });
  await expect(player.frameLocator('iframe').getByText('Playing')).toBeVisible();
  await expect(ann.page.frameLocator('.player iframe').getByText('Playing')).toBeVisible();
  await expect(player.locator('iframe')).toHaveAttribute('sandbox', /^allow-scripts /);
  await expect(player.locator('iframe')).not.toHaveAttribute('sandbox', /top-navigation/);
  await expect(player.getByRole('link', { name: 'Open the player in a new tab' })).toBeVisible();
  const before = await born(ben);
  const size = (await player.boundingBox())?.width ?? 0;

  const cleo = await people.join('Cleo', { room, microphone: false });
  await expect(ben.meeting.tile('Cleo')).toBeVisible();
  await ben.meeting.openChat();
  await expect.poll(async () => (await player.boundingBox())?.width).toBeLessThan(size);
  await ben.meeting.tile('Cleo').dblclick();
  await expect(ben.meeting.tile('Cleo')).toHaveAttribute('data-stage', 'true');
  const [tile, frame] = [await ben.meeting.tile('Cleo').boundingBox(), await player.boundingBox()];
  expect(tile?.height).toBeGreaterThan(100);
  expect(frame?.height).toBeGreaterThan(100);
  await ben.page.setViewportSize({ width: 390, height: 844 });
  await ben.page.setViewportSize({ width: 1024, height: 640 });
  await cleo.meeting.leave();
  await expect(ben.meeting.tile('Cleo')).toHaveCount(0);
  expect(await born(ben)).toBe(before);

  await ann.meeting.leave();
  await expect(player).toHaveCount(0);
});

test('the player plays on in another language [attr.video]', async ({ people, room }) => {
  const ann = await people.arrive();
  await servePlayer(ann);
  await ann.enter('Ann', { room, query: VIDEO, ...OFF });
  await expect(ann.page.frameLocator('.player iframe').getByText('Playing')).toBeVisible();
  const before = await born(ann);
  await ann.meeting.control('Settings').click();
  await ann.page.locator('select[name=language]').selectOption('ar');
  await expect(ann.page.locator('html')).toHaveAttribute('dir', 'rtl');
  await expect(ann.page.getByTitle('Player for everybody')).toHaveCount(0);
  expect(await born(ann)).toBe(before);
});

for (const wrong of ['http://player.example/', 'javascript:alert(1)', 'data:text/html,x']) {
  test(`${wrong.split(':')[0]} is no player's address [attr.video]`, async ({ people, room }) => {
    const query = `video=${encodeURIComponent(wrong)}`;
    const ann = await people.join('Ann', { room, query, ...OFF });
    await expect(ann.meeting.tile('Ann (you)')).toBeVisible();
    await expect(ann.page.locator('iframe')).toHaveCount(0);
  });
}

test('on a phone the player is above the tiles [attr.video]', async ({ people, room }) => {
  const ann = await people.arrive({ viewport: { width: 390, height: 844 } });
  await servePlayer(ann);
  await ann.enter('Ann', { room, query: VIDEO, ...OFF });
  await people.join('Ben', { room, ...OFF });
  await expect(ann.meeting.tile('Ben')).toBeVisible();
  const player = ann.page.getByRole('region', { name: 'Player for everybody' });
  await expect(async () => {
    const [above, below] = [await player.boundingBox(), await ann.meeting.tile('Ben').boundingBox()];
    expect(below?.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0));
    expect(below?.height).toBeGreaterThan(100);
  }).toPass();
});
