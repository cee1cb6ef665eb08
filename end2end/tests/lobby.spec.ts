// On the way into a room: the waiting room, an event that has not started, a
// PIN, doors that are shut.
import { expectNoViolation } from '../fixtures/axe.ts';
import { mint } from '../fixtures/mint.ts';
import { moderator } from '../fixtures/moderator.ts';
import { address, type People, type Person } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';

const OFF = { camera: false, microphone: false };

/** Somebody who comes to a room's door and tries to get in. */
async function knock(people: People, name: string, path: string): Promise<Person> {
  const guest = await people.arrive();
  await guest.open(path);
  await guest.prejoin.join(name, OFF);
  return guest;
}

test('who comes waits until a moderator lets them in [attr.waitingRoom] [moderator.3]', async ({
  people,
  room,
  server,
}) => {
  const mo = await moderator(people, server, room, ['--waiting-room']);
  const ben = await knock(people, 'Ben', address({ room }));
  await expect(ben.door.waiting).toBeFocused();
  await expect(ben.meeting.toolbar).toHaveCount(0);
  // the devices can be looked after meanwhile
  await ben.page.getByRole('button', { name: 'Turn microphone on' }).click();
  await mo.moderation.open();
  await mo.moderation.waiting.getByRole('button', { name: 'Admit Ben' }).click();
  await expect(ben.meeting.tile('Ben (you)')).toBeVisible();
  await expect(ben.meeting.control('Turn microphone off')).toBeVisible();
  await expect(mo.meeting.tile('Ben')).toBeVisible();
  await expect(mo.moderation.waiting).toHaveCount(0);
});

test('the focus goes on to the next one who waits', async ({ people, room, server }) => {
  const mo = await moderator(people, server, room, ['--waiting-room']);
  for (const name of ['Ben', 'Cleo']) {
    const guest = await knock(people, name, address({ room }));
    await expect(guest.door.waiting).toBeVisible();
  }
  await mo.page.setViewportSize({ width: 390, height: 844 });
  await mo.meeting.control('More').click();
  await mo.page.getByRole('menuitem', { name: 'People: 2 people wait' }).click();
  const admit = (name: string) => mo.moderation.waiting.getByRole('button', { name: `Admit ${name}` });
  await admit('Ben').focus();
  await mo.page.keyboard.press('Enter');
  await expect(admit('Cleo')).toBeFocused();
  await expect(admit('Ben')).toHaveCount(0);
  await mo.page.keyboard.press('Enter');
  await expect(mo.moderation.waiting).toHaveCount(0);
  await expect(mo.moderation.panel).toBeFocused();
});

test('a moderator lets somebody in from the toast', async ({ people, room, server }) => {
  const mo = await moderator(people, server, room, ['--waiting-room']);
  const ben = await knock(people, 'Ben', address({ room }));
  await expect(mo.moderation.knock('Ben')).toBeVisible();
  await expect(mo.meeting.control('People')).toHaveAccessibleDescription('1 person waits');
  await mo.page.getByRole('button', { name: 'Admit', exact: true }).click();
  await expect(ben.meeting.toolbar).toBeVisible();
  await expect(mo.moderation.knock('Ben')).toHaveCount(0);
});

test('a moderator lets all in at once [moderator.3]', async ({ people, room, server }) => {
  const mo = await moderator(people, server, room, ['--waiting-room']);
  const ben = await knock(people, 'Ben', address({ room }));
  const cleo = await knock(people, 'Cleo', address({ room }));
  await mo.moderation.open();
  await expect(mo.moderation.waiting).toContainText('2 people wait');
  await mo.moderation.waiting.getByRole('button', { name: 'Admit all' }).click();
  await expect(ben.meeting.toolbar).toBeVisible();
  await expect(cleo.meeting.toolbar).toBeVisible();
});

test('who is turned away is told so and can ask again [moderator.4]', async ({
  people,
  room,
  server,
}) => {
  const mo = await moderator(people, server, room, ['--waiting-room']);
  const ben = await knock(people, 'Ben', address({ room }));
  ben.watch.expect(/The server refused: Rejected/);
  await mo.moderation.open();
  await mo.moderation.waiting.getByRole('button', { name: 'Turn Ben away' }).click();
  await expect(ben.door.screen('You were not let in')).toBeFocused();
  await expect(mo.moderation.waiting).toHaveCount(0);
  await ben.door.tryAgain.click();
  await expect(ben.door.waiting).toBeVisible();
  await expect(mo.moderation.waiting).toContainText('Ben');
});

test('all are turned away only after a question [moderator.4]', async ({ people, room, server }) => {
  const mo = await moderator(people, server, room, ['--waiting-room']);
  const ben = await knock(people, 'Ben', address({ room }));
  const cleo = await knock(people, 'Cleo', address({ room }));
  for (const guest of [ben, cleo]) guest.watch.expect(/The server refused: Rejected/);
  await mo.moderation.open();
  const all = mo.moderation.waiting.getByRole('button', { name: 'Turn all away' });
  await all.click();
  await expect(mo.moderation.question).toHaveAccessibleName('Turn 2 people away?');
  await expect(mo.moderation.question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await mo.page.keyboard.press('Escape');
  await expect(mo.moderation.question).toBeHidden();
  await expect(all).toBeFocused();
  await expect(mo.moderation.waiting.getByRole('listitem')).toHaveCount(2);
  await all.click();
  await mo.moderation.question.getByRole('button', { name: 'Turn all away' }).click();
  for (const guest of [ben, cleo]) await expect(guest.door.screen('You were not let in')).toBeVisible();
});

test('a moderator switches the waiting room on and off [moderator.1] [moderator.2]', async ({
  people,
  room,
  server,
}) => {
  const mo = await moderator(people, server, room);
  const toggle = await mo.moderation.turn(/^Waiting room/);
  await expect(toggle).toBeChecked();
  const ben = await knock(people, 'Ben', address({ room }));
  await expect(ben.door.waiting).toBeVisible();
  await mo.moderation.turn(/^Waiting room/);
  await expect(toggle).not.toBeChecked();
  // whoever waits goes on waiting, who comes now does not
  const cleo = await knock(people, 'Cleo', address({ room }));
  await expect(cleo.meeting.toolbar).toBeVisible();
  await expect(ben.door.waiting).toBeVisible();
});

test('who waits may go away again', async ({ people, room, server }) => {
  const mo = await moderator(people, server, room, ['--waiting-room']);
  const ben = await knock(people, 'Ben', address({ room }));
  await mo.moderation.open();
  await expect(mo.moderation.waiting).toContainText('Ben');
  await ben.door.leave.click();
  await expect(ben.meeting.left).toBeVisible();
  await expect(mo.moderation.waiting).toHaveCount(0);
});

test('without a moderator one waits for the one who comes [attr.waitingRoom]', async ({
  people,
  room,
  server,
}) => {
  const first = await moderator(people, server, room, ['--waiting-room']);
  const ben = await knock(people, 'Ben', address({ room }));
  await expect(ben.door.waiting).toBeVisible();
  await first.meeting.leave();
  await first.meeting.left.waitFor();
  const second = await moderator(people, server, room);
  await second.moderation.open();
  await second.moderation.waiting.getByRole('button', { name: 'Admit Ben' }).click();
  await expect(ben.meeting.toolbar).toBeVisible();
});

test('an event that has not started tells when, and opens by itself [attr.startTime]', async ({
  people,
  room,
  server,
}) => {
  const start = Date.now() + 8_000;
  const ann = await people.arrive({ timezoneId: 'Asia/Tokyo' });
  await ann.open(mint(server, '--room', room, '--claim', `startTime=${start}`));
  await ann.prejoin.join('Ann', OFF);
  await expect(ann.door.early).toBeFocused();
  await expect(ann.page.getByRole('timer')).toContainText(/Starts in 0:0\d|about to start/);
  // in the zone of who reads it
  const hour = new Intl.DateTimeFormat('en', { timeZone: 'Asia/Tokyo', hour: 'numeric', minute: '2-digit' });
  await expect(ann.page.locator('time')).toContainText(hour.format(start));
  await expect(ann.meeting.toolbar).toBeVisible({ timeout: 20_000 });
});

test('a wrong PIN is asked for again', async ({ people, server }) => {
  const made = await fetch(`${server.origin}/api/private-rooms`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ pin: '4711', kind: 'call' }),
  });
  const { roomId } = (await made.json()) as { roomId: string };
  const ann = await knock(people, 'Ann', address({ room: roomId }));
  await expect(ann.door.pin).toBeVisible();
  await expect(ann.door.digits).toBeFocused();
  await ann.door.digits.pressSequentially('1a2 3-456');
  await expect(ann.door.digits).toHaveValue('1234');
  await ann.page.keyboard.press('Enter');
  await expect(ann.page.getByRole('alert').filter({ hasText: 'not the PIN' })).toBeVisible();
  await expect(ann.door.digits).toHaveValue('');
  await expect(ann.door.digits).toBeFocused();
  await expectNoViolation(ann, 'a wrong PIN');
  await ann.door.digits.fill('4711');
  await ann.door.enter.click();
  await expect(ann.meeting.toolbar).toBeVisible();
});

test('after many wrong PINs it is told how long to wait', async ({ people, server }) => {
  const made = await fetch(`${server.origin}/api/private-rooms`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ pin: '4711', kind: 'call' }),
  });
  const { roomId } = (await made.json()) as { roomId: string };
  const ann = await knock(people, 'Ann', address({ room: roomId }));
  const limited = ann.page.getByRole('alert').filter({ hasText: 'Too many wrong PINs' });
  for (let tries = 0; tries < 6 && !(await limited.isVisible()); tries += 1) {
    await expect(ann.door.digits).toHaveValue('');
    await ann.door.digits.fill('0000');
    await ann.door.enter.click();
    await expect(ann.page.getByRole('alert').filter({ hasText: 'PIN' })).toBeVisible();
  }
  await expect(limited).toBeVisible();
  await expect(ann.page.getByRole('timer')).toContainText(/You can try again in \d:\d\d/);
  await expect(ann.door.enter).toBeDisabled();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`${colorScheme}: screens before the door`, async ({ people, room, server }) => {
    await moderator(people, server, room, ['--waiting-room']);
    const ann = await people.arrive({ colorScheme });
    await ann.open(address({ room }));
    await ann.prejoin.join('Ann', OFF);
    await expect(ann.door.waiting).toBeVisible();
    await expectNoViolation(ann, 'waiting');
    await ann.open(mint(server, '--room', room, '--claim', `startTime=${Date.now() + 90_000_000}`));
    await ann.prejoin.join('Ann', OFF);
    await expect(ann.page.getByRole('timer')).toContainText('1 day');
    await expectNoViolation(ann, 'early');
    ann.watch.expect(/status of 401/);
    await ann.open(`/call/?roomId=${room}&token=nonsense`);
    await expect(ann.door.screen('Access denied')).toBeVisible();
    await expectNoViolation(ann, 'refused');
  });
}
