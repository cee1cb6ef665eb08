// Writing to each other.
import { expect, test } from '../fixtures/test.ts';

const SILENT = { camera: false, microphone: false };

test('a message reaches the others with its author', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, ...SILENT });
  const ben = await people.join('Ben', { room, ...SILENT });
  await ann.meeting.openChat();
  await ben.meeting.openChat();
  await ann.meeting.say('Good morning');
  await expect(ben.meeting.chat.getByText('Good morning')).toBeVisible();
  await expect(ben.meeting.chat.getByText('Ann').first()).toBeVisible();
  await expect(ann.meeting.chat.getByText('Good morning')).toHaveCount(1);
});

test('a late joiner reads the history', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, ...SILENT });
  await ann.meeting.openChat();
  for (const text of ['one', 'two', 'three']) {
    await ann.meeting.say(text);
    await expect(ann.meeting.chat.getByText(text, { exact: true })).toBeVisible();
  }
  const late = await people.join('Late', { room, ...SILENT });
  await late.meeting.openChat();
  await expect(late.meeting.chat.getByText(/^(one|two|three)$/)).toHaveText(['one', 'two', 'three']);
});

test('links can be opened and text is only text', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, ...SILENT });
  const ben = await people.join('Ben', { room, ...SILENT });
  await ann.meeting.openChat();
  await ben.meeting.openChat();
  await ann.meeting.say('see https://example.org/a?b=c&d=e. <b>bold</b> javascript:alert(1)');
  const link = ben.meeting.chat.getByRole('link', { name: 'https://example.org/a?b=c&d=e' });
  await expect(link).toHaveAttribute('href', 'https://example.org/a?b=c&d=e');
  await expect(link).toHaveAttribute('target', '_blank');
  await expect(link).toHaveAttribute('rel', /noopener/);
  await expect(ben.meeting.chat.getByText('<b>bold</b> javascript:alert(1)')).toBeVisible();
  await expect(ben.meeting.chat.getByRole('link')).toHaveCount(1);
});

test('unread messages are counted until the chat is opened', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, ...SILENT });
  const ben = await people.join('Ben', { room, ...SILENT });
  await ann.meeting.openChat();
  await ann.meeting.say('first');
  await ann.meeting.say('second');
  const button = ben.meeting.control('Chat');
  await expect(button).toHaveAccessibleDescription('2 new messages');
  await ben.meeting.openChat();
  await expect(button).not.toHaveAccessibleDescription('2 new messages');
  await ann.meeting.say('third');
  await expect(ben.meeting.chat.getByText('third')).toBeVisible();
  await expect(button).not.toHaveAccessibleDescription(/new/);
});

test('a message of several lines keeps them', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, ...SILENT });
  const box = await ann.meeting.openChat();
  await box.fill('above');
  await box.press('Shift+Enter');
  await box.pressSequentially('below');
  await box.press('Enter');
  await expect(ann.meeting.chat.getByText('above')).toBeVisible();
  const text = await ann.meeting.chat.getByText('above').innerText();
  expect(text).toMatch(/above\s*\n\s*below/);
  await expect(box).toHaveValue('');
});

test('what one was writing is still there when the chat is opened again', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, ...SILENT });
  const box = await ann.meeting.openChat();
  await box.fill('half a thought');
  await ann.page.keyboard.press('Escape');
  await expect(ann.meeting.chat).toHaveCount(0);
  await expect(await ann.meeting.openChat()).toHaveValue('half a thought');
  await ann.page.keyboard.press('Enter');
  await expect(ann.meeting.chat.getByText('half a thought')).toBeVisible();
});

test('the chat is empty once everybody has left', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, ...SILENT });
  await ann.meeting.openChat();
  await ann.meeting.say('secret');
  await expect(ann.meeting.chat.getByText('secret')).toBeVisible();
  await ann.meeting.leave();
  await expect(ann.meeting.left).toBeVisible();
  const next = await people.join('Next', { room, ...SILENT });
  await next.meeting.openChat();
  await expect(next.meeting.chat.getByText('secret')).toHaveCount(0);
});
