// A private room: nobody comes in without its PIN.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../fixtures/test.ts';

test('a private room is made, passed on and entered by its PIN', async ({ people, server }) => {
  const ann = await people.arrive({ permissions: ['clipboard-read', 'clipboard-write'] });
  await ann.open('/new?kind=webinar');
  const part = ann.page.getByRole('region', { name: 'Private room' });
  const pin = part.getByRole('textbox', { name: 'PIN, four digits' });
  await pin.fill('12a4');
  await part.getByRole('button', { name: 'Make a private room' }).click();
  await expect(pin).toHaveJSProperty('validity.valid', false);
  await pin.fill('0042');
  await pin.press('Enter');
  await expect(part.getByText('Your private room is ready')).toBeFocused();
  await part.getByRole('button', { name: 'Copy link and PIN' }).click();
  await expect(part.getByText('Copied')).toBeVisible();
  const copied = await ann.page.evaluate(() => navigator.clipboard.readText());
  const [link = '', second] = copied.split('\n');
  expect(second).toBe('PIN: 0042');
  expect(link).toMatch(/^http.*\/webinar\/[a-z]{5}-[a-z]{5}-[a-z]{5}$/);

  const ben = await people.arrive();
  await ben.open(link.replace(server.origin, ''));
  await ben.prejoin.name.fill('Ben');
  await ben.prejoin.joinButton.click();
  const door = ben.page.getByLabel(/PIN/).first();
  await door.fill('1111');
  await door.press('Enter');
  await expect(ben.page.getByText(/not.*PIN|PIN.*(wrong|not)/i).first()).toBeVisible();
  await expect(ben.meeting.toolbar).toHaveCount(0);
  await door.fill('0042');
  await door.press('Enter');
  await expect(ben.meeting.toolbar).toBeVisible();
});

test('when the server refuses, the page says what is wrong', async ({ people }) => {
  const ann = await people.arrive();
  ann.watch.expect(/status of|ERR_FAILED/);
  await ann.open('/new');
  const part = ann.page.getByRole('region', { name: 'Private room' });
  const make = part.getByRole('button', { name: 'Make a private room' });
  for (const [status, words] of [
    [429, 'Too many rooms are being made'],
    [403, 'Rooms are entered by personal links here'],
    [500, 'The room could not be made'],
    [0, 'The server cannot be reached'],
  ] as const) {
    await ann.page.route('**/api/private-rooms', (route) =>
      status ? route.fulfill({ status, json: {} }) : route.abort(),
    );
    await part.getByRole('textbox').fill('1234');
    await make.click();
    await expect(part.getByRole('alert')).toContainText(words);
    await ann.page.unrouteAll();
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`${colorScheme}: a private room for everybody`, async ({ people }) => {
    const ann = await people.arrive({ colorScheme });
    await ann.open('/new');
    await ann.page.getByRole('textbox', { name: 'PIN, four digits' }).fill('4711');
    await ann.page.getByRole('button', { name: 'Make a private room' }).click();
    await expect(ann.page.getByText('Your private room is ready')).toBeVisible();
    const { violations } = await new AxeBuilder({ page: ann.page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
  });
}
