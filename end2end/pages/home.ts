// The first page, where links to new rooms are made.
import type { Locator, Page } from '@playwright/test';

export class Home {
  readonly newConference: Locator;
  readonly newWebinar: Locator;
  readonly link: Locator;
  readonly copyLink: Locator;
  readonly enter: Locator;

  constructor(page: Page) {
    this.newConference = page.getByRole('button', { name: 'New conference' });
    this.newWebinar = page.getByRole('button', { name: 'New webinar' });
    this.link = page.getByRole('textbox', { name: /link/i });
    this.copyLink = page.getByRole('button', { name: 'Copy link' });
    this.enter = page.getByRole('link', { name: 'Enter' });
  }
}
