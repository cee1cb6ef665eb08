// The start page, and the page of a new room with its link.
import type { Locator, Page } from '@playwright/test';

export class Home {
  /** Ways to a new room, on the start page. */
  readonly newConference: Locator;
  readonly newWebinar: Locator;
  /** The name of the room: to enter, or to make. */
  readonly roomName: Locator;
  readonly enter: Locator;
  /** On the page of a new room: its whole address. */
  readonly link: Locator;
  readonly copyLink: Locator;
  readonly anotherName: Locator;

  constructor(page: Page) {
    this.newConference = page.getByRole('link', { name: 'New conference' });
    this.newWebinar = page.getByRole('link', { name: 'New webinar' });
    this.roomName = page.getByRole('textbox', { name: 'Room name' });
    this.enter = page.getByRole('button', { name: 'Enter' });
    this.link = page.getByRole('status').filter({ hasText: /^https?:/ }).first();
    this.copyLink = page.getByRole('button', { name: 'Copy link' });
    this.anotherName = page.getByRole('button', { name: 'Another name' });
  }
}
