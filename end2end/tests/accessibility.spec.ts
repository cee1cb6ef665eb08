// No screen has an accessibility violation, in light and in dark.
import { expectNoViolation } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/test.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`${colorScheme}: pages before a meeting`, async ({ people, room }) => {
    const ann = await (await people.arrive({ colorScheme })).open('/');
    await expectNoViolation(ann, 'home');
    await ann.home.newConference.click();
    await expect(ann.home.link).toBeVisible();
    await expectNoViolation(ann, 'new room');
    ann.watch.expect(/status of 4/);
    await ann.open('/call/?roomId=a%20b');
    await expectNoViolation(ann, 'invalid room');
    await ann.open(`/call/?roomId=${room}`);
    await expect(ann.prejoin.preview).toBeVisible();
    await expectNoViolation(ann, 'welcome');
  });

  test(`${colorScheme}: welcome without devices`, async ({ people, room }) => {
    const ann = await (
      await people.arrive({ colorScheme, permissions: [] })
    ).open(`/call/?roomId=${room}`);
    await expect(ann.page.getByText('Camera and microphone are not allowed')).toBeVisible();
    await expectNoViolation(ann, 'welcome, denied');
  });

  test(`${colorScheme}: screens of a meeting`, async ({ people, room }) => {
    test.slow(); // nine screens, each read as a whole
    const ann = await people.join('Ann', { room, microphone: false }, { colorScheme });
    await expectNoViolation(ann, 'alone');
    const ben = await people.join('Ben', { room, microphone: false, camera: false });
    await expect(ann.meeting.tile('Ben')).toBeVisible();
    await ben.meeting.openChat();
    await ben.meeting.say('see https://example.org/');
    await expectNoViolation(ann, 'grid with an unread message');
    await ann.meeting.openChat();
    await ann.meeting.say('hello');
    await expect(ann.meeting.chat.getByText('hello')).toBeVisible();
    await expectNoViolation(ann, 'chat');
    await ann.meeting.control('People').click();
    await expect(ann.meeting.people).toBeVisible();
    await expectNoViolation(ann, 'people');
    await ann.meeting.control('Settings').click();
    await expect(ann.meeting.settings).toBeVisible();
    await expectNoViolation(ann, 'settings');
    await ann.page.keyboard.press('Escape');
    await ann.meeting.control('Help').click();
    await expect(ann.meeting.help).toBeVisible();
    await expectNoViolation(ann, 'help');
    await ann.page.keyboard.press('Escape');
    await ann.meeting.control('Layout').click();
    await expectNoViolation(ann, 'layout');
    await ann.page.keyboard.press('Escape');
    await ann.meeting.leave();
    await expect(ann.meeting.left).toBeVisible();
    await expectNoViolation(ann, 'left');
  });
}
