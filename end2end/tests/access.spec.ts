// What the integrator's server says of somebody who wants to enter, as they see
// it: each answer has its own words and its own way on.
import { expectNoViolation } from '../fixtures/axe.ts';
import { test } from '../fixtures/integrator.ts';
import { address, type People, type Person } from '../fixtures/people.ts';
import { expect } from '../fixtures/test.ts';
import { words } from '../fixtures/texts.ts';

const OFF = { camera: false, microphone: false };
const { ended, common, lobby } = words('en');
const LINK = 'accessToken=caa630bb&peerId=ada';

/** Somebody who will be refused: their browser's console says so. */
async function arrive(people: People): Promise<Person> {
  const ada = await people.arrive();
  ada.watch.expect(/The server refused: Access/);
  return ada;
}

async function knock(people: People, room: string, query = LINK): Promise<Person> {
  const ada = await arrive(people);
  await ada.open(address({ room, query }));
  await ada.prejoin.join('Ada', OFF);
  return ada;
}

async function expectRefused(ada: Person, { title, hint }: { title: string; hint: string }) {
  await expect(ada.door.screen(title)).toBeVisible();
  await expect(ada.page.getByText(hint, { exact: true })).toBeVisible();
  await expect(ada.page.getByRole('link', { name: common.to_start })).toBeVisible();
}

// With such a link nobody ever comes in, so there is no second try.
const FOR_GOOD = {
  'something is missing [access.400]': { status: 400, screen: ended.access_incomplete },
  'not allowed [access.401]': { status: 401, screen: ended.access_denied },
  'the token is invalid [access.403]': { status: 403, screen: ended.access_token_invalid },
  'there is no such room [access.404]': { status: 404, screen: ended.access_room_unknown },
};
for (const [what, { status, screen }] of Object.entries(FOR_GOOD)) {
  test(`the integrator refuses a link for good: ${what}`, async ({ people, room, integrator }) => {
    integrator.answers(room, { status });
    const ada = await knock(people, room);
    await expectRefused(ada, screen);
    await expect(ada.door.screen(screen.title)).toBeFocused();
    await expect(ada.door.tryAgain).toHaveCount(0);
    const question = { accessToken: 'caa630bb', roomId: room, peerId: 'ada' };
    expect(integrator.askedAbout(room)).toEqual([question]);
  });
}

test('a closed room says why and whom to ask, and may open [access.423] [access.500] [access.200]', async ({
  people,
  room,
  integrator,
}) => {
  const reason = 'The lesson is over. See you on Monday!';
  integrator.answers(
    room,
    { status: 423, body: { reason, contact: 'office@school.example' } },
    { status: 423, body: { message: 'Full.', contact: 'Room 12, ask for Bob' } },
    { status: 500, body: { reason: 'is not shown' } },
    // nonsense is as good as none
    { status: 302, headers: { location: integrator.url } },
    { status: 299, body: '<h1>Hello' },
    { status: 200 },
  );
  const ada = await knock(people, room);
  await expectRefused(ada, { ...ended.access_locked, hint: reason });
  await expect(ada.page.getByText(ended.access_locked.hint)).toHaveCount(0);
  const contact = ada.page.getByRole('link', { name: 'office@school.example' });
  await expect(contact).toHaveAttribute('href', 'mailto:office@school.example');
  await expectNoViolation(ada, 'a closed room');
  await ada.door.tryAgain.click();
  await expectRefused(ada, { ...ended.access_locked, hint: 'Full.' });
  await expect(ada.page.getByText('Room 12, ask for Bob')).toBeVisible();
  for (let failure = 0; failure < 3; failure += 1) {
    await ada.door.tryAgain.click();
    await expectRefused(ada, ended.access_unreachable);
    await expect.poll(() => integrator.askedAbout(room).length).toBe(3 + failure);
  }
  await ada.door.tryAgain.click();
  await expect(ada.meeting.toolbar).toBeVisible();
});

test('the refusal is in the language of the participant [access.423]', async ({
  people,
  room,
  integrator,
}) => {
  integrator.answers(room, { status: 423, body: { contact: 'https://school.example/help' } });
  const arabic = words('ar');
  const ada = await arrive(people);
  await ada.open(address({ room, query: `${LINK}&lang=ar&displayName=Ada` }));
  await ada.page.getByRole('button', { name: arabic.prejoin.join, exact: true }).click();
  await expect(ada.door.screen(arabic.ended.access_locked.title)).toBeFocused();
  await expect(ada.page.getByText(arabic.ended.access_locked.hint)).toBeVisible();
  await expect(ada.page.getByRole('button', { name: arabic.ended.try_again })).toBeVisible();
  await expect(ada.page.getByText(arabic.ended.contact, { exact: true })).toBeVisible();
  await expect(ada.page.locator('html')).toHaveAttribute('dir', 'rtl');
});

test('who is too early sees when it starts and enters by themselves [access.425]', async ({
  people,
  room,
  integrator,
}) => {
  const ada = await people.arrive();
  await ada.open(address({ room, query: LINK }));
  const startTime = new Date(Date.now() + 4_000).toISOString();
  integrator.answers(room, { status: 425, body: { startTime } }, { status: 200 });
  await ada.prejoin.join('Ada', OFF);
  await expect(ada.door.early).toBeFocused();
  await expect(ada.page.getByText(lobby.early_start, { exact: true })).toBeVisible();
  await expect(ada.page.locator('time')).toBeVisible();
  await expect(ada.meeting.toolbar).toBeVisible();
  expect(integrator.askedAbout(room)).toHaveLength(2);
});

test('the newer session takes over on the integrator’s word [access.409]', async ({
  people,
  room,
  integrator,
}) => {
  integrator.answers(room, { status: 200 }, { status: 409 });
  const old = await knock(people, room);
  await expect(old.meeting.toolbar).toBeVisible();
  const recent = await knock(people, room);
  await expect(recent.meeting.toolbar).toBeVisible();
  await expect(old.door.screen(ended.replaced.title)).toBeFocused();
  await expect(old.page.getByRole('button', { name: ended.take_back })).toBeVisible();
});

test('a silent integrator is given up, and asked once for each try [access.500]', async ({
  people,
  room,
  integrator,
}) => {
  integrator.answers(room, undefined);
  const ada = await knock(people, room, 'accessToken=one-time');
  await expectRefused(ada, ended.access_unreachable);
  const question = { accessToken: 'one-time', roomId: room, peerId: '' };
  expect(integrator.askedAbout(room)).toEqual([question]);
  await expect(ada.door.tryAgain).toBeEnabled();
});
