// The welcome screen: trying devices out before one is seen or heard.
import { OTHER_CAMERA } from '../fixtures/browser.ts';
import { expect, test } from '../fixtures/test.ts';
import { pictureMoves } from '../fixtures/probe.ts';

test('the preview moves and the level follows the voice', async ({ people, room }) => {
  const { prejoin } = await (await people.arrive()).open(`/call/?roomId=${room}`);
  expect(await pictureMoves(prejoin.preview)).toBe(true);
  const level = async () => Number(await prejoin.level.getAttribute('aria-valuenow'));
  await expect.poll(level).toBeGreaterThan(10);
  await expect.poll(level).toBeLessThan(5);
});

test('camera and microphone are switched off and on', async ({ people, room }) => {
  const { page, prejoin } = await (await people.arrive()).open(`/call/?roomId=${room}`);
  await expect(prejoin.preview).toBeVisible();
  await prejoin.camera.click();
  await expect(prejoin.camera).toHaveAccessibleName('Turn camera on');
  await expect(page.getByText('Your camera is off')).toBeVisible();
  await prejoin.camera.click();
  await expect(page.getByText('Your camera is off')).toHaveCount(0);
  expect(await pictureMoves(prejoin.preview)).toBe(true);
  await prejoin.microphone.click();
  await expect(prejoin.microphone).toHaveAccessibleName('Turn microphone on');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('the chosen devices and the name are remembered', async ({ people, room }) => {
  const { page, prejoin } = await (await people.arrive()).open(`/call/?roomId=${room}`);
  await expect(prejoin.cameras.getByRole('option', { name: OTHER_CAMERA })).toBeAttached();
  await prejoin.name.fill('Ann');
  await prejoin.cameras.selectOption({ label: OTHER_CAMERA });
  await prejoin.microphones.selectOption({ label: 'Fake Audio Input 2' });
  await prejoin.speakers.selectOption({ label: 'Fake Audio Output 1' });
  await page.reload();
  await expect(selected(prejoin.cameras)).toHaveText(OTHER_CAMERA);
  await expect(selected(prejoin.microphones)).toHaveText('Fake Audio Input 2');
  await expect(selected(prejoin.speakers)).toHaveText('Fake Audio Output 1');
  await expect(prejoin.name).toHaveValue('Ann');
});

test('it works where storage is not allowed', async ({ people, room }) => {
  const person = await people.arrive();
  await person.page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
  });
  await person.enter('Ann', { room });
  await expect(person.meeting.tile('Ann (you)')).toBeVisible();
});

test('a name of only spaces does not name anybody', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, camera: false, microphone: false });
  const other = await people.join('   ', { room, camera: false, microphone: false });
  await expect(other.meeting.tile('Ann')).toBeVisible();
  await expect(ann.meeting.tiles).toHaveCount(2);
});

function selected(box: import('@playwright/test').Locator) {
  return box.locator('option:checked');
}
