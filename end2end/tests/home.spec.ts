// Making a room and finding one's way to it.
import { expect, test } from '../fixtures/test.ts';

test('a new conference gets a link that leads into its room', async ({ people }) => {
  const { page, home, prejoin } = await (await people.arrive()).open('/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Meetframe');
  await home.newConference.click();
  await expect(home.link).toHaveText(/^http.*\/call\/[A-Za-z0-9_-]{6,}$/);
  const room = await home.roomName.inputValue();
  const link = await home.link.innerText();
  await home.enter.click();
  await expect(prejoin.joinButton).toBeVisible();
  expect(new URL(page.url()).searchParams.get('roomId')).toBe(room);
  await page.goto(link);
  await expect(prejoin.joinButton).toBeVisible();
});

test('/new makes a room at once', async ({ people }) => {
  const { home, prejoin } = await (await people.arrive()).open('/new');
  await expect(home.link).toHaveText(/\/call\//);
  await home.enter.click();
  await expect(prejoin.joinButton).toBeVisible();
});

test('a webinar gets a link of its own kind', async ({ people }) => {
  const { page, home, prejoin } = await (await people.arrive()).open('/');
  await home.newWebinar.click();
  await expect(home.link).toHaveText(/\/webinar\/[a-z-]+$/);
  await expect(page.getByText(/\/webinar\/[a-z-]+\?itisparticipant=true$/)).toBeVisible();
  await home.enter.click();
  // whoever makes a webinar speaks in it
  await expect(prejoin.microphone).toBeVisible();
  await expect(prejoin.joinButton).toBeVisible();
  expect(page.url()).toContain('/webinar/');
});

test('the name of a new room can be changed', async ({ people }) => {
  const { home } = await (await people.arrive()).open('/new');
  const first = await home.link.innerText();
  await home.anotherName.click();
  await expect(home.link).not.toHaveText(first);
  await home.roomName.fill('our-own_name');
  await expect(home.link).toHaveText(/\/call\/our-own_name$/);
  await home.roomName.fill('not allowed!');
  await expect(home.enter).toBeDisabled();
});

test('the link is copied', async ({ people }) => {
  const { page, home } = await (
    await people.arrive({ permissions: ['clipboard-read', 'clipboard-write'] })
  ).open('/new');
  await expect(home.link).toHaveText(/\/call\//);
  await home.copyLink.click();
  const link = await home.link.innerText();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(link);
});

test('a room is entered by its name', async ({ people, room }) => {
  const { page, home, prejoin } = await (await people.arrive()).open('/');
  await home.roomName.fill(room);
  await home.enter.click();
  await expect(prejoin.joinButton).toBeVisible();
  expect(page.url()).toContain(room);
});

for (const address of ['/call/x-1', '/call/?roomId=x-1', '/webinar/x_2', '/webinar/?roomId=x_2']) {
  test(`${address} is a room`, async ({ people }) => {
    const { prejoin } = await (await people.arrive()).open(address);
    await expect(prejoin.joinButton).toBeVisible();
  });
}

const BROKEN = {
  'no room id': '/call/',
  'an empty room id': '/call/?roomId=',
  'characters that are not allowed': '/call/?roomId=a%20b!',
  'a room id of 129 characters': `/webinar/${'x'.repeat(129)}`,
  'a script as room id': '/call/?roomId=%3Cscript%3Ealert(1)%3C/script%3E',
};

for (const [what, address] of Object.entries(BROKEN)) {
  test(`${what} gives a page that says what is wrong`, async ({ people }) => {
    const person = await people.arrive();
    person.watch.expect(/Failed to load resource: the server responded with a status of 4/);
    await person.open(address);
    await expect(person.prejoin.joinButton).toHaveCount(0);
    await expect(person.page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(person.page.getByText(/1 to 128 letters/).first()).toBeVisible();
    await person.page.getByRole('link', { name: 'To the start page' }).click();
    await expect(person.home.newConference).toBeVisible();
  });
}

test('a room id of 128 characters is a room', async ({ people }) => {
  const { prejoin } = await (await people.arrive()).open(`/call/${'x'.repeat(128)}`);
  await expect(prejoin.joinButton).toBeVisible();
});

test('an unknown address says so and leads back', async ({ people }) => {
  const person = await people.arrive();
  person.watch.expect(/status of 404/);
  await person.open('/no/such/page');
  await person.page.getByRole('link', { name: 'To the start page' }).click();
  await expect(person.home.newConference).toBeVisible();
});

test('the welcome screen is there before any script runs', async ({ people, room, server }) => {
  const { page, prejoin } = await people.arrive({ javaScriptEnabled: false });
  await page.goto(`${server.origin}/call/?roomId=${room}`);
  await expect(prejoin.name).toBeVisible();
  await expect(prejoin.joinButton).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});
